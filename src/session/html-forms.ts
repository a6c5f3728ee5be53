// HTML forms: a table, or a page of paragraphs and tables, as a browser shows it inside of a page
// of somebody else's, such as a notebook's.
//
//   Table      ->  <table> with a head, numbers right, text left
//   paragraph  ->  <pre>, its lines as they are
//
// Holds: all text is escaped; there is no script, no style sheet and nothing that is loaded.
import type { Table } from '../base/table.js'
import { cellText, headText } from '../chart/table.js'

/** Rows of a table that are shown; the rest is counted. */
const MOST_ROWS = 100

/** A page. `paragraph` lays out its texts. */
export function pageHtml(
  parts: readonly (string | Table)[],
  paragraph: (text: string) => string,
): string {
  return parts
    .map((part) => (typeof part === 'string' ? preformatted(paragraph(part)) : tableHtml(part)))
    .join('\n')
}

/** A table; what it says instead when it has no rows. */
export function tableHtml(table: Table): string {
  const { columns, empty, rows, title } = table
  if (rows.length === 0 && empty !== undefined) return preformatted(empty)
  const isRight = columns.map((column, i) => isNumeric(table, i, column.align))
  const line = (tag: 'th' | 'td', cells: readonly string[]): string => {
    const open = (i: number): string =>
      `<${tag} style="text-align:${isRight[i] ? 'right' : 'left'}">`
    return `<tr>${cells.map((cell, i) => `${open(i)}${inline(cell)}</${tag}>`).join('')}</tr>`
  }
  const body = rows.slice(0, MOST_ROWS).map((row) =>
    line(
      'td',
      row.map((cell, i) => cellText(cell, columns[i])),
    ),
  )
  const left = rows.length - MOST_ROWS
  return [
    '<table>',
    ...(title === undefined ? [] : [`<caption>${escaped(title)}</caption>`]),
    `<thead>${line('th', columns.map(headText))}</thead>`,
    '<tbody>',
    ...body,
    '</tbody></table>',
    ...(left > 0 ? [preformatted(`... ${left} more rows`)] : []),
  ].join('\n')
}

function isNumeric({ rows }: Table, i: number, align: 'left' | 'right' | undefined): boolean {
  if (align !== undefined) return align === 'right'
  const cells = rows.flatMap((row) => row[i] ?? [])
  return (
    cells.length > 0 && cells.every((cell) => typeof cell === 'number' || typeof cell === 'bigint')
  )
}

const preformatted = (text: string): string => `<pre>${escaped(text)}</pre>`

/** Blanks in front stand for levels of a tree. */
const inline = (text: string): string =>
  escaped(text).replace(/^ +/, (blanks) => '&nbsp;'.repeat(blanks.length))

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
}
