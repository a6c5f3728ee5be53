// Properties of one object as a table: name, value with its unit, meaning.
//
//   pcpus[1]  ->  isOnline  yes      it takes part
//                 idleNs    1.834 s  it had nothing to run
//
// Holds: what is not known says why; a meaning stands at every property.

import { type Table, table } from '../base/table.js'
import { NotKnown } from './not-known.js'
import { quantity, type Unit } from './quantity.js'
import { rangesText } from './ranges.js'

/** How an object's properties are shown. */
export interface PropertyStyle<T> {
  /** What each says. */
  readonly members: Readonly<Record<string, string>>
  /** Those of the table, in this order. */
  readonly shown: readonly Extract<keyof T, string>[]
  readonly units?: Readonly<Partial<Record<Extract<keyof T, string>, Unit>>>
}

/** The table of an object's properties. */
export function propertyTable<T extends object>(of: T, style: PropertyStyle<T>): Table {
  const rows = style.shown.map((name) => {
    const value: unknown = of[name]
    return [name, valueText(value, style.units?.[name]), style.members[name] ?? '']
  })
  return table(['property', { name: 'value', wraps: true }, { name: 'meaning', wraps: true }], rows)
}

/** A property's value as a person reads it. */
export function valueText(value: unknown, unit?: Unit): string {
  if (value instanceof NotKnown) return value.toString()
  if (typeof value === 'number' && unit !== undefined) return quantity(value, unit)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === null) return 'none'
  if (Array.isArray(value)) return rangesText(value)
  return String(value)
}
