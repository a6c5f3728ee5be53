// quantile, heatmap and series in columns: cells in a hash table, by row and by bucket or interval.
//
//   (row, place) -> cell number -> count, or a row of another column
//
// Holds: no more cells than `limit`; what finds no room is dropped and counted.
import type {
  GroupState,
  HeatmapFunction,
  QuantileFunction,
  SeriesFunction,
} from './aggregation.js'
import { KeyTable } from './key-table.js'
import { sketchBucket, sketchBucketOf } from './sketch.js'
import type { StateColumn } from './state-column.js'
import { grown, picked, START_ROWS } from './sums.js'

const WORD = 2 ** 32
const CELL_WORDS = 3

/** Cells by row and place: a place is a whole number of 53 bits. */
class Cells {
  drops = 0
  readonly #limit: number
  #table: KeyTable
  #byRow: Map<number, number[]> | undefined

  constructor(limit: number) {
    this.#limit = limit
    this.#table = new KeyTable(CELL_WORDS, limit)
  }

  /** The number of a cell, made when missing; -1 when there is no room for it. */
  add(row: number, place: number): number {
    const before = this.#table.rows
    const cell = this.#table.add3(row, place | 0, Math.floor(place / WORD))
    if (cell < 0) this.drops += 1
    if (this.#table.rows !== before) this.#byRow = undefined
    return cell
  }

  /** The cells of a row with their places, ascending. */
  of(row: number): (readonly [place: number, cell: number])[] {
    this.#byRow ??= this.#index()
    const cells = this.#byRow.get(row) ?? []
    return cells.map((cell) => [this.#place(cell), cell] as const).sort(([a], [b]) => a - b)
  }

  clear(): void {
    this.#table = new KeyTable(CELL_WORDS, this.#limit)
    this.#byRow = undefined
  }

  /** Forgets all rows but these, which become 0, 1, 2 and so on; the cells that are left, likewise
   *  in the order of their new numbers. */
  keep(rows: readonly number[]): number[] {
    const kept = rows.map((row) => this.of(row))
    this.clear()
    kept.forEach((cells, row) => {
      for (const [place] of cells) this.add(row, place)
    })
    return kept.flatMap((cells) => cells.map(([, cell]) => cell))
  }

  #place(cell: number): number {
    const { words } = this.#table
    const low = (words[cell * CELL_WORDS + 1] as number) >>> 0
    return (words[cell * CELL_WORDS + 2] as number) * WORD + low
  }

  #index(): Map<number, number[]> {
    const byRow = new Map<number, number[]>()
    for (let cell = 0; cell < this.#table.rows; cell++) {
      const row = this.#table.words[cell * CELL_WORDS] as number
      const cells = byRow.get(row)
      if (cells === undefined) byRow.set(row, [cell])
      else cells.push(cell)
    }
    return byRow
  }
}

/** quantile: counts by bucket of the sketch. */
export class QuantileColumn implements StateColumn {
  readonly #cells: Cells
  #counts = new Float64Array(START_ROWS)

  constructor(_function: QuantileFunction, limit: number) {
    this.#cells = new Cells(limit)
  }

  get drops(): number {
    return this.#cells.drops
  }

  add(row: number, value: number): void {
    this.#count(row, sketchBucket(value))
  }

  addBig(row: number, value: bigint): void {
    this.#count(row, sketchBucketOf(value))
  }

  addTimes(row: number, value: bigint): void {
    this.addBig(row, value)
  }

  state(row: number): GroupState {
    const counts = this.#cells.of(row).map(([bucket, cell]) => {
      return [bucket, BigInt(this.#counts[cell] ?? 0)] as const
    })
    return { kind: 'quantile', cells: counts }
  }

  clear(): void {
    this.#cells.clear()
    this.#counts.fill(0)
  }

  keep(rows: readonly number[]): void {
    this.#counts = picked(this.#counts, this.#cells.keep(rows), 0)
  }

  #count(row: number, bucket: number): void {
    const cell = this.#cells.add(row, bucket)
    if (cell < 0) return
    if (cell >= this.#counts.length) this.#counts = grown(this.#counts, cell)
    this.#counts[cell] = (this.#counts[cell] as number) + 1
  }
}

/** heatmap and series: another column, with a row for each interval of each group. */
export class TimeColumn implements StateColumn {
  readonly #kind: 'heatmap' | 'series'
  readonly #cells: Cells
  readonly #states: StateColumn

  constructor(f: HeatmapFunction | SeriesFunction, states: StateColumn, limit: number) {
    this.#kind = f.kind
    this.#states = states
    this.#cells = new Cells(limit)
  }

  get drops(): number {
    return this.#cells.drops
  }

  add(row: number, value: number): void {
    this.addTimes(row, BigInt(value), 0n)
  }

  addBig(row: number, value: bigint): void {
    this.addTimes(row, value, 0n)
  }

  /** `interval` is the number of the interval in which the value was seen. */
  addTimes(row: number, value: bigint, interval: bigint): void {
    const cell = this.#cells.add(row, Number(interval))
    if (cell >= 0) this.#states.addBig(cell, value)
  }

  state(row: number): GroupState {
    const slots = this.#cells.of(row).map(([interval, cell]) => {
      return [interval, this.#states.state(cell)] as const
    })
    return { kind: this.#kind, slots }
  }

  clear(): void {
    this.#cells.clear()
    this.#states.clear()
  }

  keep(rows: readonly number[]): void {
    this.#states.keep(this.#cells.keep(rows))
  }
}
