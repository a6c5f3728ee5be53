// Bar charts and sparklines for a terminal.
//
//   populate-physmap  ███████████████▌  128
//   domctl            █▉                 14
import stringWidth from 'string-width'
import type { Cell, Table } from '../base/table.js'
import { valueColumn } from './series.js'
import { cellText, headText, rowLabel } from './table.js'

/** How bars are drawn. */
export interface BarOptions {
  /** All columns, labels and numbers included; 72 when absent. */
  readonly width?: number
  /** Only ASCII characters. */
  readonly ascii?: boolean
  /** The column that decides the length; the last column of numbers when absent. */
  readonly value?: string
}

const LABEL_SHARE = 0.5

/** A bar a row: its other cells as label, the bar, the number. Lines joined by newlines. Bars
 *  below zero grow to the left of those above. */
export function barChart(table: Table, options: BarOptions = {}): string {
  const at = valueColumn(table, options.value)
  if (at < 0 || table.rows.length === 0) return '(no data)'
  const bars = table.rows.map((row) => ({
    label: rowLabel(row, at),
    value: numberOf(row[at] ?? null),
    text: cellText(row[at] ?? null),
  }))
  const width = options.width ?? 72
  const most = (texts: readonly string[]): number =>
    texts.reduce((widest, t) => Math.max(widest, stringWidth(t)), 0)
  const labelWidth = Math.min(most(bars.map((b) => b.label)), Math.floor(width * LABEL_SHARE))
  const textWidth = most(bars.map((b) => b.text))
  const room = Math.max(4, width - labelWidth - textWidth - 4)
  const draw = barDrawer(
    bars.map((b) => b.value ?? 0),
    room,
    options.ascii ?? false,
  )
  const lines = bars.map(({ label, value, text }) => {
    const name = padTo(label, labelWidth, options.ascii ?? false)
    return `${name}  ${draw(value ?? 0)}  ${text.padStart(textWidth)}`
  })
  const heads = table.columns.slice(at, at + 1).map(headText)
  return [...heads.map((head) => ' '.repeat(labelWidth + 2) + head), ...lines].join('\n')
}

function numberOf(cell: Cell): number | undefined {
  const value = typeof cell === 'bigint' ? Number(cell) : cell
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Draws one value within `room` columns, on the scale of all of them. */
function barDrawer(values: readonly number[], room: number, ascii: boolean) {
  const top = values.reduce((a, b) => Math.max(a, b), 0)
  const bottom = values.reduce((a, b) => Math.min(a, b), 0)
  const span = top - bottom || 1
  const below = Math.round((-bottom / span) * room)
  return (value: number): string => {
    const left = value < 0 ? whole((value / bottom) * below, ascii) : ''
    const right = value > 0 ? partial((value / top) * (room - below), ascii) : ''
    return left.padStart(below) + right.padEnd(room - below)
  }
}

function whole(columns: number, ascii: boolean): string {
  return (ascii ? '#' : '█').repeat(Math.round(columns))
}

const EIGHTHS = ' ▏▎▍▌▋▊▉'

/** In eighths of a column; a value above zero shows at least one. */
function partial(columns: number, ascii: boolean): string {
  if (ascii) return '#'.repeat(Math.max(1, Math.round(columns)))
  const eighths = Math.max(1, Math.round(columns * 8))
  const rest = eighths % 8
  return '█'.repeat((eighths - rest) / 8) + (rest === 0 ? '' : (EIGHTHS[rest] ?? ''))
}

function padTo(text: string, width: number, ascii: boolean): string {
  let kept = text
  while (stringWidth(kept) > width) kept = [...kept].slice(0, -2).join('') + (ascii ? '~' : '…')
  return kept + ' '.repeat(Math.max(0, width - stringWidth(kept)))
}

const BLOCKS = [...'▁▂▃▄▅▆▇█']
const SHADES = [...'_.-=+*#@']

/** One character a value, from least to greatest; a blank where a value is null or not finite.
 *  Equal values sit in the middle. */
export function sparkline(values: readonly (number | bigint | null)[], ascii = false): string {
  const marks = ascii ? SHADES : BLOCKS
  const numbers = values.map((v) => numberOf(v))
  const known = numbers.filter((v) => v !== undefined)
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const span = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least
  return numbers
    .map((v) => {
      if (v === undefined) return ' '
      return marks[span === 0 ? 3 : Math.min(7, Math.floor(((v - least) / span) * 8))]
    })
    .join('')
}
