// Everything the editor shows: the text, and below it what is told of it.
//
//   state, what is told  ->  rows and the cursor
//
//   xpv> xm.create('web1')
//   create(name: string, options?: DomainConfig): Domain      what the call takes
//   = Domain 3 web1                                           what it would yield
//   snapshot   method ...                                     the menu
//
// Holds: what is told never takes the rows that the text needs; the text has at least one.
import type { CallHint, Stretch } from '../../session/assist.js'
import { type BracketPair, pairAt } from './bracket.js'
import type { EditorState } from './editor-state.js'
import type { HistorySearch } from './history-search.js'
import { menuRows } from './menu-rows.js'
import { type Cell, cellsOf, type Row, widthOf } from './row.js'
import type { Style } from './style.js'
import { type Place, type TextRows, textRows } from './text-rows.js'

/** What is told of the text. */
export interface Told {
  readonly stretches: readonly Stretch[]
  readonly suggested: string
  readonly callHint: CallHint | undefined
  readonly preview: string | undefined
  readonly problem: string | undefined
}

/** Prompts in front of the first line and of the others. */
export interface Prompts {
  readonly first: string
  readonly further: string
}

/** Nothing is told. */
export const NOTHING_TOLD: Told = {
  stretches: [],
  suggested: '',
  callHint: undefined,
  preview: undefined,
  problem: undefined,
}

/** The rows for a state. */
export function screenRows(
  state: EditorState,
  told: Told,
  prompts: Prompts,
  place: Place,
): TextRows {
  const below = rowsBelow(state, told, place)
  const height = Math.max(1, place.height - below.length)
  const { text, cursor } = state.buffer
  const styleAt = styler(state, told, pairAt(state.buffer.text, state.buffer.cursor))
  const { first: prompt, further: continuation } = prompts
  const view = { text, cursor, prompt, continuation, styleAt, suggested: told.suggested }
  const laid = textRows(view, { columns: place.columns, height })
  return { rows: [...laid.rows, ...below], cursor: laid.cursor }
}

/** The rows of a text that is done: nothing but itself, all of it. */
export function finalRows(
  { buffer: { text } }: EditorState,
  { stretches }: Told,
  { first: prompt, further: continuation }: Prompts,
  columns: number,
): readonly Row[] {
  const styleAt = styler({ search: undefined }, { stretches }, undefined)
  const view = { text, cursor: text.length, prompt, continuation, styleAt, suggested: '' }
  return textRows(view, { columns, height: Number.MAX_SAFE_INTEGER }).rows
}

function rowsBelow(state: EditorState, told: Told, { columns, height }: Place): Row[] {
  const lines: Cell[][] = []
  if (state.search !== undefined) lines.push(searchCells(state.search, columns))
  if (told.callHint !== undefined) lines.push(hintCells(told.callHint, columns))
  if (told.problem !== undefined) lines.push(cellsOf(told.problem, 'problem', columns - 1))
  if (told.preview !== undefined && state.menu === undefined)
    lines.push(cellsOf(`= ${told.preview}`, 'hint', columns - 1))
  const room = Math.max(0, height - 1)
  const rows = lines.slice(0, room).map((cells) => ({ cells, wraps: false }))
  if (state.menu === undefined || room <= rows.length) return rows
  return [...rows, ...menuRows(state.menu, columns, Math.min(room - rows.length, height >> 1))]
}

function searchCells({ query, isLost }: HistorySearch, columns: number): Cell[] {
  const head = isLost ? 'not found: ' : 'search: '
  return [...cellsOf(head, 'hint', columns), ...cellsOf(query, 'text', columns - head.length - 1)]
}

function hintCells({ label, argument, meaning }: CallHint, columns: number): Cell[] {
  const { start, end } = argument ?? { start: 0, end: 0 }
  const room = columns - 1
  const before = cellsOf(label.slice(0, start), 'hint', room)
  const now = cellsOf(label.slice(start, end), 'argument', room - widthOf(before))
  const used = widthOf(before) + widthOf(now)
  const after = cellsOf(label.slice(end), 'hint', room - used)
  const rest = room - used - widthOf(after)
  const more = meaning === undefined || rest < 12 ? [] : cellsOf(`  ${meaning}`, 'hint', rest)
  return [...before, ...now, ...after, ...more]
}

/** The style of each offset: what was searched for and brackets that belong together come first. */
function styler(
  { search }: Pick<EditorState, 'search'>,
  { stretches }: Pick<Told, 'stretches'>,
  pair: BracketPair | undefined,
): (offset: number) => Style {
  const found = search?.index === undefined ? undefined : search
  const sorted = [...stretches].sort((a, b) => a.start - b.start)
  return (offset) => {
    if (found !== undefined && offset >= found.at && offset < found.at + found.query.length) {
      return 'found'
    }
    if (pair !== undefined && (offset === pair.open || offset === pair.close)) return 'bracket'
    return roleAt(sorted, offset)
  }
}

function roleAt(sorted: readonly Stretch[], offset: number): Style {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  for (let i = low - 1; i >= Math.max(0, low - 3); i--) {
    const stretch = sorted[i]
    if (stretch !== undefined && offset < stretch.end) return stretch.role
  }
  return 'text'
}
