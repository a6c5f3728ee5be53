// The undo log: what a text was before each change, and what it was before each undo.
//
// Holds: characters typed one after another are one change, up to a blank; a new change forgets
// what was undone; of a long text fewer changes are kept than of a short one.
import type { TextBuffer } from './text-buffer.js'

const MOST = 1000
const MOST_OF_LONG = 50
const LONG = 20_000

/** Earlier and later states, the nearest last. */
export interface UndoLog {
  readonly past: readonly TextBuffer[]
  readonly future: readonly TextBuffer[]
}

/** Nothing to undo. */
export const NO_CHANGES: UndoLog = { past: [], future: [] }

/** A log that knows of one more change: what was there before it. */
export function noted(log: UndoLog, before: TextBuffer): UndoLog {
  const most = before.text.length > LONG ? MOST_OF_LONG : MOST
  const past = log.past.length < most ? log.past : log.past.slice(-most + 1)
  return { past: [...past, before], future: [] }
}

/** The state before the newest change; undefined where there is none. */
export function undone(log: UndoLog, now: TextBuffer): [TextBuffer, UndoLog] | undefined {
  const before = log.past.at(-1)
  if (before === undefined) return undefined
  return [before, { past: log.past.slice(0, -1), future: [...log.future, now] }]
}

/** The state before the newest undo; undefined where there is none. */
export function redone(log: UndoLog, now: TextBuffer): [TextBuffer, UndoLog] | undefined {
  const after = log.future.at(-1)
  if (after === undefined) return undefined
  return [after, { past: [...log.past, now], future: log.future.slice(0, -1) }]
}
