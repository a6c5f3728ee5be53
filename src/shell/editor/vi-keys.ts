// Keys as in vi: normal and insert mode, counts, operators with motions and objects, `.`.
//
//   i a I A o O   type      d c y  with a motion   cut, change, copy      p P  put    x r ~ J s S
//   u C-r         undo      j k  lines, then history      / ?  search history        .  again
//
// Holds: in normal mode the cursor is on a character, never behind the line's last.
// Source: POSIX.1 XCU vi; readline's vi mode for history.
import {
  changed,
  type EditorContext,
  type EditorState,
  moved,
  redoneState,
  type Step,
  stepTo,
  undoneState,
} from './editor-state.js'
import { emacsCommand, typeText, vertical } from './emacs-keys.js'
import { graphemesOf, nextBoundary, previousBoundary } from './grapheme.js'
import { startSearch } from './history-search.js'
import { chord, type Key, textKey } from './key.js'
import { inserted, lineEnd, lineStart, movedTo, replaced } from './text-buffer.js'
import { commandOf, type ViCommand } from './vi-command.js'
import { firstNonBlank, type Motion, motionOf } from './vi-motion.js'
import { operated, put, rangeOf } from './vi-operator.js'
import type { ViState } from './vi-state.js'
import { endOfWord, wordAround } from './vi-word.js'

/** The state after a key in vi's way. */
export function viStep(state: EditorState, vi: ViState, key: Key, context: EditorContext): Step {
  if (key.kind === 'text' && vi.mode === 'normal') return eachOf(state, key.text, context)
  if (key.kind === 'chord' && /^M-.$/u.test(key.name)) {
    const first = viStep(state, vi, chord('Escape'), context).state
    return viStep(first, first.vi ?? vi, textKey(key.name.slice(2)), context)
  }
  return vi.mode === 'insert'
    ? insertStep(state, vi, key, context)
    : normalStep(state, vi, key, context)
}

/** Characters that came together, one by one: the first may make the others text. */
function eachOf(state: EditorState, text: string, context: EditorContext): Step {
  let step: Step = { state }
  for (const character of graphemesOf(text)) {
    const { vi } = step.state
    if (vi === undefined) break
    const key = textKey(character)
    step =
      vi.mode === 'insert'
        ? insertStep(step.state, vi, key, context)
        : normalStep(step.state, vi, key, context)
  }
  return step
}

function insertStep(state: EditorState, vi: ViState, key: Key, context: EditorContext): Step {
  if (key.kind === 'chord' && key.name === 'Escape') return { state: toNormal(state, vi) }
  const recording = vi.recording === undefined ? undefined : [...vi.recording, key]
  const noted = { ...state, vi: { ...vi, recording } }
  if (key.kind !== 'chord') return { state: typeText(noted, key.text, context) }
  return emacsCommand(key.name)?.(noted, context) ?? { state: noted, wish: 'bell' }
}

function toNormal(state: EditorState, vi: ViState): EditorState {
  const { text, cursor } = state.buffer
  const at = Math.max(lineStart(text, cursor), previousBoundary(text, cursor))
  const lastChange = vi.recording ?? vi.lastChange
  const past = state.log.past.slice(0, vi.changes + 1)
  const whole = { ...moved(state, at), log: { ...state.log, past } }
  return withVi(whole, {
    ...vi,
    mode: 'normal',
    given: '',
    lastChange,
    recording: undefined,
  })
}

const NAMED: Readonly<Record<string, string>> = {
  Left: 'h',
  Backspace: 'h',
  'C-h': 'h',
  Right: 'l',
  Up: 'k',
  'C-p': 'k',
  Down: 'j',
  'C-n': 'j',
  Home: '0',
  End: '$',
  Delete: 'x',
}

function normalStep(state: EditorState, vi: ViState, key: Key, context: EditorContext): Step {
  if (key.kind === 'chord' && key.name === 'Escape')
    return { state: withVi(state, { ...vi, given: '' }) }
  const name = key.kind === 'chord' ? NAMED[key.name] : key.text
  if (name === undefined) return chordStep(state, vi, key, context)
  const given = vi.given + name
  const command = commandOf(given)
  const recording = [...(vi.given === '' ? [] : (vi.recording ?? [])), key]
  if (command === undefined) return { state: withVi(state, { ...vi, given, recording }) }
  const ready = { ...vi, given: '', recording, changes: state.log.past.length }
  return finished(perform(withVi(state, ready), ready, command, context), vi, state)
}

/** Control keys mean what they mean in Emacs, but for C-r. */
function chordStep(state: EditorState, vi: ViState, key: Key, context: EditorContext): Step {
  const name = key.kind === 'chord' ? key.name : ''
  const reset = withVi(state, { ...vi, given: '', recording: undefined })
  if (name === 'C-r') return onCharacter(stepTo(reset, redoneState(reset)))
  const step = emacsCommand(name)?.(reset, context) ?? { state: reset, wish: 'bell' }
  return onCharacter(step)
}

/** After a command: its keys are those of the last change if the text changed, and wait for Escape
 *  if it goes on typing. */
function finished(step: Step, vi: ViState, before: EditorState): Step {
  const { state } = step
  const now = state.vi ?? vi
  if (now.mode === 'insert') return step
  const isChange = state.log !== before.log && state.log.future.length === 0
  const lastChange = isChange && now.lastChange === vi.lastChange ? now.recording : now.lastChange
  const settled = { ...now, recording: undefined, lastChange: lastChange ?? vi.lastChange }
  return onCharacter({ ...step, state: withVi(state, settled) })
}

function onCharacter(step: Step): Step {
  const { buffer, vi } = step.state
  if (vi?.mode !== 'normal') return step
  const { text, cursor } = buffer
  const isBehind = cursor === lineEnd(text, cursor) && cursor > lineStart(text, cursor)
  if (!isBehind) return step
  return {
    ...step,
    state: { ...step.state, buffer: movedTo(buffer, previousBoundary(text, cursor)) },
  }
}

function withVi(state: EditorState, vi: ViState): EditorState {
  return { ...state, vi }
}

function perform(
  state: EditorState,
  vi: ViState,
  command: ViCommand,
  context: EditorContext,
): Step {
  const { operator, name, count } = command
  if (operator !== '') return operate(state, vi, command)
  const own = OWN[name] ?? (/^r./su.test(name) ? replaceCharacters : undefined)
  if (own !== undefined) return own(state, command, context)
  const way = { count, lastFind: vi.lastFind, hasOperator: false }
  const motion = motionOf(name, state.buffer, way)
  if (motion === undefined) return { state, wish: 'bell' }
  const next = moved(state, motion.to)
  return { state: withVi(next, { ...vi, lastFind: motion.find ?? vi.lastFind }) }
}

function operate(state: EditorState, vi: ViState, command: ViCommand): Step {
  const { operator, name } = command
  const motion = operator === name ? wholeLines(state, command) : wayOf(state, vi, command)
  if (motion === undefined) return { state, wish: 'bell' }
  const next = operated(state, operator, rangeOf(state, motion))
  const mode = operator === 'c' ? 'insert' : 'normal'
  return { state: withVi(next, { ...vi, mode, lastFind: motion.find ?? vi.lastFind }) }
}

/** `dd`, `2yy`: as many lines from the cursor's on. */
function wholeLines({ buffer }: EditorState, { count = 1 }: ViCommand): Motion | undefined {
  const last = buffer.text.slice(buffer.cursor).split('\n').length - 1
  const down = Math.min(count - 1, last)
  const way = { count: down, lastFind: undefined, hasOperator: true }
  return down === 0 ? { to: buffer.cursor, takes: 'lines' } : motionOf('j', buffer, way)
}

/** The way an operator goes: a word's end stays on its line, and `cw` leaves the blanks. */
function wayOf(state: EditorState, vi: ViState, command: ViCommand): Motion | undefined {
  const { operator, name, count } = command
  const { text, cursor } = state.buffer
  const isWord = name === 'w' || name === 'W'
  if (isWord && operator === 'c' && /\S/.test(text[cursor] ?? '')) {
    let to = cursor
    for (let i = 0; i < (count ?? 1); i++) {
      const isEnd = i === 0 && isWordEnd(text, to, name === 'W')
      to = isEnd ? to : endOfWord(text, to, name === 'W')
    }
    return { to, takes: 'end too' }
  }
  const way = { count, lastFind: vi.lastFind, hasOperator: true }
  const motion = motionOf(name, state.buffer, way)
  if (motion === undefined || !isWord) return motion
  const crosses = text.slice(cursor, motion.to).includes('\n') && (count ?? 1) === 1
  return crosses ? { ...motion, to: Math.max(cursor, lineEnd(text, cursor)) } : motion
}

function isWordEnd(text: string, at: number, isBig: boolean): boolean {
  const [, end] = wordAround(text, at, { isBig, around: false })
  return end === nextBoundary(text, at)
}

type Own = (state: EditorState, command: ViCommand, context: EditorContext) => Step

/** Goes on typing at an offset. */
function typingAt(state: EditorState, at: number): Step {
  const next = moved(state, at)
  return { state: next.vi === undefined ? next : withVi(next, { ...next.vi, mode: 'insert' }) }
}

function typingIn(state: EditorState, text: string, at: number): Step {
  return typingAt(changed(state, inserted(movedTo(state.buffer, at), text)), at)
}

/** Another command under a shorter name. */
const as =
  (operator: string, name: string): Own =>
  (state, { count }) =>
    state.vi === undefined ? { state } : operate(state, state.vi, { count, operator, name })

const replaceCharacters: Own = (state, { name, count = 1 }) => {
  const { text, cursor } = state.buffer
  const character = name.slice(1)
  let to = cursor
  for (let i = 0; i < count; i++) {
    if (to >= lineEnd(text, cursor)) return { state, wish: 'bell' }
    to = nextBoundary(text, to)
  }
  const next = replaced(state.buffer, cursor, to, character.repeat(count))
  return { state: changed(state, movedTo(next, next.cursor - character.length)) }
}

const otherCase: Own = (state, { count = 1 }) => {
  const { text, cursor } = state.buffer
  const to = Math.min(lineEnd(text, cursor), cursor + count)
  const turned = Array.from(text.slice(cursor, to), (c) =>
    c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase(),
  )
  return { state: changed(state, replaced(state.buffer, cursor, to, turned.join(''))) }
}

const joinLines: Own = (state, { count = 2 }) => {
  let next = state
  for (let i = 1; i < Math.max(2, count); i++) {
    const end = lineEnd(next.buffer.text, next.buffer.cursor)
    if (end === next.buffer.text.length) return { state: next, wish: 'bell' }
    const to = firstNonBlank(next.buffer.text, end + 1)
    const joined = replaced(next.buffer, end, to, ' ')
    next = changed(next, movedTo(joined, end))
  }
  return { state: next }
}

const again: Own = (state, _, context) => {
  const keys = state.vi?.lastChange ?? []
  if (keys.length === 0 || state.vi === undefined) return { state, wish: 'bell' }
  let next: EditorState = withVi(state, { ...state.vi, given: '', recording: undefined })
  for (const key of keys) next = viStep(next, next.vi ?? state.vi, key, context).state
  if (next.vi?.mode === 'insert') next = toNormal(next, next.vi)
  return { state: withVi(next, { ...(next.vi ?? state.vi), lastChange: keys }) }
}

const search: Own = (state) => ({ state: { ...state, search: startSearch(state.buffer) } })

const repeatedly =
  (once: (state: EditorState) => EditorState | undefined): Own =>
  (state, { count = 1 }) => {
    let next: EditorState | undefined = state
    for (let i = 0; i < count && next !== undefined; i++) next = once(next)
    return stepTo(state, next)
  }

const OWN: Readonly<Record<string, Own>> = {
  i: (state) => typingAt(state, state.buffer.cursor),
  a: (state) => {
    const { text, cursor } = state.buffer
    return typingAt(state, Math.min(lineEnd(text, cursor), nextBoundary(text, cursor)))
  },
  I: (state) => typingAt(state, firstNonBlank(state.buffer.text, state.buffer.cursor)),
  A: (state) => typingAt(state, lineEnd(state.buffer.text, state.buffer.cursor)),
  o: (state) => {
    const end = lineEnd(state.buffer.text, state.buffer.cursor)
    const step = typingIn(state, '\n', end)
    return typingAt(step.state, end + 1)
  },
  O: (state) => typingIn(state, '\n', lineStart(state.buffer.text, state.buffer.cursor)),
  x: as('d', 'l'),
  X: as('d', 'h'),
  D: as('d', '$'),
  C: as('c', '$'),
  Y: as('y', 'y'),
  s: as('c', 'l'),
  S: as('c', 'c'),
  p: (state, { count = 1 }) => stepTo(state, put(state, 'p', count)),
  P: (state, { count = 1 }) => stepTo(state, put(state, 'P', count)),
  u: repeatedly(undoneState),
  '~': otherCase,
  J: joinLines,
  '.': again,
  '/': search,
  '?': search,
  n: search,
  j: (state, _, context) => vertical(1)(state, context),
  k: (state, _, context) => vertical(-1)(state, context),
}
