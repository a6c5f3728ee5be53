// Table: where both rivers end. Named columns with a unit, rows of plain cells; printers and
// charts know only this.

/** What a cell may hold. 64-bit integers are `bigint`; `null` means not known. */
export type Cell = string | number | bigint | boolean | null

/** One column: its heading, the unit of its numbers, and how text prints it. Where there is little
 *  room, text that wraps goes on in further lines, all other text is cut. */
export interface Column {
  readonly name: string
  readonly unit?: string
  readonly align?: 'left' | 'right'
  readonly wraps?: boolean
  /** Two blanks in front of its text for each level something is below another: text draws the
   *  branches. */
  readonly isTree?: boolean
  /** Text prints its whole numbers in hexadecimal: registers, addresses. */
  readonly isHex?: boolean
  /** What tells rows apart: the last to be cut, and never left out. */
  readonly isKey?: boolean
  /** How long it stays where there is little room: the least goes first, and of equals the one on
   *  the right; 0 when absent. One below 0 goes before any text is cut short. */
  readonly priority?: number
}

/** Rows under named columns. Every row has exactly as many cells as there are columns. */
export interface Table {
  readonly kind: 'table'
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly title?: string
  /** What is shown instead where there are no rows: `none`. */
  readonly empty?: string
}

/** Builds a `Table` from column headings and rows. */
export function table(
  columns: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
): Table {
  return {
    kind: 'table',
    columns: columns.map((c) => (typeof c === 'string' ? { name: c } : c)),
    rows,
  }
}

/** Whether a value is a `Table`. */
export function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null) return false
  const { kind, columns, rows } = value as Partial<Table>
  return kind === 'table' && Array.isArray(columns) && Array.isArray(rows)
}
