// mcelog: what a read of /dev/mcelog yields: the struct mce of the kernel that was asked, one a
// bank.
//
//   0 status  8 misc  16 addr  24 mcgstatus  32 ip  40 tsc  48 time  56 vendor  65 bank
//   66 cpu  67 finished  68 extcpu  72 socket  76 apicid  80 mcgcap        88 bytes until 2016
//   88 synd  96 ipid  104 ppin                                            112 bytes since
//
// Holds: the length of the file says which it is; where both fit, the zeroes and `finished` marks
// of the records do. Under Xen the time, the vendor and the instruction are 0: not known. A record
// that the kernel had not finished, or has no valid status, is left out and counted.
// Source: Linux arch/x86/include/uapi/asm/mce.h, include/xen/interface/xen-mca.h; captures.

import type { PcpuId } from '../../machine/ids.js'
import { MCI_STATUS } from '../../machine/mci-status.js'
import { Exceptions } from './exceptions.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { MachineCheckSource, SourceRecord, TelemetrySource } from './source.js'
import type { Unknowns } from './unknowns.js'

const LONG = 112
const SIZES = [LONG, 88] as const
/** Records that Linux keeps until somebody reads them. */
const KEPT = 32
const SECOND = 1_000_000_000n
/** A time before this is none. */
const YEAR_2000 = 946_684_800n
/** X86_VENDOR_*. */
const VENDORS: Readonly<Record<number, ProcessorVendor>> = { 0: 'intel', 2: 'amd' }
const BANKS = 64

/** Recognises such a file; undefined when it is none. A part of a record at its end is left out,
 *  and counted. */
export function mcelogSource(bytes: Uint8Array): TelemetrySource | undefined {
  const size = SIZES.find((size) => looksRight(bytes, size))
  if (size === undefined) return undefined
  return {
    format: `/dev/mcelog, ${size} bytes a record`,
    records: (unknowns) => records(bytes, size, unknowns),
  }
}

/** Whether the bytes are records of a size: each finished flag 0 or 1, each bank one there can be,
 *  a valid status somewhere, padding of zeroes. */
function looksRight(bytes: Uint8Array, size: number): boolean {
  const count = Math.floor(bytes.length / size)
  if (count === 0 || (bytes.length % size !== 0 && count < 2)) return false
  let valid = 0
  for (let n = 0; n < count; n++) {
    const view = viewOf(bytes, n, size)
    if (view.getUint8(67) > 1 || view.getUint8(65) >= BANKS) return false
    if (view.getUint32(68, true) > 0xffff || view.getUint32(72, true) > 0xffff) return false
    if ((view.getBigUint64(0, true) & MCI_STATUS.VAL) !== 0n) valid += 1
  }
  return valid * 2 > count
}

const viewOf = (bytes: Uint8Array, n: number, size: number): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset + n * size, size)

function* records(bytes: Uint8Array, size: number, unknowns: Unknowns): Iterable<SourceRecord> {
  const count = Math.floor(bytes.length / size)
  const exceptions = new Exceptions()
  for (let n = 0; n < count; n++) {
    const record = recordOf(viewOf(bytes, n, size), unknowns)
    if (record === undefined) continue
    yield { ...record, isTogether: exceptions.isSame(record.record) }
  }
  if (count === KEPT) {
    const reason = `there are ${KEPT} records, as many as the kernel keeps: more may be lost`
    unknowns.add('record', reason, undefined)
  }
  if (bytes.length % size !== 0) {
    unknowns.add('record', 'the file ends in the middle of a record')
  }
}

const NO_OWNER =
  'of which domain the page is that an address is in: the hypervisor does not pass it on ' +
  '(xl dmesg may say)'

/** Under Xen nothing is said of the processor, and pages are domains'. */
function noteOwner(view: DataView, status: bigint, unknowns: Unknowns): void {
  const isXen = view.getUint32(60, true) === 0
  const isMemory = (status & MCI_STATUS.ADDRV) !== 0n && (status & 0xef80n) === 0x80n
  if (isXen && isMemory) unknowns.add('domain', NO_OWNER)
}

function recordOf(view: DataView, unknowns: Unknowns): MachineCheckSource | undefined {
  const wide = (at: number): bigint => view.getBigUint64(at, true)
  const status = wide(0)
  if (view.getUint8(67) !== 1 || (status & MCI_STATUS.VAL) === 0n) {
    unknowns.add('record', 'a record was not finished when the file was read')
    return undefined
  }
  noteOwner(view, status, unknowns)
  const [mcgCap, seconds, ip] = [wide(80), wide(48), wide(32)]
  const ipid = view.byteLength === LONG ? wide(96) : 0n
  const registers = { status, misc: wide(8), addr: wide(16) }
  const bank = { bank: view.getUint8(65), ...registers, ...(ipid === 0n ? {} : { ipid }) }
  const isDated = seconds >= YEAR_2000
  return {
    kind: 'machine-check',
    timeNs: isDated ? seconds * SECOND : undefined,
    record: {
      pcpu: view.getUint32(68, true) as PcpuId,
      cause: undefined,
      mcgStatus: wide(24),
      mcgCap: mcgCap === 0n ? undefined : mcgCap,
      ip: ip === 0n ? undefined : ip,
      banks: [bank],
    },
    place: { socket: view.getUint32(72, true), apicId: view.getUint32(76, true) },
    vendor: view.getUint32(60, true) === 0 ? undefined : VENDORS[view.getUint8(56)],
  }
}
