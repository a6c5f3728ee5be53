// Tables as CSV. Source: RFC 4180, with plain newlines.
import type { Cell, Table } from '../base/table.js'
import { headText } from './table.js'

/** The head and a line a row, each with its newline. Numbers keep all their digits; null is
 *  empty. */
export function csvTable(table: Table): string {
  return [table.columns.map(headText), ...table.rows]
    .map((cells) => `${cells.map(csvCell).join(',')}\n`)
    .join('')
}

function csvCell(cell: Cell): string {
  const text = cell === null ? '' : `${cell}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
