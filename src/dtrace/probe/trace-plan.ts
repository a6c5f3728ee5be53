// Plans: what a trace record of each code and length does to the enabled probes, worked out once a
// program.
//
//   code, extra words  ->  slotOf[traceIndex(code)]  ->  planOf[8 * slot + extra]  ->  a plan:
//   what it does, which probe, which arguments to copy from which words, which were not recorded
//
// Holds: slot 0 is every code that no table knows, plan 0 does nothing. A plan copies no word past
// the record's end: what is not there is in `unknown`.
import {
  isPackedHypercall,
  isRecorded,
  layoutOf,
  type TraceEvent,
  traceEvents,
} from '../../machine/trace-event.js'
import type { TraceField } from '../../machine/trace-field.js'
import type { FiringNeeds } from './firing.js'
import type { XdtProbe } from './xdt-probe.js'
import { XDT_PROBES } from './xdt-probes.js'

// ---- What a plan does. Before SWITCH, a firing is written from the record's own fields. --------
export const NOTHING = 0
/** Fires its probe with the record's own fields. */
export const RECORD = 1
/** A hypercall whose arguments are packed behind the first word. */
export const PACKED = 2
/** One probe for each reason of a shutdown. */
const SHUTDOWN = 3
/** Lost records: arg0 is the pcpu, which is not in the record. */
export const LOST = 4
/** A vcpu that begins to run: the record is its own, not that of the one before. */
export const BEGINS = 5
/** A context switch: off-cpu and on-cpu, with what the two records before it said. */
export const SWITCH = 6
export const SWITCH_PREV = 7
export const SWITCH_NEXT = 8
/** No table names the code. */
const UNNAMED = 9

// ---- How one argument is copied. ----------------------------------------------------------------
export const COPY_U32 = 0
export const COPY_I32 = 1
export const COPY_64 = 2
/** `(word >>> shift) & mask`. */
const COPY_BITS = 3
/** The same of the event code. */
export const COPY_CODE = 4

/** Where a0 begins among the arguments of `pv::hypercall`, and where the mask of those present
 *  is. */
export const FIRST_PACKED = 2
export const PRESENT = 8

/** Plans in columns: by code, by plan, by copy. */
export interface TracePlans {
  readonly slotOf: Uint16Array
  readonly planOf: Uint16Array
  readonly does: Uint8Array
  readonly probe: Uint32Array
  readonly unknown: Uint16Array
  /** Copies of plan p: `firstCopy[p] .. firstCopy[p + 1] - 1`. */
  readonly firstCopy: Uint16Array
  /** Argument bits 0-3, word bits 4-6, kind bits 7-9, shift from bit 10 on. */
  readonly copies: Uint16Array
  /** What is left of a shifted word, by copy. */
  readonly masks: Uint32Array
}

/** Where `slotOf` keeps a code: the main class has one bit of twelve set, so its position is
 *  enough. A code of no class lands outside the table. */
export function traceIndex(code: number): number {
  return ((31 - Math.clz32(code >>> 16)) << 16) | (code & 0xffff)
}

const CLASSES = 12

interface Copy {
  readonly arg: number
  readonly kind: number
  readonly word: number
  readonly shift: number
  readonly mask: number
}

interface Plan {
  readonly does: number
  readonly probe: number
  readonly unknown: number
  readonly copies: readonly Copy[]
}

const IDLE: Plan = { does: NOTHING, probe: 0, unknown: 0, copies: [] }

/** The plans for these probes and the arguments their program reads. */
export function planTrace(enabled: ReadonlySet<number>, needs: FiringNeeds): TracePlans {
  const probes: readonly XdtProbe[] = XDT_PROBES.filter((probe) => enabled.has(probe.id))
  const slotOf = new Uint16Array(CLASSES << 16)
  const slots: (readonly Plan[])[] = [LENGTHS.map(() => unnamedPlan(probes))]
  for (const known of traceEvents()) {
    slotOf[traceIndex(known.code)] = slots.length
    const probe = probes.find((p) => p.records.includes(firedBy(known.id)))
    slots.push(LENGTHS.map((n) => (probe ? planOf(known, n, { probe, needs }) : IDLE)))
  }
  return columnsOf(slotOf, slots)
}

/** Extra words a record may have. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7] as const

interface Asked {
  readonly probe: XdtProbe
  readonly needs: FiringNeeds
}

function unnamedPlan(probes: readonly XdtProbe[]): Plan {
  const probe = probes.find((p) => p.name === 'unnamed')
  return probe === undefined ? IDLE : { ...IDLE, does: UNNAMED, probe: probe.id }
}

const SWITCH_ID = 0x2800a
const SPECIAL: ReadonlyMap<number, number> = new Map([
  [SWITCH_ID, SWITCH],
  [0x2800e, SWITCH_PREV],
  [0x2800f, SWITCH_NEXT],
  [0x28007, SHUTDOWN],
  [0x1f001, LOST],
])

/** The record that fires what this one has its part in: a switch is told in three. */
function firedBy(id: number): number {
  const does = SPECIAL.get(id)
  return does === SWITCH_PREV || does === SWITCH_NEXT ? SWITCH_ID : id
}

function doesOf({ code, id }: TraceEvent, needs: FiringNeeds): number {
  if (isPackedHypercall(id)) return needs.args >> FIRST_PACKED === 0 ? RECORD : PACKED
  if (beginsToRun(code)) return readsContext(needs) ? BEGINS : RECORD
  return SPECIAL.get(id) ?? RECORD
}

function readsContext({ columns }: FiringNeeds): boolean {
  if (columns === undefined) return true
  return columns.has('domid') || columns.has('vcpu') || columns.has('tid')
}

/** Whether a probe's thread is always the vcpu in whose context its record was made: not that of
 *  a switch, which names two, nor that of a vcpu which begins to run. */
export function firesInOwnContext({ id }: { readonly id: number }): boolean {
  const probe = XDT_PROBES.find((known) => known.id === id)
  if (probe === undefined) return false
  return !probe.records.some((code) => code === SWITCH_ID || beginsToRun(code))
}

/** Whether records of this code say that a vcpu goes from another runstate to running. */
export function beginsToRun(code: number): boolean {
  return (code & ~0xf00) === 0x21001
}

/** A switch record names two vcpus; a shorter one says nothing. */
const SWITCH_WORDS = 4

function planOf(event: TraceEvent, extra: number, asked: Asked): Plan {
  const { probe, needs } = asked
  const does = doesOf(event, needs)
  if (does === SWITCH && extra < SWITCH_WORDS) return IDLE
  const copies = probe.args.map((arg, n) => argumentOf(event, extra, { name: arg.name, n }))
  const absent = copies.reduce((bits, copy, n) => (copy === undefined ? bits | (1 << n) : bits), 0)
  return {
    does,
    probe: probe.id,
    unknown: (does === LOST ? absent & ~1 : absent) | beyond(probe.args.length),
    copies: copies.filter((copy) => copy !== undefined).filter((copy) => isRead(needs, copy.arg)),
  }
}

function isRead(needs: FiringNeeds, arg: number): boolean {
  return ((needs.args >> arg) & 1) === 1
}

/** Bits of the arguments that a probe with `count` of them does not have. */
export function beyond(count: number): number {
  return 0x3ff & ~((1 << count) - 1)
}

function argumentOf(
  event: TraceEvent,
  extra: number,
  { name, n }: { readonly name: string; readonly n: number },
): Copy | undefined {
  const field = layoutOf(event, extra).fields.find((f) => f.name === name)
  if (field === undefined || !isRecorded(field, extra)) return undefined
  return copyOf(field, n)
}

function copyOf(field: TraceField, arg: number): Copy {
  const { word, shift, bits, signed } = field
  const mask = bits < 32 ? (1 << bits) - 1 : 0xffff_ffff
  if (field.from === 'code') {
    return { arg, kind: COPY_CODE, word, shift, mask }
  }
  if (bits === 64) return { arg, kind: COPY_64, word, shift, mask }
  if (bits === 32) return { arg, kind: signed ? COPY_I32 : COPY_U32, word, shift, mask }
  return { arg, kind: COPY_BITS, word, shift, mask }
}

function columnsOf(slotOf: Uint16Array, slots: readonly (readonly Plan[])[]): TracePlans {
  const plans = [IDLE, ...new Set(slots.flat().filter((plan) => plan !== IDLE))]
  const numbers = new Map(plans.map((plan, n) => [plan, n]))
  const copies = plans.flatMap((plan) => plan.copies)
  const firstCopy = new Uint16Array(plans.length + 1)
  plans.forEach((plan, n) => {
    firstCopy[n + 1] = (firstCopy[n] ?? 0) + plan.copies.length
  })
  return {
    slotOf,
    planOf: Uint16Array.from(slots.flat(), (plan) => numbers.get(plan) ?? 0),
    does: Uint8Array.from(plans, (plan) => plan.does),
    probe: Uint32Array.from(plans, (plan) => plan.probe),
    unknown: Uint16Array.from(plans, (plan) => plan.unknown),
    firstCopy,
    copies: Uint16Array.from(copies, packCopy),
    masks: Uint32Array.from(copies, (copy) => copy.mask),
  }
}

function packCopy({ arg, word, kind, shift }: Copy): number {
  return arg | (word << 4) | (kind << 7) | (shift << 10)
}
