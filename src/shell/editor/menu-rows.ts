// The rows of the completion menu: a list with types and meanings, or a grid of words.
import type { Suggested } from '../../session/assist.js'
import { textWidth } from './grapheme.js'
import type { Menu } from './menu.js'
import { type Cell, cellsOf, padded, type Row, wrappedCells } from './row.js'
import type { Style } from './style.js'

const MOST_ROWS = 10
/** Rows that what is said of the choice may fill. */
const MOST_TOLD = 3
const GAP = 2

/** How many proposals stand beside each other: one where something is told of them. */
export function menuColumns({ shown }: Menu, columns: number): number {
  if (shown.some(({ detail, doc }) => detail !== undefined || doc !== undefined)) return 1
  return Math.max(1, Math.floor(columns / (widestOf(shown) + GAP)))
}

/** The menu's rows: those around the choice, how many there are besides, and what the choice is
 *  where its own row does not hold that. */
export function menuRows(menu: Menu, columns: number, height: number): Row[] {
  const told = toldRows(menu, columns, Math.min(MOST_TOLD, Math.floor(height / 3)))
  return [...choiceRows(menu, columns, height - told.length), ...told]
}

/** What is said of the choice, where it was cut. */
function toldRows(menu: Menu, columns: number, most: number): Row[] {
  const item = menu.shown[menu.selected]
  if (item === undefined || most < 1) return []
  const { detail = '', doc = '' } = item
  const isWhole = menuColumns(menu, columns) === 1 && !isCut(listItem(menu, item, -1, columns))
  if (isWhole || detail + doc === '') return []
  const all = Number.POSITIVE_INFINITY
  const type = cellsOf(detail === '' ? '' : `${detail}  `, 'detail', all)
  return wrappedCells([...type, ...cellsOf(doc, 'hint', all)], columns - 1, most).map(row)
}

const isCut = (cells: readonly Cell[]): boolean => cells.some(({ text }) => text === '…')

function choiceRows(menu: Menu, columns: number, height: number): Row[] {
  const across = menuColumns(menu, columns)
  const total = Math.ceil(menu.shown.length / across)
  const most = Math.max(1, Math.min(MOST_ROWS, height))
  const fits = total <= most
  const seen = fits ? total : Math.max(1, most - 1)
  const chosenRow = Math.floor(Math.max(0, menu.selected) / across)
  const top = Math.max(0, Math.min(total - seen, chosenRow - Math.floor(seen / 2)))
  const rows = Array.from({ length: seen }, (_, i) => gridRow(menu, top + i, across, columns))
  const shown = menu.shown.length - Math.min(menu.shown.length, seen * across)
  if (!fits && most > 1) rows.push(row(cellsOf(`${shown} more`, 'hint', columns)))
  return rows
}

function row(cells: readonly Cell[]): Row {
  return { cells, wraps: false }
}

function gridRow(menu: Menu, index: number, across: number, columns: number): Row {
  const first = index * across
  const items = menu.shown.slice(first, first + across)
  if (across === 1) return row(items.flatMap((each) => listItem(menu, each, first, columns)))
  const width = Math.floor(columns / across)
  return row(
    items.flatMap((each, i) => {
      const style: Style = first + i === menu.selected ? 'chosen' : 'text'
      const name = cellsOf(each.text, style, width - GAP)
      return padded(name, i === items.length - 1 ? 0 : width, 'text')
    }),
  )
}

/** A name, its type, its meaning: each in a column of its own. */
function listItem(menu: Menu, item: Suggested, index: number, columns: number): Cell[] {
  const style: Style = index === menu.selected ? 'chosen' : 'text'
  const widest = Math.min(widestOf(menu.shown), Math.ceil(columns / 2))
  const name = padded(cellsOf(item.text, style, widest), widest + GAP, 'text')
  const room = columns - widest - GAP
  const types = Math.min(
    widestDetail(menu.shown),
    Math.ceil(room / (item.doc === undefined ? 1 : 3)),
  )
  const type = cellsOf(item.detail ?? '', 'detail', types)
  if (item.doc === undefined || room - types - GAP < 4) return [...name, ...type]
  const meaning = cellsOf(item.doc, 'hint', room - types - (types === 0 ? 0 : GAP))
  return [...name, ...padded(type, types === 0 ? 0 : types + GAP, 'text'), ...meaning]
}

function widestDetail(shown: readonly Suggested[]): number {
  return shown.reduce((most, { detail = '' }) => Math.max(most, textWidth(detail)), 0)
}

function widestOf(shown: readonly Suggested[]): number {
  return shown.reduce((most, { text }) => Math.max(most, textWidth(text)), 0)
}
