// RawReader: trace_pipe_raw pages of all vcpus, merged into one order, record by record.
//
//   cpu0.trace_pipe_raw ─ pages ─┐
//   cpu1.trace_pipe_raw ─ pages ─┴ the earliest, the lower vcpu on a tie  ->  FtraceItem ...
//
// Holds: ticks never decrease. A page that is garbled, or goes back in time, costs itself and is
// booked with its offset; what was read of a cut page is used. One page a vcpu in memory.
// Source of the order: linux kernel/trace/trace.c (__find_next_entry).
import { bookLoss, type Loss, noLoss } from '../../machine/observation.js'
import type { ByteSource } from '../byte-source.js'
import type { FtraceItem, FtraceReader } from './ftrace-record.js'
import { isKnownProbe, isMark } from './kprobes.js'
import type { RawFormat, RawPageLayout } from './raw-format.js'
import { parseRawPage, type RawDamage, type RawEntry } from './raw-page.js'

/** The pages of one vcpu. */
export interface RawPages {
  readonly vcpu: number
  readonly source: ByteSource
}

/** What raw pages are read with. */
export interface RawCapture {
  readonly pages: readonly RawPages[]
  readonly layout: RawPageLayout
  readonly formats: ReadonlyMap<number, RawFormat>
  readonly comms: ReadonlyMap<number, string>
}

/** Reads raw pages from the start; `zero` is the time of tick 0. */
export class RawReader implements FtraceReader {
  readonly #capture: RawCapture
  readonly #zero: bigint
  readonly #loss: Loss
  readonly #cursors: readonly PageCursor[]
  #skipped = 0

  constructor(capture: RawCapture, zero: bigint, loss: Loss) {
    this.#capture = capture
    this.#zero = zero
    this.#loss = loss
    this.#cursors = capture.pages.map((pages) => new PageCursor(pages, capture.layout, loss))
  }

  get skipped(): number {
    return this.#skipped
  }

  next(): FtraceItem | undefined {
    for (;;) {
      const cursor = this.#earliest()
      if (cursor === undefined) return undefined
      const lost = cursor.takeLost()
      if (lost !== undefined) {
        return { kind: 'lost', vcpu: cursor.vcpu, records: lost === 'some' ? undefined : lost }
      }
      const entry = cursor.take()
      const item = entry === undefined ? undefined : this.#record(entry, cursor)
      if (item !== undefined) return item
    }
  }

  #earliest(): PageCursor | undefined {
    let earliest: PageCursor | undefined
    let earliestTime: bigint | undefined
    for (const cursor of this.#cursors) {
      const time = cursor.time()
      if (time === undefined || (earliestTime !== undefined && time >= earliestTime)) continue
      earliest = cursor
      earliestTime = time
    }
    return earliest
  }

  #record(entry: RawEntry, cursor: PageCursor): FtraceItem | undefined {
    const { data } = entry
    const ticks = Number(entry.time - this.#zero)
    if (data.byteLength < 8 || !Number.isSafeInteger(ticks)) {
      bookLoss(this.#loss, `${cursor.where()}: a record makes no sense`, {
        bytes: data.byteLength,
      })
      return undefined
    }
    const format = this.#capture.formats.get(data.getUint16(0, true))
    if (format === undefined || !isKnownProbe(format.name)) {
      this.#skipped += 1
      return undefined
    }
    const pid = data.getInt32(4, true)
    return {
      kind: 'record',
      ticks,
      vcpu: cursor.vcpu,
      pid,
      comm: pid === 0 ? '<idle>' : (this.#capture.comms.get(pid) ?? '<...>'),
      name: format.name,
      fields: readFields(data, format),
      text: isMark(format.name) ? readText(data, format) : '',
    }
  }
}

/** When the earliest record of a capture was written; undefined when no page can be read. */
export function firstTime(capture: RawCapture): bigint | undefined {
  return capture.pages
    .map((pages) => new PageCursor(pages, capture.layout, noLoss()).time())
    .reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined)
}

/** Walks the pages of one vcpu. */
class PageCursor {
  readonly vcpu: number
  readonly #source: ByteSource
  readonly #layout: RawPageLayout
  readonly #loss: Loss
  #offset = 0
  #entries: readonly RawEntry[] = []
  #at = 0
  #lost: number | 'some' | undefined
  #last = 0n

  constructor(pages: RawPages, layout: RawPageLayout, loss: Loss) {
    this.vcpu = pages.vcpu
    this.#source = pages.source
    this.#layout = layout
    this.#loss = loss
  }

  /** When the next record was written; undefined at the end. */
  time(): bigint | undefined {
    while (this.#at === this.#entries.length && this.#nextPage());
    return this.#entries[this.#at]?.time
  }

  /** What was lost before the next record, once. */
  takeLost(): number | 'some' | undefined {
    const lost = this.#lost
    this.#lost = undefined
    return lost
  }

  take(): RawEntry | undefined {
    const entry = this.#entries[this.#at]
    this.#at += 1
    return entry
  }

  where(): string {
    return `${this.#source.name} page at offset ${this.#offset - this.#layout.pageSize}`
  }

  #nextPage(): boolean {
    const page = new Uint8Array(this.#layout.pageSize)
    const size = this.#source.read(page, this.#offset)
    if (size <= 0) return false
    const offset = this.#offset
    this.#offset += this.#layout.pageSize
    const { entries, lost, damage } = parseRawPage(new DataView(page.buffer, 0, size), this.#layout)
    if (damage !== undefined) this.#book(offset, damage)
    this.#entries = this.#inOrder(entries, offset)
    this.#at = 0
    this.#lost = lost ?? this.#lost
    return true
  }

  /** The page's entries, or none when its times contradict the pages before and after it. */
  #inOrder(entries: readonly RawEntry[], offset: number): readonly RawEntry[] {
    const first = entries.at(0)?.time ?? this.#last
    const last = entries.at(-1)?.time ?? this.#last
    const rises = entries.every((entry, i) => entry.time >= (entries[i - 1]?.time ?? first))
    if (!rises || first < this.#last || this.#isAheadOfNext(last)) {
      const message = 'the times of the page do not fit those around it'
      this.#book(offset, { offset: 0, message, bytes: this.#layout.pageSize })
      return []
    }
    this.#last = last
    return entries
  }

  #isAheadOfNext(last: bigint): boolean {
    const stamp = new DataView(new ArrayBuffer(8))
    if (this.#source.read(new Uint8Array(stamp.buffer), this.#offset) < 8) return false
    const next = stamp.getBigUint64(0, true)
    return last > next && next >= this.#last && next !== 0n
  }

  #book(offset: number, damage: RawDamage): void {
    const where = `${this.#source.name} offset ${offset + damage.offset}`
    bookLoss(this.#loss, `${where}: ${damage.message}`, { bytes: damage.bytes })
  }
}

function readFields(data: DataView, format: RawFormat): ReadonlyMap<string, bigint> {
  const fields = new Map<string, bigint>()
  for (const { name, offset, size, signed } of format.fields) {
    if (offset + size > data.byteLength || name.startsWith('common_')) continue
    const value = readInteger(data, offset, size)
    if (value === undefined) continue
    fields.set(name, signed ? BigInt.asIntN(8 * size, value) : value)
  }
  return fields
}

function readInteger(data: DataView, offset: number, size: number): bigint | undefined {
  switch (size) {
    case 1:
      return BigInt(data.getUint8(offset))
    case 2:
      return BigInt(data.getUint16(offset, true))
    case 4:
      return BigInt(data.getUint32(offset, true))
    case 8:
      return data.getBigUint64(offset, true)
    default:
      return undefined
  }
}

function readText(data: DataView, format: RawFormat): string {
  const offset = format.fields.find((field) => field.name === 'buf')?.offset
  if (offset === undefined || offset > data.byteLength) return ''
  const bytes = new Uint8Array(data.buffer, data.byteOffset + offset, data.byteLength - offset)
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).replace(/\n$/, '')
}
