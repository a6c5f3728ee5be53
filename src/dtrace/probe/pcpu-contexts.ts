// What runs on each physical CPU, as of any moment of the batch just fired: what `profile-*`
// samples.
//
//   pcpu 1 switches to d0v1 at tick 500, to idle at tick 900        asOf(700) -> pcpu 1 runs d0v1
//
// Holds: rows come in time order; within a batch asOf() is asked with times that never decrease.
import type { ObservationBatch } from '../../machine/observation.js'
import type { PcpuContext } from './firing.js'
import { beginsToRun } from './trace-plan.js'

const PCPUS = 0x1_0000
const NEVER_SEEN = 0xffff_ffff

/** The contexts of all pcpus. A context is a domain and a vcpu in one number: `packContext`. */
export class PcpuContexts {
  readonly #latest = new Uint32Array(PCPUS).fill(NEVER_SEEN)
  readonly #asked = new Uint32Array(PCPUS).fill(NEVER_SEEN)
  readonly #pcpus: number[] = []
  readonly #noted: { ticks: number[]; pcpu: number[]; context: number[] } = {
    ticks: [],
    pcpu: [],
    context: [],
  }
  #applied = 0

  /** Learns from a trace record what runs on its pcpu. Scheduler records are read themselves:
   *  between those of one switch, the columns of a row still tell the past. */
  follow(batch: ObservationBatch, i: number): void {
    const scheduler = (batch.code[i] as number) >>> 16 === SCHED_CLASS
    const context = scheduler ? announced(batch, i) : columnsOf(batch, i)
    const pcpu = batch.pcpu[i] as number
    if (context === undefined || this.#latest[pcpu] === context) return
    this.#note(pcpu, context, batch.ticks[i] as number)
  }

  /** From `ticks` on, `context` runs on `pcpu`. */
  #note(pcpu: number, context: number, ticks: number): void {
    if (this.#latest[pcpu] === NEVER_SEEN) this.#insert(pcpu)
    this.#latest[pcpu] = context
    this.#noted.ticks.push(ticks)
    this.#noted.pcpu.push(pcpu)
    this.#noted.context.push(context)
  }

  /** Forgets the past: nobody will ask for a time before the last row. */
  settle(): void {
    this.#apply(Number.POSITIVE_INFINITY)
    this.#noted.ticks.length = 0
    this.#noted.pcpu.length = 0
    this.#noted.context.length = 0
    this.#applied = 0
  }

  /** The pcpus seen up to `ticks`, ascending, with what runs on each then. */
  asOf(ticks: number): readonly PcpuContext[] {
    this.#apply(ticks)
    const contexts: PcpuContext[] = []
    for (const pcpu of this.#pcpus) {
      const context = this.#asked[pcpu] ?? NEVER_SEEN
      if (context === NEVER_SEEN) continue
      contexts.push({ pcpu, domid: context >>> 16, vcpu: context & 0xffff })
    }
    return contexts
  }

  #apply(ticks: number): void {
    const { ticks: times, pcpu, context } = this.#noted
    while (this.#applied < times.length && (times[this.#applied] ?? 0) <= ticks) {
      this.#asked[pcpu[this.#applied] ?? 0] = context[this.#applied] ?? NEVER_SEEN
      this.#applied += 1
    }
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
