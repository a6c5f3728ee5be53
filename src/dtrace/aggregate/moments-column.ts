// avg and stddev in columns: count, sum, and a sum of squares of 128 bits.
import type { GroupState } from './aggregation.js'
import type { StateColumn } from './state-column.js'
import { grown, NEAR_LIMIT, START_ROWS, Sums } from './sums.js'

const LIMB_HALF = 2 ** 26

/** avg and stddev: count, sum and, for the latter, the sum of squares. */
export class MomentsColumn implements StateColumn {
  readonly drops = 0
  readonly #kind: 'avg' | 'stddev'
  readonly #sums = new Sums(2)
  #squares = new Float64Array(2 * START_ROWS)
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
    const [upper, lower] = [0, 1].map((i) => BigInt(this.#squares[2 * row + i] ?? 0))
    const near = ((upper ?? 0n) << 52n) + (lower ?? 0n)
    const sumSquares = BigInt.asUintN(128, near + (this.#farSquares.get(row) ?? 0n))
    return { kind: 'stddev', count, sum, sumSquares }
  }

  clear(): void {
    this.#sums.clear()
    this.#squares.fill(0)
    this.#farSquares.clear()
  }

  keep(rows: readonly number[]): void {
    const squares = new Float64Array(2 * Math.max(START_ROWS, rows.length))
    const far = rows.map((row) => this.#farSquares.get(row) ?? 0n)
    rows.forEach((row, i) => {
      squares.set(this.#squares.subarray(2 * row, 2 * row + 2), 2 * i)
    })
    this.#sums.keep(rows)
    this.#squares = squares
    this.#farSquares.clear()
    far.forEach((value, i) => {
      if (value !== 0n) this.#farSquares.set(i, value)
    })
  }

  // (high * 2^26 + low)^2, added to two limbs of 52 bits with a carry between them.
  #addSquare(row: number, size: number): void {
    const at = 2 * row
    if (at + 1 >= this.#squares.length) this.#squares = grown(this.#squares, at + 1)
    const squares = this.#squares
    const high = Math.floor(size / LIMB_HALF)
    const low = size - high * LIMB_HALF
    let upper = squares[at] as number
    let lower = (squares[at + 1] as number) + low * low
    if (high > 0) {
      const mixed = 2 * high * low
      const carried = Math.floor(mixed / LIMB_HALF)
      upper += high * high + carried
      if (lower >= NEAR_LIMIT) {
        lower -= NEAR_LIMIT
        upper += 1
      }
      lower += (mixed - carried * LIMB_HALF) * LIMB_HALF
    }
    if (lower >= NEAR_LIMIT) {
      lower -= NEAR_LIMIT
      upper += 1
    }
    squares[at] = upper
    squares[at + 1] = lower
    if (upper > NEAR_LIMIT / 4) this.#spill(row)
  }

  #spill(row: number): void {
    this.#addFarSquare(row, BigInt(this.#squares[2 * row] as number) << 52n)
    this.#squares[2 * row] = 0
  }

  #addFarSquare(row: number, square: bigint): void {
    const sum = (this.#farSquares.get(row) ?? 0n) + square
    this.#farSquares.set(row, BigInt.asUintN(128, sum))
  }
}
