// GuestRecord: what xm save writes of a guest, and xm restore reads.
//
//   LinuxGuestRecord, then what it was configured as, then how many pages and vcpus
//
// Holds: what is read was written by these functions; anything else is no record.
import type { GuestConfig } from '../guest-config.js'

/** A guest that is not running, apart from the contents of its memory. */
export interface GuestRecord {
  readonly config: GuestConfig
  /** Pages its memory has. */
  readonly pages: number
  /** Vcpus that were online. */
  readonly vcpus: readonly number[]
  /** Roots of page tables that were pinned. */
  readonly roots: number
}

const SIGNATURE = 'LinuxGuestRecord'

/** The text of a record. */
export function printRecord(record: GuestRecord): string {
  return `${SIGNATURE}\n${JSON.stringify(record)}\n`
}

/** The record of a text; undefined where it is none. */
export function parseRecord(text: string): GuestRecord | undefined {
  const [, body] = new RegExp(`^${SIGNATURE}\n(\\{.*\\})\n$`, 's').exec(text) ?? []
  if (body === undefined) return undefined
  try {
    return JSON.parse(body) as GuestRecord
  } catch {
    return undefined
  }
}
