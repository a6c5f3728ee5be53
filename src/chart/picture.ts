// Pictures: a table as a chart in every form that a terminal, a notebook or a file may want.
//
//   Table  ->  line | bar | heat | timeline  ->  text, text in colour, SVG
import type { DisplayBundle } from '../base/display.js'
import type { Table } from '../base/table.js'
import { barChart } from './bar.js'
import { heatMap, heatSvg } from './heat-map.js'
import { lineChart } from './line.js'
import { barSvg, lineSvg } from './svg.js'
import { type TimelineOptions, timeline, timelineSvg } from './timeline.js'

/** What a table can be drawn as. */
export type PictureKind = 'line' | 'bar' | 'heat' | 'timeline'

/** Draws a table in so many columns. */
export function picture(
  table: Table,
  kind: PictureKind,
  options: Omit<TimelineOptions, 'isColoured'> & { readonly width: number },
): DisplayBundle {
  const { width, ...columns } = options
  const coloured = { ...options, isColoured: true }
  switch (kind) {
    case 'line':
      return { 'text/plain': lineChart(table, { width }), 'image/svg+xml': lineSvg(table) }
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
