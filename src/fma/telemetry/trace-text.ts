// Trace text: what Linux' tracefs, trace-cmd or perf print of the events mce:mce_record,
// ras:mc_event and ras:aer_event.
//
//   <idle>-0  [001] d.h.  123.456789: mce_record: CPU: 1, MCGc/s: c09/0, MC8: 9c00..., ...
//   ras-1234  [000] ....  124.000001: mc_event: 1 Corrected error: read on DIMM_A1 (mc:0 ...)
//
// Holds: the kernel's form of any version is read by the names in it; a line of such an event that
// cannot be read is counted, others are passed over.
// Source: Linux include/trace/events/mce.h, include/ras/ras_event.h (5.x, 6.x).
import type { PcpuId } from '../../machine/ids.js'
import type { HeaderWords } from '../../machine/pci/tlp-header.js'
import { AerEvents, aerEventFunctions } from './aer-event.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { MemoryError, SourceRecord, TelemetrySource } from './source.js'
import { textLines } from './text-lines.js'
import { toldOnce } from './told-twice.js'
import type { Unknowns } from './unknowns.js'

const EVENT =
  /(?:^|\s)(?:(\d+)\.(\d{3,9}):\s+)?(?:mce:|ras:)?(mce_record|mc_event|aer_event):\s+(.*)$/
const SECOND = 1_000_000_000n
/** X86_VENDOR_*. */
const VENDORS: Readonly<Record<string, ProcessorVendor>> = { '0': 'intel', '2': 'amd' }
/** No host has so many pcpus; no event counts so many errors. */
const MOST = 0x1_0000
const SEVERITY = 'Corrected|Fatal|Uncorrected, \\S+'
const AER = new RegExp(
  `^(\\S+) PCIe Bus Error: severity=(${SEVERITY}), (.*?)(?:, TLP Header=(.*?))?\\s*$`,
)
const MEMORY =
  /^(\d+) (Corrected|Uncorrected|Deferred|Fatal|Info) errors?:(.*) on (.*?) \(mc: ?(\d+)(.*)\)\s*$/

/** Recognises such a text; undefined when it has no such event. */
export function traceSource(text: string): TelemetrySource | undefined {
  const lines = textLines(text)
  if (!lines.some((line) => EVENT.test(line))) return undefined
  return {
    format: 'trace events of Linux',
    functions: () => aerEventFunctions(devicesOf(lines)),
    records: (unknowns) =>
      toldOnce([...records(lines, new AerEvents(unknowns), unknowns)], unknowns),
  }
}

const devicesOf = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => {
    const [, , , name, body = ''] = EVENT.exec(line) ?? []
    return name === 'aer_event' ? (AER.exec(body)?.[1] ?? []) : []
  })

function* records(
  lines: readonly string[],
  pci: AerEvents,
  unknowns: Unknowns,
): Iterable<SourceRecord> {
  for (const line of lines) {
    const [, seconds, fraction = '', name, body = ''] = EVENT.exec(line) ?? []
    if (name === undefined) continue
    const sinceBootNs = seconds === undefined ? undefined : sinceBoot(seconds, fraction)
    const record = recordOf(name, body, pci)
    if (record === undefined) unknowns.add('record', 'the line of an event is cut or garbled')
    else if (record !== 'nothing') yield { ...record, sinceBootNs }
  }
}

function recordOf(
  name: string,
  body: string,
  pci: AerEvents,
): SourceRecord | 'nothing' | undefined {
  if (name === 'mc_event') return memoryRecord(body)
  return name === 'aer_event' ? pciRecord(body, pci) : machineCheck(body)
}

function pciRecord(body: string, pci: AerEvents): SourceRecord | 'nothing' | undefined {
  const [, device, severity, words, printed = ''] = AER.exec(body) ?? []
  if (device === undefined || severity === undefined || words === undefined) return undefined
  const look = pci.look({ device, severity, words, header: headerOf(printed) })
  return look === undefined ? 'nothing' : { kind: 'pci', timeNs: undefined, look }
}

/** `{0x4000001,0xf,0x1,0x0}`; anything else is none. */
function headerOf(printed: string): HeaderWords | undefined {
  const [, ...words] =
    /^\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,8}),0x([0-9a-f]{1,8}),0x([0-9a-f]{1,8})\}$/.exec(printed) ??
    []
  const [a, b, c, d] = words.map((word) => Number.parseInt(word, 16))
  return a === undefined || b === undefined || c === undefined || d === undefined
    ? undefined
    : [a, b, c, d]
}

const sinceBoot = (seconds: string, fraction: string): bigint =>
  BigInt(seconds) * SECOND + BigInt(fraction.padEnd(9, '0'))

function machineCheck(body: string): SourceRecord | undefined {
  const hex = (pattern: RegExp): bigint | undefined => {
    const digits = pattern.exec(body)?.[1]
    return digits === undefined ? undefined : BigInt(`0x${digits}`)
  }
  const [, pcpu, cap, mcgStatus, bank, status] =
    /CPU: (\d+), MCGc\/s: ([0-9a-f]{1,16})\/([0-9a-f]{1,16}), MC(\d+): ([0-9a-f]{1,16})\b/.exec(
      body,
    ) ?? []
  if (status === undefined || Number(bank) > 255 || Number(pcpu) > MOST) return undefined
  const [, addr, misc] =
    /ADDR\/MISC(?:\/SYND)?: ([0-9a-f]{1,16})\/([0-9a-f]{1,16})/.exec(body) ?? []
  const [, seconds] = /\b(?:TIME|time): (\d{1,11})\b/.exec(body) ?? []
  const socket = /\b(?:SOCKET|socket): (\d{1,5})\b/.exec(body)?.[1]
  const vendor = /\b(?:PROCESSOR|vendor): (\d+)/.exec(body)?.[1]
  const isDated = seconds !== undefined && Number(seconds) > 0
  return {
    kind: 'machine-check',
    timeNs: isDated ? BigInt(seconds) * SECOND : undefined,
    record: {
      pcpu: Number(pcpu) as PcpuId,
      cause: undefined,
      mcgStatus: BigInt(`0x${mcgStatus}`),
      mcgCap: cap === '0' ? undefined : BigInt(`0x${cap}`),
      ip: hex(/RIP: [0-9a-f]{2}:<([0-9a-f]{1,16})>/),
      banks: [
        {
          bank: Number(bank),
          status: BigInt(`0x${status}`),
          addr: addr === undefined ? (hex(/\bADDR: ([0-9a-f]{1,16})/) ?? 0n) : BigInt(`0x${addr}`),
          misc: misc === undefined ? (hex(/\bMISC: ([0-9a-f]{1,16})/) ?? 0n) : BigInt(`0x${misc}`),
          ipid: hex(/\bIPID: ([0-9a-f]{1,16})/),
        },
      ],
    },
    place:
      socket === undefined
        ? undefined
        : { socket: Number(socket), apicId: Number(hex(/\bAPIC: ([0-9a-f]{1,8})/) ?? 0n) },
    vendor: vendor === undefined ? undefined : VENDORS[vendor],
  }
}

/** `nothing` is what drivers say when no error happened. */
function memoryRecord(body: string): SourceRecord | 'nothing' | undefined {
  const [, count, type, message = '', label = '', controller, rest = ''] = MEMORY.exec(body) ?? []
  if (count === undefined) return undefined
  if (type === 'Info') return 'nothing'
  const layers = /location: ?(-?\d+(?::-?\d+)*)/.exec(rest)?.[1] ?? ''
  const address = hexOf(/address: ?0x([0-9a-f]{1,16})/.exec(rest)?.[1])
  const error: MemoryError = {
    isCorrected: type === 'Corrected',
    count: Math.min(Math.max(1, Number(count)), MOST),
    physaddr: address === 0n ? undefined : address,
    controller: Number(controller),
    layers: layers === '' ? [] : layers.split(':').map(Number),
    syndrome: hexOf(/syndrome: ?0x([0-9a-f]{1,16})/.exec(rest)?.[1]),
    label,
    message: message.trim(),
  }
  return { kind: 'memory', timeNs: undefined, error }
}

const hexOf = (digits: string | undefined): bigint =>
  digits === undefined ? 0n : BigInt(`0x${digits}`)
