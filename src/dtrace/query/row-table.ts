// Rows as a table: what a printer or a chart takes of a query.
import type { Table } from '../../base/table.js'
import type { PlainRow } from './rows.js'

/** A field of a row as a cell. What is not known is null, and so is a histogram. */
export function cell(value: PlainRow[string]): string | number | bigint | null {
  return value === undefined || typeof value === 'object' ? null : value
}

/** The table with what is missing from it in its title, as it is when nothing is. */
export function noted(plain: Table, notes: readonly string[]): Table {
  return notes.length === 0 ? plain : { ...plain, title: notes.join('; ') }
}
