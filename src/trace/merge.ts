// Merge: several streams of one investigation as one, in time order.
//
//   xentrace (cycles, 2.6 GHz) --\
//                                 one stream, ticks in nanoseconds since the recording's start
//   ftrace (nanoseconds) --------/
//
// Holds: rows ascend in time; rows of one part keep their order; on a tie the part named first goes
// first. Each part is moved by its `offsetNs`: captures do not share a clock by themselves.
import { assert } from '../base/assert.js'
import { type Clock, nanosecondClock, tickToNs } from '../machine/clock.js'
import {
  allocateBatch,
  type Loss,
  noLoss,
  type ObservationBatch,
  type ObservationStream,
  stringWords,
} from '../machine/observation.js'
import { StringCodes } from './string-codes.js'

/** One stream and where on the common time line its own start lies, in nanoseconds from 0. */
export interface MergePart {
  readonly stream: ObservationStream
  readonly offsetNs: number
}

const ROWS = 4096
const WORDS = ROWS * 24
/** As many as a loss account of one stream keeps. */
const MOST_NOTES = 100

/** Merges streams by time; closing the merged stream closes them. `source` is what messages call
 *  it. Loss is that of all parts together. Throws `XpvError` `trace.no-clock` when a part does not
 *  say its rate. */
export function mergeStreams(parts: readonly MergePart[], source: string): ObservationStream {
  assert(parts.length > 0, 'nothing to merge')
  return new Merger(parts, nanosecondClock(source))
}

/** The reading position within one part. */
class Cursor {
  readonly #part: MergePart
  readonly #toNs: (ticks: number) => number
  readonly #shared: StringCodes
  readonly #codes: number[] = []
  batch: ObservationBatch | undefined
  row = 0
  /** Time of the current row; Infinity at the end. */
  timeNs = Number.POSITIVE_INFINITY

  constructor(part: MergePart, shared: StringCodes) {
    this.#part = part
    this.#toNs = tickToNs(part.stream.clock)
    this.#shared = shared
    this.#load()
  }

  advance(): void {
    this.row += 1
    if (this.batch !== undefined && this.row < this.batch.length) this.#time()
    else this.#load()
  }

  /** The shared dictionary's code for one of this part's own. */
  sharedCode(own: number): number {
    const seen = this.#codes[own]
    if (seen !== undefined) return seen
    const code = this.#shared.of(this.#part.stream.strings[own] ?? '')
    this.#codes[own] = code
    return code
  }

  #load(): void {
    this.batch = this.#part.stream.next()
    this.row = 0
    if (this.batch === undefined) this.timeNs = Number.POSITIVE_INFINITY
    else this.#time()
  }

  #time(): void {
    const ticks = this.batch?.ticks[this.row] ?? 0
    this.timeNs = this.#toNs(ticks) + this.#part.offsetNs
  }
}

class Merger implements ObservationStream {
  readonly clock: Clock
  readonly #parts: readonly MergePart[]
  readonly #shared = new StringCodes()
  readonly #cursors: readonly Cursor[]
  readonly #batch = allocateBatch(ROWS)
  #used = 0

  constructor(parts: readonly MergePart[], clock: Clock) {
    this.#parts = parts
    this.clock = clock
    this.#cursors = parts.map((part) => new Cursor(part, this.#shared))
    this.#batch.words = new Uint32Array(WORDS)
  }

  get strings(): readonly string[] {
    return this.#shared.list
  }

  get loss(): Loss {
    const sum = noLoss()
    for (const { stream } of this.#parts) {
      sum.records += stream.loss.records
      sum.bytes += stream.loss.bytes
      sum.gaps += stream.loss.gaps
      sum.notes.push(...stream.loss.notes.slice(0, MOST_NOTES - sum.notes.length))
    }
    return sum
  }

  next(): ObservationBatch | undefined {
    const out = this.#batch
    out.length = 0
    this.#used = 0
    while (out.length < ROWS) {
      const cursor = this.#earliest()
      if (cursor.batch === undefined) break
      if (this.#used + (cursor.batch.extra[cursor.row] ?? 0) > WORDS) break
      this.#copy(cursor, cursor.batch)
      cursor.advance()
    }
    return out.length === 0 ? undefined : out
  }

  close(): void {
    for (const { stream } of this.#parts) stream.close()
  }

  #earliest(): Cursor {
    return this.#cursors.reduce((first, other) => (other.timeNs < first.timeNs ? other : first))
  }

  #copy(cursor: Cursor, from: ObservationBatch): void {
    const { row } = cursor
    const out = this.#batch
    const to = out.length
    const code = from.code[row] ?? 0
    const at = from.at[row] ?? 0
    const extra = from.extra[row] ?? 0
    out.ticks[to] = cursor.timeNs
    out.code[to] = code
    out.pcpu[to] = from.pcpu[row] ?? 0
    out.domid[to] = from.domid[row] ?? 0
    out.vcpu[to] = from.vcpu[row] ?? 0
    out.at[to] = this.#used
    out.extra[to] = extra
    out.words.set(from.words.subarray(at, at + extra), this.#used)
    for (const word of stringWords(code)) {
      out.words[this.#used + word] = cursor.sharedCode(from.words[at + word] ?? 0)
    }
    this.#used += extra
    out.length += 1
  }
}
