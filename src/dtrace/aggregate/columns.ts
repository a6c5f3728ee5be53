// State in columns: what each aggregating function keeps, for all groups at once, in typed arrays.
//
//   near  Float64Array    every number so far, as long as the sum stays within 2^52
//   far   BigInt64Array   what outgrew it; made when first needed
//
// Holds: results equal those of state.ts bit for bit. `add` takes whole numbers of at most 52 bits.
import { assertNever } from '../../base/assert.js'
import { INT64_MAX, INT64_MIN, int64 } from '../../base/int64.js'
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

const NEAR_LIMIT = 2 ** 52
const START_ROWS = 16

/** The states of all groups of one aggregation, by row. Rows appear by being added to. */
export interface StateColumn {
  /** One value of at most 52 bits. */
  add(row: number, value: number): void
  /** One value of 64 signed bits. */
  addBig(row: number, value: bigint): void
  /** One value that counts `increment` times: buckets only. */
  addTimes(row: number, value: bigint, increment: bigint): void
  state(row: number): GroupState
  /** As if nothing had been added to any row. */
  clear(): void
  /** Rows of a table after its own `keep`. */
  keep(rows: readonly number[]): void
}

/** Makes the column of a function. */
export function stateColumn(f: AggregatingFunction): StateColumn {
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
    default:
      return assertNever(f)
  }
}

/** Cells of 64-bit sums; `width` of them belong to each row. */
class Sums {
  readonly width: number
  near: Float64Array
  far: BigInt64Array | undefined

  constructor(width: number) {
    this.width = width
    this.near = new Float64Array(START_ROWS * width)
  }

  reserve(row: number): void {
    if ((row + 1) * this.width <= this.near.length) return
    let length = this.near.length
    while (length < (row + 1) * this.width) length *= 2
    const near = new Float64Array(length)
    near.set(this.near)
    this.near = near
    if (this.far === undefined) return
    const far = new BigInt64Array(length)
    far.set(this.far)
    this.far = far
  }

  add(cell: number, value: number): void {
    const sum = (this.near[cell] as number) + value
    if (sum > NEAR_LIMIT || sum < -NEAR_LIMIT) this.addFar(cell, BigInt(value))
    else this.near[cell] = sum
  }

  addFar(cell: number, value: bigint): void {
    this.far ??= new BigInt64Array(this.near.length)
    this.far[cell] = int64((this.far[cell] as bigint) + value)
  }

  get(cell: number): bigint {
    return int64(BigInt(this.near[cell] ?? 0) + (this.far?.[cell] ?? 0n))
  }

  clear(): void {
    this.near.fill(0)
    this.far = undefined
  }

  keep(rows: readonly number[]): void {
    const { near, far, width } = this
    this.near = new Float64Array(Math.max(START_ROWS, rows.length) * width)
    this.far = far === undefined ? undefined : new BigInt64Array(this.near.length)
    rows.forEach((row, i) => {
      this.near.set(near.subarray(row * width, (row + 1) * width), i * width)
      if (far !== undefined) this.far?.set(far.subarray(row * width, (row + 1) * width), i * width)
    })
  }
}

class CountColumn implements StateColumn {
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

/** avg and stddev: count, sum and, for the latter, the sum of squares in three parts of a value split at
 *  26 bits: high * high, high * low and low * low, each exact in a double. */
class MomentsColumn implements StateColumn {
  readonly #kind: 'avg' | 'stddev'
  readonly #sums = new Sums(2)
  #squares = new Float64Array(3 * START_ROWS)
  readonly #farSquares = new Map<number, bigint>()

  constructor(kind: 'avg' | 'stddev') {
    this.#kind = kind
  }

  add(row: number, value: number): void {
    this.#sums.reserve(row)
    this.#sums.add(2 * row, 1)
    this.#sums.add(2 * row + 1, value)
    if (this.#kind === 'stddev') this.#addSquare(row, Math.abs(value))
  }

  addBig(row: number, value: bigint): void {
    this.#sums.reserve(row)
    this.#sums.add(2 * row, 1)
    this.#sums.addFar(2 * row + 1, value)
    if (this.#kind === 'stddev') this.#addFarSquare(row, value * value)
  }

  addTimes(row: number, value: bigint): void {
    this.addBig(row, value)
  }

  state(row: number): GroupState {
    const count = this.#sums.get(2 * row)
    const sum = this.#sums.get(2 * row + 1)
    if (this.#kind === 'avg') return { kind: 'avg', count, sum }
    const [high, mixed, low] = [0, 1, 2].map((i) => BigInt(this.#squares[3 * row + i] ?? 0))
    const near = ((high ?? 0n) << 52n) + ((mixed ?? 0n) << 27n) + (low ?? 0n)
    const sumSquares = BigInt.asUintN(128, near + (this.#farSquares.get(row) ?? 0n))
    return { kind: 'stddev', count, sum, sumSquares }
  }

  clear(): void {
    this.#sums.clear()
    this.#squares.fill(0)
    this.#farSquares.clear()
  }

  keep(rows: readonly number[]): void {
    const squares = new Float64Array(3 * Math.max(START_ROWS, rows.length))
    const far = rows.map((row) => this.#farSquares.get(row) ?? 0n)
    rows.forEach((row, i) => {
      squares.set(this.#squares.subarray(3 * row, 3 * row + 3), 3 * i)
    })
    this.#sums.keep(rows)
    this.#squares = squares
    this.#farSquares.clear()
    far.forEach((value, i) => {
      if (value !== 0n) this.#farSquares.set(i, value)
    })
  }

  #addSquare(row: number, size: number): void {
    const at = 3 * row
    if (at + 2 >= this.#squares.length) this.#squares = grown(this.#squares, at + 2)
    const squares = this.#squares
    const high = Math.floor(size / 0x400_0000)
    const low = size - high * 0x400_0000
    const highest = (squares[at] as number) + high * high
    const mixed = (squares[at + 1] as number) + high * low
    const lowest = (squares[at + 2] as number) + low * low
    if (highest > NEAR_LIMIT || mixed > NEAR_LIMIT || lowest > NEAR_LIMIT) {
      this.#addFarSquare(row, BigInt(size) * BigInt(size))
      return
    }
    squares[at] = highest
    squares[at + 1] = mixed
    squares[at + 2] = lowest
  }

  #addFarSquare(row: number, square: bigint): void {
    const sum = (this.#farSquares.get(row) ?? 0n) + square
    this.#farSquares.set(row, BigInt.asUintN(128, sum))
  }
}

/** min and max: the extreme of the small values, and that of the wide ones. */
class ExtremeColumn implements StateColumn {
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
    const beats = this.#kind === 'min' ? before === undefined || value < before : false
    const tops = this.#kind === 'max' ? before === undefined || value > before : false
    if (beats || tops) this.#far.set(row, value)
  }

  addTimes(row: number, value: bigint): void {
    this.addBig(row, value)
  }

  state(row: number): GroupState {
    const near = this.#near[row] ?? Number.POSITIVE_INFINITY
    const seen = [this.#far.get(row)]
    if (near !== Number.POSITIVE_INFINITY) seen.push(BigInt(near) * BigInt(this.#sign))
    const known = seen.filter((v) => v !== undefined)
    if (this.#kind === 'min') {
      return { kind: 'min', min: known.reduce((a, b) => (b < a ? b : a), INT64_MAX) }
    }
    return { kind: 'max', max: known.reduce((a, b) => (b > a ? b : a), INT64_MIN) }
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

class QuantizeColumn implements StateColumn {
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

class LinearColumn implements StateColumn {
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

function grown(column: Float64Array, index: number, fill = 0): Float64Array<ArrayBuffer> {
  let length = column.length
  while (length <= index) length *= 2
  const wider = new Float64Array(length).fill(fill, column.length)
  wider.set(column)
  return wider
}

function picked(column: Float64Array, rows: readonly number[], fill: number) {
  const kept = new Float64Array(Math.max(START_ROWS, rows.length)).fill(fill)
  rows.forEach((row, i) => {
    kept[i] = column[row] ?? fill
  })
  return kept
}
