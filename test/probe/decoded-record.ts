// A record of the hypervisor's trace, decoded by the layouts of machine/trace-event.ts one field
// at a time: what the tables say, without the plans that probes read by.
import {
  isPackedHypercall,
  isRecorded,
  layoutOf,
  type TraceEvent,
  traceEvents,
} from '../../src/machine/trace-event.js'
import type { TraceField } from '../../src/machine/trace-field.js'

/** One value of a record: 64-bit fields are `bigint`. */
export interface TraceValue {
  readonly name: string
  readonly value: number | bigint
}

/** What `code` says; undefined when no Xen from 3.2 to 4.20 writes it. */
export function eventOf(code: number): TraceEvent | undefined {
  return traceEvents().find((known) => known.code === code)
}

/** Every value of a record: the fields of its layout, the packed arguments of a hypercall, and
 *  words no layout names as `word<n>`. */
export function decodedRecord(code: number, words: readonly number[]): readonly TraceValue[] {
  const record = Uint32Array.from(words)
  const extra = record.length
  const known = eventOf(code)
  if (known === undefined) return unnamedWords(record, 0)
  if (isPackedHypercall(known.id)) return packedValues(known, record)
  const layout = layoutOf(known, extra)
  const fields = layout.fields.filter((field) => isRecorded(field, extra))
  return [
    ...fields.map((field) => shownAs(field, fieldValue(field, code, record))),
    ...unnamedWords(record, layout.words),
  ]
}

function shownAs(field: TraceField, value: number | bigint): TraceValue {
  return { name: field.name, value }
}

function fieldValue(field: TraceField, code: number, record: Uint32Array): number | bigint {
  const low = field.from === 'code' ? code : (record[field.word] ?? 0)
  if (field.bits === 64) {
    const value = (BigInt(record[field.word + 1] ?? 0) << 32n) | BigInt(low)
    return field.signed ? BigInt.asIntN(64, value) : value
  }
  const up = 32 - field.bits - field.shift
  return field.signed ? (low << up) >> (32 - field.bits) : (low << up) >>> (32 - field.bits)
}

function unnamedWords(record: Uint32Array, from: number): readonly TraceValue[] {
  return Array.from(record.subarray(from), (value, i) => {
    return { name: `word${from + i}`, value }
  })
}

/** Which arguments a packed hypercall recorded: for A0 to A5 the word its value begins at and how
 *  many words it takes, or 0 words when it is absent. Arguments past `extra` words count as
 *  absent. */
function packedArgs(
  first: number,
  extra: number,
): readonly { readonly word: number; readonly words: number }[] {
  let word = 1
  return [0, 1, 2, 3, 4, 5].map((n) => {
    const words = (first >>> (20 + 2 * n)) & 3
    const fits = words !== 3 && word + words <= extra
    const place = { word, words: fits ? words : 0 }
    word += words
    return place
  })
}

const ARGUMENT_NAMES = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'] as const

function packedValues(event: TraceEvent, record: Uint32Array): readonly TraceValue[] {
  const first = record[0]
  if (first === undefined) return []
  const op = event.layouts[0]?.fields[0]
  const values = op === undefined ? [] : [shownAs(op, fieldValue(op, event.code, record))]
  packedArgs(first, record.length).forEach(({ word, words }, n) => {
    const name = ARGUMENT_NAMES[n]
    if (words === 0 || name === undefined) return
    const low = record[word] ?? 0
    const value = words === 1 ? low : (BigInt(record[word + 1] ?? 0) << 32n) | BigInt(low)
    values.push({ name, value })
  })
  return values
}
