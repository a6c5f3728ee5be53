// One aggregation while a program runs: keys, columns of state, and what clear, trunc and normalize
// do to it.
//
// Holds: memory is bounded. What does not fit within aggsize is dropped and counted, as on a DTrace
// host.
import type { AggregationDecl, AggregationSnapshot } from './aggregation.js'
import { bucketCount } from './buckets.js'
import { stateColumn } from './columns.js'
import { keyArity, readKey, type StringPool } from './key-layout.js'
import { KeyTable } from './key-table.js'
import { truncateGroups } from './sort.js'
import { slotFunction } from './state.js'
import type { StateColumn } from './state-column.js'

/** Without aggsize an aggregation may take so many bytes; DTrace's own default of 4 MB per CPU
 *  would make a recording lose what fits into memory easily. */
const DEFAULT_BYTES = 2 ** 28
const MOST_GROUPS = 2 ** 20

/** How many groups fit into `aggsize` bytes (a quarter of a gigabyte, and a million groups, without
 *  it); and as many buckets of a quantile, intervals of a heatmap or series. */
export function groupLimit(decl: AggregationDecl, aggsize: number | undefined): number {
  const words = keyArity(decl.keys) + 2
  const { function: f } = decl
  const state = Math.max(1, bucketCount(f.kind === 'heatmap' ? slotFunction(f) : f))
  const limit = Math.max(1, Math.floor((aggsize ?? DEFAULT_BYTES) / (4 * words + 8 * state)))
  return aggsize === undefined ? Math.min(limit, MOST_GROUPS) : limit
}

/** The groups of one aggregation. Generated code looks a row up in `keys` and adds to `column`. */
export class AggregationTable {
  readonly decl: AggregationDecl
  readonly keys: KeyTable
  readonly column: StateColumn
  /** Values that found no room for their key; generated code counts them. */
  drops = 0
  normal = 1n
  readonly #pool: StringPool

  constructor(decl: AggregationDecl, pool: StringPool, limit: number) {
    this.decl = decl
    this.keys = new KeyTable(keyArity(decl.keys), limit)
    this.column = stateColumn(decl.function, limit)
    this.#pool = pool
  }

  /** All values that found no room. */
  get lost(): number {
    return this.drops + this.column.drops
  }

  /** All groups as plain values, by row. */
  snapshot(): AggregationSnapshot {
    const groups = Array.from({ length: this.keys.rows }, (_, row) => ({
      key: readKey(this.decl.keys, this.keys, row, this.#pool),
      state: this.column.state(row),
    }))
    return { decl: this.decl, normal: this.normal, groups }
  }

  /** Forgets values and keeps keys. */
  clear(): void {
    this.column.clear()
  }

  /** Keeps the `count` largest groups, or the smallest when it is negative; 0 keeps none. */
  trunc(count: bigint): void {
    const snapshot = this.snapshot()
    const rows = new Map(snapshot.groups.map((group, row) => [group, row]))
    const kept = truncateGroups(snapshot, count).map((group) => rows.get(group) ?? 0)
    this.keys.keep(kept)
    this.column.keep(kept)
  }
}
