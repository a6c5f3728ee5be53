// readTelemetry: the ereports of a file, whatever it is.
//
//   /dev/mcelog, rasdaemon's database, trace events, kernel logs, lspci, fmdump -eV or -eVj
//     ->  ereports, an account of what could not be known, the parts that are spoken of
//
// Holds: the format is found by looking, never by the name of the file. What is none of these is
// refused: `fma.telemetry`; what is cut is read as far as it goes, and its account says so.
import { XpvError } from '../../base/error.js'
import { fmdumpSource } from './fmdump.js'
import { kernelLogSource } from './kernel-log.js'
import { mcelogSource } from './mcelog.js'
import { aerLogSource, lspciSource } from './pci-source.js'
import { isDatabase, rasdaemonSource } from './rasdaemon.js'
import { type ReadingOptions, readingOf, type TelemetryReading } from './reading.js'
import type { TelemetrySource } from './source.js'
import { traceSource } from './trace-text.js'

/** Reads a file of telemetry; `name` is for messages. Throws XpvError `fma.telemetry`,
 *  `fma.rasdaemon`, `fma.no-registers`, `fma.no-time`. */
export async function readTelemetry(
  name: string,
  bytes: Uint8Array,
  options: ReadingOptions = {},
): Promise<TelemetryReading> {
  return readingOf(name, await sourceOf(name, bytes), options)
}

async function sourceOf(name: string, bytes: Uint8Array): Promise<TelemetrySource> {
  if (bytes.length === 0) throw refusal(`${name} is empty`)
  if (isDatabase(bytes)) return await rasdaemonSource(bytes)
  const binary = mcelogSource(bytes)
  if (binary !== undefined) return binary
  if (bytes.includes(0)) throw refusal(`${name} is no telemetry of a known format`)
  const text = new TextDecoder().decode(bytes)
  const logged = fmdumpSource(text)
  if (logged !== undefined) return logged
  const shown = lspciSource(text)
  if (shown !== undefined) return shown
  const readers = [traceSource, kernelLogSource, aerLogSource]
  const sources = readers.map((read) => read(text)).filter((found) => found !== undefined)
  if (sources.length === 0) throw refusal(`${name} tells of no hardware error that can be read`)
  return together(sources)
}

const refusal = (message: string): XpvError =>
  new XpvError(
    'fma.telemetry',
    message,
    'what /dev/mcelog yields, rasdaemon’s database, a trace, dmesg, lspci -xxxx, fmdump -eV',
  )

/** All that several readers find in one text. */
function together(sources: readonly TelemetrySource[]): TelemetrySource {
  return {
    format: sources.map(({ format }) => format).join(', '),
    topology: () => sources.map((source) => source.topology?.()).find((t) => t !== undefined),
    *records(unknowns) {
      for (const source of sources) yield* source.records(unknowns)
    },
  }
}
