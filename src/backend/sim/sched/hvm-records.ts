// HvmRecords: the hypervisor's trace of guests on virtual hardware: where a vcpu leaves its guest,
// why, and where it goes on.
//
//   guest  --vmexit, what was handled-->  handler  --[virq-inject] vmentry-->  guest
//   guest  --vmexit, intr-->  (another vcpu runs)  --vmentry-->  guest
//
// Holds: a vcpu enters after each exit; between them it is in the hypervisor, or does not run. Why
// is told in the numbers of the processor's maker. A guest has 32 bits and page tables of two
// levels, which are shadowed: its faults and its CR3 are the hypervisor's. Left out: interrupts of
// the host that change nothing for the vcpu. Codes and words as trace-event-table.ts has them;
// where all is traced, Xen tells a fault by its shadow alone. Exit codes: AMD64 manual volume 2,
// appendix C; Intel SDM volume 3, appendix C.
import { DOMID_IDLE } from '../../../machine/ids.js'
import type { Pcpu } from './pcpu.js'
import type { Vcpu } from './vcpu.js'

const VMENTRY = 0x81001
const VMEXIT = 0x81002
const NOT_SHADOW = 0x40f001
const FIXUP = 0x40f006
const PF_INJECT = 0x82002
const INJ_VIRQ = 0x82004
const CR_WRITE = 0x82009
const INTR = 0x8200f
const VMMCALL = 0x82012
const HLT = 0x82013
const PORT_WRITE = 0x82216

/** Why a guest stops, as each maker numbers it. */
const REASONS = {
  amd: { fault: 0x4e, cr3: 0x13, interrupt: 0x60, halt: 0x78, port: 0x7b, call: 0x81 },
  intel: { fault: 0, cr3: 28, interrupt: 1, halt: 12, port: 30, call: 18 },
} as const
type Reason = keyof (typeof REASONS)['amd']

/** Where a vcpu on virtual hardware is. */
const OUTSIDE = 0
const INSIDE = 1
const HANDLED = 2

/** Nanoseconds of the hypervisor's work until the guest goes on. */
const FAULT_NS = 2_100
const CR3_NS = 1_400
const PORT_NS = 2_600
const INTERRUPT_NS = 1_100
const REENTER_NS = 900
/** Interrupt vectors: of the host's timer, of the guest's clock. */
const HOST_TIMER = 0xf0
const GUEST_CLOCK = 0xd1
/** The port by which a guest ends an interrupt, and what it writes; that of a disk's commands. */
const PIC = 0x20
const DISK = 0x1f7
const WRITE_DMA = 0xca
/** Where the kernel and the page tables of a 32-bit guest of that time are. */
const KERNEL = 0x8080_0000
const KERNEL_BYTES = 0x40_0000
const CR3 = 0x0018_7000
/** Of a page table's entry: present, written, used; of a shadow: one more refers to the page. */
const PRESENT = 0x67
const REFERENCED = 4

/** Says one record. */
type Say = (code: number, at: Pcpu, ...words: readonly number[]) => void

/** Writes what guests on virtual hardware do. Where nothing but time passes until the guest goes
 *  on, methods yield how much: `entered` is to be called then. */
export class HvmRecords {
  readonly #say: Say
  readonly #reasons: (typeof REASONS)[keyof typeof REASONS]

  constructor(say: Say, maker: keyof typeof REASONS) {
    this.#say = say
    this.#reasons = REASONS[maker]
  }

  /** What runs is about to be switched out. */
  leaves(at: Pcpu): void {
    const { current } = at
    if (!isHvm(current) || current.guest.place !== INSIDE) return
    this.#exit(at, 'interrupt', INTR, ...this.#vectorOf(HOST_TIMER))
    current.guest.place = OUTSIDE
  }

  /** Who was switched in goes on where it was. */
  comes(at: Pcpu): void {
    const { current } = at
    if (isHvm(current) && current.guest.place === OUTSIDE) this.entered(at)
  }

  /** The guest goes on, first with an interrupt that waits for it. */
  entered(at: Pcpu): void {
    const { guest } = at.current
    if (guest.vector !== 0) this.#say(INJ_VIRQ, at, guest.vector, 0)
    guest.vector = 0
    this.#say(VMENTRY, at)
    guest.place = INSIDE
  }

  /** The clock of a vcpu is due: where it runs, it stops for it. */
  clock(vcpu: Vcpu, at: Pcpu): number {
    vcpu.guest.vector = GUEST_CLOCK
    if (at.current !== vcpu || vcpu.guest.place !== INSIDE) return 0
    this.#exit(at, 'interrupt', INTR, ...this.#vectorOf(HOST_TIMER))
    return INTERRUPT_NS
  }

  /** The guest ends the interrupt of its clock. */
  ended(at: Pcpu): number {
    this.#exit(at, 'port', PORT_WRITE, PIC, PIC)
    return PORT_NS
  }

  /** The guest asks its disk. */
  asked(at: Pcpu): number {
    this.#exit(at, 'port', PORT_WRITE, DISK, WRITE_DMA)
    return PORT_NS
  }

  /** The guest switches to another address space. */
  switched(at: Pcpu, thread: number): number {
    this.#exit(at, 'cr3', CR_WRITE, 3, CR3 + 0x1000 * thread)
    return CR3_NS
  }

  /** The guest touched a page: its own tables had it, or its kernel must see to it. */
  fault(
    at: Pcpu,
    of: { readonly code: number; readonly page: number; readonly isOwn: boolean },
  ): number {
    const { code, page, isOwn } = of
    if (isOwn) {
      this.#exit(at, 'fault', NOT_SHADOW, 0, page, 0)
      this.#say(PF_INJECT, at, code, page)
    } else this.#exit(at, 'fault', FIXUP, page + PRESENT, page, REFERENCED)
    return FAULT_NS
  }

  /** The guest halts; how soon it goes on if it does not rest. */
  halted(at: Pcpu, rests: boolean): number {
    this.#exit(at, 'halt', HLT, rests ? 0 : 1)
    if (rests) at.current.guest.place = OUTSIDE
    return rests ? 0 : REENTER_NS
  }

  /** The guest, if that is what runs, calls the hypervisor and goes on. */
  called(at: Pcpu, hypercall: number): void {
    const { current } = at
    if (!isHvm(current) || current.guest.place !== INSIDE) return
    this.#exit(at, 'call', VMMCALL, hypercall)
    this.entered(at)
  }

  #exit(at: Pcpu, why: Reason, code: number, ...words: readonly number[]): void {
    const { guest, usedNs } = at.current
    const eip = KERNEL + ((usedNs * 8) % KERNEL_BYTES)
    this.#say(VMEXIT, at, this.#reasons[why], eip)
    this.#say(code, at, ...words)
    guest.place = HANDLED
  }

  /** Intel's processors say which interrupt it was. */
  #vectorOf(vector: number): readonly number[] {
    return this.#reasons === REASONS.intel ? [vector] : []
  }
}

/** Whether a vcpu is of a guest on virtual hardware. */
export function isHvm({ domain }: Vcpu): boolean {
  return !domain.isPv && domain.domid !== DOMID_IDLE
}
