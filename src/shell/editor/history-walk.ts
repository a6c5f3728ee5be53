// The walk through history: Up and Down, among the cells that start with what stands before the
// cursor.
//
//   'on('  Up  ->  the newest cell that starts with 'on('   Down at the end  ->  what was written
//
// Holds: what was written when the walk began is kept and comes back; a cell like the one shown is
// passed over.
import { bufferOf, lineEnd, movedTo, type TextBuffer } from './text-buffer.js'

/** Where a walk is. `index` is that of the cell shown; as many as there are for what was written.
 *  */
export interface HistoryWalk {
  readonly prefix: string
  readonly index: number
  readonly draft: TextBuffer
}

/** A step of a walk: where it is, and what is shown there. */
export interface WalkStep {
  readonly walk: HistoryWalk
  readonly buffer: TextBuffer
}

/** A walk that begins at what is written. */
export function startWalk(buffer: TextBuffer, cells: readonly string[]): HistoryWalk {
  const prefix = buffer.text.slice(0, buffer.cursor)
  return { prefix, index: cells.length, draft: buffer }
}

/** The next older cell, the cursor at the end of its first line; undefined where there is none. */
export function older(
  walk: HistoryWalk,
  shown: string,
  cells: readonly string[],
): WalkStep | undefined {
  for (let index = walk.index - 1; index >= 0; index--) {
    const cell = cells[index] ?? ''
    if (!cell.startsWith(walk.prefix) || cell === shown) continue
    return { walk: { ...walk, index }, buffer: movedTo(bufferOf(cell), lineEnd(cell, 0)) }
  }
  return undefined
}

/** The next newer cell, and behind the newest what was written; undefined at the end. */
export function newer(
  walk: HistoryWalk,
  shown: string,
  cells: readonly string[],
): WalkStep | undefined {
  if (walk.index >= cells.length) return undefined
  for (let index = walk.index + 1; index < cells.length; index++) {
    const cell = cells[index] ?? ''
    if (!cell.startsWith(walk.prefix) || cell === shown) continue
    return { walk: { ...walk, index }, buffer: bufferOf(cell) }
  }
  return { walk: { ...walk, index: cells.length }, buffer: walk.draft }
}

/** What of the newest cell that starts with a text is still missing from it: shown in grey. */
export function suggestionFor(text: string, cells: readonly string[]): string {
  if (text.trim() === '' || text.startsWith(' ')) return ''
  for (let index = cells.length - 1; index >= 0; index--) {
    const cell = cells[index] ?? ''
    if (cell.length > text.length && cell.startsWith(text)) return cell.slice(text.length)
  }
  return ''
}
