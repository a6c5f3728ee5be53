// Log format: records of fmd's logs as bytes in a file that is only ever appended to.
//
//   "xpv fmd log 1\n"  then each record:  F5 46 4D 4C | length | check | CRC-32 | record
//                                          a mark       3 bytes  1       4        `length` bytes
//
// Holds: reading gives what was written, with the types of all members. The check is A5 and the
// bytes of the length, exclusive or; the CRC is over length, check and record. A record that was
// not written whole is recognised and can be cut off; behind bytes that are garbled the reader goes
// on at the next whole record, and says what it passed over. Numbers have their lowest byte first.
import { XpvError } from '../../base/error.js'
import { enaOf } from '../event/ena.js'
import { ByteReader, ByteWriter } from './byte-writer.js'
import { crc32 } from './crc32.js'
import type { EreportReference, LogName, LogRecord } from './input.js'
import { readNvlist, writeNvlist } from './nvlist-bytes.js'

const NAME = 'xpv fmd log '
const HEADER = new TextEncoder().encode(`${NAME}1\n`)
const MARK = [0xf5, 0x46, 0x4d, 0x4c] as const
/** Of a frame: mark, length, CRC. */
const FRAME = 12
/** A record has at most so many bytes: whatever says more is no record. */
const LONGEST = 2 ** 24 - 1

/** Their numbers are their places: add at the end only. */
const LOGS: readonly LogName[] = ['error', 'fault', 'resource', 'info']

/** Bytes that were passed over. */
export interface LogLoss {
  /** `torn`: a record at the end that was not written whole. `garbled`: what is no record. */
  readonly kind: 'torn' | 'garbled'
  readonly at: number
  readonly bytes: number
}

/** What a log file holds. */
export interface LogScan {
  readonly records: readonly LogRecord[]
  /** Bytes of it up to the end of the last whole record: where the next one belongs. */
  readonly wholeBytes: number
  readonly losses: readonly LogLoss[]
}

/** What a new log file begins with. */
export function logHeader(): Uint8Array {
  return HEADER.slice()
}

/** Whether bytes begin as a log does, of whichever version. */
export function isLog(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, NAME.length)) === NAME
}

/** Where records are put together: nothing of one is there when the next begins. */
const DESK = new ByteWriter()

/** A record as it is appended. Throws XpvError `fma.log-record` for one of over 16 MiB. */
export function encodeLogRecord(record: LogRecord): Uint8Array {
  DESK.clear()
  for (const byte of MARK) DESK.byte(byte)
  DESK.uint32(0)
  DESK.uint32(0)
  DESK.byte(LOGS.indexOf(record.log))
  DESK.count(record.number)
  DESK.word(record.timeNs)
  writeNvlist(DESK, record.event)
  writeReferences(DESK, record.ereports)
  const frame = DESK.copy()
  const length = frame.length - FRAME
  if (length > LONGEST) {
    throw new XpvError('fma.log-record', `a record of ${length} bytes does not fit a log`)
  }
  const view = new DataView(frame.buffer)
  view.setUint32(4, withCheck(length), true)
  view.setUint32(8, sumOf(frame), true)
  return frame
}

/** One count more than there are; 0 for none at all. */
function writeReferences(to: ByteWriter, ereports: readonly EreportReference[] | undefined): void {
  to.count(ereports === undefined ? 0 : ereports.length + 1)
  for (const { timeNs, ena, class: name } of ereports ?? []) {
    to.word(timeNs)
    to.word(ena)
    to.string(name)
  }
}

/** A length with its check in the highest byte. */
function withCheck(length: number): number {
  const check = 0xa5 ^ (length & 0xff) ^ ((length >>> 8) & 0xff) ^ (length >>> 16)
  return (length | (check << 24)) >>> 0
}

/** The CRC that belongs into a frame. */
const sumOf = (frame: Uint8Array): number =>
  crc32(frame, { from: FRAME, before: crc32(frame, { from: 4, to: 8 }) })

/** Reads a log file, or what is there of it; `tail`: bytes behind a record, without a header.
 *  Throws XpvError `fma.log` for a file that is none, or of a later version. */
export function readLog(bytes: Uint8Array, part: 'whole' | 'tail' = 'whole'): LogScan {
  const records: LogRecord[] = []
  const losses: LogLoss[] = []
  let at = part === 'tail' ? 0 : headerLength(bytes)
  let whole = at
  for (let found = nextRecord(bytes, at); found !== undefined; found = nextRecord(bytes, at)) {
    if (found.at > at) losses.push({ kind: 'garbled', at, bytes: found.at - at })
    records.push(found.record)
    at = found.end
    whole = at
  }
  if (whole < bytes.length) {
    const kind =
      (whole === 0 && part === 'whole') || isTorn(bytes.subarray(whole)) ? 'torn' : 'garbled'
    losses.push({ kind, at: whole, bytes: bytes.length - whole })
  }
  return { records, wholeBytes: whole, losses }
}

/** Where records begin: behind the header; 0 where that was not written whole, or is garbled. */
function headerLength(bytes: Uint8Array): number {
  const start = bytes.subarray(0, HEADER.length)
  const isWhole = start.length === HEADER.length
  if (start.every((byte, i) => byte === HEADER[i])) return isWhole ? HEADER.length : 0
  const text = new TextDecoder('latin1').decode(start)
  const hint = 'a log that xpv fmd wrote'
  if (text.startsWith(NAME) && nextRecord(bytes, 0) === undefined) {
    const version = text.slice(NAME.length).trim()
    throw new XpvError('fma.log', `a log of fmd of version ${version} is not known here`, hint)
  }
  if (nextRecord(bytes, 0) === undefined) {
    throw new XpvError('fma.log', 'this is no log of fmd', hint)
  }
  return 0
}

interface Found {
  readonly at: number
  readonly end: number
  readonly record: LogRecord
}

function nextRecord(bytes: Uint8Array, from: number): Found | undefined {
  for (let at = bytes.indexOf(MARK[0], from); at >= 0; at = bytes.indexOf(MARK[0], at + 1)) {
    const length = lengthAt(bytes, at)
    if (length === undefined || at + FRAME + length > bytes.length) continue
    const frame = bytes.subarray(at, at + FRAME + length)
    const record = decode(frame)
    if (record !== undefined) return { at, end: at + frame.length, record }
  }
  return undefined
}

/** What a frame at a place says its length is; undefined where there is none. */
function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  if (at + FRAME > bytes.length || MARK.some((byte, i) => bytes[at + i] !== byte)) return undefined
  const word = uint32At(bytes, at + 4)
  const length = word & LONGEST
  return withCheck(length) === word ? length : undefined
}

const uint32At = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true)

/** The record of a frame; undefined for one whose CRC is wrong or that makes no sense. */
function decode(frame: Uint8Array): LogRecord | undefined {
  if (sumOf(frame) !== uint32At(frame, 8)) return undefined
  try {
    return readRecord(new ByteReader(frame.subarray(FRAME)))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readRecord(from: ByteReader): LogRecord | undefined {
  const log = LOGS[from.byte()]
  const number = from.count()
  const timeNs = BigInt.asIntN(64, from.word())
  const list = readNvlist(from)
  const references = from.count()
  if (log === undefined || references > from.left + 1 || from.left < 0) return undefined
  if (references === 0) return { log, number, timeNs, event: list }
  const ereports = Array.from({ length: references - 1 }, () => readReference(from))
  return { log, number, timeNs, event: list, ereports }
}

function readReference(from: ByteReader): EreportReference {
  const timeNs = BigInt.asIntN(64, from.word())
  const ena = enaOf(from.word())
  return { timeNs, ena, class: from.string() }
}

/** Whether bytes are the beginning of a frame, and no more. */
function isTorn(bytes: Uint8Array): boolean {
  if (MARK.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return false
  if (bytes.length < FRAME) return true
  const length = lengthAt(bytes, 0)
  return length !== undefined && FRAME + length > bytes.length
}
