// Heat maps: how many fell where: time from left to right, value from below up, a shade for the
// count. Latency over time shows its tail here, which an average hides.
//
//   33.6ms │
//          │         ░
//     1µs  │▒█▓▒░░▒███
//          └──────────
//          0s       2s   ░ 1  ▒ 40  ▓ 1k  █ 26k
//
// In: a table whose last columns are time, low, high and count, as a query's heatmap yields; or
// time, value, count. Holds: a cell with more than nothing is never blank; the scale is
// logarithmic, since one slow call among a million is what is looked for.
import type { Cell, Column, Table } from '../base/table.js'
import { siText } from './si.js'
import { label, px, svg } from './svg-parts.js'

/** How a heat map is drawn. */
export interface HeatOptions {
  /** All columns, labels included; 72 when absent. */
  readonly width?: number
  /** With escape sequences of a terminal: a colour for each shade. */
  readonly isColoured?: boolean
}

const SHADES = [' ', '░', '▒', '▓', '█'] as const
/** Of the 256 colours of a terminal: blue, green, yellow, red. */
const TERMINAL = [0, 27, 35, 220, 196]
const INKS = ['#9ecae1', '#4292c6', '#f9a03f', '#d62f27']
const MOST_ROWS = 24

/** Counts by row (value, ascending) and column (time). */
interface Grid {
  readonly rows: readonly { readonly low: number; readonly counts: ReadonlyMap<number, number> }[]
  readonly times: readonly number[]
  readonly most: number
  readonly timeUnit: string
  readonly valueUnit: string
  readonly valueName: string
}

/** The map as lines joined by newlines; `(no data)` for a table without numbers. */
export function heatMap(table: Table, options: HeatOptions = {}): string {
  const full = gridOf(table)
  if (full === undefined) return '(no data)'
  const labels = full.rows.map(({ low }) => siText(low, full.valueUnit))
  const labelWidth = Math.max(...labels.map((text) => text.length))
  const room = Math.max(10, (options.width ?? 72) - labelWidth - 3)
  const grid = squeezed(full, room)
  const stretch = Math.max(1, Math.floor(Math.min(room, 64) / grid.times.length))
  const paint = painter(options.isColoured === true)
  const lines = grid.rows.map(({ counts }, i) => {
    const cells = grid.times.map((time) => shade(counts.get(time) ?? 0, grid.most))
    const text = cells.map((of) => paint(of, stretch)).join('')
    return `${(labels[i] ?? '').padStart(labelWidth)} │${text}`.trimEnd()
  })
  const wide = grid.times.length * stretch
  return [
    ...(full.valueName === '' ? [] : [full.valueName]),
    ...lines.reverse(),
    `${' '.repeat(labelWidth)} └${'─'.repeat(wide)}`,
    axisLine(grid, wide, labelWidth + 2),
    `${' '.repeat(labelWidth + 2)}${legend(grid.most, paint)}`,
  ].join('\n')
}

/** The map as SVG: a rectangle for each cell that has a count. */
export function heatSvg(table: Table, options: { readonly width?: number } = {}): string {
  const width = options.width ?? 640
  const grid = gridOf(table)
  if (grid === undefined) return svg({ width, height: 60 }, [label(64, 40, 'start', 'no data')])
  const [left, top, cellHeight] = [72, 24, Math.max(8, Math.min(18, 320 / grid.rows.length))]
  const cellWidth = (width - left - 16) / grid.times.length
  const height = top + cellHeight * grid.rows.length + 46
  const bottom = top + cellHeight * grid.rows.length
  const every = Math.ceil(14 / cellHeight)
  const cells = grid.rows.flatMap(({ low, counts }, i) => [
    ...(i % every === 0
      ? [label(left - 6, bottom - i * cellHeight - 2, 'end', siText(low, grid.valueUnit))]
      : []),
    ...grid.times.flatMap((time, n) => {
      const count = counts.get(time) ?? 0
      if (count === 0) return []
      const title = `<title>${count} at ${siText(time, grid.timeUnit)}</title>`
      return [
        `<rect x="${px(left + n * cellWidth)}" y="${px(bottom - (i + 1) * cellHeight)}" ` +
          `width="${px(cellWidth)}" height="${px(cellHeight)}" ` +
          `fill="${INKS[shade(count, grid.most) - 1]}">${title}</rect>`,
      ]
    }),
  ])
  const [first = 0, last = 0] = [grid.times[0], grid.times.at(-1)]
  return svg({ width, height }, [
    label(left, 14, 'start', grid.valueName),
    ...cells,
    label(left, bottom + 14, 'start', siText(first, grid.timeUnit)),
    label(width - 16, bottom + 14, 'end', siText(last, grid.timeUnit)),
    ...INKS.flatMap((ink, i) => [
      `<rect x="${left + i * 70}" y="${px(bottom + 24)}" width="10" height="10" fill="${ink}"/>`,
      label(left + 14 + i * 70, bottom + 33, 'start', `${siText(leastOf(i + 1, grid.most))}+`),
    ]),
  ])
}

/** Reads the table; undefined where it has no three columns of numbers. */
function gridOf({ columns, rows }: Table): Grid | undefined {
  const names = columns.map(({ name }) => name)
  const atLow = names.findIndex((name) => /^low\b/.test(name))
  const atValue = atLow >= 1 ? atLow : columns.length - 2
  const atTime = atValue - 1
  if (atTime < 0) return undefined
  const cells = rows.flatMap((row) => {
    const [time, value, count] = [row[atTime], row[atValue], row.at(-1)].map(numberOf)
    return time === undefined || value === undefined || count === undefined || count <= 0
      ? []
      : [{ time, value, count }]
  })
  if (cells.length === 0) return undefined
  const lows = [...new Set(cells.map(({ value }) => value))].sort((a, b) => a - b)
  const byValue = new Map(lows.map((low) => [low, new Map<number, number>()]))
  for (const { time, value, count } of cells) {
    const counts = byValue.get(value)
    counts?.set(time, (counts.get(time) ?? 0) + count)
  }
  const filled = withGaps([...byValue].map(([low, counts]) => ({ low, counts })))
  return {
    rows: filled,
    times: evenly([...new Set(cells.map(({ time }) => time))].sort((a, b) => a - b)),
    most: greatest(filled),
    timeUnit: unitIn(columns[atTime]),
    valueUnit: unitIn(columns[atValue]),
    valueName: (columns[atValue]?.name ?? '').replace(/^low\b\s*/, ''),
  }
}

const unitIn = (column: Column | undefined): string => column?.unit ?? ''

function numberOf(cell: Cell | undefined): number | undefined {
  const value = typeof cell === 'bigint' ? Number(cell) : cell
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

const greatest = (rows: Grid['rows']): number =>
  rows.reduce((most, { counts }) => [...counts.values()].reduce((a, b) => Math.max(a, b), most), 0)

/** Powers of two between buckets that nothing fell into get rows of their own, as far as there is
 *  room: else a gap of a thousandfold looks like a step. */
function withGaps(rows: Grid['rows']): Grid['rows'] {
  const isDoubling = rows.every(
    ({ low }, i) => i === 0 || Number.isInteger(Math.log2(low / (rows[i - 1]?.low ?? 1))),
  )
  if (!isDoubling) return rows
  const all = rows.flatMap((row, i) => {
    const next = rows[i + 1]?.low
    const between: { low: number; counts: ReadonlyMap<number, number> }[] = []
    for (let low = row.low * 2; next !== undefined && low > 0 && low < next; low *= 2)
      between.push({ low, counts: new Map() })
    return [row, ...between]
  })
  return all.length > MOST_ROWS ? rows : all
}

/** All intervals from the first to the last, those without a count too. */
function evenly(times: readonly number[]): readonly number[] {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  const step = steps.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const count = Math.round((last - first) / step) + 1
  if (!Number.isFinite(step) || count > 4096) return times
  return Array.from({ length: count }, (_, i) => first + i * step)
}

/** Neighbouring intervals added up until they fit. */
function squeezed(grid: Grid, room: number): Grid {
  if (grid.times.length <= room) return grid
  const share = Math.ceil(grid.times.length / room)
  const times = grid.times.filter((_, i) => i % share === 0)
  const home = new Map(grid.times.map((time, i) => [time, times[Math.floor(i / share)] ?? time]))
  const rows = grid.rows.map(({ low, counts }) => {
    const sums = new Map<number, number>()
    for (const [time, count] of counts) {
      const at = home.get(time) ?? time
      sums.set(at, (sums.get(at) ?? 0) + count)
    }
    return { low, counts: sums }
  })
  return { ...grid, times, rows, most: greatest(rows) }
}

/** Which shade a count has: 0 none, 1 to 4 by its logarithm. */
function shade(count: number, most: number): number {
  if (count <= 0) return 0
  if (most <= 1) return 4
  return Math.max(1, Math.min(4, 1 + Math.floor((Math.log(count) / Math.log(most)) * 3.9999)))
}

/** The least count of a shade. */
function leastOf(of: number, most: number): number {
  return of === 1 ? 1 : Math.ceil(most ** ((of - 1) / 3.9999))
}

type Paint = (shade: number, times: number) => string

function painter(isColoured: boolean): Paint {
  return (of, times) => {
    const text = (SHADES[of] ?? ' ').repeat(times)
    return isColoured && of > 0 ? `\u001b[38;5;${TERMINAL[of]}m${text}\u001b[39m` : text
  }
}

function axisLine({ times, timeUnit }: Grid, wide: number, indent: number): string {
  const from = siText(times[0] ?? 0, timeUnit)
  const to = siText(times.at(-1) ?? 0, timeUnit)
  const gap = wide - from.length - to.length
  return ' '.repeat(indent) + (gap < 1 || times.length < 2 ? from : from + ' '.repeat(gap) + to)
}

function legend(most: number, paint: Paint): string {
  const used = [1, 2, 3, 4].filter((of) => shade(leastOf(of, most), most) === of)
  return used.map((of) => `${paint(of, 1)} ${siText(leastOf(of, most))}`).join('  ')
}
