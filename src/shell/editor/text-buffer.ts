// The text buffer: what is being written, and where the cursor is.
//
//   { text: 'on(|)', cursor: 3 }     offsets are of UTF-16 code units, between graphemes
//
// Holds: a buffer is a value: every change yields a new one; the cursor never leaves the text.
import { graphemesOf, graphemeWidth, nextBoundary, previousBoundary } from './grapheme.js'

/** A text with a cursor in it. */
export interface TextBuffer {
  readonly text: string
  readonly cursor: number
}

/** Nothing written yet. */
export const EMPTY: TextBuffer = { text: '', cursor: 0 }

/** A text with the cursor at its end. */
export function bufferOf(text: string): TextBuffer {
  return { text, cursor: text.length }
}

/** The cursor elsewhere, kept inside the text. */
export function movedTo(buffer: TextBuffer, cursor: number): TextBuffer {
  return { text: buffer.text, cursor: Math.max(0, Math.min(buffer.text.length, cursor)) }
}

/** Text put in at the cursor, which ends behind it. */
export function inserted({ text, cursor }: TextBuffer, more: string): TextBuffer {
  return {
    text: text.slice(0, cursor) + more + text.slice(cursor),
    cursor: cursor + more.length,
  }
}

/** Without what is between two offsets; the cursor is where it was. */
export function without({ text }: TextBuffer, from: number, to: number): TextBuffer {
  const [start, end] = from < to ? [from, to] : [to, from]
  return { text: text.slice(0, start) + text.slice(end), cursor: start }
}

/** What is between two offsets, replaced; the cursor is behind it. */
export function replaced(buffer: TextBuffer, from: number, to: number, by: string): TextBuffer {
  return inserted(without(buffer, from, to), by)
}

/** One grapheme to the right. */
export function rightOf({ text, cursor }: TextBuffer): number {
  return nextBoundary(text, cursor)
}

/** One grapheme to the left. */
export function leftOf({ text, cursor }: TextBuffer): number {
  return previousBoundary(text, cursor)
}

/** Where the line starts that holds an offset. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
}

/** Where the line ends that holds an offset: at its newline, or the text's end. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** Whether no line is above the cursor's. */
function isOnFirstLine({ text, cursor }: TextBuffer): boolean {
  return lineStart(text, cursor) === 0
}

/** Whether no line is below the cursor's. */
function isOnLastLine({ text, cursor }: TextBuffer): boolean {
  return lineEnd(text, cursor) === text.length
}

/** Columns between the start of the cursor's line and the cursor. */
export function columnOf({ text, cursor }: TextBuffer): number {
  const before = graphemesOf(text.slice(lineStart(text, cursor), cursor))
  return before.reduce((sum, each) => sum + graphemeWidth(each), 0)
}

/** The offset in the line above (-1) or below (1) that is nearest to a column; undefined where
 *  there is no such line. */
export function offsetBeside(buffer: TextBuffer, by: -1 | 1, column: number): number | undefined {
  const { text, cursor } = buffer
  if (by < 0 ? isOnFirstLine(buffer) : isOnLastLine(buffer)) return undefined
  const start = by < 0 ? lineStart(text, lineStart(text, cursor) - 1) : lineEnd(text, cursor) + 1
  let at = start
  let width = 0
  for (const grapheme of graphemesOf(text.slice(start, lineEnd(text, start)))) {
    width += graphemeWidth(grapheme)
    if (width > column) break
    at += grapheme.length
  }
  return at
}
