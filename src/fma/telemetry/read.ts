// readTelemetry: the ereports of files of one host, whatever they are.
//
//   /dev/mcelog, rasdaemon's database, trace events, kernel logs, lspci, fmdump -eV or -eVj,
//   an error log of fmd
//     ->  ereports, an account of what could not be known, the parts that are spoken of
//   xl info -n, xenpm get-cpu-topology, /proc/cpuinfo, fmtopo -V, lspci
//     ->  the parts of the same host
//
// Holds: the format is found by looking, never by the name of the file. What is none of these is
// refused: `fma.telemetry`; what is cut is read as far as it goes, and its account says so. Files
// are read in the order of their errors: those with dates first, those without after them.
import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import { capturedKind } from '../topo/captured-topology.js'
import { edacSource } from './edac-lines.js'
import { type FileReading, inOrder, type TelemetryFile } from './file-order.js'
import { fmdLogSource } from './fmd-log.js'
import { fmdumpSource } from './fmdump.js'
import { kernelLogSource } from './kernel-log.js'
import { mcelogSource } from './mcelog.js'
import { mcelogTextSource } from './mcelog-text.js'
import { aerLogSource, lspciSource } from './pci-source.js'
import { isDatabase, rasdaemonSource } from './rasdaemon.js'
import { hostOf, type ReadingOptions, readingOf, type TelemetryReading } from './reading.js'
import type { TelemetrySource } from './source.js'
import type { HostTexts } from './telemetry-host.js'
import { traceSource } from './trace-text.js'
import { silentConsole } from './xen-console.js'

/** Reads a file of telemetry; `name` is for messages. Throws XpvError `fma.telemetry`,
 *  `fma.rasdaemon`, `fma.no-registers`, `fma.no-time`. */
export async function readTelemetry(
  name: string,
  bytes: Uint8Array,
  options: ReadingOptions = {},
): Promise<TelemetryReading> {
  const [first] = await readTelemetryFiles([{ name, bytes }], options)
  assert(first !== undefined, 'a file of telemetry has a reading')
  return first.reading
}

/** Reads files of one host: all have one topology. Those that tell of parts alone have no reading.
 *  Throws what `readTelemetry` throws. */
export async function readTelemetryFiles(
  files: readonly TelemetryFile[],
  options: ReadingOptions = {},
): Promise<readonly FileReading[]> {
  const told = await Promise.all(files.map(toldBy))
  const host = hostOf(
    told.flatMap(({ source }) => source ?? []),
    Object.assign({}, ...told.map(({ text }) => text)),
    options,
  )
  const found = told.flatMap(({ name, bytes, source }) => {
    if (source === undefined) return []
    const read = (startNs: bigint | undefined): TelemetryReading =>
      readingOf(name, source, { ...options, startNs, host })
    return [{ name, bytes, isRewritten: source.isRewritten === true, read }]
  })
  const [first] = files
  if (found.length > 0 || first === undefined) return inOrder(found, options.startNs)
  const message = `${first.name} tells of the parts of a host, and of no error`
  throw new XpvError('fma.telemetry', message, `xpv fmd mcelog.bin ${first.name}`)
}

/** What a file tells of: errors, parts of its host, or both. */
interface Told extends TelemetryFile {
  readonly source: TelemetrySource | undefined
  readonly text: HostTexts
}

async function toldBy({ name, bytes }: TelemetryFile): Promise<Told> {
  if (bytes.length === 0) throw refusal(`${name} is empty`)
  if (isDatabase(bytes)) return { name, bytes, source: await rasdaemonSource(bytes), text: {} }
  const binary = fmdLogSource(bytes) ?? mcelogSource(bytes)
  if (binary !== undefined) return { name, bytes, source: binary, text: {} }
  const text = textOf(bytes)
  if (text.includes('\0')) throw refusal(`${name} is no telemetry of a known format`)
  const kind = capturedKind(text)
  const told = kind === undefined || kind === 'lspci' ? {} : { [kind]: text }
  const source = textSource(text)
  if (source !== undefined || Object.keys(told).length > 0)
    return { name, bytes, source, text: told }
  throw refusal(`${name} tells of no hardware error that can be read`, hintFor(text))
}

function textSource(text: string): TelemetrySource | undefined {
  const logged = fmdumpSource(text)
  if (logged !== undefined) return logged
  const readers = [
    traceSource,
    mcelogTextSource,
    kernelLogSource,
    edacSource,
    aerLogSource,
    lspciSource,
  ]
  const sources = readers.map((read) => read(text)).filter((found) => found !== undefined)
  return sources.length === 0 ? silentConsole(text) : together(sources)
}

const FORMATS =
  '/dev/mcelog, a database of rasdaemon, a trace, dmesg, lspci -xxxx, fmdump -eV, errlog'

const refusal = (message: string, hint = FORMATS): XpvError =>
  new XpvError('fma.telemetry', message, hint)

/** Texts that look as if they told of errors, and where these are to be found instead. */
const ELSEWHERE: readonly (readonly [looksLike: RegExp, hint: string])[] = [
  [
    /\b(?:rdmsr|msr 0x(?:179|17a|4[0-9a-f]{2}))\b/i,
    'what a dom0 reads there is made up: /dev/mcelog',
  ],
  [
    /\bAPEI\b|\bGHES\b|section_type:/,
    'what the firmware tells of (APEI) is not read: lspci -vvv -xxxx',
  ],
  [/\|\s*(?:Memory|Processor|Critical Interrupt)\b.*\|/, 'the event log of IPMI is not read'],
]

const hintFor = (text: string): string | undefined =>
  ELSEWHERE.find(([looksLike]) => looksLike.test(text))?.[1]

/** The text of bytes; some tools of Windows write two bytes a character. */
function textOf(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes).replaceAll('\r\n', '\n')
}

/** All that several readers find in one text. */
function together(sources: readonly TelemetrySource[]): TelemetrySource {
  return {
    format: sources.map(({ format }) => format).join(', '),
    functions: () => sources.flatMap((source) => source.functions?.() ?? []),
    *records(unknowns) {
      for (const source of sources) yield* source.records(unknowns)
    },
  }
}
