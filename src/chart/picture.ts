// Pictures: a table as a chart in every form that a terminal, a notebook or a file may want.
//
//   Table  ->  line | bar | heat | timeline  ->  text, text in colour, SVG
import type { DisplayBundle } from '../base/display.js'
import type { Table } from '../base/table.js'
import { barChart } from './bar.js'
import { curveChart } from './curve-chart.js'
import { curveSvg } from './curve-svg.js'
import { type CurveColumns, curvesOf, lineTable } from './curves.js'
import { heatMap, heatSvg } from './heat-map.js'
import { lineChart } from './line.js'
import { barSvg, lineSvg } from './svg.js'
import { timeline, timelineSvg } from './timeline.js'

/** What a table can be drawn as. */
export type PictureKind = 'line' | 'bar' | 'heat' | 'timeline'

/** Which columns a picture is made of. */
export interface PictureColumns extends CurveColumns {
  readonly lane?: string
  readonly kind?: string
  readonly took?: string
}

/** Draws a table in so many columns. */
export function picture(
  table: Table,
  kind: PictureKind,
  options: PictureColumns & { readonly width: number },
): DisplayBundle {
  const { width, ...columns } = options
  const coloured = { ...options, isColoured: true }
  switch (kind) {
    case 'line':
      return linePicture(table, options)
    case 'bar':
      return { 'text/plain': barChart(table, { width }), 'image/svg+xml': barSvg(table) }
    case 'heat':
      return {
        'text/plain': heatMap(table, { width }),
        'text/x-ansi': heatMap(table, coloured),
        'image/svg+xml': heatSvg(table),
      }
    case 'timeline':
      return {
        'text/plain': timeline(table, options),
        'text/x-ansi': timeline(table, coloured),
        'image/svg+xml': timelineSvg(table, columns),
      }
  }
}

/** One line over x, or several with a legend. */
function linePicture(table: Table, options: CurveColumns & { readonly width: number }) {
  const { width, y } = options
  const curves = curvesOf(table, options)
  if (curves !== undefined)
    return { 'text/plain': curveChart(curves, { width }), 'image/svg+xml': curveSvg(curves) }
  const line = lineTable(table, typeof y === 'string' ? y : undefined)
  return { 'text/plain': lineChart(line, { width }), 'image/svg+xml': lineSvg(line) }
}
