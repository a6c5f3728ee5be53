// quantize and lquantize in columns: a run of buckets for each group.
import type { AggregatingFunction, GroupState } from './aggregation.js'
import {
  bucketCount,
  linearBucket,
  linearBucketOf,
  QUANTIZE_BUCKETS,
  quantizeBucket,
  quantizeBucketOf,
} from './buckets.js'
import { emptyState } from './state.js'
import type { StateColumn } from './state-column.js'
import { Sums } from './sums.js'

/** Buckets by powers of two. */
export class QuantizeColumn implements StateColumn {
  readonly #function: AggregatingFunction & { kind: 'quantize' }
  readonly #buckets = new Sums(QUANTIZE_BUCKETS)

  constructor(f: AggregatingFunction & { kind: 'quantize' }) {
    this.#function = f
  }

  add(row: number, value: number): void {
    this.#buckets.reserve(row)
    const near = this.#buckets.near
    const cell = row * QUANTIZE_BUCKETS + quantizeBucket(value)
    near[cell] = (near[cell] as number) + 1
  }

  addBig(row: number, value: bigint): void {
    this.addTimes(row, value, 1n)
  }

  addTimes(row: number, value: bigint, increment: bigint): void {
    this.#buckets.reserve(row)
    this.#buckets.addFar(row * QUANTIZE_BUCKETS + quantizeBucketOf(value), increment)
  }

  state(row: number): GroupState {
    return bucketState(this.#function, this.#buckets, row)
  }

  clear(): void {
    this.#buckets.clear()
  }

  keep(rows: readonly number[]): void {
    this.#buckets.keep(rows)
  }
}

/** Buckets of one width. */
export class LinearColumn implements StateColumn {
  readonly #function: AggregatingFunction & { kind: 'lquantize' }
  readonly #buckets: Sums

  constructor(f: AggregatingFunction & { kind: 'lquantize' }) {
    this.#function = f
    this.#buckets = new Sums(bucketCount(f))
  }

  add(row: number, value: number): void {
    this.#buckets.reserve(row)
    const near = this.#buckets.near
    const cell = row * this.#buckets.width + linearBucket(this.#function, value | 0)
    near[cell] = (near[cell] as number) + 1
  }

  addBig(row: number, value: bigint): void {
    this.addTimes(row, value, 1n)
  }

  addTimes(row: number, value: bigint, increment: bigint): void {
    this.#buckets.reserve(row)
    const bucket = linearBucketOf(this.#function, value)
    this.#buckets.addFar(row * this.#buckets.width + bucket, increment)
  }

  state(row: number): GroupState {
    return bucketState(this.#function, this.#buckets, row)
  }

  clear(): void {
    this.#buckets.clear()
  }

  keep(rows: readonly number[]): void {
    this.#buckets.keep(rows)
  }
}

function bucketState(
  f: AggregatingFunction & { kind: 'quantize' | 'lquantize' },
  sums: Sums,
  row: number,
): GroupState {
  if ((row + 1) * sums.width > sums.near.length) return emptyState(f)
  const from = row * sums.width
  const buckets = Array.from({ length: sums.width }, (_, i) => sums.get(from + i))
  return { kind: f.kind, buckets }
}
