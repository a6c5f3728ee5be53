// Tables as CSV. Source: RFC 4180, with plain newlines.
import type { Cell, Table } from '../base/table.js'

/** The head and a line a row, each with its newline. Numbers keep all their digits; null is
 *  empty. */
export function csvTable(table: Table): string {
  const head = table.columns.map((c) => (c.unit === undefined ? c.name : `${c.name} (${c.unit})`))
  return [head, ...table.rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join('')
}

function csvCell(cell: Cell): string {
  const text = cell === null ? '' : `${cell}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
