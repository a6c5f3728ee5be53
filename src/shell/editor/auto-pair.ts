// Pairs: a bracket or quote that is opened brings its other half, and the key of that half goes
// over it.
//
//   f|  (  ->  f(|)      f(|)  )  ->  f()|      f(|)  Backspace  ->  f|      {|}  Enter  ->  {
//                                                                                            |
//                                                                                          }
//
// Holds: what is put in by itself (`closers`) stands right behind the cursor and is known only as
// long as nothing else is done there; a text typed to its end is the same with this and without.
import { indentAfter } from './bracket.js'
import { changed, type EditorState, typed } from './editor-state.js'
import { inserted, type TextBuffer } from './text-buffer.js'

const PAIRS: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  "'": "'",
  '"': '"',
  '`': '`',
}

/** One key that opens a pair, where one helps: the state with both halves. */
export function openedPair(state: EditorState, key: string): EditorState | undefined {
  const close = PAIRS[key]
  const { text, cursor } = state.buffer
  if (close === undefined || !isRoom(state) || !opens(text.slice(0, cursor), key)) return undefined
  const both = inserted(state.buffer, key + close)
  const buffer = { text: both.text, cursor: both.cursor - 1 }
  return { ...typed(state, buffer, key), closers: close + state.closers }
}

/** Whether what stands behind the cursor bears another half in front of it. */
function isRoom({ buffer: { text, cursor }, closers }: EditorState): boolean {
  const next = text[cursor]
  return next === undefined || /[\s)\]},;]/.test(next) || closers.startsWith(next)
}

/** A bracket always; a quote where a string may begin: not in a word, nor where it ends one. */
function opens(before: string, key: string): boolean {
  if ('([{'.includes(key)) return true
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const isInside = line.replace(/\\./g, '').split(key).length % 2 === 0
  const ends = key === '`' ? /[\\`]$/ : /[\p{L}\p{N}_$\\'"`]$/u
  return !isInside && !ends.test(before)
}

/** A typed character that goes over the half that was put in: the state behind it. */
export function overtyped(state: EditorState, key: string): EditorState | undefined {
  const [, blanks = '', next] = /^(\s*)(\S)/.exec(state.closers) ?? []
  if (next !== key || (blanks !== '' && key !== '}')) return undefined
  const { text, cursor } = state.buffer
  const before = blanks === '' ? text.slice(0, cursor) : text.slice(0, cursor).trimEnd()
  const rest = text.slice(cursor + blanks.length)
  const kept = before.length === 0 ? '' : blanks
  const buffer = { text: before + kept + rest, cursor: before.length + kept.length + 1 }
  return { ...typed(state, buffer, key), closers: state.closers.slice(blanks.length + 1) }
}

/** Backspace between the halves of a pair takes both away. */
export function withoutPair(state: EditorState): EditorState | undefined {
  const { text, cursor } = state.buffer
  const open = text[cursor - 1] ?? ''
  if (state.closers === '' || PAIRS[open] !== state.closers[0]) return undefined
  const buffer = { text: text.slice(0, cursor - 1) + text.slice(cursor + 1), cursor: cursor - 1 }
  return { ...changed(state, buffer), closers: state.closers.slice(1) }
}

/** Whether Enter goes on: a brace that was opened here is not closed yet. */
export function isInBlock({ closers }: EditorState): boolean {
  return closers.includes('}')
}

/** Enter in such a block: a line of its own, and behind an opener one for its other half too. */
export function brokenBlock(state: EditorState): EditorState {
  const { text, cursor } = state.buffer
  const isBetween = text[cursor - 1] === '{' && state.closers.startsWith('}')
  const line = text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor)
  const below = isBetween ? `\n${/^[ \t]*/.exec(line)?.[0] ?? ''}` : ''
  const broken = inserted(state.buffer, `\n${indentAfter(text, cursor)}${below}`)
  const buffer: TextBuffer = { text: broken.text, cursor: broken.cursor - below.length }
  return { ...changed(state, buffer), closers: below + state.closers }
}

/** Whether what was put in still stands right behind the cursor, as it did before. */
export function keptClosers(before: EditorState, after: EditorState): string {
  if (after.closers !== before.closers) return after.closers
  const rest = (buffer: TextBuffer): string => buffer.text.slice(buffer.cursor)
  return rest(before.buffer) === rest(after.buffer) ? after.closers : ''
}
