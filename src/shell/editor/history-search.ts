// The search in history: C-r and C-s, letter by letter, anywhere in a cell.
//
//   'dom'  ->  the newest cell that holds it; C-r again: the next older one
//
// Holds: a query in lower case finds upper case too; what finds nothing leaves the last find shown.
import type { TextBuffer } from './text-buffer.js'

/** A search that goes on. `index` is the cell found, undefined as long as there is none. */
export interface HistorySearch {
  readonly query: string
  readonly index: number | undefined
  /** Where the query starts in that cell. */
  readonly at: number
  /** Whether the query as it is now was found nowhere. */
  readonly isLost: boolean
  /** What was written when it began. */
  readonly draft: TextBuffer
}

/** Which way to look. */
export type Direction = 'older' | 'newer'

/** A search for nothing yet. */
export function startSearch(draft: TextBuffer): HistorySearch {
  return { query: '', index: undefined, at: 0, isLost: false, draft }
}

/** The search with another query: from the cell it is at, that cell included. */
export function searchedFor(
  search: HistorySearch,
  query: string,
  cells: readonly string[],
): HistorySearch {
  const isLonger = query.startsWith(search.query)
  const from = isLonger ? (search.index ?? cells.length - 1) : cells.length - 1
  return found({ ...search, query }, from, -1, cells)
}

/** The search at the next find in a direction. */
export function searchedOn(
  search: HistorySearch,
  direction: Direction,
  cells: readonly string[],
): HistorySearch {
  const step = direction === 'older' ? -1 : 1
  const from = search.index === undefined ? cells.length - 1 : search.index + step
  return found(search, from, step, cells)
}

function found(
  search: HistorySearch,
  from: number,
  step: -1 | 1,
  cells: readonly string[],
): HistorySearch {
  const { query } = search
  if (query === '') return { ...search, index: undefined, isLost: false }
  const folds = query === query.toLowerCase()
  const shown = search.index === undefined ? undefined : cells[search.index]
  for (let index = from; index >= 0 && index < cells.length; index += step) {
    const cell = cells[index] ?? ''
    const at = (folds ? cell.toLowerCase() : cell).lastIndexOf(query)
    if (at < 0 || (cell === shown && index !== search.index)) continue
    return { ...search, index, at, isLost: false }
  }
  return { ...search, isLost: true }
}

/** What a search shows: the cell found with the cursor at the find, else what was written. */
export function shownBy(search: HistorySearch, cells: readonly string[]): TextBuffer {
  const { index, at, draft } = search
  if (index === undefined) return draft
  const text = cells[index] ?? ''
  return { text, cursor: Math.min(at, text.length) }
}
