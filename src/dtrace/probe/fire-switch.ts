// Context switches: three records, two firings.
//
//   infprev (who ran, how long), infnext (who is next, its wait, its slice), switch (both)
//     ->  off-cpu or idle-off-cpu, then on-cpu or idle-on-cpu
//
// Holds: what infprev and infnext said counts only for the very next switch of that pcpu, and only
// when it names the same vcpus; else arg2 and arg3 were not recorded. Older Xen names no vcpu
// in these two.
import { DOMID_IDLE } from '../../machine/ids.js'
import type { ObservationBatch } from '../../machine/observation.js'
import type { FiringNeeds } from './firing.js'
import type { FiringWriter } from './firing-writer.js'
import { beyond } from './trace-plan.js'
import { XDT_SCHED } from './xdt-sched.js'

const PCPUS = 0x1_0000
const ANY_VCPU = 0xffff_ffff
const NOBODY = 0

/** Joins the records of a switch, for the switch probes that are enabled. */
export class SwitchFirer {
  readonly #offCpu: number
  readonly #idleOffCpu: number
  readonly #onCpu: number
  readonly #idleOnCpu: number
  readonly #needs: number
  readonly #prev = new Announced()
  readonly #next = new Announced()

  constructor(enabled: ReadonlySet<number>, needs: FiringNeeds) {
    const idOf = (name: string): number => {
      const id = XDT_SCHED.find((probe) => probe.name === name)?.id ?? NOBODY
      return enabled.has(id) ? id : NOBODY
    }
    this.#offCpu = idOf('off-cpu')
    this.#idleOffCpu = idOf('idle-off-cpu')
    this.#onCpu = idOf('on-cpu')
    this.#idleOnCpu = idOf('idle-on-cpu')
    this.#needs = needs.args
  }

  /** Whether switches fire anything. */
  get wantsSwitch(): boolean {
    return this.#wantsOff || this.#wantsOn
  }

  /** Whether the record that says how long the last vcpu ran is needed. */
  get wantsPrev(): boolean {
    return this.#wantsOff && (this.#needs & 0b0100) !== 0
  }

  /** Whether the record that says how long the next vcpu waited is needed. */
  get wantsNext(): boolean {
    return this.#wantsOn && (this.#needs & 0b1100) !== 0
  }

  get #wantsOff(): boolean {
    return this.#offCpu !== NOBODY || this.#idleOffCpu !== NOBODY
  }

  get #wantsOn(): boolean {
    return this.#onCpu !== NOBODY || this.#idleOnCpu !== NOBODY
  }

  /** Keeps a switch_infprev record: domid, vcpu, ran_ns, or without vcpu. */
  notePrev(batch: ObservationBatch, i: number): void {
    this.#prev.keep(batch, i, 1)
  }

  /** Keeps a switch_infnext record: domid, vcpu, waited_ns, slice_ns, or without vcpu. */
  noteNext(batch: ObservationBatch, i: number): void {
    this.#next.keep(batch, i, 2)
  }

  /** Fires what a switch record fires: the one that goes, then the one that comes. */
  fire(batch: ObservationBatch, i: number, out: FiringWriter): void {
    const { words } = batch
    const at = batch.at[i] as number
    const prevDomid = words[at] as number
    const nextDomid = words[at + 2] as number
    const off = prevDomid === DOMID_IDLE ? this.#idleOffCpu : this.#offCpu
    const on = nextDomid === DOMID_IDLE ? this.#idleOnCpu : this.#onCpu
    if (off !== NOBODY) this.#fireOff(batch, i, out.append(batch, i, off), out)
    if (on !== NOBODY) this.#fireOn(batch, i, out.append(batch, i, on), out)
    this.#prev.forget(batch.pcpu[i] as number)
    this.#next.forget(batch.pcpu[i] as number)
  }

  #fireOff(batch: ObservationBatch, i: number, n: number, out: FiringWriter): void {
    const { words } = batch
    const at = batch.at[i] as number
    const pcpu = batch.pcpu[i] as number
    const domid = words[at] as number
    const vcpu = words[at + 1] as number
    const told = this.#prev.is(pcpu, domid, vcpu)
    out.inContextOf(n, domid, vcpu)
    out.batch.unknown[n] = beyond(5) | (told ? 0 : 0b0100)
    if (this.#needs & 1) out.put(n, 0, domid)
    if (this.#needs & 2) out.put(n, 1, vcpu)
    if (this.#needs & 4) out.put(n, 2, told ? (this.#prev.first[pcpu] as number) : 0)
    if (this.#needs & 8) out.put(n, 3, words[at + 2] as number)
    if (this.#needs & 16) out.put(n, 4, words[at + 3] as number)
  }

  #fireOn(batch: ObservationBatch, i: number, n: number, out: FiringWriter): void {
    const { words } = batch
    const at = batch.at[i] as number
    const pcpu = batch.pcpu[i] as number
    const domid = words[at + 2] as number
    const vcpu = words[at + 3] as number
    const told = this.#next.is(pcpu, domid, vcpu)
    out.inContextOf(n, domid, vcpu)
    out.batch.unknown[n] = beyond(6) | (told ? 0 : 0b1100)
    if (this.#needs & 1) out.put(n, 0, domid)
    if (this.#needs & 2) out.put(n, 1, vcpu)
    if (this.#needs & 4) out.put(n, 2, told ? (this.#next.first[pcpu] as number) : 0)
    if (this.#needs & 8) out.put(n, 3, told ? (this.#next.second[pcpu] as number) : 0)
    if (this.#needs & 16) out.put(n, 4, words[at] as number)
    if (this.#needs & 32) out.put(n, 5, words[at + 1] as number)
  }
}

/** What a record announced for the next switch of each pcpu: a vcpu and one or two times. */
class Announced {
  readonly #told = new Uint8Array(PCPUS)
  readonly #domid = new Uint32Array(PCPUS)
  readonly #vcpu = new Uint32Array(PCPUS)
  readonly first = new Uint32Array(PCPUS)
  readonly second = new Uint32Array(PCPUS)

  keep(batch: ObservationBatch, i: number, times: 1 | 2): void {
    const { words } = batch
    const pcpu = batch.pcpu[i] as number
    const at = batch.at[i] as number
    const extra = batch.extra[i] as number
    const names = extra - times
    this.#told[pcpu] = names === 1 || names === 2 ? 1 : 0
    this.#domid[pcpu] = words[at] as number
    this.#vcpu[pcpu] = names === 2 ? (words[at + 1] as number) : ANY_VCPU
    this.first[pcpu] = words[at + names] as number
    this.second[pcpu] = words[at + names + 1] as number
  }

  is(pcpu: number, domid: number, vcpu: number): boolean {
    const named = this.#vcpu[pcpu]
    return (
      this.#told[pcpu] === 1 &&
      this.#domid[pcpu] === domid &&
      (named === ANY_VCPU || named === vcpu)
    )
  }

  forget(pcpu: number): void {
    this.#told[pcpu] = 0
  }
}
