// The untyped assist: what can be told of a cell while it is written without knowing any types.
//
//   what the session has (complete), what the parser says (prepare)  ->  Assist
//
// Holds: nothing runs for it. What only types can tell (what a call takes, but for commands) is not
// told. Whether a cell is whole is not known before it is parsed: whoever evaluates it says so.
import type { Diagnostic } from '../base/diagnostic.js'
import type { Assist, CallHint, Mistake, Stretch } from './assist.js'
import { prepareCell } from './prepare.js'
import { isPreviewable, previewOf } from './preview.js'
import type { Session } from './session.js'
import { dropPromptSign, firstWord } from './words.js'

/** The assist made of what a session knows by itself. */
export function untypedAssist(session: Session): Assist {
  const isCommand = (word: string): boolean =>
    session.commands.has(word) && !session.names().includes(word)
  return {
    complete: async (text, offset) => session.complete(text, offset),
    callHint: async (text) => usageHint(text, session, isCommand),
    check: (text) => mistakesIn(text, isCommand),
    stretches: (text) => stretchesOf(text, isCommand),
    isWhole: () => true,
    preview: async (text) => preview(text, session, isCommand),
  }
}

/** What a command takes, once its name is written. */
function usageHint(
  text: string,
  session: Session,
  isCommand: (word: string) => boolean,
): CallHint | undefined {
  const line = dropPromptSign(text)
  const name = firstWord(line)
  if (!isCommand(name) || !/^\s*\S+\s/.test(line)) return undefined
  const { usage, summary } = session.commands.get(name)
  return { label: `${name} ${usage}`.trimEnd(), meaning: summary }
}

/** What a value would look like that can be had without any effect. */
function preview(
  text: string,
  session: Session,
  isCommand: (word: string) => boolean,
): string | undefined {
  if (!isPreviewable(text) || isCommand(firstWord(text))) return undefined
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$.[\]'"]*$/u.test(text.trim())
  return previewOf(session.peek(isName ? text.trim() : `(${text}\n)`), text)
}

async function mistakesIn(text: string, isCommand: (word: string) => boolean): Promise<Mistake[]> {
  if (text.trim() === '') return []
  const prepared = await prepareCell(text, { isCommand, isBinding: () => false })
  return prepared.kind === 'mistake' ? prepared.diagnostics.map(asMistake) : []
}

function asMistake({ code, message, span }: Diagnostic): Mistake {
  const { start, end } = span ?? { start: 0, end: 0 }
  return { code, message, start, end }
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/
const STRING = /'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?|`(?:\\[\s\S]|[^`\\])*`?/
const NUMBER =
  /(?<![\p{ID_Continue}$])(?:0[xXbBoO][\da-fA-F_]+n?|\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?n?)/u
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/u
const CODE = new RegExp(
  `(?<comment>${COMMENT.source})|(?<string>${STRING.source})|` +
    `(?<number>${NUMBER.source})|(?<name>${WORD.source})`,
  'gu',
)
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'as async await break case catch class const continue default delete do else enum export ' +
    'extends finally for from function if import in instanceof interface let new of return ' +
    'satisfies static super switch this throw try type typeof var void while yield true false ' +
    'null undefined'
  ).split(' '),
)

/** Comments, strings, numbers and keywords of code; name, options and quoted words of a command. */
function stretchesOf(text: string, isCommand: (word: string) => boolean): Stretch[] {
  const word = firstWord(dropPromptSign(text))
  return isCommand(word) ? commandStretches(text, word) : codeStretches(text)
}

function codeStretches(text: string): Stretch[] {
  const found: Stretch[] = []
  for (const match of text.matchAll(CODE)) {
    const { comment, string, number, name } = match.groups ?? {}
    const start = match.index
    const end = start + match[0].length
    if (comment !== undefined) found.push({ start, end, role: 'comment' })
    else if (string !== undefined) found.push({ start, end, role: 'string' })
    else if (number !== undefined) found.push({ start, end, role: 'number' })
    else if (KEYWORDS.has(name ?? '')) found.push({ start, end, role: 'keyword' })
  }
  return found
}

function commandStretches(text: string, word: string): Stretch[] {
  const start = text.indexOf(word)
  const found: Stretch[] = [{ start, end: start + word.length, role: 'command' }]
  const rest = /'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|(?<=\s)--?[\w-]+/g
  rest.lastIndex = start + word.length
  for (let match = rest.exec(text); match !== null; match = rest.exec(text)) {
    const role = match[0].startsWith('-') ? 'option' : 'string'
    found.push({ start: match.index, end: match.index + match[0].length, role })
  }
  return found
}
