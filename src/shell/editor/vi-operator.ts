// Operators of vi: what becomes of the text between the cursor and where a motion leads.
//
//   d cuts it, c cuts it and types anew, y copies it, < and > shift its lines
//
// Holds: what takes whole lines ends with a newline on the kill ring, and is put back as lines.
import { changed, type EditorState, moved } from './editor-state.js'
import { nextBoundary } from './grapheme.js'
import { killed } from './kill-ring.js'
import { inserted, lineEnd, lineStart, movedTo, replaced, without } from './text-buffer.js'
import { firstNonBlank, type Motion } from './vi-motion.js'

/** A stretch of text, and whether it is whole lines. */
export interface Range {
  readonly from: number
  readonly to: number
  readonly isLines: boolean
}

/** What an operator takes on the way of a motion. */
export function rangeOf({ buffer }: EditorState, motion: Motion): Range {
  const { text, cursor } = buffer
  const start = motion.from ?? cursor
  const from = Math.min(start, motion.to)
  const to = Math.max(start, motion.to)
  if (motion.takes !== 'lines') {
    return { from, to: motion.takes === 'way' ? to : nextBoundary(text, to), isLines: false }
  }
  return { from: lineStart(text, from), to: lineEnd(text, to), isLines: true }
}

/** The state after an operator. Whether it goes on typing is for the caller to know. */
export function operated(state: EditorState, operator: string, range: Range): EditorState {
  if (operator === 'y') return copied(state, range)
  if (operator === 'd') return cutRange(state, range)
  if (operator === 'c') return range.isLines ? emptied(state, range) : cutRange(state, range)
  return shifted(state, operator, range)
}

function taken({ buffer, kills }: EditorState, { from, to, isLines }: Range): readonly string[] {
  return killed(kills, `${buffer.text.slice(from, to)}${isLines ? '\n' : ''}`)
}

function copied(state: EditorState, range: Range): EditorState {
  const kills = taken(state, range)
  const cursor = range.isLines ? state.buffer.cursor : range.from
  return { ...moved(state, cursor), kills }
}

function cutRange(state: EditorState, range: Range): EditorState {
  const { buffer } = state
  const kills = taken(state, range)
  if (!range.isLines) return { ...changed(state, without(buffer, range.from, range.to)), kills }
  const isLast = range.to === buffer.text.length
  const from = isLast ? Math.max(0, range.from - 1) : range.from
  const next = without(buffer, from, isLast ? range.to : range.to + 1)
  return { ...changed(state, movedTo(next, firstNonBlank(next.text, next.cursor))), kills }
}

/** Lines without what stood in them. */
function emptied(state: EditorState, range: Range): EditorState {
  const kills = taken(state, range)
  return { ...changed(state, without(state.buffer, range.from, range.to)), kills }
}

function shifted(state: EditorState, operator: string, { from, to }: Range): EditorState {
  const start = lineStart(state.buffer.text, from)
  const lines = state.buffer.text.slice(start, to).split('\n')
  const next = lines.map((line) => (operator === '>' ? `  ${line}` : line.replace(/^ {1,2}/, '')))
  const buffer = replaced(state.buffer, start, to, next.join('\n'))
  return changed(state, movedTo(buffer, firstNonBlank(buffer.text, start)))
}

/** What was cut last, put back behind the cursor (`p`) or before it (`P`). */
export function put(state: EditorState, side: 'p' | 'P', count: number): EditorState | undefined {
  const [newest] = state.kills
  if (newest === undefined) return undefined
  const { buffer } = state
  const text = newest.repeat(count)
  if (newest.endsWith('\n')) return putLines(state, side, text.slice(0, -1))
  const at = side === 'P' ? buffer.cursor : nextInLine(buffer.text, buffer.cursor)
  const next = inserted(movedTo(buffer, at), text)
  return changed(state, movedTo(next, next.cursor - 1))
}

function putLines(state: EditorState, side: 'p' | 'P', lines: string): EditorState {
  const { text, cursor } = state.buffer
  const at = side === 'P' ? lineStart(text, cursor) : lineEnd(text, cursor)
  const more = side === 'P' ? `${lines}\n` : `\n${lines}`
  const next = inserted(movedTo(state.buffer, at), more)
  const start = side === 'P' ? at : at + 1
  return changed(state, movedTo(next, firstNonBlank(next.text, start)))
}

function nextInLine(text: string, at: number): number {
  return Math.min(lineEnd(text, at), nextBoundary(text, at))
}
