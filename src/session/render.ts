// Rendering: any value becomes the bundle that a terminal, a notebook or a kernel shows.
//
//   shows itself (xpv.display)  ->  its own bundle, or its page laid out
//   Table, rows of plain cells  ->  a text table
//   text of several lines       ->  as it stands
//   Error                       ->  name and message
//   anything else               ->  as Node inspects it, cut in depth and length
//
// Holds: the same value in the same width gives the same text.
import { inspect } from 'node:util'
import { DISPLAY, type DisplayBundle, isDisplayable } from '../base/display.js'
import { isPage, type Page } from '../base/page.js'
import { type Cell, isTable, type Table, table } from '../base/table.js'
import { branchAt } from '../base/tree.js'
import { cellText, headText, textTable, wrapped } from '../chart/table.js'
import { describeError } from './cell-error.js'
import { pageHtml, tableHtml } from './html-forms.js'

/** Rows of a table that are shown; the rest is counted. */
const MOST_ROWS = 100

/** The bundle of `value` in `columns` columns; undefined for `undefined`, of which nothing is
 *  shown. Only where it `isRich` it has HTML too, which terminals and journals need not. */
export function renderValue(
  value: unknown,
  columns: number,
  isRich = false,
): DisplayBundle | undefined {
  if (value === undefined) return undefined
  if (isDisplayable(value)) {
    const shown: DisplayBundle | Page = value[DISPLAY]()
    return isPage(shown) ? pageBundle(shown, columns, isRich) : shown
  }
  if (isTable(value)) return tableBundle(value, columns, isRich)
  const rows = tableOfRows(value)
  if (rows !== undefined) return tableBundle(rows, columns, isRich)
  return { 'text/plain': plainText(value, columns) }
}

function plainText(value: unknown, columns: number): string {
  if (typeof value === 'string' && value.includes('\n')) return value.replace(/\n$/, '')
  if (value instanceof Error) return describeError(value, (_, at) => at).text
  return inspect(value, {
    depth: 4,
    maxArrayLength: 100,
    maxStringLength: 10_000,
    breakLength: columns,
    colors: false,
  })
}

/** A page in columns, in Markdown and for programs. */
function pageBundle({ parts, json }: Page, columns: number, isRich: boolean): DisplayBundle {
  const text = parts.map((part) =>
    typeof part === 'string' ? paragraph(part, columns) : tableText(part, columns),
  )
  const markdown = parts.map((part) => (typeof part === 'string' ? part : markdownTable(part)))
  return {
    'text/plain': text.join('\n'),
    'text/markdown': markdown.join('\n\n'),
    'application/json': json,
    ...(isRich ? { 'text/html': pageHtml(parts, (text) => paragraph(text, columns)) } : {}),
  }
}

/** Lines that begin with blanks, or with branches of a tree, go on under their first word. */
function paragraph(text: string, columns: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const { first, further } = branchAt(line)
    const parts = wrapped(line.slice(first.length), columns - first.length)
    return parts.map((part, i) => `${i === 0 ? first : further}${part}`)
  })
  return lines.join('\n')
}

/** A table as Markdown has it, its title above it. */
export function markdownTable({ title, columns, rows, empty }: Table): string {
  if (rows.length === 0 && empty !== undefined) return empty
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const head = [line(columns.map(headText)), line(columns.map(() => '---'))]
  const body = rows.map((row) => line(row.map((cell, i) => cellText(cell, columns[i]))))
  return [...(title === undefined ? [] : [title, '']), ...head, ...body].join('\n')
}

function tableBundle(whole: Table, columns: number, isRich: boolean): DisplayBundle {
  const text = { 'text/plain': tableText(whole, columns) }
  return isRich ? { ...text, 'text/html': tableHtml(whole) } : text
}

function tableText(whole: Table, columns: number): string {
  if (whole.rows.length === 0 && whole.empty !== undefined) return whole.empty
  const left = whole.rows.length - MOST_ROWS
  const text = textTable({ ...whole, rows: whole.rows.slice(0, MOST_ROWS) }, { width: columns })
  const note = left > 0 ? `\n... ${left} more rows` : ''
  return `${text.replace(/\n$/, '')}${note}`
}

/** The table that an array of flat objects is, or undefined when it is not one. */
export function tableOfRows(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isFlat)) return undefined
  const names = [...new Set(value.flatMap((row) => Object.keys(row)))]
  if (names.length === 0 || names.length > 40) return undefined
  // Only the last column may need as many lines as its texts do: what follows it is nothing.
  const columns = names.map((name, i) => (i === names.length - 1 ? { name, wraps: true } : name))
  return table(
    columns,
    value.map((row) => names.map((name) => row[name] ?? null)),
  )
}

type FlatRow = Readonly<Record<string, Cell | undefined>>

function isFlat(value: unknown): value is FlatRow {
  if (typeof value !== 'object' || value === null || isDisplayable(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every(isCell)
}

function isCell(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
}
