// Series: points taken from a table or given as they are, and fitted to so many columns.
//
//   Table | {x, y}[]  ->  Series (exact offsets as doubles)  ->  a value a column, none in a gap
//
// Holds: the first x and the least y are subtracted as bigint before anything becomes a double, so
// times of 2^60 ns keep their nanoseconds. A spike is never averaged away: a column that stands for
// several points shows their least and greatest, in the order in which they came.
import type { Cell, Table } from '../base/table.js'

/** One sample. `y` is null (or NaN) where the value is not known: a gap. */
export interface Point {
  readonly x: number | bigint
  readonly y: number | bigint | null
}

/** Points ready to draw: `x` and `y` count from the origins, ascending by x. */
export interface Series {
  readonly name: string
  readonly unit: string
  readonly xName: string
  readonly xUnit: string
  readonly originX: number | bigint
  readonly originY: number | bigint
  readonly points: readonly { readonly x: number; readonly y: number | undefined }[]
}

/** Reads a series from points, or from a table: x is its first column of numbers, y the next
 *  one, or the column named `y`. A table of one such column is drawn over its row numbers. */
export function seriesOf(data: Table | readonly Point[], y?: string): Series {
  if ('kind' in data) return seriesOfTable(data, y)
  return build({ name: '', unit: '', xName: '', xUnit: '' }, data)
}

/** Whether every known cell of column `at` is a number, and one at least is known. */
export function isNumeric(table: Table, at: number): boolean {
  const cells = table.rows.map((row) => row[at] ?? null)
  const known = cells.filter((cell) => cell !== null)
  return known.length > 0 && known.every((c) => typeof c === 'number' || typeof c === 'bigint')
}

/** The column whose numbers bars show: the one named `wanted`, else the last of numbers; -1 when
 *  there is none. */
export function valueColumn(table: Table, wanted: string | undefined): number {
  const named = table.columns.findIndex((column) => column.name === wanted)
  return named >= 0 ? named : table.columns.findLastIndex((_, i) => isNumeric(table, i))
}

function seriesOfTable(table: Table, wanted: string | undefined): Series {
  const numeric = table.columns.flatMap((_, i) => (isNumeric(table, i) ? [i] : []))
  const named = table.columns.findIndex((column) => column.name === wanted)
  const atY = named >= 0 ? named : (numeric[1] ?? numeric[0] ?? -1)
  const atX = numeric.find((i) => i !== atY)
  const x = atX === undefined ? undefined : table.columns[atX]
  const points = table.rows.map((row, i) => ({
    x: atX === undefined ? i : (numberOf(row[atX]) ?? i),
    y: numberOf(row[atY]),
  }))
  const column = table.columns[atY]
  return build(
    {
      name: column?.name ?? '',
      unit: column?.unit ?? '',
      xName: x?.name ?? '',
      xUnit: x?.unit ?? '',
    },
    points,
  )
}

function numberOf(cell: Cell | undefined): number | bigint | null {
  return typeof cell === 'number' || typeof cell === 'bigint' ? cell : null
}

type Names = Pick<Series, 'name' | 'unit' | 'xName' | 'xUnit'>

function build(names: Names, points: readonly Point[]): Series {
  const x = relative(points.map((p) => p.x))
  const y = relative(points.map((p) => p.y))
  const placed = points.map((_, i) => ({ x: x.values[i] ?? 0, y: y.values[i] }))
  return {
    ...names,
    originX: x.origin,
    originY: y.origin,
    points: placed.sort((a, b) => a.x - b.x),
  }
}

/** Values less the smallest of them; what is null, NaN or infinite becomes undefined. */
export function relative(values: readonly (number | bigint | null)[]): {
  readonly origin: number | bigint
  readonly values: readonly (number | undefined)[]
} {
  const known = values.filter(
    (v): v is number | bigint => typeof v === 'bigint' || (v !== null && Number.isFinite(v)),
  )
  // Math.min takes no bigint.
  const least = [...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[0] ?? 0
  const difference = (v: number | bigint): number =>
    typeof v === 'bigint' && typeof least === 'bigint'
      ? Number(v - least)
      : Number(v) - Number(least)
  return {
    origin: least,
    values: values.map((v) => {
      const offset = v === null ? Number.NaN : difference(v)
      return Number.isFinite(offset) ? offset : undefined
    }),
  }
}

/** One y a column over the whole span of x. Between two points lies a straight line; next to an
 *  unknown one, nothing. */
export function resample(series: Series, columns: number): readonly (number | undefined)[] {
  const { points } = series
  const span = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0)
  if (span === 0) return spread(points, columns)
  const bucketOf = (x: number, buckets: number): number =>
    Math.min(buckets - 1, Math.floor(((x - (points[0]?.x ?? 0)) / span) * buckets))
  const crowded = points.some(
    (p, i) => i > 0 && bucketOf(p.x, columns) === bucketOf(points[i - 1]?.x ?? 0, columns),
  )
  const buckets = crowded && columns > 1 ? Math.floor(columns / 2) : columns
  const members: number[][] = Array.from({ length: buckets }, () => [])
  for (const [i, p] of points.entries()) members[bucketOf(p.x, buckets)]?.push(i)
  return members.flatMap((inside, b) => {
    const center = (points[0]?.x ?? 0) + ((b + 0.5) / buckets) * span
    const pair = inside.length > 0 ? extremes(inside.map((i) => points[i]?.y)) : undefined
    const [first, second] = pair ?? twice(between(points, center))
    return buckets === columns ? [first] : [first, second]
  })
}

type Pair = readonly [number | undefined, number | undefined]

const twice = (v: number | undefined): Pair => [v, v]

/** Least and greatest in order of coming; both undefined when nothing is known. */
function extremes(values: readonly (number | undefined)[]): Pair {
  const known = values.filter((v) => v !== undefined)
  if (known.length === 0) return [undefined, undefined]
  const least = known.reduce((a, b) => Math.min(a, b))
  const greatest = known.reduce((a, b) => Math.max(a, b))
  return known.indexOf(least) <= known.indexOf(greatest) ? [least, greatest] : [greatest, least]
}

function between(points: Series['points'], x: number): number | undefined {
  const after = points.findIndex((p) => p.x >= x)
  const [a, b] = [points[after - 1], points[after]]
  if (a?.y === undefined || b?.y === undefined) return undefined
  return a.x === b.x ? b.y : a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y)
}

/** All points at one x: their extremes, as wide as the chart. */
function spread(points: Series['points'], columns: number): readonly (number | undefined)[] {
  const [first, second] = extremes(points.map((p) => p.y))
  return Array.from({ length: columns }, (_, i) => (i < columns / 2 ? first : second))
}
