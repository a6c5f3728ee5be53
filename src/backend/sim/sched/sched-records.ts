// SchedRecords: the scheduler's lines of the hypervisor's trace.
//
//   switched(pcpu 1, d0v0 -> d3v0)  ->  0x2800e, 0x2800f, 0x2800a, two runstate changes
//
// Holds: words as trace-event-table.ts has them; rows of a switch are said in the order in which
// Xen says them, of the vcpu that xenalyze takes to be current. The ids are those of Xen since
// 4.3, whatever the era: an older one said the same under other numbers.
import { DOMID_UNKNOWN } from '../../../machine/ids.js'
import type { Bus } from '../bus.js'
import { HvmRecords } from './hvm-records.js'
import type { Pcpu } from './pcpu.js'
import type { Vcpu } from './vcpu.js'

const RUNSTATE_CHANGE = 0x21001
const CONTINUE_RUNNING = 0x21002
const DOM_ADD = 0x28001
const DOM_REM = 0x28002
const SLEEP = 0x28003
const WAKE = 0x28004
const YIELD = 0x28005
const BLOCK = 0x28006
const SWITCH = 0x2800a
const SWITCH_INFPREV = 0x2800e
const SWITCH_INFNEXT = 0x2800f
const SWITCH_INFCONT = 0x28011
/** Nobody is known to run between the two runstate changes of a switch. */
const NOBODY_VCPU = 0xffff

/** Writes what the scheduler does. */
export class SchedRecords {
  readonly hvm: HvmRecords
  readonly #bus: Bus
  readonly #isMuted: boolean
  readonly #words = Array.from({ length: 8 }, (_, length) => new Uint32Array(length))

  /** `isMuted`: there is no hypervisor that could write; `maker` is the processors'. */
  constructor(bus: Bus, isMuted: boolean, maker: 'intel' | 'amd') {
    this.#bus = bus
    this.#isMuted = isMuted
    this.hvm = new HvmRecords((...said) => this.say(...said), maker)
  }

  /** Whether somebody reads records of this code. */
  wants(code: number): boolean {
    return !this.#isMuted && this.#bus.wants(code)
  }

  added(at: Pcpu, domid: number): void {
    this.say(DOM_ADD, at, domid)
  }

  removed(at: Pcpu, domid: number): void {
    this.say(DOM_REM, at, domid)
  }

  slept(at: Pcpu, vcpu: Vcpu): void {
    this.say(SLEEP, at, vcpu.domid, vcpu.vcpu)
  }

  woke(at: Pcpu, vcpu: Vcpu): void {
    this.say(WAKE, at, vcpu.domid, vcpu.vcpu)
  }

  yielded(at: Pcpu, vcpu: Vcpu): void {
    this.say(YIELD, at, vcpu.domid, vcpu.vcpu)
  }

  blocked(at: Pcpu, vcpu: Vcpu): void {
    this.say(BLOCK, at, vcpu.domid, vcpu.vcpu)
  }

  changed(at: Pcpu, vcpu: Vcpu, runstate: number): void {
    this.say(RUNSTATE_CHANGE | (vcpu.runstate << 8) | (runstate << 4), at, vcpu.key)
  }

  continued(at: Pcpu, ranNs: number, sliceNs: number): void {
    const { domid, vcpu, key } = at.current
    this.hvm.leaves(at)
    this.say(SWITCH_INFCONT, at, domid, vcpu, ranNs, sliceNs)
    this.say(CONTINUE_RUNNING, at, key)
    this.hvm.comes(at)
  }

  /** Says that `next` follows on what runs, before their runstates change. */
  switched(
    at: Pcpu,
    next: Vcpu,
    times: { readonly ranNs: number; readonly waitedNs: number; readonly sliceNs: number },
  ): void {
    const { domid, vcpu } = at.current
    this.hvm.leaves(at)
    this.say(SWITCH_INFPREV, at, domid, vcpu, times.ranNs)
    this.say(SWITCH_INFNEXT, at, next.domid, next.vcpu, times.waitedNs, times.sliceNs)
    this.say(SWITCH, at, domid, vcpu, next.domid, next.vcpu)
  }

  /** Of whom a pcpu's rows are from now on. */
  setCurrent(at: Pcpu, vcpu: Vcpu | undefined): void {
    at.at.domid = vcpu?.domid ?? DOMID_UNKNOWN
    at.at.vcpu = vcpu?.vcpu ?? NOBODY_VCPU
    if (vcpu !== undefined) this.hvm.comes(at)
  }

  /** Says one record of up to seven words. */
  say(code: number, at: Pcpu, ...words: readonly number[]): void {
    if (this.#isMuted || !this.#bus.wants(code)) return
    const out = this.#words[words.length] as Uint32Array
    for (let i = 0; i < words.length; i++) out[i] = words[i] as number
    this.#bus.say(code, at.at, out)
  }
}
