// Whole cells: whether Enter runs what is written, or a line more has to come.
//
//   "const f = () => {"   "d`xpv:::{"   "/* all"   "'abc"   "dtrace -n 'BEGIN"   ->  more
//   "1 +"   "f(1)"   "f(]"                                                       ->  runs
//
// Holds: more is wanted inside an open bracket, template, string or comment, and nowhere else; what
// the parser takes as it stands is whole whatever its brackets look like, and so is what no further
// line can mend.
import { askedIn } from './asked.js'
import { codeTokens } from './highlight/code-tokens.js'
import { stripTypesNow } from './strip.js'
import { dropPromptSign, firstWord, splitWords } from './words.js'

/** Whether a cell is whole; `isCommand` says of a first word whether it begins a command. */
export function isWholeCell(text: string, isCommand: (word: string) => boolean): boolean {
  if (isCommand(firstWord(dropPromptSign(text)))) return areWholeLines(text)
  if (askedIn(text) !== undefined) return true
  const isOpen = endsOpen(text)
  if (!isOpen && depthAtEnd(text) === 0) return true
  const { kind } = stripTypesNow(text)
  return kind === 'stripped' || (!isOpen && kind === 'mistake')
}

/** Command lines: no quote is open. What they refuse, they refuse when they run. */
function areWholeLines(text: string): boolean {
  try {
    return splitWords(text).kind === 'lines'
  } catch {
    return true
  }
}

/** Whether the text stops inside a template, a comment or a string. */
function endsOpen(text: string): boolean {
  const last = codeTokens(text).at(-1)
  return last?.open === true && last.end === text.length
}

/** Brackets that are open at the end. */
function depthAtEnd(text: string): number {
  return codeTokens(`${text}\n;`).at(-1)?.depth ?? 0
}
