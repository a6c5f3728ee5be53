// Facts of several things as a table: a row each; `?` where something is not known, with the
// reasons below; columns of which nothing is known at all are left out, and the reasons say so.
//
//   domains of a recording  ->  domid  first seen  last seen  rows
//                               name: not known: a recording tells what happened ...
//
// A unit that is the same for all numbers of a column stands in its head.
import type { Cell, Column, Table } from '../base/table.js'
import { table } from '../base/table.js'
import type { Found, Sighting } from './host-access.js'
import type { Obs } from './obs.js'
import { valueText } from './property-table.js'
import type { Unit } from './quantity.js'

/** One column: what of a thing stands in it. Key and priority are those of a `Column`. */
export interface FactColumn<T> extends Pick<Column, 'isKey' | 'priority'> {
  readonly head: string
  readonly unit?: Unit
  readonly of: (thing: T) => Obs<unknown> | string | number
}

/** The table of these things. Of a recording, when each was seen stands at the end. */
export function factTable<T extends { readonly seen?: Sighting }>(
  columns: readonly FactColumn<T>[],
  things: readonly T[],
): Table {
  const kept = columns.filter(({ of }) => things.length === 0 || things.some((t) => has(of(t))))
  const wasSeen = things.some(({ seen }) => seen !== undefined)
  const heads = kept.map(headOf)
  const rows = things.map((thing) => [
    ...kept.map(({ of, unit }) => cellOf(of(thing), unit)),
    ...(wasSeen ? seenCells(thing.seen) : []),
  ])
  return table([...heads, ...(wasSeen ? SEEN_HEADS : [])], rows)
}

function headOf<T>({ head, unit, isKey = false, priority = 0 }: FactColumn<T>): Column {
  const column = { name: head, isKey, priority }
  if (unit === 'percent') return { ...column, unit: '%' }
  return unit === undefined ? column : { ...column, align: 'right' }
}

/** The table with the reasons for what is not known below it. */
export function factParts<T extends { readonly seen?: Sighting }>(
  columns: readonly FactColumn<T>[],
  { items, partial }: Found<T>,
): readonly (string | Table)[] {
  const notes = reasons(columns, items)
  return [factTable(columns, items), ...notes, ...(partial === undefined ? [] : [partial])]
}

/** Each reason once, with the columns it is about. */
function reasons<T>(columns: readonly FactColumn<T>[], things: readonly T[]): readonly string[] {
  const about = new Map<string, Set<string>>()
  for (const { head, of } of columns) {
    for (const thing of things) {
      const fact = of(thing)
      if (typeof fact !== 'object' || fact.kind === 'known') continue
      about.set(fact.reason, (about.get(fact.reason) ?? new Set()).add(head))
    }
  }
  return [...about].map(([reason, heads]) => `${[...heads].join(', ')}: not known: ${reason}`)
}

const SEEN_HEADS = [
  { name: 'first seen', align: 'right' as const, priority: -1 },
  { name: 'last seen', align: 'right' as const, priority: -1 },
  { name: 'rows', priority: -2 },
]

function seenCells(seen: Sighting | undefined): readonly Cell[] {
  if (seen === undefined) return [null, null, null]
  return [cellOf(seen.firstNs, 'ns'), cellOf(seen.lastNs, 'ns'), seen.rows]
}

function has(fact: Obs<unknown> | string | number): boolean {
  return typeof fact !== 'object' || fact.kind === 'known'
}

function cellOf(fact: Obs<unknown> | string | number, unit?: Unit): Cell {
  if (typeof fact !== 'object') return fact
  if (fact.kind === 'unknown') return null
  const { value } = fact
  if (typeof value !== 'number') return valueText(value, unit)
  if (unit === 'percent') return Number(value.toFixed(2))
  return unit === undefined ? value : valueText(value, unit)
}
