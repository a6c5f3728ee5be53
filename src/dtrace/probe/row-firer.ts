// RowFirer: names one observation at a time. The shape of a provider whose rows are few (what dom0
// saw); the trace provider, whose rows are millions, owns a batch loop of its own and calls this
// one between.
//
//   row i of an ObservationBatch  ->  0 .. FIRINGS_PER_ROW rows appended to a FiringBatch
//
// Holds: the caller made room for FIRINGS_PER_ROW rows before each call; a row firer never
// allocates rows.
import type { ObservationBatch } from '../../machine/observation.js'
import type { FiringBatch } from './firing.js'

/** Most firings one observation may cause, of any provider. */
export const FIRINGS_PER_ROW = 4

/** Names the observations of one provider for the probes that were enabled when it was made. */
export interface RowFirer {
  /** Whether an observation of this code can fire an enabled probe, or carries state a later one
   *  needs. */
  wants(code: number): boolean
  /** Appends the firings of row `i` to `out`, from `out.length` on, and moves `out.length`.
   *  `strings` is the stream's dictionary and becomes that of `out`: its code 0 is "". */
  fireRow(batch: ObservationBatch, i: number, strings: readonly string[], out: FiringBatch): void
}
