// State in columns: what each aggregating function keeps, for all groups at once, in typed arrays.
import { assertNever } from '../../base/assert.js'
import type { AggregatingFunction, GroupState } from './aggregation.js'
import { LinearColumn, LogLinearColumn, QuantizeColumn } from './bucket-columns.js'
import { MomentsColumn } from './moments-column.js'
import { QuantileColumn, TimeColumn } from './sparse-columns.js'
import { addValue, emptyState, slotFunction } from './state.js'
import type { StateColumn } from './state-column.js'
import { grown, picked, START_ROWS, Sums } from './sums.js'

/** Makes the column of a function. What grows with its values has room for `limit` buckets or
 *  intervals, of all groups together. */
export function stateColumn(f: AggregatingFunction, limit: number): StateColumn {
  switch (f.kind) {
    case 'count':
      return new CountColumn()
    case 'sum':
      return new SumColumn()
    case 'avg':
      return new MomentsColumn('avg')
    case 'stddev':
      return new MomentsColumn('stddev')
    case 'min':
    case 'max':
      return new ExtremeColumn(f.kind)
    case 'quantize':
      return new QuantizeColumn(f)
    case 'lquantize':
      return new LinearColumn(f)
    case 'llquantize':
      return new LogLinearColumn(f)
    case 'quantile':
      return new QuantileColumn(f, limit)
    case 'heatmap':
    case 'series':
      return new TimeColumn(f, stateColumn(slotFunction(f), limit), limit)
    default:
      return assertNever(f)
  }
}

class CountColumn implements StateColumn {
  readonly drops = 0
  #counts = new Float64Array(START_ROWS)

  add(row: number): void {
    if (row >= this.#counts.length) this.#counts = grown(this.#counts, row)
    this.#counts[row] = (this.#counts[row] as number) + 1
  }

  addBig(row: number): void {
    this.add(row)
  }

  addTimes(row: number): void {
    this.add(row)
  }

  state(row: number): GroupState {
    return { kind: 'count', count: BigInt(this.#counts[row] ?? 0) }
  }

  clear(): void {
    this.#counts.fill(0)
  }

  keep(rows: readonly number[]): void {
    this.#counts = picked(this.#counts, rows, 0)
  }
}

class SumColumn implements StateColumn {
  readonly drops = 0
  readonly #sums = new Sums(1)

  add(row: number, value: number): void {
    this.#sums.reserve(row)
    this.#sums.add(row, value)
  }

  addBig(row: number, value: bigint): void {
    this.#sums.reserve(row)
    this.#sums.addFar(row, value)
  }

  addTimes(row: number, value: bigint): void {
    this.addBig(row, value)
  }

  state(row: number): GroupState {
    return { kind: 'sum', sum: this.#sums.get(row) }
  }

  clear(): void {
    this.#sums.clear()
  }

  keep(rows: readonly number[]): void {
    this.#sums.keep(rows)
  }
}

/** min and max: the extreme of the small values, and that of the wide ones. */
class ExtremeColumn implements StateColumn {
  readonly drops = 0
  readonly #sign: 1 | -1
  readonly #kind: 'min' | 'max'
  /** Kept negated for max, so that both look for the least. */
  #near = new Float64Array(START_ROWS).fill(Number.POSITIVE_INFINITY)
  readonly #far = new Map<number, bigint>()

  constructor(kind: 'min' | 'max') {
    this.#kind = kind
    this.#sign = kind === 'min' ? 1 : -1
  }

  add(row: number, value: number): void {
    if (row >= this.#near.length) {
      this.#near = grown(this.#near, row, Number.POSITIVE_INFINITY)
    }
    const seen = value * this.#sign
    if (seen < (this.#near[row] as number)) this.#near[row] = seen
  }

  addBig(row: number, value: bigint): void {
    const before = this.#far.get(row)
    const closer = before === undefined || (this.#sign > 0 ? value < before : value > before)
    if (closer) this.#far.set(row, value)
  }

  addTimes(row: number, value: bigint): void {
    this.addBig(row, value)
  }

  state(row: number): GroupState {
    const f = { kind: this.#kind }
    const near = this.#near[row] ?? Number.POSITIVE_INFINITY
    const far = this.#far.get(row)
    let state = emptyState(f)
    if (near !== Number.POSITIVE_INFINITY) state = addValue(f, state, BigInt(near * this.#sign))
    return far === undefined ? state : addValue(f, state, far)
  }

  clear(): void {
    this.#near.fill(Number.POSITIVE_INFINITY)
    this.#far.clear()
  }

  keep(rows: readonly number[]): void {
    this.#near = picked(this.#near, rows, Number.POSITIVE_INFINITY)
    const far = rows.map((row) => this.#far.get(row))
    this.#far.clear()
    far.forEach((value, i) => {
      if (value !== undefined) this.#far.set(i, value)
    })
  }
}
