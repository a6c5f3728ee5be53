// Trace events: what an event code says, and what the words of its record mean.
//
//   0x801001  ->  hw freq_change, layout: old_mhz, new_mhz   its words  ->  old_mhz = 2600
//
// Holds: every code of the table has one event; `layouts[0]` is the usual shape of its record.
// Source: xen/include/public/trace.h; trace-event-table.ts holds the rows.
import {
  CREDIT_ROWS,
  CREDIT2_ROWS,
  DOM0OP_ROWS,
  GEN_ROWS,
  HVM_ROWS,
  HW_ROWS,
  MEM_ROWS,
  NULL_ROWS,
  PV_ROWS,
  RTDS_ROWS,
  SCHED_ROWS,
  SHADOW_ROWS,
  type TraceForms,
  type TraceRow,
} from './trace-event-table.js'
import { parseLayouts, type TraceField, type TraceLayout, type TraceWidths } from './trace-field.js'
import { FIELD_MEANINGS } from './trace-field-meaning.js'

const TABLES = {
  gen: GEN_ROWS,
  sched: SCHED_ROWS,
  credit: CREDIT_ROWS,
  credit2: CREDIT2_ROWS,
  rtds: RTDS_ROWS,
  null: NULL_ROWS,
  dom0op: DOM0OP_ROWS,
  pv: PV_ROWS,
  hvm: HVM_ROWS,
  mem: MEM_ROWS,
  shadow: SHADOW_ROWS,
  hw: HW_ROWS,
} as const

/** Which part of the hypervisor writes a record; the schedulers' own records are told apart by
 *  scheduler. */
export type TraceClass = keyof typeof TABLES

/** What one event code says. `id` is the row's id in today's numbering: one id may stand for
 *  several codes (64-bit addresses, nested guests, runstates, the numbering before Xen 4.3). */
export interface TraceEvent {
  readonly code: number
  readonly id: number
  readonly traceClass: TraceClass
  readonly name: string
  readonly layouts: readonly TraceLayout[]
}

/** One value of a record as shown to people: 64-bit fields are `bigint`. */
export interface TraceValue {
  readonly name: string
  readonly value: number | bigint
  readonly meaning: string
}

const NARROW: TraceWidths = { addr: 32, pte: 32, va: 32 }
const WIDE: TraceWidths = { addr: 64, pte: 64, va: 64 }
const PAE: TraceWidths = { addr: 32, pte: 64, va: 32 }

const RUNSTATES = [0, 1, 2, 3].flatMap((o) => [0, 1, 2, 3].map((n) => (o << 8) | (n << 4)))

/** What each form adds to the id, and how wide its addresses are then. */
const FORMS: Record<TraceForms, readonly (readonly [bits: number, widths: TraceWidths])[]> = {
  one: [[0, NARROW]],
  addr: [
    [0, NARROW],
    [0x100, WIDE],
  ],
  nested: [
    [0, NARROW],
    [0x400, NARROW],
  ],
  exit: [
    [0, NARROW],
    [0x100, WIDE],
    [0x400, NARROW],
    [0x500, WIDE],
  ],
  levels: [
    [0, NARROW],
    [0x100, PAE],
    [0x200, WIDE],
  ],
  runstate: RUNSTATES.map((bits) => [bits, NARROW] as const),
}

let parsed: ReadonlyMap<number, TraceEvent> | undefined

/** All events by code. Parsed when first asked for: a start that decodes nothing does not pay. */
function table(): ReadonlyMap<number, TraceEvent> {
  parsed ??= new Map(
    Object.entries(TABLES)
      .flatMap(([name, rows]) => rows.flatMap((row) => eventsOf(name as TraceClass, row)))
      .map((e) => [e.code, e] as const),
  )
  return parsed
}

function eventsOf(traceClass: TraceClass, row: TraceRow): readonly TraceEvent[] {
  const [id, name, text, forms = 'one', oldId] = row
  return (oldId === undefined ? [id] : [id, oldId]).flatMap((base) =>
    FORMS[forms].map(([bits, widths]) => {
      return { code: base | bits, id, traceClass, name, layouts: parseLayouts(text, widths) }
    }),
  )
}

/** Every event code Xen is known to write, in the order of the table. */
export function traceEvents(): readonly TraceEvent[] {
  return [...table().values()]
}

/** What `code` says; undefined when no Xen from 3.2 to 4.20 writes it. */
export function describeTraceEvent(code: number): TraceEvent | undefined {
  return table().get(code)
}

/** The layout of a record with `extra` words: the one that fills them exactly, else the usual one.
 *  Fields past the last word were not recorded: ask `isRecorded`. */
export function layoutOf(event: TraceEvent, extra: number): TraceLayout {
  const usual = event.layouts[0] ?? { words: 0, fields: [] }
  return event.layouts.find((layout) => layout.words === extra) ?? usual
}

/** Whether a record with `extra` words holds the whole field. */
export function isRecorded(field: TraceField, extra: number): boolean {
  return field.from === 'code' || field.word + (field.bits === 64 ? 2 : 1) <= extra
}

/** Every value of a record, for display: the fields of its layout, the packed arguments of a
 *  hypercall, and words no layout names as `word<n>`. The record has `extra`
 *  words, the first at `words[at]`. */
export function decodeTraceEvent(
  code: number,
  words: Uint32Array,
  at: number,
  extra: number,
): readonly TraceValue[] {
  const record = words.subarray(at, at + extra)
  const known = table().get(code)
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
  return { name: field.name, value, meaning: field.meaning }
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
    return { name: `word${from + i}`, value, meaning: 'a word the layout does not name' }
  })
}

// ---- Hypercalls since Xen 4.3: op, and the arguments that the hypervisor chose to record. -------

/** Whether records of this id carry their arguments packed behind the first word. */
export function isPackedHypercall(id: number): boolean {
  return id === 0x20100d || id === 0x20200e
}

/** Which arguments a packed hypercall recorded: for A0 to A5 the word its value begins at and how
 *  many words it takes, or 0 words when it is absent. Arguments past `extra` words count as
 *  absent. */
export function packedArgs(
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
    values.push({ name, value, meaning: FIELD_MEANINGS[name] })
  })
  return values
}
