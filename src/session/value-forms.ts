// Value forms: a value as JSON, CSV, Markdown or SVG, to be written to a file or pasted elsewhere.
//
//   a query, a table, rows, what shows itself  ->  text ending with a newline
//
// Holds: a query runs once for each form asked of it; what a value cannot be is an error that says
// what it can.
import { DISPLAY, type DisplayBundle, isDisplayable } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { isPage } from '../base/page.js'
import { isTable, type Table } from '../base/table.js'
import { csvTable } from '../chart/csv.js'
import { isNumeric } from '../chart/series.js'
import { barSvg, lineSvg } from '../chart/svg.js'
import { markdownTable, renderValue, tableOfRows } from './render.js'

/** The forms there are. */
const VALUE_FORMS = ['json', 'csv', 'md', 'svg'] as const

/** One of them. */
export type ValueForm = (typeof VALUE_FORMS)[number]

/** The value in a form. Throws `XpvError` `session.no-form`. */
export function valueAs(value: unknown, form: ValueForm): string {
  switch (form) {
    case 'json':
      return `${JSON.stringify(jsonOf(value), exactly, 2) ?? 'null'}\n`
    case 'csv':
      return tablesOf(value, 'CSV').map(csvTable).join('\n')
    case 'md':
      return `${markdownOf(value)}\n`
    case 'svg':
      return `${svgOf(value)}\n`
  }
}

/** The tables a value is, or shows. Throws where there is none. */
function tablesOf(value: unknown, form: string): readonly Table[] {
  const own = tableOf(value)
  if (own !== undefined) return [own]
  const shown: object | undefined = isDisplayable(value) ? value[DISPLAY]() : undefined
  const parts = shown !== undefined && isPage(shown) ? shown.parts : []
  const found = parts.filter(isTable)
  if (found.length > 0) return found
  throw new XpvError(
    'session.no-form',
    `there is no table in it that ${form} could be made of`,
    '.json',
  )
}

function tableOf(value: unknown): Table | undefined {
  if (isTable(value)) return value
  const made = methodOf(value, 'table') ?? methodOf(value, 'toTable')
  return isTable(made) ? made : tableOfRows(value)
}

/** What a method without arguments yields; undefined where there is none. */
function methodOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const method: unknown = Reflect.get(value, name)
  return typeof method === 'function' ? Reflect.apply(method, value, []) : undefined
}

function bundleOf(value: unknown): DisplayBundle | undefined {
  return isDisplayable(value) ? renderValue(value, 80) : undefined
}

function jsonOf(value: unknown): unknown {
  const own = tableOf(value)
  if (own !== undefined && !Array.isArray(value)) {
    const names = own.columns.map(({ name }) => name)
    return own.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])))
  }
  const shown = bundleOf(value)
  return shown === undefined ? value : (shown['application/json'] ?? shown['text/plain'])
}

/** A bigint is a number where that is exact, else decimal text. */
function exactly(_: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

function markdownOf(value: unknown): string {
  const own = tableOf(value)
  if (own !== undefined) return markdownTable(own)
  const shown = renderValue(value, 80)
  return shown?.['text/markdown'] ?? `\`\`\`\n${shown?.['text/plain'] ?? ''}\n\`\`\``
}

/** What draws itself, else a table of two columns of numbers as a line, any other as bars. */
function svgOf(value: unknown): string {
  const drawn = bundleOf(value)?.['image/svg+xml']
  if (drawn !== undefined) return drawn
  const chart = bundleOf(methodOf(value, 'chart'))?.['image/svg+xml']
  if (chart !== undefined) return chart
  const [first] = tablesOf(value, 'a picture')
  if (first === undefined) return ''
  const isLine = first.columns.length === 2 && isNumeric(first, 0) && isNumeric(first, 1)
  return isLine ? lineSvg(first) : barSvg(first)
}
