// Curves: several series over one x, from columns of a table or from the values of a key.
//
//   { y: ['law', 'measured'] }   or   { by: 'execname' }   ->  a curve each, on common axes
//
// Holds: x counts from the least x of all, which is subtracted before it becomes a double. On a
// logarithmic axis y is the logarithm to ten; what is not above zero is a gap there.
import { XpvError } from '../base/error.js'
import { type Cell, type Column, type Table, table } from '../base/table.js'
import { isNumeric, relative, type Series } from './series.js'
import { axisLabels, siText } from './si.js'
import { cellText } from './table.js'

/** Which columns are drawn, and how. */
export interface CurveColumns {
  /** The column of x; the first of numbers that is nothing else when absent. */
  readonly x?: string
  /** The column of y, or several; the next of numbers when absent. */
  readonly y?: string | readonly string[]
  /** The column of a key: a line for each of its values. */
  readonly by?: string
  /** Whether y has a logarithmic axis. */
  readonly log?: boolean
}

/** A place on the axis of y, from 0 at the bottom to 1 at the top, and what stands there. */
export interface Tick {
  readonly at: number
  readonly label: string
}

/** Series with axes. */
export interface Curves {
  readonly series: readonly Series[]
  /** What is drawn over what. */
  readonly title: string
  readonly xName: string
  /** What stands at both ends of x. */
  readonly xEnds: readonly [string, string]
  readonly xSpan: number
  readonly low: number
  readonly high: number
  readonly isLog: boolean
  readonly unit: string
}

/** What is drawn beyond one line over even steps; undefined where nothing of it is asked for.
 *  Throws `XpvError` `chart.column` for a column that there is not. */
export function curvesOf(data: Table, options: CurveColumns): Curves | undefined {
  const { y, by, log, x } = options
  if (by === undefined && log !== true && x === undefined && !Array.isArray(y)) return undefined
  const chosen = chosenColumns(data, options)
  const lines = by === undefined ? columnLines(data, chosen) : keyLines(data, chosen)
  return axes(lines, { data, chosen, isLog: log === true })
}

/** Places of columns. */
interface Chosen {
  readonly x: number
  readonly ys: readonly number[]
  readonly by: number
}

function chosenColumns(data: Table, { x, y, by }: CurveColumns): Chosen {
  const named = y === undefined ? [] : [y].flat().map((name) => placeOf(data, name))
  const atBy = by === undefined ? -1 : placeOf(data, by)
  const numeric = data.columns.flatMap((_, i) => (isNumeric(data, i) ? [i] : []))
  const free = numeric.filter((i) => i !== atBy && !named.includes(i))
  const atX =
    x === undefined ? (named.length > 0 || free.length > 1 ? free[0] : undefined) : placeOf(data, x)
  const rest = free.find((i) => i !== atX)
  return { x: atX ?? -1, ys: named.length > 0 ? named : rest === undefined ? [] : [rest], by: atBy }
}

function placeOf({ columns }: Table, name: string): number {
  const at = columns.findIndex((column) => column.name === name)
  if (at >= 0) return at
  const names = columns.map((column) => column.name).join(' ')
  throw new XpvError('chart.column', `there is no column ${name} to draw`, names)
}

/** A line before it has axes. */
interface Line {
  readonly name: string
  readonly rows: readonly { readonly x: Cell; readonly y: Cell }[]
}

function columnLines({ columns, rows }: Table, { x, ys }: Chosen): readonly Line[] {
  return ys.map((at) => ({
    name: columns[at]?.name ?? '',
    rows: rows.map((row, i) => ({ x: x < 0 ? i : (row[x] ?? null), y: row[at] ?? null })),
  }))
}

function keyLines({ rows }: Table, { x, ys: [y = -1], by }: Chosen): readonly Line[] {
  const lines = new Map<string, { x: Cell; y: Cell }[]>()
  for (const row of rows) {
    const name = cellText(row[by] ?? null)
    const line = lines.get(name) ?? []
    line.push({ x: x < 0 ? line.length : (row[x] ?? null), y: row[y] ?? null })
    lines.set(name, line)
  }
  return [...lines].map(([name, points]) => ({ name, rows: points }))
}

interface Drawn {
  readonly data: Table
  readonly chosen: Chosen
  readonly isLog: boolean
}

function axes(lines: readonly Line[], { data, chosen, isLog }: Drawn): Curves {
  const xs = relative(lines.flatMap(({ rows }) => rows.map(({ x }) => numberOf(x))))
  const span = xs.values.reduce<number>((most, x) => Math.max(most, x ?? 0), 0)
  const places = xs.values.values()
  const series = lines.map(({ name, rows }) => {
    const points = rows.flatMap(({ y }) => {
      const x = places.next().value
      return x === undefined ? [] : [{ x, y: drawnValue(y, isLog) }]
    })
    return seriesWith(name, points, span)
  })
  const known = series.flatMap(({ points }) => points.flatMap(({ y }) => y ?? []))
  const [low, high] = rangeOf(known, isLog)
  const [x, y] = [data.columns[chosen.x], data.columns[chosen.ys[0] ?? -1]]
  const xUnit = unitOf(x)
  const from = siText(Number(xs.origin), xUnit)
  const to = siText(Number(xs.origin) + span, xUnit)
  const ends = [from, from === to && span > 0 ? `+${siText(span, xUnit)}` : to] as const
  const title = titleOf(lines, y, isLog)
  return {
    series,
    title,
    xName: x?.name ?? '',
    xEnds: ends,
    xSpan: span,
    low,
    high,
    isLog,
    unit: unitOf(y),
  }
}

/** Points by x; the gap up to either end of the axis is a gap of the line. */
function seriesWith(name: string, points: Series['points'], span: number): Series {
  const sorted = points.toSorted((a, b) => a.x - b.x)
  const [first, last] = [sorted[0], sorted.at(-1)]
  const before = first !== undefined && first.x > 0 ? [{ x: 0, y: undefined }] : []
  const after = last !== undefined && last.x < span ? [{ x: span, y: undefined }] : []
  const none = { unit: '', xName: '', xUnit: '', originX: 0, originY: 0 }
  return { name, ...none, points: [...before, ...sorted, ...after] }
}

function titleOf(lines: readonly Line[], y: Column | undefined, isLog: boolean): string {
  const name = lines.length === 1 ? (lines[0]?.name ?? '') : ''
  const unit = y?.unit === undefined || y.unit === 'ns' ? [] : [y.unit]
  const said = [...unit, ...(isLog ? ['logarithmic'] : [])].join(', ')
  return [name, said === '' ? '' : `(${said})`].filter((word) => word !== '').join(' ')
}

/** The unit of a column; a name that ends in Ns says it as well. */
function unitOf(column: Column | undefined): string {
  const { unit, name = '' } = column ?? {}
  return unit === 'ns' || (unit === undefined && /Ns$/.test(name)) ? 'ns' : ''
}

const numberOf = (cell: Cell): number | bigint | null =>
  typeof cell === 'number' || typeof cell === 'bigint' ? cell : null

function drawnValue(cell: Cell, isLog: boolean): number | undefined {
  const known = numberOf(cell)
  const value = known === null ? Number.NaN : isLog ? Math.log10(Number(known)) : Number(known)
  return Number.isFinite(value) ? value : undefined
}

/** From the least to the greatest; whole powers of ten on a logarithmic axis. */
function rangeOf(known: readonly number[], isLog: boolean): readonly [low: number, high: number] {
  const low = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!isLog) return [low, high]
  const [from, to] = [Math.floor(low), Math.ceil(high)]
  return [from, to > from ? to : from + 1]
}

/** Where a value stands, from 0 at the bottom to 1 at the top. */
export function heightOf({ low, high }: Curves, y: number): number {
  return high > low ? Math.min(1, Math.max(0, y / (high - low) - low / (high - low))) : 0.5
}

/** At most so many ticks, from the bottom up: powers of ten where the axis is logarithmic. */
export function ticksOf(curves: Curves, most: number): readonly Tick[] {
  const { low, high, isLog, unit } = curves
  if (high === low) return [{ at: 0.5, label: siText(low, unit) }]
  if (!isLog) return evenTicks(curves, most)
  const step = Math.max(1, Math.ceil((high - low) / Math.max(1, most - 1)))
  const powers = Array.from(
    { length: Math.floor((high - low) / step) + 1 },
    (_, i) => low + i * step,
  )
  return powers.map((power) => {
    return {
      at: (power - low) / (high - low),
      label: siText(Math.min(Number.MAX_VALUE, 10 ** power), unit),
    }
  })
}

function evenTicks({ low, high, unit }: Curves, most: number): readonly Tick[] {
  const places = Array.from({ length: most }, (_, i) => i / (most - 1))
  const values = places.map((at) => low * (1 - at) + high * at)
  const labels = axisLabels(values, unit) ?? values.map((value) => siText(value, unit))
  return places.map((at, i) => ({ at, label: labels[i] ?? '' }))
}

/** A single line of a table, as its two columns; for charts that know no curves. */
export function lineTable(data: Table, y: string | undefined): Table {
  const at = y === undefined ? -1 : placeOf(data, y)
  if (at < 0) return data
  const x = data.columns.findIndex((_, i) => i !== at && isNumeric(data, i))
  const kept = x < 0 ? [at] : [x, at]
  return table(
    kept.flatMap((i) => data.columns[i] ?? []),
    data.rows.map((row) => kept.map((i) => row[i] ?? null)),
  )
}
