// 64-bit sums in columns: doubles as long as they are exact, and bigints for what outgrew them.
//
//   near  Float64Array    every number so far, as long as the sum stays within 2^52
//   far   BigInt64Array   the rest; made when first needed
import { int64 } from '../../base/int64.js'

/** Sums beyond it are no longer kept in a double. */
export const NEAR_LIMIT = 2 ** 52
/** Rows a column has room for at first. */
export const START_ROWS = 16

/** Cells of 64-bit sums; `width` of them belong to each row. */
export class Sums {
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

/** A column with room for `index`, filled up with `fill`. */
export function grown(column: Float64Array, index: number, fill = 0): Float64Array<ArrayBuffer> {
  let length = column.length
  while (length <= index) length *= 2
  const wider = new Float64Array(length).fill(fill, column.length)
  wider.set(column)
  return wider
}

/** Some rows of a column, in the order given. */
export function picked(column: Float64Array, rows: readonly number[], fill: number) {
  const kept = new Float64Array(Math.max(START_ROWS, rows.length)).fill(fill)
  rows.forEach((row, i) => {
    kept[i] = column[row] ?? fill
  })
  return kept
}
