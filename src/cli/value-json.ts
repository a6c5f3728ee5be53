// A cell's value as JSON, for --json.
//
//   a query, a D program  ->  its rows        Table  ->  an object a row
//   what shows itself     ->  its JSON, else its text        anything else  ->  as JSON has it
import { type DisplayBundle, isDisplayable } from '../base/display.js'
import { isTable, type Table } from '../base/table.js'
import { Runnable } from '../dtrace/query/runnable.js'

/** One line of JSON, without a newline. A bigint is a number where that is exact, else decimal
 *  text; undefined and functions are null. A query runs. */
export function valueJson(value: unknown, shown: DisplayBundle | undefined): string {
  return JSON.stringify(plain(value, shown), exactly) ?? 'null'
}

function plain(value: unknown, shown: DisplayBundle | undefined): unknown {
  if (value instanceof Runnable) return tableRows(value.table())
  if (isTable(value)) return tableRows(value)
  if (Array.isArray(value) || typeof value !== 'object' || shown === undefined) return value
  return isDisplayable(value) ? (shown['application/json'] ?? shown['text/plain']) : value
}

function exactly(_: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

function tableRows({ columns, rows }: Table): readonly object[] {
  const names = columns.map((column) => column.name)
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])))
}
