// Writes xentrace files as Xen 3.2 and later do: windows of variable records.
//
//   windows of records  ->  bytes that xenalyze and `openXentrace` read
//
// Holds: decoding what was encoded gives the same records back. Source: as layout.ts.
import { assert } from '../../base/assert.js'
import { CODE_MASK, isEventCode, TSC_FLAG, WINDOW_HEADER, WINDOW_HEADER_BYTES } from './layout.js'

/** One record: today's or an older id, its time stamp if it carries one, 0 to 7 words. */
export interface XentraceRecord {
  readonly code: number
  readonly tsc?: bigint
  readonly words: readonly number[]
}

/** What one read of one pcpu's ring gave. */
export interface XentraceWindow {
  readonly pcpu: number
  readonly records: readonly XentraceRecord[]
}

/** A whole file. Windows come in the order given; within one, records must ascend in time. */
export function encodeXentrace(windows: Iterable<XentraceWindow>): Uint8Array {
  const pieces = [...windows].map(encodeWindow)
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** One window with its header: to append to a file piece by piece. */
export function encodeWindow(window: XentraceWindow): Uint8Array {
  const size = window.records.reduce((sum, record) => sum + recordBytes(record), 0)
  const bytes = new Uint8Array(WINDOW_HEADER_BYTES + size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, WINDOW_HEADER, true)
  view.setUint32(4, window.pcpu, true)
  view.setUint32(8, size, true)
  let at = WINDOW_HEADER_BYTES
  for (const record of window.records) at = encodeRecord(view, at, record)
  return bytes
}

/** The four words of LOST_RECORDS: how many, what ran when it was written, since when. */
export function lostRecordWords(lost: {
  readonly records: number
  readonly domid: number
  readonly vcpu: number
  readonly firstTsc: bigint
}): readonly number[] {
  const who = ((lost.vcpu << 16) | (lost.domid & 0xffff)) >>> 0
  return [lost.records, who, lowWord(lost.firstTsc), highWord(lost.firstTsc)]
}

function recordBytes(record: XentraceRecord): number {
  return 4 + (record.tsc === undefined ? 0 : 8) + 4 * record.words.length
}

function encodeRecord(view: DataView, at: number, record: XentraceRecord): number {
  const { code, tsc, words } = record
  assert(
    isEventCode(code & CODE_MASK) && code <= CODE_MASK,
    `0x${code.toString(16)} is no event id`,
  )
  assert(words.length <= 7, 'a trace record holds at most 7 words')
  const flag = tsc === undefined ? 0 : TSC_FLAG
  view.setUint32(at, (flag | (words.length << 28) | code) >>> 0, true)
  let to = at + 4
  if (tsc !== undefined) {
    view.setUint32(to, lowWord(tsc), true)
    view.setUint32(to + 4, highWord(tsc), true)
    to += 8
  }
  for (const word of words) {
    view.setUint32(to, word >>> 0, true)
    to += 4
  }
  return to
}

const lowWord = (v: bigint): number => Number(v & 0xffff_ffffn)
const highWord = (v: bigint): number => Number((v >> 32n) & 0xffff_ffffn)
