// The state of an editor, and the changes that all kinds of keys make to it.
//
//   state, what to do  ->  state
//
// Holds: a state is a value; each change of the text is in the undo log.
import type { HistorySearch } from './history-search.js'
import type { HistoryWalk } from './history-walk.js'
import { type KillRing, type KillSide, killed } from './kill-ring.js'
import type { Menu } from './menu.js'
import { EMPTY, movedTo, type TextBuffer, without } from './text-buffer.js'
import { NO_CHANGES, noted, redone, type UndoLog, undone } from './undo-log.js'
import type { ViState } from './vi-state.js'

/** What the last key did, as far as the next one has to know. */
export type LastAct =
  | { readonly kind: 'other' }
  | { readonly kind: 'typed' }
  | { readonly kind: 'killed' }
  | { readonly kind: 'walked' }
  | { readonly kind: 'counted' }
  | { readonly kind: 'yanked'; readonly from: number; readonly to: number }
  | { readonly kind: 'vertical'; readonly column: number }

/** Everything an editor knows of the cell being written. */
export interface EditorState {
  readonly buffer: TextBuffer
  readonly log: UndoLog
  readonly kills: KillRing
  readonly last: LastAct
  readonly walk: HistoryWalk | undefined
  readonly search: HistorySearch | undefined
  readonly menu: Menu | undefined
  /** Keys that wait for one more: `C-x `. */
  readonly prefix: string
  /** How often the next key is meant; '' for once. */
  readonly argument: string
  /** Closing brackets and quotes behind the cursor that were put in by themselves. */
  readonly closers: string
  /** Undefined where the keys are those of Emacs. */
  readonly vi: ViState | undefined
}

/** What the editor is surrounded by while a key is worked on. */
export interface EditorContext {
  /** Cells of earlier times, oldest first. */
  readonly history: readonly string[]
  /** Whether what history suggests is shown, and can be taken. */
  readonly suggests: boolean
  /** Whether brackets and quotes bring their other half. */
  readonly pairs: boolean
  /** How many proposals stand beside each other in the menu. */
  readonly menuColumns: number
}

/** What a key wants of whoever owns the terminal. */
export type Wish =
  | 'enter'
  | 'submit'
  | 'cancel'
  | 'leave'
  | 'complete'
  | 'clear-screen'
  | 'suspend'
  | 'bell'
  | 'open-editor'

/** A new state, and what is wished besides. */
export interface Step {
  readonly state: EditorState
  readonly wish?: Wish
}

const OTHER: LastAct = { kind: 'other' }

/** An editor with nothing written. */
export function startState(vi?: ViState, buffer: TextBuffer = EMPTY): EditorState {
  const none = { walk: undefined, search: undefined, menu: undefined }
  const nothing = { prefix: '', argument: '', closers: '' }
  return { buffer, log: NO_CHANGES, kills: [], last: OTHER, vi, ...none, ...nothing }
}

/** The next cell's editor: what was cut stays. */
export function nextState(state: EditorState, vi?: ViState): EditorState {
  return { ...startState(vi), kills: state.kills }
}

/** The text changed, which can be undone. */
export function changed(
  state: EditorState,
  buffer: TextBuffer,
  last: LastAct = OTHER,
): EditorState {
  if (buffer.text === state.buffer.text) return moved(state, buffer.cursor, last)
  return { ...state, buffer, log: noted(state.log, state.buffer), last, walk: undefined }
}

/** The cursor moved. */
export function moved(state: EditorState, cursor: number, last: LastAct = OTHER): EditorState {
  return { ...state, buffer: movedTo(state.buffer, cursor), last }
}

/** Typed characters go on with the change before them, up to a blank. */
export function typed(state: EditorState, buffer: TextBuffer, text: string): EditorState {
  const goesOn = state.last.kind === 'typed' && !/^\s/.test(text)
  if (!goesOn) return changed(state, buffer, { kind: 'typed' })
  return { ...state, buffer, last: { kind: 'typed' }, walk: undefined }
}

/** What is between the cursor and an offset, cut; cuts that follow each other are one. */
export function cut(state: EditorState, to: number): EditorState {
  const { text, cursor } = state.buffer
  if (to === cursor) return { ...state, last: { kind: 'killed' } }
  const side: KillSide = to < cursor ? 'before' : 'after'
  const piece = text.slice(Math.min(to, cursor), Math.max(to, cursor))
  const onto = state.last.kind === 'killed' ? side : undefined
  const next = changed(state, without(state.buffer, cursor, to), { kind: 'killed' })
  return { ...next, kills: killed(state.kills, piece, onto) }
}

/** What is between the cursor and an offset, gone. */
export function deleted(state: EditorState, to: number): EditorState {
  return changed(state, without(state.buffer, state.buffer.cursor, to))
}

/** Before the newest change. */
export function undoneState(state: EditorState): EditorState | undefined {
  return restored(state, undone(state.log, state.buffer))
}

/** Before the newest undo. */
export function redoneState(state: EditorState): EditorState | undefined {
  return restored(state, redone(state.log, state.buffer))
}

function restored(
  state: EditorState,
  found: [TextBuffer, UndoLog] | undefined,
): EditorState | undefined {
  if (found === undefined) return undefined
  const [buffer, log] = found
  return { ...state, buffer, log, last: OTHER, walk: undefined }
}

/** A step without a wish; a bell where there is no state to go to. */
export function stepTo(from: EditorState, to: EditorState | undefined): Step {
  return to === undefined ? { state: { ...from, last: OTHER }, wish: 'bell' } : { state: to }
}
