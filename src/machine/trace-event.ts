// Trace events: what an event code says, and how the words of its record are laid out.
//
//   0x801001  ->  hw freq_change, layout: old_mhz in word 0, new_mhz in word 1
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

let parsed: readonly TraceEvent[] | undefined

/** Every event code that a Xen from 3.2 to 4.20 is known to write, in the order of the table.
 *  Parsed when first asked for: a start that decodes nothing does not pay. */
export function traceEvents(): readonly TraceEvent[] {
  parsed ??= Object.entries(TABLES).flatMap(([name, rows]) =>
    rows.flatMap((row) => eventsOf(name as TraceClass, row)),
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

/** Whether records of this id carry their arguments packed behind the first word, as hypercalls do
 *  since Xen 4.3: two bits each, from bit 20 of that word on, say which and how many words. */
export function isPackedHypercall(id: number): boolean {
  return id === 0x20100d || id === 0x20200e
}
