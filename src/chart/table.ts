// Tables as text: heads with units, a rule, rows; numbers on the right.
//
//   probe                 count   time (ns)
//   --------------------  -----  ----------
//   populate-physmap        128     4186231
//
// Holds: control characters of a cell are shown as escapes, so a name in a trace cannot steer a
// terminal; what stands on the right, as numbers do, is never cut: where a width is given, columns
// of a priority below 0 are left out, then text gives way (it is cut, or goes on in further lines
// in a column that wraps), then columns by priority, from the right.
import stringWidth from 'string-width'
import type { Cell, Column, Table } from '../base/table.js'
import { type Branch, branchesOf } from '../base/tree.js'
import { isNumeric } from './series.js'

/** How a table is printed. */
export interface TableOptions {
  /** Columns of the terminal; unlimited when absent. */
  readonly width?: number
  /** Only ASCII characters for what we add. */
  readonly ascii?: boolean
}

interface Laid {
  readonly head: string
  readonly cells: readonly string[]
  /** Of a tree, what stands in front of a cell's lines. */
  readonly branches: readonly Branch[]
  readonly align: 'left' | 'right'
  readonly wraps: boolean
  readonly isKey: boolean
  readonly priority: number
  readonly width: number
}

const GAP = '  '
const LEAST = 4
/** Columns in which text that wraps can still be read. */
const READABLE = 24

/** The table as lines joined by newlines, none at the end. Its title, when it has one, is the
 *  first line. */
export function textTable(table: Table, options: TableOptions = {}): string {
  const mark = options.ascii ? '~' : '…'
  const columns = fitted(
    table.columns.map((_, i) => laid(table, i)),
    options.width,
    mark,
  )
  const line = (text: (c: Laid) => string): string =>
    columns
      .map((c) => aligned(text(c), c, mark))
      .join(GAP)
      .trimEnd()
  const rows = table.rows.flatMap((_, row) => {
    const texts = columns.map((c) => linesOf(c.cells[row] ?? '', c))
    const height = Math.max(1, ...texts.map((lines) => lines.length))
    return Array.from({ length: height }, (_, n) =>
      line((c) => texts[columns.indexOf(c)]?.[n] ?? c.branches[row]?.further ?? ''),
    )
  })
  const title = table.title === undefined ? [] : [shown(table.title)]
  return [...title, line((c) => c.head), line((c) => '-'.repeat(c.width)), ...rows].join('\n')
}

/** What stands over a column: its name, and the unit in parentheses. Control characters are as
 *  they are. */
export function headText({ name, unit }: Column): string {
  return unit === undefined ? name : `${name} (${unit})`
}

/** A cell as text: null is `?`, control characters are escaped, fractions keep six digits. */
export function cellText(cell: Cell, column?: Column): string {
  if (cell === null) return '?'
  if (column?.isHex && (typeof cell === 'number' || typeof cell === 'bigint')) return hexText(cell)
  if (typeof cell === 'number' && !Number.isInteger(cell)) return `${Number(cell.toPrecision(6))}`
  return shown(`${cell}`)
}

const hexText = (value: number | bigint): string =>
  value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`

/** What names a row in a chart of column `at`: its other cells. */
export function rowLabel(row: readonly Cell[], at: number): string {
  return row.flatMap((cell, i) => (i === at ? [] : [cellText(cell)])).join(' ')
}

function shown(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, '0')}`
  })
}

function laid(table: Table, at: number): Laid {
  const column = table.columns[at]
  const head = shown(column === undefined ? '' : headText(column))
  const plain = table.rows.map((row) => cellText(row[at] ?? null, column))
  const branches = column?.isTree === true ? branchesOf(plain.map(depthOf)) : []
  const cells = plain.map((text, i) => {
    const branch = branches[i]
    return branch === undefined ? text : `${branch.first}${text.trimStart()}`
  })
  const align = column?.align ?? (isNumeric(table, at) ? 'right' : 'left')
  const width = [head, ...cells].reduce((most, text) => Math.max(most, stringWidth(text)), 0)
  const wraps = column?.wraps === true
  return {
    head,
    cells,
    branches,
    align,
    wraps,
    isKey: column?.isKey === true,
    priority: column?.priority ?? 0,
    width,
  }
}

/** How deep a cell of a tree is, by the blanks in front of it. */
const depthOf = (text: string): number => Math.floor((text.length - text.trimStart().length) / 2)

/** Narrows the widest text column until all fit, then leaves columns out from the right, with a
 *  mark. */
function fitted(
  columns: readonly Laid[],
  width: number | undefined,
  mark: string,
): readonly Laid[] {
  if (width === undefined) return columns
  const kept = withoutLuxury(columns, width)
  const isLess = kept.length < columns.length
  const room = isLess ? width - GAP.length - 1 : width
  while (total(kept) > room) {
    const widest = kept
      .filter((c) => c.align === 'left' && !c.isKey && c.width > LEAST)
      .reduce<Laid | undefined>((a, b) => (a === undefined || b.width > a.width ? b : a), undefined)
    if (widest === undefined) break
    const over = total(kept) - room
    kept[kept.indexOf(widest)] = { ...widest, width: narrowed(widest, kept, over) }
  }
  return isLess || total(kept) > room ? leftOut(kept, width, mark) : kept
}

/** Columns of a priority below 0 go, the least first, as long as text would be cut short else. */
function withoutLuxury(columns: readonly Laid[], width: number): Laid[] {
  const kept = [...columns]
  const isCut = (): boolean => {
    const room = kept.length < columns.length ? width - GAP.length - 1 : width
    const least = kept.map((c) => (c.wraps ? { ...c, width: Math.min(c.width, READABLE) } : c))
    return total(least) > room
  }
  while (kept.some(({ priority }) => priority < 0) && isCut()) kept.splice(leastOf(kept), 1)
  return kept
}

/** Down to the next widest text column at once, then one by one, so that wide columns end alike. */
function narrowed(widest: Laid, columns: readonly Laid[], over: number): number {
  const others = columns.filter((c) => c !== widest && c.align === 'left').map((c) => c.width)
  const next = Math.max(LEAST, ...others)
  return Math.max(LEAST, widest.width - over, next < widest.width ? next : widest.width - 1)
}

function leftOut(columns: readonly Laid[], width: number, mark: string): readonly Laid[] {
  const more: Laid = {
    ...{
      head: mark,
      cells: [],
      branches: [],
      align: 'left',
      wraps: false,
      isKey: false,
      priority: 0,
      width: 1,
    },
  }
  const kept = [...columns]
  while (kept.length > 1 && total([...kept, more]) > width) kept.splice(leastOf(kept), 1)
  const over = total([...kept, more]) - width
  const narrower = kept.map((c) => (c.isKey ? { ...c, width: Math.max(LEAST, c.width - over) } : c))
  return [...(over > 0 ? narrower : kept), more]
}

/** The place of the column that goes first. */
function leastOf(columns: readonly Laid[]): number {
  const free = columns.filter(({ isKey }) => !isKey)
  const from = free.length > 0 ? free : columns
  const least = from.reduce((a, { priority }) => Math.min(a, priority), Number.POSITIVE_INFINITY)
  return columns.findLastIndex((c) => from.includes(c) && c.priority === least)
}

function total(columns: readonly Laid[]): number {
  const between = GAP.length * Math.max(0, columns.length - 1)
  return columns.reduce((sum, c) => sum + c.width, between)
}

function aligned(text: string, { width, align }: Laid, mark: string): string {
  const cut = stringWidth(text) > width ? cutTo(text, width, mark) : text
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  return align === 'left' ? cut + blanks : blanks + cut
}

/** A cell in lines: its words as far as they fit, where it wraps. */
function linesOf(text: string, { wraps, width }: Laid): readonly string[] {
  return wraps ? wrapped(text, width) : [text]
}

/** Text in lines of at most so many columns, broken between words; a longer word stands alone. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && stringWidth(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

function cutTo(text: string, width: number, mark: string): string {
  let kept = ''
  for (const char of text) {
    if (stringWidth(kept + char) > width - 1) break
    kept += char
  }
  return kept + mark
}
