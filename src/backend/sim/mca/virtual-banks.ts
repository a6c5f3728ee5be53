// VirtualBanks: the machine-check registers that a hypervisor of today gives a guest: two banks,
// whose controls are all ones and whose status is 0, whatever the hardware's banks hold.
//
//   dom0 reads IA32_MCG_CAP     ->  0x1000c02: two banks, on a processor with ten
//   dom0 reads IA32_MC6_STATUS  ->  0, while bank 6 holds an error
//
// Holds: nothing here is the hardware's. Registers of a third bank and further ones are 0, not a
// fault.
// Source: xen/arch/x86/cpu/mcheck/vmce.c; what it prints, with mce_verbosity=verbose as on the
// recorded host.
import { MAX_BANKS, MC0_CTL, MC0_CTL2 } from '../../../machine/msr/machine-check-registers.js'
import type { GuestVcpu } from '../msr/guest-policy.js'
import type { Processor } from '../processor.js'

const MCG_CAP = 0x179
const MCG_STATUS = 0x17a
const MCG_CTL = 0x17b
const MCG_EXT_CTL = 0x4d0
const BANKS = 2
const ALL_ONES = 2n ** 64n - 1n
/** CMCI, TES, SER and two banks; AMD's have the banks alone. */
const CAP = { intel: 0x100_0c02n, amd: 0x2n } as const
/** CTL2: the threshold, and that it interrupts. */
const CTL2_BITS = 0x4000_7fffn

/** What was written, as rows of [whose and which, value]. */
export type VirtualBanksState = readonly (readonly [key: string, value: bigint])[]

/** The virtual banks of all vcpus of a host. */
export class VirtualBanks {
  readonly #vendor: Processor['vendor']
  readonly #print: (line: string) => void
  #written = new Map<string, bigint>()

  constructor(processor: Processor, print: (line: string) => void) {
    this.#vendor = processor.vendor
    this.#print = print
  }

  /** Whether a register is one of these. */
  has(msr: number): boolean {
    if ((msr >= MCG_CAP && msr <= MCG_CTL) || msr === MCG_EXT_CTL) return true
    if (msr >= MC0_CTL2 && msr < MC0_CTL2 + MAX_BANKS) return this.#vendor === 'intel'
    return msr >= MC0_CTL && msr < MC0_CTL + 4 * MAX_BANKS
  }

  /** Undefined for a fault. */
  read(by: GuestVcpu, msr: number): bigint | undefined {
    if (msr === MCG_EXT_CTL) return undefined
    if (msr === MCG_CAP) return this.#said(by, 'rd MCG_CAP', CAP[this.#vendor])
    if (msr === MCG_STATUS) return this.#kept(by, msr)
    if (msr === MCG_CTL) return this.#said(by, 'rd MCG_CTL', 0n)
    if (msr < MC0_CTL) return this.#kept(by, msr)
    const bank = (msr - MC0_CTL) >> 2
    if ((msr & 3) !== 0 || bank >= BANKS) return 0n
    return this.#said(by, `rd MC${bank}_CTL`, ALL_ONES)
  }

  /** False for a fault. */
  write(by: GuestVcpu, msr: number, value: bigint): boolean {
    if (msr === MCG_EXT_CTL || msr === MCG_CAP) return false
    if (msr === MCG_STATUS) return this.#keep(by, msr, value)
    if (msr === MCG_CTL) return true
    if (msr < MC0_CTL) return this.#writeControl2(by, msr, value)
    const bank = (msr - MC0_CTL) >> 2
    if (bank >= BANKS || (msr & 3) === 0) return true
    this.#said(by, `wr MC${bank}_${['CTL', 'STATUS', 'ADDR', 'MISC'][msr & 3]}`, value)
    return value === 0n
  }

  /** A domain is gone. */
  forget(domid: number): void {
    for (const key of this.#written.keys()) {
      if (key.startsWith(`${domid} `)) this.#written.delete(key)
    }
  }

  save(): VirtualBanksState {
    return [...this.#written]
  }

  restore(state: VirtualBanksState): void {
    this.#written = new Map(state)
  }

  #writeControl2(by: GuestVcpu, msr: number, value: bigint): boolean {
    return msr - MC0_CTL2 >= BANKS || this.#keep(by, msr, value & CTL2_BITS)
  }

  #kept({ domid, vcpu }: GuestVcpu, msr: number): bigint {
    return this.#written.get(`${domid} ${vcpu} ${msr}`) ?? 0n
  }

  #keep({ domid, vcpu }: GuestVcpu, msr: number, value: bigint): true {
    this.#written.set(`${domid} ${vcpu} ${msr}`, value)
    return true
  }

  /** Xen prints 0 without the 0x that other numbers have. */
  #said({ domid, vcpu }: GuestVcpu, what: string, value: bigint): bigint {
    this.#print(`MCE: d${domid}v${vcpu}: ${what} ${value === 0n ? '0' : `0x${value.toString(16)}`}`)
    return value
  }
}
