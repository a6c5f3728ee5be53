// What runs on each physical CPU, as far as the records said: what `profile-*` samples.
//
//   switch on pcpu 1 from idle to d0v1  ->  pcpu 1 runs d0v1, until another record says otherwise
//
// Holds: records come in time order.
import type { ObservationBatch } from '../../machine/observation.js'
import type { PcpuContext } from './firing.js'
import { beginsToRun } from './trace-plan.js'

const PCPUS = 0x1_0000
const NEVER_SEEN = 0xffff_ffff

/** The contexts of all pcpus. A context is a domain and a vcpu in one number: `packContext`. */
export class PcpuContexts {
  readonly #latest = new Uint32Array(PCPUS).fill(NEVER_SEEN)
  readonly #pcpus: number[] = []

  /** Learns from a trace record what runs on its pcpu. Scheduler records are read themselves:
   *  between those of one switch, the columns of a row still tell the past. */
  follow(batch: ObservationBatch, i: number): void {
    const scheduler = (batch.code[i] as number) >>> 16 === SCHED_CLASS
    const context = scheduler ? announced(batch, i) : columnsOf(batch, i)
    const pcpu = batch.pcpu[i] as number
    const before = this.#latest[pcpu]
    if (context === undefined || before === context) return
    if (before === NEVER_SEEN) this.#insert(pcpu)
    this.#latest[pcpu] = context
  }

  /** The pcpus seen so far, ascending, with what runs on each. */
  list(): readonly PcpuContext[] {
    return this.#pcpus.map((pcpu) => {
      const context = this.#latest[pcpu] ?? NEVER_SEEN
      return { pcpu, domid: context >>> 16, vcpu: context & 0xffff }
    })
  }

  #insert(pcpu: number): void {
    const place = this.#pcpus.findIndex((seen) => seen > pcpu)
    this.#pcpus.splice(place < 0 ? this.#pcpus.length : place, 0, pcpu)
  }
}

const SCHED_CLASS = 0x2
const CONTINUE_RUNNING = 0x21002
const SWITCH_WORDS = 4

/** Whether records of this code name the vcpu their pcpu runs from then on: switches,
 *  continue_running, and runstates that end in running. */
export function saysWhatRuns(code: number): boolean {
  return beginsToRun(code) || code === CONTINUE_RUNNING || isSwitch(code)
}

function isSwitch(code: number): boolean {
  return code === 0x2800a || code === 0x2f00a
}

/** The vcpu that a scheduler record says runs from now on. */
function announced(batch: ObservationBatch, i: number): number | undefined {
  const code = batch.code[i] as number
  const extra = batch.extra[i] as number
  const at = batch.at[i] as number
  if (isSwitch(code) && extra >= SWITCH_WORDS) {
    return packContext(batch.words[at + 2] as number, batch.words[at + 3] as number)
  }
  return saysWhatRuns(code) && extra === 1 ? (batch.words[at] as number) : undefined
}

function columnsOf(batch: ObservationBatch, i: number): number {
  return packContext(batch.domid[i] as number, batch.vcpu[i] as number)
}

/** A domain and a vcpu in one number, as runstate records have them. */
function packContext(domid: number, vcpu: number): number {
  return ((domid << 16) | vcpu) >>> 0
}
