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
