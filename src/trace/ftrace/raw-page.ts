// RawPage: one page of the kernel's ring buffer, entry by entry.
//
//   u64 timestamp | commit: bytes used, bit 31 records were lost before, bit 30 how many | entries
//   entry: type_len 5 bits, time_delta 27 bits
//     1..28  data of type_len * 4 bytes    29  padding; when the delta is 0, to the end of the page
//     0      a length word, then data      30  a longer delta      31  an absolute time
//
// Holds: an entry that runs past the bytes used ends the page: the rest is damage, and is reported.
// A discarded entry (29) does not move the time, as in the kernel's own reader.
// Source: linux include/linux/ring_buffer.h, kernel/trace/ring_buffer.c; little-endian.
import type { RawPageLayout } from './raw-format.js'

/** One record of a page: its bytes, and when it was written (`time` in absolute ticks). */
export interface RawEntry {
  readonly time: bigint
  readonly data: DataView
}

/** A page taken apart. `damage` says where and why the rest of the page could not be read. */
export interface RawPage {
  readonly entries: readonly RawEntry[]
  /** Lost before this page: undefined is none, 'some' when the page does not say how many. */
  readonly lost: number | 'some' | undefined
  readonly damage: RawDamage | undefined
}

/** What is wrong, at which byte of the page, and how many bytes it costs. */
export interface RawDamage {
  readonly offset: number
  readonly message: string
  readonly bytes: number
}

const COMMIT_MASK = (1 << 27) - 1
const MISSED_RECORDS = 0x8000_0000
const MISSED_STORED = 0x4000_0000
const PADDING = 29
const TIME_EXTEND = 30
const TIME_STAMP = 31
const TIME_SHIFT = 27n
/** An absolute time stamp carries 59 bits; the five above are those of the time before. */
const STAMP_BITS = 59n

/** Takes a page apart. `page` may be shorter than the layout says when the file is cut. */
export function parseRawPage(page: DataView, layout: RawPageLayout): RawPage {
  if (page.byteLength < layout.dataOffset) return damaged([], undefined, cutHeader(page))
  const commit = page.getUint32(layout.commitOffset, true)
  const used = commit & COMMIT_MASK
  if (layout.dataOffset + used > layout.pageSize) {
    const message = `a page says it uses ${used} bytes, more than it has`
    return damaged([], undefined, { offset: layout.commitOffset, message, bytes: page.byteLength })
  }
  const lost = lostBefore(page, { commit, end: layout.dataOffset + used, layout })
  return { ...parseEntries(page, layout.dataOffset, layout.dataOffset + used), lost }
}

function parseEntries(
  page: DataView,
  start: number,
  end: number,
): Pick<RawPage, 'entries' | 'damage'> {
  const entries: RawEntry[] = []
  const limit = Math.min(end, page.byteLength)
  let time = page.getBigUint64(0, true)
  let at = start
  while (at < end) {
    const size = entrySize(page, at, limit)
    if (size === undefined) return { entries, damage: cutEntry(at, end) }
    if (size.kind === 'end') break
    if (size.kind !== 'padding') time = timeAfter(page, at, time)
    if (size.kind === 'data') {
      entries.push({
        time,
        data: new DataView(page.buffer, page.byteOffset + size.at, size.length),
      })
    }
    at = size.next
  }
  return { entries, damage: undefined }
}

interface EntrySize {
  readonly kind: 'data' | 'time' | 'padding' | 'end'
  readonly at: number
  readonly length: number
  readonly next: number
}

/** How far an entry reaches; undefined when that is past `limit`. */
function entrySize(page: DataView, at: number, limit: number): EntrySize | undefined {
  if (at + 4 > limit) return undefined
  const head = page.getUint32(at, true)
  const type = head & 31
  if (type === PADDING && head >>> 5 === 0) return { kind: 'end', at, length: 0, next: limit }
  const isShort = type > 0 && type < PADDING
  if (!isShort && at + 8 > limit) return undefined
  const found = isShort ? shortSize(at, type) : longSize(page, at, type)
  return found.next > limit || found.length < 0 ? undefined : found
}

function shortSize(at: number, type: number): EntrySize {
  return { kind: 'data', at: at + 4, length: type * 4, next: at + 4 + type * 4 }
}

function longSize(page: DataView, at: number, type: number): EntrySize {
  if (type === TIME_EXTEND || type === TIME_STAMP) {
    return { kind: 'time', at: at + 8, length: 0, next: at + 8 }
  }
  const length = page.getUint32(at + 4, true) - 4
  const next = at + 8 + length
  return { kind: type === PADDING ? 'padding' : 'data', at: at + 8, length, next }
}

function timeAfter(page: DataView, at: number, before: bigint): bigint {
  const head = page.getUint32(at, true)
  const type = head & 31
  const low = BigInt(head >>> 5)
  if (type !== TIME_EXTEND && type !== TIME_STAMP) return before + low
  const value = (BigInt(page.getUint32(at + 4, true)) << TIME_SHIFT) + low
  return type === TIME_EXTEND ? before + value : absoluteTime(value, before)
}

function absoluteTime(stamp: bigint, before: bigint): bigint {
  const time = stamp + ((before >> STAMP_BITS) << STAMP_BITS)
  return before >> STAMP_BITS > 0n && time < before ? time + (1n << STAMP_BITS) : time
}

function lostBefore(
  page: DataView,
  used: { readonly commit: number; readonly end: number; readonly layout: RawPageLayout },
): number | 'some' | undefined {
  if ((used.commit & MISSED_RECORDS) === 0) return undefined
  const room = Math.min(page.byteLength, used.layout.pageSize)
  if ((used.commit & MISSED_STORED) === 0 || used.end + 8 > room) return 'some'
  return Number(page.getBigUint64(used.end, true))
}

function damaged(entries: readonly RawEntry[], lost: RawPage['lost'], damage: RawDamage): RawPage {
  return { entries, lost, damage }
}

function cutHeader(page: DataView): RawDamage {
  return { offset: 0, message: 'the header of a page was expected', bytes: page.byteLength }
}

function cutEntry(at: number, end: number): RawDamage {
  return { offset: at, message: 'an entry reaches past its page', bytes: end - at }
}
