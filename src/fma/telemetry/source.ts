// TelemetrySource: what a reader of a file yields before it means anything: records, each with the
// time that the file gives, and a count of what the file could not say.
//
//   bytes or text  ->  source: records, read as often as asked  ->  ereports, account
//
// Holds: reading twice gives the same records; what is cut, or makes no sense, is counted as
// unknown and left out.
import type { PciListing } from '../../machine/pci/listing.js'
import type { MachineCheckRecord } from '../../machine/telemetry.js'
import type { Ereport } from '../event/ereport.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { PciLook } from './pci/pci-look.js'
import type { Unknowns } from './unknowns.js'

/** Where a record says that its pcpu is, besides its number. */
export interface RecordedPlace {
  readonly socket: number
  readonly apicId: number
}

/** A memory error as a driver of a memory controller (EDAC) tells of it. */
export interface MemoryError {
  readonly isCorrected: boolean
  /** How many of them; 1 where it was not counted. */
  readonly count: number
  /** Undefined where the driver had none. */
  readonly physaddr: bigint | undefined
  /** The number of the controller, and the layers of its topology; -1 where it has none. */
  readonly controller: number
  readonly layers: readonly number[]
  readonly syndrome: bigint
  readonly label: string
  readonly message: string
}

/** When something was, as far as its source says. */
export interface RecordedTime {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint | undefined
  /** Nanoseconds since the host booted. */
  readonly sinceBootNs?: bigint | undefined
  /** It is of the same moment as the record before it, whenever that was. */
  readonly isTogether?: boolean
}

/** A machine check, of which the time is apart. */
export interface MachineCheckSource extends RecordedTime {
  readonly kind: 'machine-check'
  readonly record: Omit<MachineCheckRecord, 'atNs'>
  readonly place: RecordedPlace | undefined
  /** Undefined where it does not say. */
  readonly vendor: ProcessorVendor | undefined
}

/** One thing that a source tells of. */
export type SourceRecord =
  | MachineCheckSource
  | (RecordedTime & { readonly kind: 'memory'; readonly error: MemoryError })
  | (RecordedTime & { readonly kind: 'pci'; readonly look: PciLook })
  | (RecordedTime & { readonly kind: 'ereport'; readonly ereport: Ereport })

/** A function of PCI Express that a file tells of. */
export interface SpokenFunction {
  readonly listing: PciListing
  /** Its registers are shown; they are put together from words about them; something else is said
   *  of it, and the listing has what must be true. */
  readonly by: 'bytes' | 'words' | 'mention'
}

/** A file of telemetry that was recognised. */
export interface TelemetrySource {
  /** Its format in words: `/dev/mcelog, 112 bytes a record`. */
  readonly format: string
  /** More errors change its bytes: a file that grew is not known by how it begins. */
  readonly isRewritten?: boolean
  /** Those of PCI Express that it tells of. */
  functions?(): readonly SpokenFunction[]
  /** `unknowns` takes what could not be known. */
  records(unknowns: Unknowns): Iterable<SourceRecord>
}
