// A survey: what a recording holds, counted in one pass in file order.
//
// Holds: bytes by class are those of the records themselves, without window headers; what a window
// holds after a record that is none, or that its end cuts, is not counted.
import type { BlockReader } from './block-reader.js'
import { type FixedRecordBytes, transcodeFixed } from './fixed-records.js'
import {
  CODE_MASK,
  CPU_CHANGE,
  isEventCode,
  LOST_RECORDS,
  recordWords,
  WRAP_BUFFER,
} from './layout.js'
import { NO_WINDOW, type WindowTable } from './window-table.js'

/** The main classes of xen/include/public/trace.h, in the order of their bits. */
const TRACE_CLASSES = [
  'gen',
  'sched',
  'dom0op',
  'hvm',
  'mem',
  'pv',
  'shadow',
  'hw',
  'class 8',
  'class 9',
  'class 10',
  'guest',
] as const

export type TraceClass = (typeof TRACE_CLASSES)[number]

/** Records and their bytes. */
export interface TraceVolume {
  readonly records: number
  readonly bytes: number
}

/** What one pass over the records counts. */
export interface XentraceSurvey {
  /** Records in all, wrap padding included. */
  readonly records: number
  /** By pcpu, then by class; classes that do not occur are absent. */
  readonly volumes: ReadonlyMap<number, ReadonlyMap<TraceClass, TraceVolume>>
  /** The smallest and the largest time stamp; undefined when no record has one. */
  readonly firstTsc: bigint | undefined
  readonly lastTsc: bigint | undefined
  readonly wraps: number
  /** Records that tell of a loss, and how many records were lost by them. */
  readonly losses: number
  readonly lostRecords: number
  /** Whether ids of Xen before 4.3 (paravirtual 0x20f0xx) occur; undefined without paravirtual
   *  records. */
  readonly oldNumbering: boolean | undefined
}

const CHUNK_BYTES = 1 << 17

/** Surveys all windows of a recording. Throws `trace.unreadable` when its source cannot be read. */
export function surveyWindows(file: {
  readonly reader: BlockReader
  readonly windows: WindowTable
  readonly fixed: FixedRecordBytes | undefined
}): XentraceSurvey {
  const counter = new Counter()
  const chunk = new Chunk(file.reader, file.fixed)
  const { windows } = file
  for (const [slot, pcpu] of windows.pcpus.entries()) {
    counter.enter(pcpu)
    let window = windows.firsts[slot] ?? NO_WINDOW
    for (; window !== NO_WINDOW; window = windows.nexts[window] ?? NO_WINDOW) {
      chunk.walk(windows.offsets[window] ?? 0, windows.sizes[window] ?? 0, counter)
    }
  }
  return counter.result()
}

/** Walks the records of windows of any size through one buffer. */
class Chunk {
  readonly #reader: BlockReader
  readonly #fixed: FixedRecordBytes | undefined
  readonly #words = new Uint32Array(CHUNK_BYTES / 4 + 16)
  readonly #raw: Uint8Array<ArrayBuffer>

  constructor(reader: BlockReader, fixed: FixedRecordBytes | undefined) {
    this.#reader = reader
    this.#fixed = fixed
    this.#raw = fixed === undefined ? new Uint8Array(this.#words.buffer) : new Uint8Array(1 << 16)
  }

  walk(offset: number, size: number, counter: Counter): void {
    let carried = 0
    for (let done = 0; done < size; ) {
      const { got, end } = this.#load(offset + done, size - done, carried)
      if (got === 0) return
      done += got
      const stop = counter.count(this.#words, end)
      if (stop < 0) return
      this.#words.copyWithin(0, stop, end)
      carried = end - stop
    }
  }

  #load(position: number, remaining: number, carried: number): { got: number; end: number } {
    if (this.#fixed === undefined) {
      const piece = this.#raw.subarray(carried * 4, carried * 4 + Math.min(remaining, CHUNK_BYTES))
      const got = this.#reader.read(piece, position)
      return { got, end: carried + (got >>> 2) }
    }
    const most = Math.floor(this.#raw.length / this.#fixed) * this.#fixed
    const got = this.#reader.read(this.#raw.subarray(0, Math.min(remaining, most)), position)
    const records = new DataView(this.#raw.buffer, 0, got)
    return { got, end: transcodeFixed(records, this.#fixed, this.#words, 0) }
  }
}

/** The running totals. */
class Counter {
  readonly #volumes = new Map<number, Map<TraceClass, TraceVolume>>()
  #records = new Float64Array(TRACE_CLASSES.length)
  #bytes = new Float64Array(TRACE_CLASSES.length)
  #pcpu = -1
  #total = 0
  #first = { high: 0xffff_ffff, low: 0xffff_ffff }
  #last = { high: 0, low: 0 }
  #stamped = false
  #wraps = 0
  #losses = 0
  #lost = 0
  #old = false
  #paravirtual = false

  enter(pcpu: number): void {
    this.#leave()
    this.#pcpu = pcpu
    this.#records = new Float64Array(TRACE_CLASSES.length)
    this.#bytes = new Float64Array(TRACE_CLASSES.length)
  }

  #leave(): void {
    if (this.#pcpu < 0) return
    const volumes = new Map<TraceClass, TraceVolume>()
    for (const [i, name] of TRACE_CLASSES.entries()) {
      const records = this.#records[i] ?? 0
      if (records > 0) volumes.set(name, { records, bytes: this.#bytes[i] ?? 0 })
    }
    this.#volumes.set(this.#pcpu, volumes)
  }

  /** Counts whole records up to `end`; yields where the rest begins, -1 at what is no record. */
  count(words: Uint32Array, end: number): number {
    let at = 0
    while (at < end) {
      const header = words[at] ?? 0
      const size = recordWords(header)
      if (at + size > end) break
      const code = header & CODE_MASK
      if (!isEventCode(code) || code === CPU_CHANGE) return -1
      const main = 15 - Math.clz32(code)
      this.#records[main] = (this.#records[main] ?? 0) + 1
      this.#bytes[main] = (this.#bytes[main] ?? 0) + size * 4
      this.#total += 1
      if (header >>> 31 === 1) this.#stamp(words[at + 2] ?? 0, words[at + 1] ?? 0)
      if (main === 0) this.#general(code, words[at + 3] ?? 0)
      else if (main === 5) this.#numbering(code)
      at += size
    }
    return at
  }

  #stamp(high: number, low: number): void {
    this.#stamped = true
    const { high: firstHigh, low: firstLow } = this.#first
    if (high < firstHigh || (high === firstHigh && low < firstLow)) this.#first = { high, low }
    const { high: lastHigh, low: lastLow } = this.#last
    if (high > lastHigh || (high === lastHigh && low > lastLow)) {
      this.#last.high = high
      this.#last.low = low
    }
  }

  #general(code: number, word: number): void {
    if (code === WRAP_BUFFER) this.#wraps += 1
    if (code !== LOST_RECORDS) return
    this.#losses += 1
    this.#lost += word
  }

  #numbering(code: number): void {
    this.#paravirtual = true
    if ((code & 0xf000) === 0xf000) this.#old = true
  }

  result(): XentraceSurvey {
    this.#leave()
    const stamp = (s: { high: number; low: number }): bigint | undefined =>
      this.#stamped ? (BigInt(s.high) << 32n) | BigInt(s.low) : undefined
    return {
      records: this.#total,
      volumes: this.#volumes,
      firstTsc: stamp(this.#first),
      lastTsc: stamp(this.#last),
      wraps: this.#wraps,
      losses: this.#losses,
      lostRecords: this.#lost,
      oldNumbering: this.#paravirtual ? this.#old : undefined,
    }
  }
}
