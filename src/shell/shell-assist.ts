// The assist at a prompt: a session's, and what the shell itself understands: its words, and lines
// that go on with the last value.
//
//   ".sa"       ->  .save              ".count()"  ->  as "_.count()", every place one less
import type { Assist, Mistake, Stretch, Suggested } from '../session/assist.js'
import { beginning } from './cell-reader.js'
import { isShellWord, SHELL_WORD_SUMMARIES, SHELL_WORDS } from './shell-word.js'

/** The assist of a session as a shell needs it. */
export function shellAssist(assist: Assist): Assist {
  return {
    complete: (text, offset) => completed(text, offset, assist.complete),
    callHint: async (text, offset) =>
      isWord(text) ? undefined : assist.callHint(beginning(text), offset + shiftOf(text)),
    check: async (text) =>
      isWord(text) ? [] : (await assist.check(beginning(text))).map((each) => back(each, text)),
    stretches: (text) => (isWord(text) ? wordStretch(text) : stretchesOf(text, assist)),
    isWhole: (text) => isWord(text) || assist.isWhole(beginning(text)),
    preview: async (text) => (isWord(text) ? undefined : assist.preview(beginning(text))),
  }
}

/** What may stand at a place, with the shell's own words; `complete` knows the rest. */
export async function completed(
  text: string,
  offset: number,
  complete: Assist['complete'],
): Promise<readonly Suggested[]> {
  const words = shellWordsAt(text.slice(0, offset))
  const by = shiftOf(text)
  const found = await complete(beginning(text), offset + by)
  const members = found.map((each) => ({ ...each, start: Math.max(0, each.start - by) }))
  return words.length === 0 ? members : [...words, ...members.map(withDot)]
}

/** How much longer a line becomes that goes on with the last value. */
function shiftOf(text: string): number {
  return beginning(text).length - text.length
}

function isWord(text: string): boolean {
  return !text.includes('\n') && isShellWord(text, false)
}

function shellWordsAt(before: string): Suggested[] {
  const [, blanks = '', word] = /^(\s*)(\.[a-z]*)$/.exec(before) ?? []
  if (word === undefined) return []
  const start = blanks.length
  return SHELL_WORDS.filter((each) => each.startsWith(word)).map((text) => {
    const doc = SHELL_WORD_SUMMARIES[text]
    return { text, start, kind: 'command', ...(doc === undefined ? {} : { doc }) }
  })
}

/** A member as the word with its dot, to stand among the shell's own. */
function withDot(each: Suggested): Suggested {
  return { ...each, text: `.${each.text}`, start: each.start - 1 }
}

function wordStretch(text: string): Stretch[] {
  const start = text.search(/\S/)
  return [{ start, end: start + (/\S+/.exec(text)?.[0].length ?? 0), role: 'command' }]
}

function stretchesOf(text: string, assist: Assist): Stretch[] {
  const by = shiftOf(text)
  if (by === 0) return [...assist.stretches(text)]
  return assist.stretches(beginning(text)).map((each) => back(each, text))
}

function back<T extends Stretch | Mistake>(each: T, text: string): T {
  const by = shiftOf(text)
  return { ...each, start: Math.max(0, each.start - by), end: Math.max(0, each.end - by) }
}
