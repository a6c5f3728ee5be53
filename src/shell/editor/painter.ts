// The painter: makes a terminal show rows by writing only what differs from what it shows.
//
//   rows shown, rows wanted  ->  text and control sequences
//
// Holds: it writes nothing above its first row, and nothing at all when nothing differs. A row that
// wraps is written so that the terminal takes it and the next for one line: it can then wrap both
// anew when the window changes, and a line copied from it is one line.
// Source: ECMA-48; the deferred wrap of DEC's terminals (the cursor stays behind the last column
// until more is written).
import type { Cell, Row } from './row.js'
import { sgrOf } from './style.js'

interface Spot {
  readonly row: number
  readonly column: number
}

/** Remembers what one terminal shows. */
export class Painter {
  readonly #colour: boolean
  #columns: number
  #shown: readonly Row[] = []
  /** Rows that exist on the screen: they may be empty. */
  #made = 1
  #at: Spot = { row: 0, column: 0 }
  #out = ''
  #sgr = ''

  constructor(colour: boolean, columns: number) {
    this.#colour = colour
    this.#columns = columns
  }

  /** The width it paints for. */
  get columns(): number {
    return this.#columns
  }

  /** What has to be written for the terminal to show these rows, the cursor there. */
  paint(rows: readonly Row[], cursor: Spot): string {
    for (const [i, row] of rows.entries()) this.#paintRow(row, i)
    this.#eraseBelow(rows.length)
    this.#look('')
    this.#shown = rows
    this.#moveTo(cursor)
    return this.#take()
  }

  /** Leaves the rows as they are; the cursor goes to the start of a row below them. */
  leave(): string {
    const last = Math.max(0, this.#shown.length - 1)
    this.#moveTo({ row: last, column: this.#widthOf(last) })
    this.#out += '\r\n'
    this.#made = Math.max(this.#made, last + 2)
    this.#at = { row: last + 1, column: 0 }
    return this.#take()
  }

  /** Forgets what it shows: the cursor is at the start of an empty row. */
  begin(columns: number): void {
    this.#columns = columns
    this.#shown = []
    this.#made = 1
    this.#at = { row: 0, column: 0 }
  }

  /** What was written by somebody else stands in the first row, the cursor behind it. */
  adopt(row: Row, columns: number): void {
    this.begin(columns)
    this.#shown = [row]
    this.#at = { row: 0, column: this.#widthOf(0) }
  }

  /** Takes away everything it shows; the cursor is where the first row began. */
  erase(): string {
    this.#moveTo({ row: 0, column: 0 })
    this.#out += '\x1b[J'
    this.begin(this.#columns)
    return this.#take()
  }

  /** The same after the window became another width, and the terminal wrapped anew what it took for
   *  one line. */
  eraseAfterResize(columns: number): string {
    const up = this.#rowsAboveCursor(columns)
    this.begin(columns)
    return `\r${up > 0 ? `\x1b[${up}A` : ''}\x1b[J`
  }

  /** How many rows are above the cursor's in a window of another width. */
  #rowsAboveCursor(columns: number): number {
    let rows = 0
    let width = 0
    for (let i = 0; i < this.#at.row; i++) {
      width += this.#widthOf(i)
      if (this.#shown[i]?.wraps === true) continue
      rows += Math.max(1, Math.ceil(width / columns))
      width = 0
    }
    return rows + Math.floor((width + this.#at.column) / columns)
  }

  #widthOf(row: number): number {
    return (this.#shown[row]?.cells ?? []).reduce((sum, { width }) => sum + width, 0)
  }

  #paintRow(row: Row, index: number): void {
    const before = this.#shown[index]?.cells ?? []
    const same = sameStart(before, row.cells, this.#colour)
    if (same === row.cells.length && same === before.length && index < this.#made) return
    const column = row.cells.slice(0, same).reduce((sum, { width }) => sum + width, 0)
    if (!this.#flowsInto(index) || same > 0 || row.cells.length === 0) {
      this.#moveTo({ row: index, column })
    }
    for (const cell of row.cells.slice(same)) this.#put(cell)
    const width = row.cells.reduce((sum, each) => sum + each.width, 0)
    if (this.#widthOf(index) > width) {
      this.#look('')
      this.#out += '\x1b[K'
    }
  }

  /** Whether the next character written goes to the start of that row by itself. */
  #flowsInto(row: number): boolean {
    return this.#at.column >= this.#columns && row === this.#at.row + 1
  }

  #put({ text, width, style }: Cell): void {
    this.#look(sgrOf(style, this.#colour))
    if (this.#at.column >= this.#columns) {
      this.#at = { row: this.#at.row + 1, column: 0 }
      this.#made = Math.max(this.#made, this.#at.row + 1)
    }
    this.#out += text
    this.#at = { row: this.#at.row, column: this.#at.column + width }
    // Terminals do not agree on what several code points together are wide.
    if (text.length > 2 && !/^[\x20-\x7e]*$/.test(text) && this.#at.column < this.#columns) {
      this.#out += `\x1b[${this.#at.column + 1}G`
    }
  }

  #eraseBelow(count: number): void {
    if (this.#shown.length <= count) return
    this.#look('')
    this.#moveTo({ row: count, column: 0 })
    this.#out += '\x1b[J'
  }

  #moveTo({ row, column }: Spot): void {
    if (row === this.#at.row && column === this.#at.column) return
    const isBehind = this.#at.column >= this.#columns
    if (isBehind && row === this.#at.row + 1 && column === 0) {
      this.#wrap(row)
      return
    }
    if (isBehind) {
      this.#out += '\r'
      this.#at = { row: this.#at.row, column: 0 }
    }
    this.#toRow(row)
    this.#toColumn(column)
  }

  /** From behind a full row to the start of the next: written over, it is the same line. */
  #wrap(row: number): void {
    this.#look('')
    this.#out += ' \r\x1b[K'
    this.#made = Math.max(this.#made, row + 1)
    this.#at = { row, column: 0 }
  }

  #toRow(row: number): void {
    const { row: from, column } = this.#at
    if (row >= this.#made) {
      this.#look('')
      const down = this.#made - 1 - from
      if (down > 0) this.#out += `\x1b[${down}B`
      this.#out += '\r\n'.repeat(row - this.#made + 1)
      this.#made = row + 1
      this.#at = { row, column: 0 }
      return
    }
    if (row < from) this.#out += `\x1b[${from - row}A`
    else if (row > from) this.#out += `\x1b[${row - from}B`
    this.#at = { row, column }
  }

  #toColumn(column: number): void {
    const { row, column: from } = this.#at
    if (column === from) return
    if (column === 0) this.#out += '\r'
    else if (column < from) this.#out += column === from - 1 ? '\b' : `\x1b[${from - column}D`
    else this.#out += `\x1b[${column - from}C`
    this.#at = { row, column }
  }

  #look(sgr: string): void {
    if (sgr === this.#sgr) return
    this.#out += sgr === '' ? '\x1b[m' : `\x1b[0;${sgr}m`
    this.#sgr = sgr
  }

  #take(): string {
    const out = this.#out
    this.#out = ''
    return out
  }
}

/** How many cells look the same at the start of both. */
function sameStart(a: readonly Cell[], b: readonly Cell[], colour: boolean): number {
  const look = (cell: Cell | undefined): string =>
    cell === undefined ? '' : sgrOf(cell.style, colour)

  let i = 0
  while (i < a.length && i < b.length) {
    if (a[i]?.text !== b[i]?.text || look(a[i]) !== look(b[i])) break
    i += 1
  }
  return i
}
