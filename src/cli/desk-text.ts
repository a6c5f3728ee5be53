// What the prompt says of the notebook on its desk.
import { type Cell, cellsOf, type NotebookDocument, outputOf } from '../notebook/document.js'
import { nameMistakes } from '../notebook/graph/name-mistakes.js'
import type { CellState } from '../notebook/graph/states.js'
import { proseBefore } from './desk-cells.js'
import { sessionNames } from './session-names.js'

/** What became of a cell; `failed` is one that ended badly here, and would again. */
export type DeskState = CellState | 'failed'

/** Most rows of the table that an opened notebook greets with. */
const FEW = 20

/** The greeting of an opened notebook. */
export function openingText(
  path: string,
  document: NotebookDocument,
  states: ReadonlyMap<string, DeskState>,
  { columns, hasRun }: { readonly columns: number; readonly hasRun: boolean },
): string {
  const { title } = document.front
  const cells = cellsOf(document)
  const table = cells.length <= FEW ? cellsText(document, states, columns) : ''
  const next = cells.length === 0 ? 'what is typed becomes its cells' : '.run runs all; .help'
  const name = title === '' ? path : `${title}: ${path}`
  const here = hasRun ? '' : '; nothing has run here'
  return `${name}\n${countsText(states)}${here}\n${table}${next}\n`
}

/** How many cells are in which state: `12 cells, 2 stale`. */
function countsText(states: ReadonlyMap<string, DeskState>): string {
  const counts = new Map<DeskState, number>()
  for (const state of states.values()) counts.set(state, (counts.get(state) ?? 0) + 1)
  const told = [...counts].map(([state, count]) => `${count} ${state}`)
  return [`${states.size} cell${states.size === 1 ? '' : 's'}`, ...told].join(', ')
}

/** All cells, a line each: id, language, state, first line. */
function cellsText(
  document: NotebookDocument,
  states: ReadonlyMap<string, DeskState>,
  columns: number,
): string {
  const cells = cellsOf(document)
  if (cells.length === 0) return 'no cells yet\n'
  const widest = Math.max(...cells.map(({ id }) => id.length))
  const rows = cells.map((cell) => {
    const state = (states.get(cell.id) ?? 'never').padEnd(12)
    const head = `  ${cell.id.padEnd(widest)}  ${cell.language.padEnd(3)}  ${state}  `
    return `${head}${firstLine(cell.source, Math.max(12, columns - head.length - 1))}\n`
  })
  return rows.join('')
}

/** All cells, and what is wrong with names. */
export function cellsPage(
  document: NotebookDocument,
  states: ReadonlyMap<string, DeskState>,
  host: { columns(): number; session(): { names(): string[] } | undefined },
): string {
  const mistakes = nameMistakes(document, sessionNames(host.session()?.names()))
  const told = mistakes.map(({ cell, code, message }) => `#${cell}: ${code}: ${message}\n`)
  return cellsText(document, states, host.columns()) + told.join('')
}

/** A cell: the prose before it, its source, its output. */
export function cellText(
  document: NotebookDocument,
  { id, language, source }: Cell,
  state: DeskState,
  here: string | undefined,
): string {
  const prose = proseBefore(document, id)
  const output = here ?? outputOf(document, id)?.body ?? ''
  const lines = source.replace(/\n$/, '').split('\n')
  return [
    ...(prose === '' ? [] : [prose, '']),
    `#${id}  ${language}  ${state}`,
    ...lines.map((line) => `    ${line}`),
    ...(output === '' ? [] : [output.replace(/\n$/, '')]),
    '',
  ].join('\n')
}

/** Cells that are stale or out of order, and were not in `before`, on one line; '' for none. */
export function marksText(
  states: ReadonlyMap<string, DeskState>,
  before: ReadonlyMap<string, DeskState>,
): string {
  const of = (wanted: DeskState): string[] =>
    [...states].flatMap(([id, state]) =>
      state === wanted && before.get(id) !== wanted ? [`#${id}`] : [],
    )
  const parts = [...listed('stale', of('stale')), ...listed('out of order', of('out-of-order'))]
  return parts.length === 0 ? '' : `now ${parts.join('; ')} (.run stale)`
}

/** Most ids that a line names. */
const NAMED = 6

function listed(what: string, ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return []
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ''
  return [`${what}: ${ids.slice(0, NAMED).join(' ')}${more}`]
}

/** The first line of a source, cut to fit. */
export function firstLine(source: string, columns: number): string {
  const [first = '', ...rest] = source.trim().split('\n')
  const isCut = first.length > columns
  const text = isCut ? first.slice(0, columns - 4) : first
  return isCut || rest.length > 0 ? `${text} ...` : text
}
