// What runs on each physical CPU, as of any moment of the batch just fired: what `profile-*`
// samples.
//
//   note(pcpu 1, d0v1, tick 500)   note(pcpu 1, idle, tick 900)   asOf(700) -> pcpu 1 runs d0v1
//
// Holds: notes come in time order; within a batch asOf() is asked with times that never decrease.
import type { PcpuContext } from './firing.js'

const PCPUS = 0x1_0000
const NEVER_SEEN = 0xffff_ffff

/** A domain and a vcpu in one number. */
export function packContext(domid: number, vcpu: number): number {
  return ((domid << 16) | vcpu) >>> 0
}

/** The contexts of all pcpus. `latest` is as of the last note, readable on the hot path. */
export class PcpuContexts {
  /** By pcpu: `packContext` of what was noted last. */
  readonly latest = new Uint32Array(PCPUS).fill(NEVER_SEEN)
  readonly #asked = new Uint32Array(PCPUS).fill(NEVER_SEEN)
  readonly #pcpus: number[] = []
  readonly #noted: { ticks: number[]; pcpu: number[]; context: number[] } = {
    ticks: [],
    pcpu: [],
    context: [],
  }
  #applied = 0

  /** From `ticks` on, `context` runs on `pcpu`. */
  note(pcpu: number, context: number, ticks: number): void {
    if (this.latest[pcpu] === NEVER_SEEN) this.#insert(pcpu)
    this.latest[pcpu] = context
    this.#noted.ticks.push(ticks)
    this.#noted.pcpu.push(pcpu)
    this.#noted.context.push(context)
  }

  /** Forgets the past: nobody will ask for a time before the last note. */
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
