// What rows of an aggregation have besides their keys, as cells of a table.
//
//   { buckets: [...] }  ->  low, high, count: a line a bucket        { value }  ->  one line
import type { Cell, Column } from '../../base/table.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import { cell } from './row-table.js'
import type { Bucket, HeatCell, PlainRow, Quantile, SeriesPoint } from './rows.js'

/** What a table says over its numbers. */
export interface Heading {
  readonly title: string
  readonly unit: string | undefined
}

/** Columns after those of the key, and the lines of one row. */
export interface MeasuredCells {
  readonly columns: readonly (string | (Partial<Column> & { readonly name: string }))[]
  lines(row: PlainRow): readonly (readonly Cell[])[]
}

const TIME = { name: 'time', unit: 'ns' } as const

/** The columns of a function's table. */
export function measuredCells(fn: AggregatingFunction, heading: Heading): MeasuredCells {
  const measured = columnOf(heading)
  const range = [measured('low'), measured('high'), 'count']
  switch (fn.kind) {
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return { columns: range, lines: (row) => bucketsOf(row).map(rangeCells) }
    case 'quantile':
      return {
        columns: fn.ranks.map((rank) => measured(`p${rank / 1e4}`)),
        lines: (row) => [fn.ranks.map((rank) => quantileCell(row, rank))],
      }
    case 'heatmap':
      return {
        columns: [TIME, ...range],
        lines: (row) => heatOf(row).map((c) => [c.timeNs, ...rangeCells(c)]),
      }
    case 'series':
      return {
        columns: [TIME, measured(heading.title === fn.kind ? fn.of : heading.title)],
        lines: (row) => pointsOf(row).map((point) => [point.timeNs, point.value]),
      }
    default:
      return { columns: [measured(heading.title)], lines: (row) => [[cell(row['value'])]] }
  }
}

function columnOf({ unit }: Heading) {
  return (name: string) => ({ name, ...(unit === undefined ? {} : { unit }) })
}

const bucketsOf = (row: PlainRow) => (row['buckets'] ?? []) as readonly Bucket[]
const heatOf = (row: PlainRow) => (row['cells'] ?? []) as readonly HeatCell[]
const pointsOf = (row: PlainRow) => (row['points'] ?? []) as readonly SeriesPoint[]

const rangeCells = ({ low, high, count }: Bucket): readonly Cell[] => [low, high, count]

function quantileCell(row: PlainRow, rank: number): Cell {
  const found = (row['quantiles'] ?? []) as readonly Quantile[]
  return found.find(({ share }) => share === rank / 1e6)?.value ?? null
}
