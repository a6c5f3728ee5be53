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
import type { CallHint, Mistake, Stretch } from '../../session/assist.js'
import { type BracketPair, pairAt } from './bracket.js'
import type { EditorState } from './editor-state.js'
import type { HistorySearch } from './history-search.js'
import { menuRows } from './menu-rows.js'
import { type Cell, cellsOf, type Row, widthOf, wrappedCells } from './row.js'
import type { Style } from './style.js'
import { type Place, type TextRows, textRows } from './text-rows.js'

/** What is told of the text. */
export interface Told {
  readonly stretches: readonly Stretch[]
  readonly suggested: string
  readonly callHint: CallHint | undefined
  readonly preview: string | undefined
  /** Mistakes found in it, as it stands. */
  readonly mistakes: readonly Mistake[]
}

/** Prompts in front of the first line and of the others. */
export interface Prompts {
  readonly first: string
  readonly further: string
}

/** What a call takes may fill a part of the window: one in so many rows. */
const HINT_SHARE = 4

/** Nothing is told. */
export const NOTHING_TOLD: Told = {
  stretches: [],
  suggested: '',
  callHint: undefined,
  preview: undefined,
  mistakes: [],
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
  const stretches = [...told.stretches, ...elsewhere(told.mistakes, cursor).map(asStretch)]
  const styleAt = styler(state, { stretches }, pairAt(text, cursor))
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

/** Mistakes that are not where somebody writes right now: what he writes is not done. */
function elsewhere(mistakes: readonly Mistake[], cursor: number): readonly Mistake[] {
  return mistakes.filter(({ start, end }) => end > start && (cursor < start || cursor > end))
}

const asStretch = ({ start, end }: Mistake): Stretch => ({ start, end, role: 'mistake' })

function rowsBelow(state: EditorState, told: Told, { columns, height }: Place): Row[] {
  const lines: Cell[][] = []
  const most = Math.max(1, Math.floor(height / HINT_SHARE))
  if (state.argument !== '') lines.push(cellsOf(`argument: ${state.argument}`, 'hint', columns))
  if (state.search !== undefined) lines.push(searchCells(state.search, columns))
  if (told.callHint !== undefined) lines.push(...hintRows(told.callHint, columns - 1, most))
  const [problem] = elsewhere(told.mistakes, state.buffer.cursor)
  if (problem !== undefined) {
    const [line = ''] = problem.message.split('\n')
    lines.push(cellsOf(line, 'problem', columns - 1))
  }
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

/** What a call takes, and what it is good for; the argument being written stands out. */
function hintRows({ label, argument, meaning }: CallHint, columns: number, most: number): Cell[][] {
  const { start, end } = argument ?? { start: 0, end: 0 }
  const all = Number.POSITIVE_INFINITY
  const cells = [
    ...cellsOf(label.slice(0, start), 'hint', all),
    ...cellsOf(label.slice(start, end), 'argument', all),
    ...cellsOf(label.slice(end), 'hint', all),
  ]
  const more = meaning === undefined ? [] : cellsOf(`  ${meaning}`, 'hint', all)
  const rows = wrappedCells(cells, columns, most)
  const isRoom = columns - widthOf(rows.at(-1) ?? []) >= 12 || rows.length < most
  return isRoom ? wrappedCells([...cells, ...more], columns, most) : rows
}

/** The style of each offset: what was searched for and brackets that belong together come first. */
function styler(
  { search }: Pick<EditorState, 'search'>,
  { stretches }: Pick<Told, 'stretches'>,
  pair: BracketPair | undefined,
): (offset: number) => Style {
  const found = search?.index === undefined ? undefined : search
  const sorted = [...stretches].sort((a, b) => a.start - b.start)
  const wrong = stretches.filter(({ role }) => role === 'mistake')
  return (offset) => {
    if (found !== undefined && offset >= found.at && offset < found.at + found.query.length) {
      return 'found'
    }
    if (pair !== undefined && (offset === pair.open || offset === pair.close)) return 'bracket'
    const isWrong = wrong.some(({ start, end }) => offset >= start && offset < end)
    return isWrong ? 'mistake' : roleAt(sorted, offset)
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
