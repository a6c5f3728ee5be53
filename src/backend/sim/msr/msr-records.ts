// MsrRecords: says on the bus what became of reads and writes of registers.
//
//   MsrRead gp-fault on pcpu 3, by a vcpu  ->  HW_MSR: what, msr, value, way, pcpu asked for, 0
import type { MsrRead, MsrWrite } from '../../../machine/msr/msr-access.js'
import {
  HW_MSR,
  MSR_DENIED,
  MSR_GP_FAULT,
  MSR_READ,
  MSR_VIRTUALISED,
  MSR_WRITE_DROPPED,
  MSR_WRITTEN,
} from '../../../machine/observation.js'
import type { Bus, SeenAt } from '../bus.js'

/** Which way it came (MSR_BY_*), and the pcpu that was asked for. */
export type MsrWay = readonly [by: number, asked: number]

const READ_CODES: Readonly<Record<MsrRead['kind'], number>> = {
  read: MSR_READ,
  virtualised: MSR_VIRTUALISED,
  'gp-fault': MSR_GP_FAULT,
  denied: MSR_DENIED,
}
const WRITE_CODES: Readonly<Record<MsrWrite['kind'], number>> = {
  written: MSR_WRITTEN,
  virtualised: MSR_VIRTUALISED,
  'write-dropped': MSR_WRITE_DROPPED,
  'gp-fault': MSR_GP_FAULT,
  denied: MSR_DENIED,
}

/** Who tells of registers. */
export class MsrRecords {
  readonly #bus: Bus

  constructor(bus: Bus) {
    this.#bus = bus
  }

  read(read: MsrRead, at: SeenAt, way: MsrWay): void {
    const value = 'value' in read ? read.value : 0n
    this.#say(READ_CODES[read.kind], { msr: read.msr, value }, at, [...way, 0])
  }

  write(write: MsrWrite, value: bigint, at: SeenAt, way: MsrWay): void {
    this.#say(WRITE_CODES[write.kind], { msr: write.msr, value }, at, [...way, 1])
  }

  #say(
    code: number,
    of: { readonly msr: number; readonly value: bigint },
    at: SeenAt,
    rest: readonly number[],
  ): void {
    if (!this.#bus.wants(HW_MSR)) return
    const { msr, value } = of
    const words = [code, msr, Number(value & 0xffff_ffffn), Number(value >> 32n), ...rest]
    this.#bus.say(HW_MSR, at, words)
  }
}
