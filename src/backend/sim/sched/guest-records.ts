// GuestRecords: the hypervisor's trace of what guests make it do: hypercalls and page faults of PV
// guests; of those on virtual hardware, what they leave their guest for.
//
//   set_singleshot_timer of vcpu 1  ->  0x20100d: vcpu_op with its two arguments
//   a fault of a guest with shadows  ->  0x81002, 0x40f006 ... 0x81001
//
// Holds: rows are of the vcpu that runs on that pcpu. What was said of a guest on virtual hardware
// yields the nanoseconds until it goes on (`goesOn`), or 0. Addresses are made up, and lie where a
// guest has its program, its kernel and its stack.
import type { Prng } from '../../../base/prng.js'
import { isHvm } from './hvm-records.js'
import type { Pcpu } from './pcpu.js'
import type { SchedRecords } from './sched-records.js'
import type { Vcpu } from './vcpu.js'

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
/** How many address spaces a guest on virtual hardware goes through. */
const THREADS = 24
/** Pages of its programs: the lower 2 GiB. */
const USER_PAGES = 0x8_0000
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

  /** A guest has served its clock: it sets the timer, where its clock does not tick by itself. */
  setTimer(at: Pcpu): number {
    if (isHvm(at.current)) return this.#records.hvm.ended(at)
    if (!this.#isLinux) this.#say(HYPERCALL, at, SET_TIMER_OP)
    else this.#say(HYPERCALL, at, VCPU_OP, SET_SINGLESHOT_TIMER, at.current.vcpu)
    return 0
  }

  /** The clock of a guest is due; `at` is where its vcpu is. */
  interrupts(vcpu: Vcpu, at: Pcpu): number {
    return isHvm(vcpu) ? this.#records.hvm.clock(vcpu, at) : 0
  }

  /** A guest on virtual hardware goes on. */
  goesOn(at: Pcpu): void {
    this.#records.hvm.entered(at)
  }

  /** A guest's kernel goes back to what it interrupted. */
  returned(at: Pcpu): void {
    this.#say(HYPERCALL, at, IRET)
  }

  /** A guest has nothing to do: Linux first tells its timer when there will be. */
  blocks(at: Pcpu, rests: boolean): number {
    if (isHvm(at.current)) return this.#records.hvm.halted(at, rests)
    if (this.#isLinux && this.#random.uniform() < 0.85) this.setTimer(at)
    this.#say(HYPERCALL, at, SCHED_OP, SCHEDOP_BLOCK)
    return 0
  }

  /** A guest notifies the other end of an event channel, or writes to its disk's port. */
  sent(at: Pcpu): number {
    if (isHvm(at.current)) return this.#records.hvm.asked(at)
    this.#say(HYPERCALL, at, EVENT_CHANNEL_OP)
    return 0
  }

  /** A guest switches to another thread; `chance` says whether that is one of a user. */
  switchedThread(at: Pcpu, chance: number): number {
    if (isHvm(at.current)) return this.#records.hvm.switched(at, Math.floor(chance * THREADS))
    if (chance < 0.3) this.#say(HYPERCALL, at, SET_SEGMENT_BASE)
    this.#say(HYPERCALL, at, STACK_SWITCH)
    return 0
  }

  /** A program of the guest entered its kernel: for a fault, a page table, another thread. */
  entered(at: Pcpu): number {
    const chance = this.#random.uniform()
    if (isHvm(at.current)) return this.#left(at, chance)
    if (chance < 0.45) this.returned(at)
    else if (chance < 0.65) this.#fault(at)
    else if (chance < 0.85) this.#say(HYPERCALL, at, MMU_UPDATE, 1)
    else if (chance < 0.9) this.#say(HYPERCALL, at, UPDATE_VA_MAPPING)
    else this.switchedThread(at, this.#random.uniform())
    return 0
  }

  /** A guest on virtual hardware: a page that its own tables lack, or only their shadows; another
   *  address space. */
  #left(at: Pcpu, chance: number): number {
    if (chance >= 0.8) return this.switchedThread(at, this.#random.uniform())
    const code = FAULTS[this.#random.below(FAULTS.length)] ?? 4
    const page = this.#random.below(USER_PAGES) * 0x1000
    return this.#records.hvm.fault(at, { code, page, isOwn: chance < 0.3 })
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
