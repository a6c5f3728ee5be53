// Rows as a table: what a printer or a chart takes of a query.
import { DISPLAY } from '../../base/display.js'
import { page } from '../../base/page.js'
import type { Table } from '../../base/table.js'
import { type PlainRow, type Rows, withNotes } from './rows.js'

/** A field of a row as a cell. What is not known is null, and so is a histogram. */
export function cell(value: PlainRow[string]): string | number | bigint | null {
  return value === undefined || typeof value === 'object' ? null : value
}

/** The table with what is missing from it in its title, as it is when nothing is. */
export function noted(plain: Table, notes: readonly string[]): Table {
  return notes.length === 0 ? plain : { ...plain, title: notes.join('; ') }
}

/** The table without columns of which nothing is known; its title names them. */
export function knownColumns(whole: Table): Table {
  const { columns, rows } = whole
  const isKnown = columns.map((_, i) => rows.some((row) => row[i] !== null))
  if (!isKnown.includes(false)) return whole
  const unknown = columns.filter((_, i) => !isKnown[i]).map(({ name }) => name)
  const kept = {
    ...whole,
    columns: columns.filter((_, i) => isKnown[i]),
    rows: rows.map((row) => row.filter((_, i) => isKnown[i])),
  }
  const said = whole.title === undefined ? [] : [whole.title]
  return noted(kept, [...said, `not known: ${unknown.join(' ')}`])
}

/** Methods of an array that yield some of its rows, or the same in another order. */
const KEEPING = ['slice', 'filter', 'toSorted', 'toReversed'] as const

/** Lets rows show themselves as a table at the prompt; they remain an array. What is taken of them
 *  by a method of an array keeps the table's columns. */
export function shownAs<R>(rows: Rows<R>, tableOf: (of: Rows<R>) => Table): Rows<R> {
  const show = () => page([knownColumns(tableOf(rows))], rows)
  Object.defineProperty(rows, DISPLAY, { value: show, enumerable: false })
  for (const name of KEEPING) {
    const keep = (...given: readonly unknown[]): Rows<R> => {
      const kept: readonly R[] = Reflect.apply(Array.prototype[name], rows, given)
      const noticed = withNotes(kept, rows.notes)
      return kept.length === 0 ? noticed : shownAs(noticed, tableOf)
    }
    Object.defineProperty(rows, name, { value: keep, enumerable: false })
  }
  return rows
}
