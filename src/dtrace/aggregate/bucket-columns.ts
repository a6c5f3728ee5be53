// quantize, lquantize and llquantize in columns: a run of buckets for each group.
import type {
  BucketFunction,
  GroupState,
  LinearFunction,
  LogLinearFunction,
} from './aggregation.js'
import { bucketCount, bucketOf, linearBucket, QUANTIZE_BUCKETS, quantizeBucket } from './buckets.js'
import { logLinearFinder } from './log-linear.js'
import { emptyState } from './state.js'
import type { StateColumn } from './state-column.js'
import { Sums } from './sums.js'

/** What columns of buckets have in common. */
abstract class BucketColumn implements StateColumn {
  readonly drops = 0
  protected readonly buckets: Sums
  readonly #function: BucketFunction

  constructor(f: BucketFunction) {
    this.#function = f
    this.buckets = new Sums(bucketCount(f))
  }

  abstract add(row: number, value: number): void

  addBig(row: number, value: bigint): void {
    this.addTimes(row, value, 1n)
  }

  addTimes(row: number, value: bigint, increment: bigint): void {
    this.buckets.reserve(row)
    const bucket = bucketOf(this.#function, value)
    this.buckets.addFar(row * this.buckets.width + bucket, increment)
  }

  state(row: number): GroupState {
    const { buckets } = this
    if ((row + 1) * buckets.width > buckets.near.length) return emptyState(this.#function)
    const from = row * buckets.width
    const counts = Array.from({ length: buckets.width }, (_, i) => buckets.get(from + i))
    return { kind: this.#function.kind, buckets: counts }
  }

  clear(): void {
    this.buckets.clear()
  }

  keep(rows: readonly number[]): void {
    this.buckets.keep(rows)
  }
}

/** Buckets by powers of two. */
export class QuantizeColumn extends BucketColumn {
  add(row: number, value: number): void {
    this.buckets.reserve(row)
    const near = this.buckets.near
    const cell = row * QUANTIZE_BUCKETS + quantizeBucket(value)
    near[cell] = (near[cell] as number) + 1
  }
}

/** Buckets of one width. */
export class LinearColumn extends BucketColumn {
  readonly #linear: LinearFunction

  constructor(f: LinearFunction) {
    super(f)
    this.#linear = f
  }

  add(row: number, value: number): void {
    this.buckets.reserve(row)
    const near = this.buckets.near
    const cell = row * this.buckets.width + linearBucket(this.#linear, value)
    near[cell] = (near[cell] as number) + 1
  }
}

/** Buckets by powers of a factor, each in steps. */
export class LogLinearColumn extends BucketColumn {
  readonly #find: (value: number) => number

  constructor(f: LogLinearFunction) {
    super(f)
    this.#find = logLinearFinder(f)
  }

  add(row: number, value: number): void {
    this.buckets.reserve(row)
    const near = this.buckets.near
    const cell = row * this.buckets.width + this.#find(value)
    near[cell] = (near[cell] as number) + 1
  }
}
