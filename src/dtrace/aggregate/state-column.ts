// What every column of aggregation state can do, whichever function it belongs to.
//
// Holds: results equal those of state.ts bit for bit. `add` takes whole numbers of at most 52 bits.
import type { GroupState } from './aggregation.js'

/** The states of all groups of one aggregation, by row. Rows appear by being added to. */
export interface StateColumn {
  /** Values that found no room: only where what a group keeps grows with its values. */
  readonly drops: number
  /** One value of at most 52 bits. */
  add(row: number, value: number): void
  /** One value of 64 signed bits. */
  addBig(row: number, value: bigint): void
  /** One value that counts `increment` times: buckets only. For a heatmap or series `increment` is
   *  the number of the interval. */
  addTimes(row: number, value: bigint, increment: bigint): void
  state(row: number): GroupState
  /** As if nothing had been added to any row. */
  clear(): void
  /** Rows of a table after its own `keep`. */
  keep(rows: readonly number[]): void
}
