// What to do with each event id, found in one step: wanted or not, and whether it moves a vcpu.
//
//   id  ->  entry = id + flags      an entry without its id: not decided yet, or no record
//
// Holds: one slot for each id with one main class (12 classes, 16 bits below), so nothing collides.
import type { CodeFilter } from '../../machine/observation.js'
import {
  CODE_MASK,
  CPU_CHANGE,
  currentCode,
  isEventCode,
  LOST_RECORDS,
  LOST_RECORDS_END,
  OLD_SCHED_SWITCH,
  RUNSTATE_CLASS,
  WRAP_BUFFER,
} from './layout.js'

/** The consumer wants rows of this id. */
export const WANTED = 1 << 28
/** Word 0 names the vcpu that runs from now on. */
export const STARTS = 1 << 29
/** Nothing runs from now on. */
export const STOPS = 1 << 30
/** Both: an id of an old Xen, which a row has as today's. */
const RENUMBERED = STARTS | STOPS
/** A loss or an old switch: not on the straight path. The sign bit. */
export const ODD = 1 << 31

const SLOTS = 1 << 20
/** The slot of id 0, which no record has: it must not look decided. */
const SLOT_OF_ZERO = codeSlot(0)

/** The slot of an id in `CodeTable.entries`. */
function codeSlot(code: number): number {
  return (((15 - Math.clz32(code)) & 15) << 16) | (code & 0xffff)
}

/** Decides each id once, when it is first met. */
export class CodeTable {
  /** By `codeSlot`. LOST_RECORDS is never in it: it always takes the slow path. */
  readonly entries = new Int32Array(SLOTS)
  readonly #wants: CodeFilter

  /** `wants` is asked with today's ids, once for each. */
  constructor(wants: CodeFilter) {
    this.#wants = wants
    this.entries[SLOT_OF_ZERO] = CODE_MASK
  }

  /** The entry of an id; 0 when no record can have it. */
  entry(code: number): number {
    if (!isEventCode(code) || code === CPU_CHANGE) return 0
    const slot = codeSlot(code)
    const held = this.entries[slot] as number
    if ((held & CODE_MASK) === code) return held
    const entry = code | this.#flags(code)
    if (code !== LOST_RECORDS) this.entries[slot] = entry
    return entry
  }

  #flags(code: number): number {
    if (code === WRAP_BUFFER) return 0
    if (code === LOST_RECORDS_END) return ODD
    const today = currentCode(code)
    const wanted = this.#wants(today) ? WANTED : 0
    if (code === LOST_RECORDS || code === OLD_SCHED_SWITCH) return wanted | ODD
    return wanted | (today === code ? runstateFlags(code) : RENUMBERED)
  }
}

/** Id 0x21<old><new>1 is a change, 0x21002 a vcpu that goes on; state 0 is running. */
function runstateFlags(code: number): number {
  if ((code & 0x0fff_f000) !== RUNSTATE_CLASS) return 0
  const kind = code & 0xf
  if (kind === 2) return STARTS
  if (kind !== 1) return 0
  if ((code & 0x0f0) === 0) return STARTS
  return (code & 0xf00) === 0 ? STOPS : 0
}
