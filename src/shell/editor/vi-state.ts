// The state of vi's keys: which mode, and what was given of a command so far.
import type { Key } from './key.js'

/** A search in the line: `f x`, `t x`, `F x`, `T x`. */
export interface LineFind {
  readonly kind: 'f' | 'F' | 't' | 'T'
  readonly character: string
}

/** What vi's keys remember. */
export interface ViState {
  readonly mode: 'insert' | 'normal'
  /** What was given of a command: `2d3`, `f`, `ci`. */
  readonly given: string
  readonly lastFind: LineFind | undefined
  /** The keys of the last change, for `.`. */
  readonly lastChange: readonly Key[]
  /** The keys of a change being made. */
  readonly recording: readonly Key[] | undefined
  /** How many changes there were before the one being typed: all of it is one to undo. */
  readonly changes: number
}

/** Where a cell begins: ready to type. */
export const VI_START: ViState = {
  mode: 'insert',
  given: '',
  lastFind: undefined,
  lastChange: [],
  recording: undefined,
  changes: 0,
}
