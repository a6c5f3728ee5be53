// McelogText: machine checks as the program mcelog prints them, decoded or raw, or as it writes
// them to the system's log.
//
//   CPU 2 BANK 8 TSC 3d8a1b2c            CPU 2
//   MISC 8c ADDR 12345000                BANK 8
//   TIME 1795446100 Mon Nov 23 ...       ADDR 0x12345000
//   STATUS 9c0000400001009f MCGSTATUS 0  STATUS 0x9c0000400001009f
//   MCGCAP 1000c09 APICID 4 SOCKETID 0   SOCKETID 0
//
// Holds: a record begins with its CPU; one without a valid STATUS is cut, and counted. Raw numbers
// begin with 0x where they are hexadecimal. Source: mcelog.c (dump_mce, dump_mce_raw_ascii).
import type { PcpuId } from '../../machine/ids.js'
import { MCI_STATUS } from '../../machine/mci-status.js'
import { Exceptions } from './exceptions.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { MachineCheckSource, SourceRecord, TelemetrySource } from './source.js'
import { textLines } from './text-lines.js'
import type { Unknowns } from './unknowns.js'

const PREFIX = /^.*?\bmcelog(?:\[\d+\])?: /
const BEGIN = /^CPU (\d{1,5})(?: (?:BANK )?(\d{1,3})\b.*| *)$/
const STATUS = /^STATUS (?:0x)?[0-9a-f]{1,16}\b/
const SECOND = 1_000_000_000n
const VENDORS: Readonly<Record<string, ProcessorVendor>> = {
  Intel: 'intel',
  AMD: 'amd',
  '0': 'intel',
  '2': 'amd',
}

/** Recognises such a text; undefined when it has no record. */
export function mcelogTextSource(text: string): TelemetrySource | undefined {
  const lines = textLines(text).map((line) => line.replace(PREFIX, '').trim())
  if (!lines.some((line) => BEGIN.test(line)) || !lines.some((line) => STATUS.test(line))) {
    return undefined
  }
  return { format: 'text of mcelog', records: (unknowns) => records(lines, unknowns) }
}

function* records(lines: readonly string[], unknowns: Unknowns): Iterable<SourceRecord> {
  const exceptions = new Exceptions()
  for (const block of blocksOf(lines)) {
    const record = recordOf(block)
    if (record === undefined) unknowns.add('record', 'a record of mcelog is cut')
    else yield { ...record, isTogether: exceptions.isSame(record.record) }
  }
}

/** Lines of one record each. */
function* blocksOf(lines: readonly string[]): Iterable<readonly string[]> {
  let block: string[] | undefined
  for (const line of lines) {
    if (BEGIN.test(line)) {
      if (block !== undefined) yield block
      block = [line]
    } else block?.push(line)
  }
  if (block !== undefined) yield block
}

function recordOf(block: readonly string[]): MachineCheckSource | undefined {
  const text = block.join('\n')
  const [, pcpu, named] = BEGIN.exec(block[0] ?? '') ?? []
  const isRaw = /^STATUS 0x/m.test(text)
  const digits = (name: string): string | undefined =>
    new RegExp(`(?:^|\\s)${name} (?:0x)?([0-9a-f]{1,16})\\b`, 'm').exec(text)?.[1]
  const hex = (name: string): bigint => BigInt(`0x${digits(name) ?? '0'}`)
  const place = (name: string): number => Number.parseInt(digits(name) ?? '0', isRaw ? 10 : 16)
  const status = hex('STATUS')
  const bank = Number(named ?? digits('BANK'))
  if ((status & MCI_STATUS.VAL) === 0n || !(bank < 256)) return undefined
  const ip = BigInt(
    `0x${/(?:^|\s)RIP(?: !INEXACT!)? \w+:(?:0x)?([0-9a-f]{1,16})/.exec(text)?.[1] ?? 0}`,
  )
  const vendor = /CPUID Vendor (\w+)/.exec(text)?.[1] ?? /PROCESSOR (\d+):/.exec(text)?.[1]
  const seconds = BigInt(/(?:^|\n)TIME (\d{1,11})\b/.exec(text)?.[1] ?? 0)
  return {
    kind: 'machine-check',
    timeNs: seconds === 0n ? undefined : seconds * SECOND,
    record: {
      pcpu: Number(pcpu) as PcpuId,
      cause: undefined,
      mcgStatus: hex('MCGSTATUS'),
      mcgCap: hex('MCGCAP') === 0n ? undefined : hex('MCGCAP'),
      ip: ip === 0n ? undefined : ip,
      banks: [{ bank, status, addr: hex('ADDR'), misc: hex('MISC') }],
    },
    place:
      digits('SOCKETID') === undefined
        ? undefined
        : { socket: place('SOCKETID'), apicId: place('APICID') },
    vendor: vendor === undefined ? undefined : VENDORS[vendor],
  }
}
