// Page: paragraphs and tables, which whoever shows them fits into his width.
//
//   a Pcpu  ->  page([title, table, note])  ->  80 columns of a terminal, Markdown, JSON
//
// Holds: a page knows no width; the same page gives the same text in the same width.
import type { DISPLAY } from './display.js'
import type { Table } from './table.js'

/** What a value shows of itself. A paragraph is a string; lines within it stay lines. */
export interface Page {
  readonly kind: 'page'
  readonly parts: readonly (string | Table)[]
  /** The same for programs. */
  readonly json: unknown
}

/** A value that shows itself as a page. */
export interface ShownAsPage {
  [DISPLAY](): Page
}

/** Makes a page; parts that are undefined or empty are left out. */
export function page(parts: readonly (string | Table | undefined)[], json: unknown): Page {
  const kept = parts.flatMap((part) => (part === undefined || part === '' ? [] : [part]))
  return { kind: 'page', parts: kept, json }
}

/** Whether what a value shows is a page. */
export function isPage(shown: object): shown is Page {
  return 'kind' in shown && shown.kind === 'page'
}
