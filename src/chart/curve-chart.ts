// Curves as text: a letter for each, with a legend.
//
//   1k ┤         aaa        a law
//      │    aaa**           b measured
//   10 ┤**bb                * several
//
// Holds: no line is wider than asked for; where curves meet, a star stands.
import stringWidth from 'string-width'
import { type Curves, heightOf, ticksOf } from './curves.js'
import { resample, type Series } from './series.js'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const SEVERAL = '*'

/** The chart as lines joined by newlines; `(no data)` where no value is known. */
export function curveChart(
  curves: Curves,
  options: { readonly width?: number; readonly height?: number } = {},
): string {
  if (!Number.isFinite(curves.low)) return '(no data)'
  const width = Math.max(30, Math.floor(options.width ?? 72))
  const rows = Math.max(2, Math.floor(options.height ?? 12)) - 1
  const labels = rowLabels(curves, rows)
  const margin = labels.reduce((most, label) => Math.max(most, label.length), 0) + 2
  const columns = width - margin - 1
  const cells = drawn(curves, columns, rows)
  const body = cells.map((row, i) => {
    const label = labels[i] ?? ''
    return `${label.padStart(margin - 1)} ${label === '' ? '│' : '┤'}${row.join('')}`
  })
  const before = ' '.repeat(margin)
  const lines = [
    ...(curves.title === '' ? [] : [curves.title]),
    ...body,
    `${before}└${'─'.repeat(columns)}`,
    `${before}${xLine(curves, columns + 1)}`,
    ...legend(curves.series, cells.flat().includes(SEVERAL)),
  ]
  return lines.map((line) => cutTo(line, width).trimEnd()).join('\n')
}

/** From the top down; '' where a row has none. */
function rowLabels(curves: Curves, rows: number): readonly string[] {
  const labels = Array.from({ length: rows + 1 }, () => '')
  for (const { at, label } of ticksOf(curves, rows + 1))
    labels[rows - Math.round(at * rows)] = label
  return labels
}

/** What stands where, from the top down. */
function drawn(curves: Curves, columns: number, rows: number): readonly (readonly string[])[] {
  const cells = Array.from({ length: rows + 1 }, () => Array.from({ length: columns }, () => ' '))
  for (const [i, series] of curves.series.entries()) {
    const letter = LETTERS[i % LETTERS.length] ?? SEVERAL
    const at = resample(series, columns).map((y) =>
      y === undefined ? undefined : rows - Math.round(heightOf(curves, y) * rows),
    )
    for (const [column, row] of at.entries())
      for (const each of steps(row, at[column - 1])) {
        const line = cells[each]
        if (line !== undefined) line[column] = line[column] === ' ' ? letter : SEVERAL
      }
  }
  return cells
}

/** The rows of one column: from next to where the line came from to where it is. */
function steps(to: number | undefined, from: number | undefined): readonly number[] {
  if (to === undefined) return []
  const far = from === undefined ? 0 : Math.abs(to - from)
  const towards = from !== undefined && from < to ? -1 : 1
  return Array.from({ length: Math.max(1, far) }, (_, i) => to + i * towards)
}

function xLine({ xEnds: [from, to], xName }: Curves, room: number): string {
  const between = room - from.length - to.length
  const name = xName === '' ? '' : ` ${xName}`
  const middle = between > name.length ? name.padEnd(between) : ' '.repeat(Math.max(1, between))
  return `${from}${middle}${to}`
}

function legend(series: readonly Series[], hasSeveral: boolean): readonly string[] {
  if (series.length < 2) return []
  const named = series.map(({ name }, i) => `${LETTERS[i % LETTERS.length]} ${name}`)
  return [...named, ...(hasSeveral ? [`${SEVERAL} several`] : [])].map((line) => `  ${line}`)
}

function cutTo(line: string, width: number): string {
  if (stringWidth(line) <= width) return line
  let kept = ''
  for (const char of line) {
    if (stringWidth(kept + char) > width) break
    kept += char
  }
  return kept
}
