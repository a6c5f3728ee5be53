// Banks: every machine-check bank of a host, as its pcpus see them; and the registers about all of
// a pcpu's.
//
//   bank 8 of pcpu 0 and bank 8 of pcpu 1, one socket  ->  the same registers
//
// Holds: a bank belongs to a thread, a core or a package, as the processor has it; what is saved is
// plain data. Reads and writes are those of the hardware: undefined and false are its fault.

import { type McgCapability, mcgCapability } from '../../../machine/mci-status.js'
import { MAX_BANKS, MC0_CTL, MC0_CTL2 } from '../../../machine/msr/machine-check-registers.js'
import { type PcpuShape, pcpuPlace } from '../../../machine/pcpu-place.js'
import { pcpuCount } from '../host-config.js'
import type { BankModel, Processor } from '../processor.js'
import { type BankState, CMCI_EN, CMCI_THRESHOLD, clearBank, newBank } from './bank.js'

/** Numbers of the registers about all banks of a pcpu. */
export const MCG_CAP = 0x179
const MCG_STATUS = 0x17a
const MCG_CTL = 0x17b
const MCG_EXT_CTL = 0x4d0
const CTL_P = 1n << 8n
const LMCE_P = 1n << 27n

/** All banks, as plain data: `banks[b][n]` is the nth of the banks b. */
export interface BanksState {
  readonly banks: readonly (readonly BankState[])[]
  readonly mcgStatus: readonly bigint[]
  readonly mcgCtl: readonly bigint[]
  readonly mcgExtCtl: readonly bigint[]
}

/** The banks of one host. */
export class Banks {
  readonly processor: Processor
  readonly cap: McgCapability
  readonly #shape: PcpuShape
  readonly #pcpus: number
  #banks: BankState[][]
  #mcgStatus: bigint[]
  #mcgCtl: bigint[]
  #mcgExtCtl: bigint[]

  constructor(processor: Processor, shape: PcpuShape) {
    this.processor = processor
    this.cap = mcgCapability(processor.mcgCap)
    this.#shape = shape
    this.#pcpus = pcpuCount(shape)
    this.#banks = processor.banks.map((model) =>
      Array.from({ length: this.#instance(model, this.#pcpus - 1) + 1 }, newBank),
    )
    this.#mcgStatus = new Array(this.#pcpus).fill(0n)
    this.#mcgCtl = new Array(this.#pcpus).fill(2n ** 64n - 1n)
    this.#mcgExtCtl = new Array(this.#pcpus).fill(0n)
  }

  /** How many banks a pcpu has. */
  get count(): number {
    return this.processor.banks.length
  }

  /** The registers of a bank, as a pcpu sees them; undefined where it has no such bank. */
  at(pcpu: number, bank: number): BankState | undefined {
    const model = this.processor.banks[bank]
    return model && this.#banks[bank]?.[this.#instance(model, pcpu)]
  }

  /** Whether two pcpus see the same bank. */
  isShared(bank: number, pcpu: number, other: number): boolean {
    return this.at(pcpu, bank) === this.at(other, bank)
  }

  /** The first of these pcpus that sees a bank as `pcpu` does. */
  owner(bank: number, pcpu: number, among: readonly number[]): number | undefined {
    return among.find((other) => this.isShared(bank, pcpu, other))
  }

  mcgStatus(pcpu: number): bigint {
    return this.#mcgStatus[pcpu] ?? 0n
  }

  setMcgStatus(pcpu: number, value: bigint): void {
    this.#mcgStatus[pcpu] = value
  }

  /** Whether this is one of the registers kept here. */
  has(msr: number): boolean {
    if (msr >= MCG_CAP && msr <= MCG_CTL) return true
    if (msr >= MC0_CTL2 && msr < MC0_CTL2 + MAX_BANKS) return true
    return msr === MCG_EXT_CTL || (msr >= MC0_CTL && msr < MC0_CTL + 4 * MAX_BANKS)
  }

  /** Reads a register; undefined where the hardware faults. */
  read(pcpu: number, msr: number): bigint | undefined {
    const { mcgCap } = this.processor
    if (msr === MCG_CAP) return mcgCap
    if (msr === MCG_STATUS) return this.mcgStatus(pcpu)
    if (msr === MCG_CTL) return (mcgCap & CTL_P) === 0n ? undefined : this.#mcgCtl[pcpu]
    if (msr === MCG_EXT_CTL) return (mcgCap & LMCE_P) === 0n ? undefined : this.#mcgExtCtl[pcpu]
    if (msr < MC0_CTL) return this.cap.cmci ? this.at(pcpu, msr - MC0_CTL2)?.ctl2 : undefined
    const bank = this.at(pcpu, (msr - MC0_CTL) >> 2)
    return bank?.[REGISTERS[(msr - MC0_CTL) & 3] as keyof BankState]
  }

  /** Writes a register; false where the hardware faults: what holds an error takes only 0. */
  write(pcpu: number, msr: number, value: bigint): boolean {
    if (this.read(pcpu, msr) === undefined || msr === MCG_CAP) return false
    if (msr === MCG_STATUS) this.#mcgStatus[pcpu] = value & 0xfn
    else if (msr === MCG_CTL) this.#mcgCtl[pcpu] = value
    else if (msr === MCG_EXT_CTL) this.#mcgExtCtl[pcpu] = value & 1n
    else return this.#writeBank(pcpu, msr, value)
    return true
  }

  /** Puts a value into a register of these, whatever it holds. */
  force(pcpu: number, msr: number, value: bigint): void {
    const bank = this.at(pcpu, (msr - MC0_CTL) >> 2)
    const register = REGISTERS[(msr - MC0_CTL) & 3]
    if (msr === MCG_STATUS) this.setMcgStatus(pcpu, value)
    else if (msr >= MC0_CTL && bank !== undefined && register !== undefined) bank[register] = value
  }

  /** Empties a bank as software does. */
  clear(pcpu: number, bank: number): void {
    const state = this.at(pcpu, bank)
    if (state !== undefined) clearBank(state)
  }

  save(): BanksState {
    return structuredClone({
      banks: this.#banks,
      mcgStatus: this.#mcgStatus,
      mcgCtl: this.#mcgCtl,
      mcgExtCtl: this.#mcgExtCtl,
    })
  }

  restore(saved: BanksState): void {
    const state = structuredClone(saved)
    this.#banks = state.banks.map((of) => [...of])
    this.#mcgStatus = [...state.mcgStatus]
    this.#mcgCtl = [...state.mcgCtl]
    this.#mcgExtCtl = [...state.mcgExtCtl]
  }

  #writeBank(pcpu: number, msr: number, value: bigint): boolean {
    if (msr < MC0_CTL) {
      const bank = this.at(pcpu, msr - MC0_CTL2)
      if (bank === undefined || (value & ~(CMCI_EN | CMCI_THRESHOLD)) !== 0n) return false
      bank.ctl2 = value
      return true
    }
    const bank = this.at(pcpu, (msr - MC0_CTL) >> 2)
    const register = REGISTERS[(msr - MC0_CTL) & 3]
    if (bank === undefined || register === undefined) return false
    if (register !== 'ctl' && value !== 0n) return false
    bank[register] = value
    return true
  }

  #instance(model: BankModel, pcpu: number): number {
    if (model.scope === 'thread') return pcpu
    const { socket, core } = pcpuPlace(this.#shape, pcpu)
    return model.scope === 'package' ? socket : socket * this.#shape.coresPerSocket + core
  }
}

const REGISTERS = ['ctl', 'status', 'addr', 'misc'] as const satisfies readonly (keyof BankState)[]
