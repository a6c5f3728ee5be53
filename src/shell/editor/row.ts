// Rows: what stands on one row of the terminal, cell by cell.
//
// Holds: the cells of a row fill at most the terminal's columns; a row that goes on below by itself
// (`wraps`) is full, so that the terminal takes both for one line.
import { graphemesOf, graphemeWidth } from './grapheme.js'
import type { Style } from './style.js'

/** A grapheme in its style. */
export interface Cell {
  readonly text: string
  readonly width: number
  readonly style: Style
}

/** One row. */
export interface Row {
  readonly cells: readonly Cell[]
  readonly wraps: boolean
}

/** A text with one style, as far as it fits in so many columns; an ellipsis where it does not. */
export function cellsOf(text: string, style: Style, columns: number): Cell[] {
  const cells: Cell[] = []
  let width = 0
  for (const grapheme of graphemesOf(text.replace(/[\n\t]+ */g, ' '))) {
    const cell = { text: grapheme, width: graphemeWidth(grapheme), style }
    width += cell.width
    if (width > columns) return shortened(cells, style, columns)
    cells.push(cell)
  }
  return cells
}

function shortened(cells: Cell[], style: Style, columns: number): Cell[] {
  while (cells.length > 0 && widthOf(cells) > columns - 1) cells.pop()
  return columns < 1 ? [] : [...cells, { text: '…', width: 1, style }]
}

/** Columns that cells fill. */
export function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0)
}

/** Cells with blanks behind them, up to a width. */
export function padded(cells: readonly Cell[], columns: number, style: Style): Cell[] {
  const missing = Math.max(0, columns - widthOf(cells))
  const blank = { text: ' ', width: 1, style }
  return [...cells, ...Array.from({ length: missing }, () => blank)]
}

/** Cells over as many rows as they need, broken between words; what `most` rows do not hold ends in
 *  an ellipsis. */
export function wrappedCells(cells: readonly Cell[], columns: number, most: number): Cell[][] {
  const rows: Cell[][] = []
  for (let from = 0; from < cells.length; ) {
    const end = rows.length === most - 1 ? cells.length : rowEnd(cells, from, columns)
    const row = cells.slice(from, end)
    rows.push(widthOf(row) > columns ? shortened(row, row[0]?.style ?? 'text', columns) : row)
    from = end
    while (cells[from]?.text === ' ') from += 1
  }
  return rows
}

/** Where the row ends that begins at `from`: behind the last word that fits, or in one that is too
 *  long. */
function rowEnd(cells: readonly Cell[], from: number, columns: number): number {
  let width = 0
  let wordEnd = from
  for (let at = from; at < cells.length; at++) {
    if (cells[at]?.text === ' ') wordEnd = at
    width += cells[at]?.width ?? 0
    if (width > columns) return wordEnd > from ? wordEnd : Math.max(at, from + 1)
  }
  return cells.length
}
