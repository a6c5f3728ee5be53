// Telemetry: what whoever diagnoses a host gets to see of hardware that failed, and what keeps the
// rest from it.
//
//   a bank was read, a root port interrupted  ->  records, oldest first  ->  ereports
//
// Holds: records are raw: registers as they were read, before they were cleared. A feed only grows;
// reading it changes nothing.
import type { PcpuId } from './ids.js'
import type { RequesterId } from './pci/requester-id.js'

/** One machine-check bank as it was read. */
export interface MachineCheckBank {
  readonly bank: number
  readonly status: bigint
  /** 0 where the status does not say that it is valid. */
  readonly addr: bigint
  readonly misc: bigint
  /** Which unit the bank is of, where the processor says (MCA_IPID of AMD's since family 17h). */
  readonly ipid?: bigint | undefined
}

/** What made somebody look at banks. */
export type MachineCheckCause = 'poll' | 'cmci' | 'exception'

/** What one look at one pcpu's banks found. */
export interface MachineCheckRecord {
  /** Nanoseconds since the host booted. */
  readonly atNs: number
  /** Undefined where the record does not say whose banks they are. */
  readonly pcpu: PcpuId | undefined
  readonly cause: MachineCheckCause | undefined
  readonly mcgStatus: bigint
  readonly mcgCap: bigint | undefined
  /** The instruction that was interrupted, where its source keeps it. */
  readonly ip?: bigint | undefined
  readonly banks: readonly MachineCheckBank[]
}

/** One PCI function as it was when its errors were read. */
export interface PciErrorFunction {
  readonly id: RequesterId
  /** Its configuration space, 4096 bytes where it is PCI Express, before anything was cleared. */
  readonly bytes: Uint8Array
  /** The same as who read it the last time left it: an error that is in both is not new. Absent
   *  the first time. */
  readonly left?: Uint8Array
}

/** What one look at the functions below a root port, or at all, found. */
export interface PciErrorRecord {
  /** Nanoseconds since the host booted. */
  readonly atNs: number
  /** A root port interrupted, or somebody looked without being asked. */
  readonly cause: 'interrupt' | 'poll'
  /** The port that interrupted. */
  readonly root?: RequesterId
  /** Those with errors, and all bridges on the way to them. */
  readonly functions: readonly PciErrorFunction[]
}

/** Why errors of a kind are not seen, or not all, or not whole. */
export interface TelemetryGap {
  readonly kind: 'machine-check' | 'pci'
  /** `all`: none is ever seen. `some`: part of them, or of what is known of each. */
  readonly extent: 'all' | 'some'
  /** One sentence without a stop: "the hypervisor of this era scans no bank". */
  readonly reason: string
}

/** What reaches whoever diagnoses a host. */
export interface TelemetryFeed {
  /** Records from the n-th on, oldest first. */
  machineChecks(from: number): readonly MachineCheckRecord[]
  pciErrors(from: number): readonly PciErrorRecord[]
  /** Interrupts (VIRQ_MCA) that told of a machine check of which there was no record. */
  readonly hollowInterrupts: number
  readonly gaps: readonly TelemetryGap[]
}
