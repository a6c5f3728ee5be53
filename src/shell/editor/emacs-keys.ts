// Keys as in Emacs, and as readline has them.
//
//   C-a C-e C-b C-f M-b M-f   move          C-d C-h C-k C-u C-w M-d   delete and cut
//   C-y M-y                   put back      C-_ M-_                   undo, redo
//   C-p C-n Up Down           lines, then history     C-r C-s         search it
//
// Holds: every key has one meaning here; keys not in the table ring the bell.
// Source: GNU readline's manual, "Bindable Readline Commands".
import { brokenBlock, isInBlock, openedPair, overtyped, withoutPair } from './auto-pair.js'
import { indentAfter, outdentBefore } from './bracket.js'
import {
  changed,
  cut,
  deleted,
  type EditorContext,
  type EditorState,
  moved,
  redoneState,
  type Step,
  stepTo,
  typed,
  undoneState,
} from './editor-state.js'
import { startSearch } from './history-search.js'
import { newer, older, startWalk, suggestionFor, type WalkStep } from './history-walk.js'
import { rotated } from './kill-ring.js'
import { QUOTED } from './quoted-insert.js'
import {
  bufferOf,
  columnOf,
  inserted,
  leftOf,
  lineEnd,
  lineStart,
  movedTo,
  offsetBeside,
  replaced,
  rightOf,
  without,
} from './text-buffer.js'
import { blankWordStart, transposedWords, wordEnd, wordStart } from './word.js'

/** What a key does. */
export type Command = (state: EditorState, context: EditorContext) => Step

/** What a key of that name does, after the keys that wait for it; undefined where it is none. */
export function emacsCommand(name: string): Command | undefined {
  return COMMANDS[name]
}

/** Characters typed at the cursor. A closing bracket alone on its line goes back to its opener; one
 *  that opens a pair brings its other half, one that was brought is gone over. */
export function typeText(
  state: EditorState,
  text: string,
  { pairs }: Pick<EditorContext, 'pairs'>,
): EditorState {
  if (state.closers !== '') {
    const at = text.indexOf(state.closers.trimStart()[0] ?? '')
    const before = at > 0 ? plainText(state, text.slice(0, at)) : state
    const over = at < 0 ? undefined : overtyped(before, text[at] ?? '')
    const rest = text.slice(at + 1)
    if (over !== undefined) return rest === '' ? over : typeText(over, rest, { pairs })
  }
  return (pairs ? openedPair(state, text) : undefined) ?? plainText(state, text)
}

function plainText(state: EditorState, text: string): EditorState {
  const { buffer } = state
  const outdent = /^[)\]}]/.test(text) ? outdentBefore(buffer.text, buffer.cursor) : 0
  const from = without(buffer, buffer.cursor - outdent, buffer.cursor)
  return typed(state, inserted(from, text), text)
}

/** A new line at the cursor, as far to the right as belongs there. */
export function breakLine(state: EditorState): EditorState {
  if (isInBlock(state)) return brokenBlock(state)
  const { text, cursor } = state.buffer
  return changed(state, inserted(state.buffer, `\n${indentAfter(text, cursor)}`))
}

/** The next older cell, from where the walk is or from what is written. */
function walkOlder(state: EditorState, { history }: EditorContext): Step {
  const walk = state.walk ?? startWalk(state.buffer, history)
  return walked(state, older(walk, state.buffer.text, history))
}

/** The next newer cell. */
function walkNewer(state: EditorState, { history }: EditorContext): Step {
  return walked(
    state,
    state.walk === undefined ? undefined : newer(state.walk, state.buffer.text, history),
  )
}

function walked(state: EditorState, to: WalkStep | undefined): Step {
  if (to === undefined) return { state, wish: 'bell' }
  const next = changed(state, to.buffer, { kind: 'walked' })
  return { state: { ...next, buffer: to.buffer, walk: to.walk } }
}

/** A line up or down, else a step in history. */
export function vertical(by: -1 | 1): Command {
  return (state, context) => {
    const { buffer, last } = state
    const column = last.kind === 'vertical' ? last.column : columnOf(buffer)
    const isWalking = last.kind === 'walked'
    const beside = isWalking && by < 0 ? undefined : offsetBeside(buffer, by, column)
    if (beside !== undefined) return { state: moved(state, beside, { kind: 'vertical', column }) }
    return by < 0 ? walkOlder(state, context) : walkNewer(state, context)
  }
}

const move =
  (to: (text: string, cursor: number) => number): Command =>
  (state) => ({ state: moved(state, to(state.buffer.text, state.buffer.cursor)) })

const cutTo =
  (to: (text: string, cursor: number) => number): Command =>
  (state) => ({ state: cut(state, to(state.buffer.text, state.buffer.cursor)) })

/** A motion that, at the end of the text, takes what history suggests instead. */
function orSuggested(command: Command, part: (rest: string) => string = (rest) => rest): Command {
  return (state, context) => {
    const text = writtenIn(state)
    const rest = text !== undefined && context.suggests ? suggestionFor(text, context.history) : ''
    if (text === undefined || rest === '') return command(state, context)
    return { state: changed(state, bufferOf(text + part(rest))) }
  }
}

/** What was written up to the cursor, if nothing else was behind it. */
export function writtenIn({ buffer: { text, cursor }, closers }: EditorState): string | undefined {
  return text.slice(cursor) === closers ? text.slice(0, cursor) : undefined
}

const suggestedWord = (rest: string): string => rest.slice(0, wordEnd(rest, 0))

const right: Command = (state) => ({ state: moved(state, rightOf(state.buffer)) })
const left: Command = (state) => ({ state: moved(state, leftOf(state.buffer)) })
const endOfLine = move(lineEnd)
const startOfLine = move(lineStart)
const wordRight = move(wordEnd)
const wordLeft = move(wordStart)

const deleteLeft: Command = (state) => {
  const { text, cursor } = state.buffer
  if (cursor === 0) return { state, wish: 'bell' }
  const unpaired = withoutPair(state)
  if (unpaired !== undefined) return { state: unpaired }
  const blanks = / *$/.exec(text.slice(lineStart(text, cursor), cursor))?.[0].length ?? 0
  const isIndent = blanks > 1 && lineStart(text, cursor) === cursor - blanks && cursor > blanks
  return { state: deleted(state, isIndent ? cursor - 2 : leftOf(state.buffer)) }
}

const deleteRight: Command = (state) => {
  const { text, cursor } = state.buffer
  if (cursor === text.length) return { state, wish: 'bell' }
  return { state: deleted(state, rightOf(state.buffer)) }
}

const deleteOrLeave: Command = (state, context) =>
  state.buffer.text === '' ? { state, wish: 'leave' } : deleteRight(state, context)

/** To the end of the line; there, its newline. */
const killLine = cutTo((text, cursor) => {
  const end = lineEnd(text, cursor)
  return end === cursor ? Math.min(text.length, cursor + 1) : end
})

const yank: Command = (state) => {
  const { buffer, kills } = state
  const [newest] = kills
  if (newest === undefined) return { state, wish: 'bell' }
  const from = buffer.cursor
  const to = from + newest.length
  return { state: changed(state, inserted(buffer, newest), { kind: 'yanked', from, to }) }
}

const yankOther: Command = (state) => {
  const { last, buffer } = state
  if (last.kind !== 'yanked') return { state, wish: 'bell' }
  const kills = rotated(state.kills)
  const [other = ''] = kills
  const to = last.from + other.length
  const next = replaced(buffer, last.from, last.to, other)
  return { state: { ...changed(state, next, { kind: 'yanked', from: last.from, to }), kills } }
}

const transposeCharacters: Command = (state) => {
  const { text, cursor } = state.buffer
  const end = cursor === text.length ? cursor : rightOf(state.buffer)
  const middle = leftOf(movedTo(state.buffer, end))
  const start = leftOf(movedTo(state.buffer, middle))
  if (start === middle || text.slice(start, end).includes('\n')) return { state, wish: 'bell' }
  const exchanged = text.slice(middle, end) + text.slice(start, middle)
  return { state: changed(state, replaced(state.buffer, start, end, exchanged)) }
}

const transposeWords: Command = (state) =>
  stepTo(
    state,
    ((found) => (found === undefined ? undefined : changed(state, found)))(
      transposedWords(state.buffer.text, state.buffer.cursor),
    ),
  )

const inCase =
  (change: (word: string) => string): Command =>
  (state) => {
    const { text, cursor } = state.buffer
    const end = wordEnd(text, cursor)
    const next = replaced(state.buffer, cursor, end, change(text.slice(cursor, end)))
    return { state: changed(state, next) }
  }

const capitalised = (word: string): string =>
  word.toLowerCase().replace(/[\p{L}\p{N}]/u, (letter) => letter.toUpperCase())

/** At the start of a further line blanks, elsewhere what may stand here. */
const complete: Command = (state) => {
  const { text, cursor } = state.buffer
  const start = lineStart(text, cursor)
  const isIndent = start > 0 && text.slice(start, cursor).trim() === ''
  if (!isIndent) return { state, wish: 'complete' }
  return { state: changed(state, inserted(state.buffer, '  ')) }
}

const outdent: Command = (state) => {
  const { text, cursor } = state.buffer
  const start = lineStart(text, cursor)
  const blanks = /^ {0,2}/.exec(text.slice(start))?.[0].length ?? 0
  const next = without(state.buffer, start, start + blanks)
  return { state: changed(state, movedTo(next, Math.max(start, cursor - blanks))) }
}

/** The last word of the newest cell. */
const lastWord: Command = (state, { history }) => {
  const word = /\S+\s*$/.exec(history.at(-1) ?? '')?.[0].trim()
  if (word === undefined) return { state, wish: 'bell' }
  return { state: changed(state, inserted(state.buffer, word)) }
}

const search: Command = (state) => ({ state: { ...state, search: startSearch(state.buffer) } })
const newLine: Command = (state) => ({ state: breakLine(state) })
const wish =
  (wished: NonNullable<Step['wish']>): Command =>
  (state) => ({ state: { ...state, last: { kind: 'other' } }, wish: wished })
const wait =
  (prefix: string): Command =>
  (state) => ({ state: { ...state, prefix } })
const undo: Command = (state) => stepTo(state, undoneState(state))
const redo: Command = (state) => stepTo(state, redoneState(state))

const COMMANDS: Readonly<Record<string, Command>> = {
  'C-a': startOfLine,
  Home: startOfLine,
  'C-e': orSuggested(endOfLine),
  End: orSuggested(endOfLine),
  'C-b': left,
  Left: left,
  'C-f': orSuggested(right),
  Right: orSuggested(right),
  'M-b': wordLeft,
  'C-Left': wordLeft,
  'M-Left': wordLeft,
  'M-f': orSuggested(wordRight, suggestedWord),
  'C-Right': orSuggested(wordRight, suggestedWord),
  'M-Right': orSuggested(wordRight, suggestedWord),
  'M-<': move(() => 0),
  'C-Home': move(() => 0),
  'M->': move((text) => text.length),
  'C-End': move((text) => text.length),
  Up: vertical(-1),
  'C-p': vertical(-1),
  Down: vertical(1),
  'C-n': vertical(1),
  PageUp: walkOlder,
  'M-p': walkOlder,
  'C-Up': walkOlder,
  PageDown: walkNewer,
  'M-n': walkNewer,
  'C-Down': walkNewer,
  'C-h': deleteLeft,
  Backspace: deleteLeft,
  'S-Backspace': deleteLeft,
  'C-d': deleteOrLeave,
  Delete: deleteRight,
  'C-k': killLine,
  'C-u': cutTo(lineStart),
  'C-w': cutTo(blankWordStart),
  'M-Backspace': cutTo(wordStart),
  'C-Backspace': cutTo(wordStart),
  'M-d': cutTo(wordEnd),
  'C-Delete': cutTo(wordEnd),
  'M-Delete': cutTo(wordEnd),
  'C-y': yank,
  'M-y': yankOther,
  'C-t': transposeCharacters,
  'M-t': transposeWords,
  'M-u': inCase((word) => word.toUpperCase()),
  'M-l': inCase((word) => word.toLowerCase()),
  'M-c': inCase(capitalised),
  'M-.': lastWord,
  'M-_': redo,
  'C-M-_': redo,
  'C-_': undo,
  'C-x C-u': undo,
  'C-x C-e': wish('open-editor'),
  'C-x': wait('C-x '),
  'C-q': wait(QUOTED),
  'C-v': wait(QUOTED),
  'C-r': search,
  'C-s': search,
  'C-l': wish('clear-screen'),
  'C-c': wish('cancel'),
  'C-g': wish('bell'),
  'C-z': wish('suspend'),
  'C-o': newLine,
  'M-Enter': newLine,
  'S-Enter': newLine,
  'C-Enter': newLine,
  Enter: wish('enter'),
  'C-j': wish('enter'),
  Tab: complete,
  'S-Tab': outdent,
  Escape: (state) => ({ state }),
}
