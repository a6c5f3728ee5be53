// The rows of the text being written: prompts in front, lines wrapped, as many as there is room
// for.
//
//   text, cursor, columns, height  ->  the rows around the cursor, and where in them it is
//
// Holds: a line wraps where the terminal itself would wrap it; a grapheme of two columns is never
// cut in two; the cursor's row is always among the rows.
import { graphemesOf, graphemeWidth, isPlain } from './grapheme.js'
import type { Cell, Row } from './row.js'
import type { Style } from './style.js'

const TAB = 4

/** What is to be laid out. */
export interface TextView {
  readonly text: string
  readonly cursor: number
  readonly prompt: string
  readonly continuation: string
  /** The style at an offset. */
  readonly styleAt: (offset: number) => Style
  /** What history suggests, in grey behind the text. */
  readonly suggested: string
}

/** A window onto rows. */
export interface Place {
  readonly columns: number
  readonly height: number
}

/** Rows, and where the cursor is in them. `end` is behind the last character of the text. */
export interface TextRows {
  readonly rows: readonly Row[]
  readonly cursor: { readonly row: number; readonly column: number }
}

/** Lays out a text. */
export function textRows(view: TextView, place: Place): TextRows {
  const lines = `${view.text}${view.suggested}`.split('\n')
  const heights = lines.map((line, i) => heightOf(line, promptOf(view, i), place.columns))
  const at = lineOf(lines, view.cursor)
  const cursorTop = heights.slice(0, at).reduce((sum, each) => sum + each, 0)
  const total = heights.reduce((sum, each) => sum + each, 0)
  const starts = startsOf(lines)
  const lay = (index: number) => layLine(view, lines[index] ?? '', index, starts[index] ?? 0, place)
  const laid = lay(at)
  const cursor = laid.cursor ?? { row: 0, column: 0 }
  const top = topRow(cursorTop + cursor.row, Math.max(total, cursorTop + laid.rows.length), place)
  const rows = window(heights, { top, ...place }, lay)
  return { rows, cursor: { row: cursorTop + cursor.row - top, column: cursor.column } }
}

/** The first row shown: all of them if they fit, else those that end with the cursor's or the
 *  last. */
function topRow(cursorRow: number, total: number, { height }: Place): number {
  if (total <= height) return 0
  const above = Math.floor(height / 2)
  return Math.max(0, Math.min(total - height, cursorRow - above))
}

function promptOf({ prompt, continuation }: TextView, line: number): string {
  return line === 0 ? prompt : continuation
}

/** Where each line starts. */
function startsOf(lines: readonly string[]): number[] {
  let start = 0
  return lines.map((line) => {
    const at = start
    start += line.length + 1
    return at
  })
}

function lineOf(lines: readonly string[], cursor: number): number {
  let end = 0
  for (let i = 0; i < lines.length; i++) {
    end += (lines[i]?.length ?? 0) + 1
    if (cursor < end) return i
  }
  return Math.max(0, lines.length - 1)
}

/** Rows that a line fills. */
function heightOf(line: string, prompt: string, columns: number): number {
  if (isPlain(line) && !line.includes('\t')) {
    return Math.max(1, Math.ceil((prompt.length + line.length) / columns))
  }
  let rows = 1
  let width = prompt.length
  for (const cell of glyphs(line, width)) {
    if (width + cell.width > columns) {
      rows += 1
      width = 0
    }
    width += cell.width
  }
  return rows
}

/** What is drawn for each grapheme of a line: blanks for a tab, `^A` for a control character. */
function* glyphs(
  line: string,
  from: number,
): Generator<{ text: string; width: number; units: number }> {
  let width = from
  for (const grapheme of graphemesOf(line)) {
    const code = grapheme.charCodeAt(0)
    const blanks = TAB - ((width - from) % TAB)
    const drawn =
      grapheme === '\t'
        ? { text: ' '.repeat(blanks), width: blanks }
        : code < 0x20 || code === 0x7f
          ? { text: `^${String.fromCharCode(code ^ 0x40)}`, width: 2 }
          : { text: grapheme, width: graphemeWidth(grapheme) }
    width += drawn.width
    yield { ...drawn, units: grapheme.length }
  }
}

interface LaidLine {
  readonly rows: Row[]
  readonly cursor: { readonly row: number; readonly column: number } | undefined
}

/** The rows of one line, and the cursor if it is there. */
function layLine(
  view: TextView,
  line: string,
  index: number,
  start: number,
  { columns }: Place,
): LaidLine {
  let offset = start
  const prompt = promptOf(view, index)
  const rows: Cell[][] = [promptCells(prompt, index)]
  let width = prompt.length
  let cursor: { row: number; column: number } | undefined
  for (const { text, width: wide, units } of glyphs(line, width)) {
    if (width + wide > columns) {
      rows.push([])
      width = 0
    }
    if (offset === view.cursor) cursor = { row: rows.length - 1, column: width }
    const style = offset < view.text.length ? view.styleAt(offset) : 'suggested'
    rows.at(-1)?.push({ text, width: wide, style })
    width += wide
    offset += units
  }
  if (offset === view.cursor && cursor === undefined) {
    if (width >= columns) {
      rows.push([])
      width = 0
    }
    cursor = { row: rows.length - 1, column: width }
  }
  const last = rows.length - 1
  return { rows: rows.map((cells, i) => ({ cells, wraps: i < last })), cursor }
}

function promptCells(prompt: string, index: number): Cell[] {
  const style: Style = index === 0 ? 'prompt' : 'continuation'
  return prompt === '' ? [] : [{ text: prompt, width: prompt.length, style }]
}

/** The rows from `top` on; only the lines that are seen are laid out. */
function window(
  heights: readonly number[],
  { top, height }: Place & { readonly top: number },
  lay: (index: number) => LaidLine,
): Row[] {
  const rows: Row[] = []
  let row = 0
  for (let i = 0; i < heights.length && rows.length < height; i++) {
    const tall = heights[i] ?? 1
    if (row + tall > top || i === heights.length - 1) {
      const laid = lay(i).rows
      const skipped = Math.max(0, top - row)
      rows.push(...laid.slice(skipped, skipped + height - rows.length))
    }
    row += tall
  }
  return rows
}
