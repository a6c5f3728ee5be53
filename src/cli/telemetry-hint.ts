// TelemetryHint: what to do with a file that is no trace and no recording, but tells of errors of
// hardware: `xpv fmd` reads it.
//
//   mcelog.bin  ->  xpv fmd mcelog.bin        a folder of such files  ->  xpv fmd FOLDER/mcelog.bin
//
// Holds: it looks at the first bytes alone, and only says what may be.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { XpvError } from '../base/error.js'

const HEAD_BYTES = 65_536

/** The same error; where the file it is about looks like telemetry, with a hint at `xpv fmd`. */
export function hintedAt(path: string, error: unknown): unknown {
  if (!(error instanceof XpvError) || !ASKED.includes(error.code)) return error
  const found = telemetryAt(path)
  if (found === undefined) return error
  const message = `${error.message}; it looks like telemetry of errors`
  return new XpvError(error.code, message, `xpv fmd ${found}`)
}

const ASKED = ['trace.unknown', 'recording.no-metadata']

/** A file that looks like it: this one, or the first of a folder. */
function telemetryAt(path: string): string | undefined {
  if (!statSync(path).isDirectory()) return looksLikeTelemetry(path) ? path : undefined
  const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())
  const names = files.map(({ name }) => join(path, name)).sort()
  return names.find(looksLikeTelemetry)
}

/** A record of /dev/mcelog has its size in itself, or is 88 bytes; the others say who they are. */
function looksLikeTelemetry(path: string): boolean {
  const head = headOf(path)
  if (head.includes('SQLite format 3')) return true
  if (head.includes('\0')) return /mce/i.test(path) && sizeOf(path) % 8 === 0
  return TEXTS.some((text) => text.test(head))
}

const TEXTS = [
  /\bAER: |\[Hardware Error\]|\bmce: \[|\bEDAC\b/,
  /^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] [^\n]+: /,
  /\b(?:mce_record|mc_event|aer_event): /,
  /^class = ereport\.|"class": ?"ereport\.|\bereport\.(?:cpu|io)\./m,
  /^Hardware event\. This is not a software error/m,
]

const sizeOf = (path: string): number => statSync(path).size

function headOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(HEAD_BYTES)
    return new TextDecoder('latin1').decode(bytes.subarray(0, readSync(file, bytes)))
  } finally {
    closeSync(file)
  }
}
