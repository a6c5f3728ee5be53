// Line and bar charts as SVG, for notebooks and exported pages.
//
//   Table  ->  <svg ...>...</svg>
//
// Holds: the same table gives the same bytes anywhere: coordinates have at most one digit after the
// point and nothing is measured. No script, no style sheet, no font is fetched; text is escaped.
// Colours follow the page's text colour, but for the data.
import type { Table } from '../base/table.js'
import { type Point, type Series, seriesOf, valueColumn } from './series.js'
import { axisLabels, siText } from './si.js'
import { label, px, svg } from './svg-parts.js'
import { cellText, headText, rowLabel } from './table.js'

/** Size in pixels: 640 by 240 when absent; bars are as high as their rows need. */
export interface SvgOptions {
  readonly width?: number
  readonly height?: number
  /** The column to draw, of a table with several. */
  readonly y?: string
}

const DATA = '#2f6fab'
const MARGIN = { left: 64, right: 16, top: 24, bottom: 28 }

/** A line chart of what `lineChart` would draw; a gap in the data ends one line and starts
 *  another. */
export function lineSvg(data: Table | readonly Point[], options: SvgOptions = {}): string {
  const series = seriesOf(data, options.y)
  const size = { width: options.width ?? 640, height: options.height ?? 240 }
  const known = series.points.filter((p) => p.y !== undefined)
  if (known.length === 0) return svg(size, [label(MARGIN.left, 40, 'start', 'no data')])
  const top = known.reduce((most, p) => Math.max(most, p.y ?? 0), 0)
  const span = series.points.at(-1)?.x ?? 0
  const plot = {
    width: size.width - MARGIN.left - MARGIN.right,
    height: size.height - MARGIN.top - MARGIN.bottom,
  }
  const x = (v: number): number => MARGIN.left + (span === 0 ? 0.5 : v / span) * plot.width
  const y = (v: number): number => MARGIN.top + (top === 0 ? 0.5 : 1 - v / top) * plot.height
  const path = pathOf(series.points, x, y)
  return svg(size, [
    ...yAxis(series, top, size.width, y),
    ...xAxis(series, span, size.height, x),
    `<path d="${path}" fill="none" stroke="${DATA}" stroke-width="1.5"/>`,
  ])
}

/** A horizontal bar a row: label, bar, number; values below zero go to the left of zero. */
export function barSvg(table: Table, options: SvgOptions = {}): string {
  const at = valueColumn(table, options.y)
  const width = options.width ?? 640
  const step = 20
  const size = { width, height: table.rows.length * step + MARGIN.top + 8 }
  if (at < 0) return svg({ width, height: 60 }, [label(MARGIN.left, 40, 'start', 'no data')])
  const values = table.rows.map((row) => Number(row[at] ?? 0))
  const [low, high] = [values, values].map((v, i) =>
    v.reduce((a, b) => (i === 0 ? Math.min(a, b) : Math.max(a, b)), 0),
  ) as [number, number]
  const left = Math.round(width * 0.36)
  const x = (v: number): number => left + ((v - low) / (high - low || 1)) * (width - left - 90)
  const heads = table.columns.slice(at, at + 1).map(headText)
  const bars = table.rows.flatMap((row, i) => {
    const value = values[i] ?? 0
    const name = rowLabel(row, at)
    const above = MARGIN.top + i * step
    const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))]
    return [
      label(left - 8, above + 14, 'end', name.length > 36 ? `${name.slice(0, 35)}…` : name),
      bar(from, above + 3, to - from),
      label(x(high) + 8, above + 14, 'start', cellText(row[at] ?? null)),
    ]
  })
  return svg(size, [...heads.map((head) => label(left, 14, 'start', head)), ...bars])
}

function bar(x: number, y: number, width: number): string {
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="14" fill="${DATA}"/>`
}

function pathOf(
  points: Series['points'],
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  let pen = 'M'
  const parts: string[] = []
  for (const point of points) {
    if (point.y === undefined) pen = 'M'
    else {
      parts.push(`${pen}${px(x(point.x))} ${px(y(point.y))}`)
      pen = 'L'
    }
  }
  return parts.join('')
}

/** Five lines across, each with its value; the name of y above them. */
function yAxis(
  series: Series,
  top: number,
  width: number,
  y: (v: number) => number,
): readonly string[] {
  const at = top === 0 ? [0] : [0, 1, 2, 3, 4].map((i) => (i * top) / 4)
  const unit = series.unit === 'ns' ? 'ns' : ''
  const origin = Number(series.originY)
  const texts =
    axisLabels(
      at.map((v) => origin + v),
      unit,
    ) ?? at.map((v) => `+${siText(v, unit)}`)
  const name = series.unit === '' || unit ? series.name : `${series.name} (${series.unit})`
  const lines = at.flatMap((v, i) => [
    `<line x1="${MARGIN.left}" y1="${px(y(v))}" x2="${width - MARGIN.right}" y2="${px(y(v))}" ` +
      'stroke="currentColor" stroke-opacity="0.15"/>',
    label(MARGIN.left - 6, y(v) + 4, 'end', texts[i] ?? ''),
  ])
  return [label(MARGIN.left, 14, 'start', name), ...lines]
}

/** The first and the last x, and its name between them. */
function xAxis(
  series: Series,
  span: number,
  height: number,
  x: (v: number) => number,
): readonly string[] {
  const unit = series.xUnit === 'ns' ? 'ns' : ''
  const from = siText(Number(series.originX), unit)
  const to = siText(Number(series.originX) + span, unit)
  const name = series.xUnit === '' || unit ? series.xName : `${series.xName} (${series.xUnit})`
  return [
    label(x(0), height - 8, 'start', from),
    label((x(0) + x(span)) / 2, height - 8, 'middle', name),
    label(x(span), height - 8, 'end', from === to && span > 0 ? `+${siText(span, unit)}` : to),
  ]
}
