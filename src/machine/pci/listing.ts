// PciListing: a function as `lspci` is told of it: its bytes, and what only the system around it
// knows.
import type { RequesterId } from './requester-id.js'

/** What lspci gets to see of one function. */
export interface PciListing {
  readonly id: RequesterId
  /** 64 bytes where the reader has no privilege, 256, or 4096. */
  readonly bytes: Uint8Array
  /** Sizes of regions in bytes: a base address register does not tell. */
  readonly sizes?: ReadonlyMap<number | 'rom', number>
  /** Interrupt as the system numbers it; the one in the header where absent. */
  readonly irq?: number
  readonly physicalSlot?: string
  readonly driver?: string
  readonly modules?: readonly string[]
}
