// GuestRecords: the hypervisor's trace of what PV guests make it do: hypercalls and page faults.
//
//   set_singleshot_timer of vcpu 1  ->  0x20100d: vcpu_op with its two arguments
//
// Holds: rows are of the vcpu that runs on that pcpu. Addresses are made up, and lie where a 64-bit
// guest has its program, its kernel and its stack.
import type { Prng } from '../../../base/prng.js'
import type { Pcpu } from './pcpu.js'
import type { SchedRecords } from './sched-records.js'

const HYPERCALL = 0x20100d
const PAGE_FAULT = 0x201104
/** Hypercalls, with bits for the arguments that follow: A0 `1 << 20`, A1 `1 << 22`. */
const MMU_UPDATE = 1 | (1 << 22)
const STACK_SWITCH = 3
const UPDATE_VA_MAPPING = 14
const SET_TIMER_OP = 15
const IRET = 23
const VCPU_OP = 24 | (1 << 20) | (1 << 22)
const SET_SEGMENT_BASE = 25
const SCHED_OP = 29 | (1 << 20)
const EVENT_CHANNEL_OP = 32
const SET_SINGLESHOT_TIMER = 8
const SCHEDOP_BLOCK = 1
/** Error codes of a user's fault on a page: not present or not writable, read, written, fetched. */
const FAULTS = [4, 6, 7, 0x14] as const

/** Writes what guests do. */
export class GuestRecords {
  readonly #records: SchedRecords
  readonly #random: Prng
  readonly #isLinux: boolean

  constructor(parts: {
    readonly records: SchedRecords
    readonly random: Prng
    readonly isLinux: boolean
  }) {
    this.#records = parts.records
    this.#random = parts.random
    this.#isLinux = parts.isLinux
  }

  /** A guest sets its timer. */
  setTimer(at: Pcpu): void {
    if (!this.#isLinux) this.#say(HYPERCALL, at, SET_TIMER_OP)
    else this.#say(HYPERCALL, at, VCPU_OP, SET_SINGLESHOT_TIMER, at.current.vcpu)
  }

  /** A guest's kernel goes back to what it interrupted. */
  returned(at: Pcpu): void {
    this.#say(HYPERCALL, at, IRET)
  }

  /** A guest has nothing to do: Linux first tells its timer when there will be. */
  blocks(at: Pcpu): void {
    if (this.#isLinux && this.#random.uniform() < 0.85) this.setTimer(at)
    this.#say(HYPERCALL, at, SCHED_OP, SCHEDOP_BLOCK)
  }

  /** A guest notifies the other end of an event channel. */
  sent(at: Pcpu): void {
    this.#say(HYPERCALL, at, EVENT_CHANNEL_OP)
  }

  /** A guest switches to another thread; `chance` says whether that is one of a user. */
  switchedThread(at: Pcpu, chance: number): void {
    if (chance < 0.3) this.#say(HYPERCALL, at, SET_SEGMENT_BASE)
    this.#say(HYPERCALL, at, STACK_SWITCH)
  }

  /** A program of the guest entered its kernel: for a fault, a page table, another thread. */
  entered(at: Pcpu): void {
    const chance = this.#random.uniform()
    if (chance < 0.45) this.returned(at)
    else if (chance < 0.65) this.#fault(at)
    else if (chance < 0.85) this.#say(HYPERCALL, at, MMU_UPDATE, 1)
    else if (chance < 0.9) this.#say(HYPERCALL, at, UPDATE_VA_MAPPING)
    else this.switchedThread(at, this.#random.uniform())
  }

  #say(code: number, at: Pcpu, ...words: readonly number[]): void {
    if (at.current.domain.isPv) this.#records.say(code, at, ...words)
  }

  #fault(at: Pcpu): void {
    const rip = 0x40_0000 + this.#random.below(0x20_0000)
    const address = this.#random.below(0xffff_f000)
    const code = FAULTS[this.#random.below(FAULTS.length)] ?? 4
    this.#say(PAGE_FAULT, at, rip, 0, address, 0x7f4a, code)
  }
}
