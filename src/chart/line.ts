// Line charts for a terminal, drawn by asciichart on values we have fitted first.
//
//   hypercalls (1/s)
//    1.2k ┤        ╭╮
//    0.6k ┤   ╭────╯╰──╮
//       0 ┤───╯        ╰──
//         └───────────────
//         0s            5s
//
// Holds: a chart is never wider than asked for. asciichart 1.5.25 throws on bigint, NaN and empty
// input, has no x axis, cuts labels, and does not end on values near 2^53; so it gets small doubles
// and our labels.
import { plot } from 'asciichart'
import type { Table } from '../base/table.js'
import { type Point, resample, type Series, seriesOf } from './series.js'
import { axisLabels, siText } from './si.js'

/** How a chart is drawn. `width` counts all columns, labels included; `height` the rows of the
 *  plot. */
export interface LineOptions {
  /** 72 when absent; at least 30. */
  readonly width?: number
  /** 10 when absent; at least 2. */
  readonly height?: number
  /** Only ASCII characters. */
  readonly ascii?: boolean
  /** The column to draw, of a table with several. */
  readonly y?: string
}

const LINES = ['┤', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│']
const ASCII = ['|', '|', '-', '-', '-', "'", '.', '.', "'", '|']

/** A line chart of points, or of two columns of a table: lines joined by newlines, none at the
 *  end. A gap in the data is a gap in the line. */
export function lineChart(data: Table | readonly Point[], options: LineOptions = {}): string {
  const series = seriesOf(data, options.y)
  const values = series.points.flatMap(({ y }) => (y === undefined ? [] : [y]))
  if (values.length === 0) return '(no data)'
  const top = values.reduce((a, b) => Math.max(a, b))
  const rows = top === 0 ? 0 : Math.max(2, Math.floor(options.height ?? 10)) - 1
  const width = Math.max(30, Math.floor(options.width ?? 72))
  const { labels, from } = rowLabels(series, top, rows, options.ascii ?? false)
  const columns = width - (labels[0]?.length ?? 0) - 2
  const fitted = resample(series, columns + 1)
  const lines = [
    ...title(series, from),
    ...drawn(fitted, { top, rows, labels, ...options }),
    ...xAxis(series, columns, labels[0]?.length ?? 0, options.ascii ?? false),
  ]
  return lines.map((line) => line.slice(0, width).trimEnd()).join('\n')
}

function title({ name, unit, originY }: Series, fromOrigin: boolean): readonly string[] {
  const named = unit === '' || unit === 'ns' ? name : `${name} (${unit})`
  const text = fromOrigin ? `${named} above ${originY}${unit === 'ns' ? ' ns' : ''}`.trim() : named
  return text === '' ? [] : [text]
}

/** From the top down, all of one width. Where values differ too little for labels of their own,
 *  the labels count `from` the least value, which the title then names. */
function rowLabels(
  series: Series,
  top: number,
  rows: number,
  ascii: boolean,
): { readonly labels: readonly string[]; readonly from: boolean } {
  const at = Array.from({ length: rows + 1 }, (_, i) => top - (rows === 0 ? 0 : (i * top) / rows))
  const unit = series.unit === 'ns' ? 'ns' : ''
  const origin = Number(series.originY)
  const absolute = axisLabels(
    at.map((y) => origin + y),
    unit,
  )
  const offsets = (): readonly string[] => (axisLabels(at, unit) ?? []).map((l) => `+${l}`)
  const labels = (absolute ?? offsets()).map((label) => plain(label, ascii))
  // asciichart overwrites a label of one character and leaves no blank after one of two.
  const width = Math.max(3, ...labels.map((label) => label.length))
  return { labels: labels.map((l) => l.padStart(width)), from: absolute === undefined }
}

const plain = (label: string, ascii: boolean): string => (ascii ? label.replace('µ', 'u') : label)

interface Drawing extends LineOptions {
  readonly top: number
  readonly rows: number
  readonly labels: readonly string[]
}

/** asciichart draws a segment between each two values; those beside a gap are blanked
 *  afterwards. */
function drawn(fitted: readonly (number | undefined)[], d: Drawing): readonly string[] {
  // Divided before multiplied: the range may be the least double there is.
  const text = plot(
    withoutGaps(fitted).map((y) => (d.top === 0 ? 0 : (y / d.top) * d.rows)),
    {
      height: d.rows,
      offset: 3,
      min: 0,
      max: d.rows,
      format: (_, row) => d.labels[row] ?? '',
      symbols: d.ascii ? ASCII : LINES,
    },
  )
  const before = (d.labels[0]?.length ?? 0) + 2
  const missing = (column: number): boolean =>
    column >= 0 &&
    column < fitted.length &&
    (fitted[column] === undefined || fitted[column + 1] === undefined)
  return text
    .split('\n')
    .map((line) => [...line].map((char, i) => (missing(i - before) ? ' ' : char)).join(''))
}

/** Fills each gap with the value before it (or the first known one), so that there is a number
 *  to draw. */
function withoutGaps(values: readonly (number | undefined)[]): readonly number[] {
  let last = values.find((v) => v !== undefined) ?? 0
  return values.map((v) => {
    last = v ?? last
    return last
  })
}

/** A rule, and below it the first and the last x, between them the name of x. */
function xAxis(series: Series, columns: number, margin: number, ascii: boolean): readonly string[] {
  const before = ' '.repeat(margin + 1)
  const rule = ascii ? `+${'-'.repeat(columns)}` : `└${'─'.repeat(columns)}`
  const [from, to] = xEnds(series).map((label) => plain(label, ascii)) as [string, string]
  const name = series.xName === '' ? '' : ` ${series.xName}`
  const room = columns + 1 - from.length - to.length
  const middle = room > name.length ? name.padEnd(room) : ' '.repeat(Math.max(1, room))
  return [before + rule, `${before}${from}${middle}${to}`]
}

/** Both ends; the last as a distance where three digits do not tell them apart. */
function xEnds({ points, originX, xUnit }: Series): readonly [string, string] {
  const span = points.at(-1)?.x ?? 0
  const unit = xUnit === 'ns' ? 'ns' : ''
  const from = siText(Number(originX), unit)
  const to = siText(Number(originX) + span, unit)
  const named = (label: string): string => (xUnit === '' || unit ? label : `${label} ${xUnit}`)
  return [from, named(from === to && span > 0 ? `+${siText(span, unit)}` : to)]
}
