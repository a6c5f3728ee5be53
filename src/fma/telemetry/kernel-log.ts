// Kernel log: machine checks in what a kernel or a hypervisor wrote: dmesg, a serial console,
// `xl dmesg`.
//
//   [  12.5] mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 6: 9c0000400001009f
//   [  12.5] mce: [Hardware Error]: TSC 0 ADDR 12345000 MISC 8c
//   [  12.5] mce: [Hardware Error]: PROCESSOR 0:206c1 TIME 1795446100 SOCKET 2 APIC 2 microcode 1
//   [  12.5] [Hardware Error]: CPU:1 (17:31:0) MC18_STATUS[-|CE|...]: 0x9c2040000000011b
//   (XEN) CPU1: Machine Check Exception:                5
//   (XEN) Bank 9: bd000000000000c0[              8c] at        13d925000
//   (XEN) MCE: The hardware reports a non fatal, correctable incident occurred on CPU 1.
//   (XEN) Bank 2: d400008000040150 at    182c480179cf0
//
// Holds: lines that belong to an error follow its first one; other lines may be between them. An
// error without its further lines is read as far as it goes.
// Source: Linux arch/x86/kernel/cpu/mce/core.c, drivers/edac/mce_amd.c; xen/arch/x86/cpu/mcheck.
import type { PcpuId } from '../../machine/ids.js'
import type { MachineCheckBank } from '../../machine/telemetry.js'
import { Exceptions } from './exceptions.js'
import { LineClock } from './line-clock.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { MachineCheckSource, RecordedPlace, SourceRecord, TelemetrySource } from './source.js'
import { textLines } from './text-lines.js'
import { isXenNews, noteXenConsole } from './xen-console.js'

const LINUX =
  /CPU (\d{1,5}): Machine Check(?: Exception)?: ([0-9a-f]{1,16}) Bank (\d{1,2}): ([0-9a-f]{1,16})/
const AMD =
  /CPU:(\d{1,5}) \([0-9a-f]+:[0-9a-f]+:[0-9a-f]+\) MC(\d{1,2})_STATUS\[[^\]]*\]: 0x([0-9a-f]{1,16})/
const XEN = /\(XEN\).*\bCPU(\d{1,5}): Machine Check Exception: +([0-9a-f]{1,16})/
/** Of Xen 3 and early 4. */
const XEN_CORRECTED = /\(XEN\).*correctable incident occurred on CPU (\d{1,5})\b/
const XEN_BANK =
  /\(XEN\).*\bBank (\d{1,2}): ([0-9a-f]{1,16})(?:\[ *([0-9a-f]{1,16})\])?(?: at +([0-9a-f]{1,16}))?/
const ALL = [LINUX, AMD, XEN_BANK]
const SECOND = 1_000_000_000n
const VENDORS: Readonly<Record<string, ProcessorVendor>> = { '0': 'intel', '2': 'amd' }

/** An error as far as its lines were read. */
interface Growing {
  pcpu: PcpuId | undefined
  mcgStatus: bigint
  bank: MachineCheckBank
  ip: bigint | undefined
  sinceBootNs?: bigint | undefined
  timeNs: bigint | undefined
  place: RecordedPlace | undefined
  vendor: ProcessorVendor | undefined
}

/** Recognises such a log; undefined when it has no machine check. */
export function kernelLogSource(text: string): TelemetrySource | undefined {
  const lines = textLines(text)
  const tells = (line: string): boolean => ALL.some((pattern) => pattern.test(line))
  if (!lines.some((line) => tells(line) || isXenNews(line))) return undefined
  return {
    format: 'machine checks of a kernel log',
    records: (unknowns) => {
      noteXenConsole(lines, unknowns)
      return records(lines)
    },
  }
}

function* records(lines: readonly string[]): Iterable<SourceRecord> {
  const exceptions = new Exceptions()
  for (const error of errorsOf(lines)) {
    const record = recordOf(error)
    yield { ...record, isTogether: exceptions.isSame(record.record) }
  }
}

function* errorsOf(lines: readonly string[]): Iterable<Growing> {
  let error: Growing | undefined
  const clock = new LineClock()
  let xen: Pick<Growing, 'pcpu' | 'mcgStatus'> = { pcpu: undefined, mcgStatus: 0n }
  for (const line of lines) {
    const header = XEN.exec(line) ?? XEN_CORRECTED.exec(line)
    if (header !== null) {
      xen = { pcpu: Number(header[1]) as PcpuId, mcgStatus: hexOf(header[2]) }
      continue
    }
    const begun = linuxError(line) ?? amdError(line) ?? xenError(line, xen)
    if (begun !== undefined) {
      if (error !== undefined) yield error
      error = { ...begun, ...clock.timeOf(line) }
    } else if (error !== undefined) grow(error, line)
  }
  if (error !== undefined) yield error
}

function recordOf({ pcpu, mcgStatus, bank, ip, ...rest }: Growing): MachineCheckSource {
  const record = { pcpu, cause: undefined, mcgStatus, mcgCap: undefined, ip, banks: [bank] }
  return { kind: 'machine-check', record, ...rest }
}

const NOTHING_MORE = {
  ip: undefined,
  timeNs: undefined,
  sinceBootNs: undefined,
  place: undefined,
  vendor: undefined,
} as const

function linuxError(line: string): Growing | undefined {
  const [, pcpu, mcgStatus, bank, status] = LINUX.exec(line) ?? []
  if (status === undefined) return undefined
  return {
    ...NOTHING_MORE,
    pcpu: Number(pcpu) as PcpuId,
    mcgStatus: hexOf(mcgStatus),
    bank: { bank: Number(bank), status: hexOf(status), addr: 0n, misc: 0n },
  }
}

function amdError(line: string): Growing | undefined {
  const [, pcpu, bank, status] = AMD.exec(line) ?? []
  if (status === undefined) return undefined
  return {
    ...NOTHING_MORE,
    pcpu: Number(pcpu) as PcpuId,
    mcgStatus: 0n,
    bank: { bank: Number(bank), status: hexOf(status), addr: 0n, misc: 0n },
    vendor: 'amd',
  }
}

function xenError(line: string, of: Pick<Growing, 'pcpu' | 'mcgStatus'>): Growing | undefined {
  const [, bank, status, misc, addr] = XEN_BANK.exec(line) ?? []
  if (status === undefined) return undefined
  const registers = { status: hexOf(status), addr: hexOf(addr), misc: hexOf(misc) }
  return {
    ...NOTHING_MORE,
    ...of,
    bank: { bank: Number(bank), ...registers },
  }
}

/** A further line of an error. */
function grow(error: Growing, line: string): void {
  if (!line.includes('[Hardware Error]')) return
  const value = (pattern: RegExp): string | undefined => pattern.exec(line)?.[1]
  const addr = value(/\b(?:ADDR|Error Addr:) (?:0x)?([0-9a-f]{1,16})\b/)
  const misc = value(/\bMISC ([0-9a-f]{1,16})\b/)
  const ipid = value(/\bIPID:? (?:0x)?([0-9a-f]{1,16})\b/)
  const ip = value(/\bRIP (?:!INEXACT! )?[0-9a-f]{2}:<([0-9a-f]{1,16})>/)
  if (addr !== undefined) error.bank = { ...error.bank, addr: hexOf(addr) }
  if (misc !== undefined) error.bank = { ...error.bank, misc: hexOf(misc) }
  if (ipid !== undefined) error.bank = { ...error.bank, ipid: hexOf(ipid) }
  if (ip !== undefined) error.ip = hexOf(ip)
  const [, vendor = '', seconds, socket, apic] =
    /PROCESSOR (\d+):[0-9a-f]+ TIME (\d{1,11}) SOCKET (\d{1,5}) APIC ([0-9a-f]{1,8})/.exec(line) ??
    []
  if (seconds === undefined) return
  error.vendor = VENDORS[vendor]
  if (seconds !== '0') error.timeNs = BigInt(seconds) * SECOND
  error.place = { socket: Number(socket), apicId: Number(hexOf(apic)) }
}

const hexOf = (digits: string | undefined): bigint =>
  digits === undefined ? 0n : BigInt(`0x${digits}`)
