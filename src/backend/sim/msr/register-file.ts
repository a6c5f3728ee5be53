// RegisterFile: the registers of a host's pcpus as the hardware has them, save those of its
// machine-check banks.
//
//   read(pcpu 2, 0x19c)  ->  the readout of its core; undefined where the hardware faults
//
// Holds: a register that a core, package or node has one of is the same whichever of its pcpus
// reads it. What was written is kept as plain data. Reserved bits cannot be changed.
import type { MsrDefinition } from '../../../machine/msr/msr.js'
import { msrAt } from '../../../machine/msr/msr-table.js'
import { type PcpuShape, pcpuPlace } from '../../../machine/pcpu-place.js'
import type { Processor } from '../processor.js'
import { HARDWARE_VALUES, type HardwareValue, type PcpuMoment } from './hardware-values.js'

/** What was written, as rows of [register and whose, value]; of counters, what to add. */
export type RegisterFileState = readonly (readonly [key: string, value: bigint])[]

/** The registers of one host. */
export class RegisterFile {
  readonly #processor: Processor
  readonly #shape: PcpuShape
  readonly #moment: (pcpu: number) => PcpuMoment
  #written = new Map<string, bigint>()

  /** `moment` says how a pcpu is now. */
  constructor(processor: Processor, shape: PcpuShape, moment: (pcpu: number) => PcpuMoment) {
    this.#processor = processor
    this.#shape = shape
    this.#moment = moment
  }

  /** Whether the processor has a register. */
  has(msr: number): boolean {
    return this.#find(msr) !== undefined
  }

  /** Undefined where the hardware faults. */
  read(pcpu: number, msr: number): bigint | undefined {
    const found = this.#find(msr)
    if (found === undefined || found.definition.access === 'wo') return undefined
    return this.#value(pcpu, found)
  }

  /** False where the hardware faults. */
  write(pcpu: number, msr: number, value: bigint): boolean {
    const found = this.#find(msr)
    if (found === undefined || found.definition.access === 'ro') return false
    const { definition, hardware } = found
    if (definition.access === 'rw0' && value !== 0n) return false
    const current = this.#value(pcpu, found)
    if (((value ^ current) & ~definedBits(definition)) !== 0n) return false
    const kept = hardware.counts ? value - hardware.value(this.#moment(pcpu)) : value
    this.#written.set(this.#key(pcpu, definition), kept)
    return true
  }

  save(): RegisterFileState {
    return [...this.#written]
  }

  restore(state: RegisterFileState): void {
    this.#written = new Map(state)
  }

  #find(msr: number): Found | undefined {
    const definition = msrAt(msr)
    const hardware = definition && HARDWARE_VALUES.get(definition.name)
    if (definition === undefined || hardware?.isThere(this.#processor) !== true) return undefined
    const { vendor } = definition
    return vendor === 'both' || vendor === this.#processor.vendor
      ? { definition, hardware }
      : undefined
  }

  #value(pcpu: number, { definition, hardware }: Found): bigint {
    const kept = this.#written.get(this.#key(pcpu, definition))
    if (kept !== undefined && !hardware.counts) return kept
    return BigInt.asUintN(64, hardware.value(this.#moment(pcpu)) + (kept ?? 0n))
  }

  #key(pcpu: number, { address, scope }: MsrDefinition): string {
    return `${address} ${this.#instance(pcpu, scope)}`
  }

  #instance(pcpu: number, scope: MsrDefinition['scope']): number {
    const { socket, core } = pcpuPlace(this.#shape, pcpu)
    switch (scope) {
      case 'thread':
      case 'bank':
        return pcpu
      case 'core':
        return socket * this.#shape.coresPerSocket + core
      case 'package':
      case 'node':
        return socket
    }
  }
}

/** A register that the processor has. */
interface Found {
  readonly definition: MsrDefinition
  readonly hardware: HardwareValue
}

/** Bits that some field covers. */
function definedBits({ fields }: MsrDefinition): bigint {
  return fields.reduce(
    (bits, { high, low }) => bits | (((1n << BigInt(high - low + 1)) - 1n) << BigInt(low)),
    0n,
  )
}
