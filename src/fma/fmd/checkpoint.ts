// Checkpoint: the state of a fault manager as a file that is written anew, whole or not at all.
//
//   xpv fmd checkpoint 1 CRC32\n  state as one line (data-text.ts)\n
//
// Holds: reading gives the state that was written, or nothing when the file was not written whole
// or is garbled: then the logs alone have to do (recover.ts). Whoever writes it writes another file
// and renames it. Where in the logs it belongs is in the state: `inputs` and `logged` are the
// numbers of their last records, and how long the files were may be said too, so that a reader need
// not begin at their start.
import { crc32 } from './crc32.js'
import { parseData, printData } from './data-text.js'
import type { LogName } from './input.js'
import type { FmdState } from './state.js'

/** A state, and how long the logs were when it was written. */
export type Checkpoint = FmdState & { readonly places?: LogPlaces }

/** Where in its logs a checkpoint belongs. */
export interface LogPlaces {
  /** Of each log, up to the end of its last record. */
  readonly bytes: Readonly<Record<LogName, number>>
  /** Ereports of telemetry among all that had been logged. */
  readonly ereports: number
}

const NAME = 'xpv fmd checkpoint 1 '

/** The bytes of a checkpoint. */
export function encodeCheckpoint(state: Checkpoint): Uint8Array {
  const bytes = new TextEncoder().encode(`${printData(state)}\n`)
  const header = new TextEncoder().encode(`${NAME}${sumText(bytes)}\n`)
  const whole = new Uint8Array(header.length + bytes.length)
  whole.set(header)
  whole.set(bytes, header.length)
  return whole
}

const sumText = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0')

/** What a checkpoint says; undefined when it is not whole. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | undefined {
  const length = NAME.length + 9
  const header = new TextDecoder().decode(bytes.subarray(0, length))
  const body = bytes.subarray(length)
  if (header !== `${NAME}${sumText(body)}\n`) return undefined
  return parseData(new TextDecoder().decode(body)) as Checkpoint
}
