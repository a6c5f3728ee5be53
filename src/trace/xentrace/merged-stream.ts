// The observations of a xentrace file: the tapes of all pcpus, merged by time, in columns.
//
//   tape of pcpu 0 --\
//   tape of pcpu 1 ---+--  smallest time first  ->  ObservationBatch (words lie in the arena)
//   tape of pcpu 2 --/
//
// Holds: rows ascend in time. A record without a time stamp has its pcpu's last one. LOST_RECORDS
// comes when the loss began; no row of that pcpu lies inside it. `domid` and `vcpu` are as before
// the record: a switch shows in the row after it. CPU_CHANGE and WRAP_BUFFER never become rows.
// Source: xenalyze.c (process_records, process_lost_records, sched_runstate_process).
import type { Clock } from '../../machine/clock.js'
import {
  allocateBatch,
  bookLoss,
  type CodeFilter,
  type Loss,
  type ObservationBatch,
  type ObservationOrder,
  type ObservationStream,
} from '../../machine/observation.js'
import { CodeTable, WANTED } from './code-table.js'
import { ENDED, HeadReader } from './head-reader.js'
import {
  CODE_MASK,
  currentCode,
  LOST_COUNT,
  LOST_LAST_TSC,
  LOST_RECORDS,
  LOST_RECORDS_END,
  LOST_VCPU,
  LOST_WORDS,
  NOBODY,
  OLD_SCHED_SWITCH,
  swapHalves,
  unknownOn,
} from './layout.js'
import { MergeOrder } from './merge-order.js'
import { ENDLESS, MOST_STINTED, Stints, UNKNOWN } from './stints.js'
import { type Arena, allocateArena, Tape, type TapeSource } from './tape.js'
import { firstStamp } from './time-stamp.js'

const ROWS = 8192
/** The time of a pcpu before its first stamp. */
const BEFORE = -1

/** What a stream is opened on. `loss` is taken over: what the window index already found. */
export interface MergedInput extends Omit<TapeSource, 'arena'> {
  readonly name: string
  readonly hz: number | undefined
  readonly loss: Loss
}

/** One pass over a xentrace file. */
export class MergedStream implements ObservationStream {
  readonly clock: Clock
  readonly strings: readonly string[] = ['']
  readonly loss: Loss
  readonly #arena: Arena
  /** The arena's words, signed: a header's stamp flag is then its sign. */
  readonly #headers: Int32Array
  readonly #pcpus: Uint16Array
  readonly #codes: CodeTable
  readonly #heads: HeadReader
  readonly #order: MergeOrder
  /** By slot, packed as in a runstate record: who runs, and who will after a loss (-1: no loss). */
  readonly #current: Uint32Array
  readonly #afterLoss: Float64Array
  /** Low and high word of the stamp at tick 0. */
  readonly #zero: Float64Array
  readonly #batch: ObservationBatch = allocateBatch(ROWS)
  readonly #isOrdered: boolean
  /** Whether the order of each vcpu's rows is enough, and whether this batch is still played so. */
  readonly #byVcpu: boolean
  #isStinted = false
  readonly #stints: Stints
  #batchNumber = 0
  /** A tape that waits for the next batch, or -1. */
  #starved = -1
  #open = true

  constructor(input: MergedInput, wants: CodeFilter, order: ObservationOrder) {
    const { pcpus } = input.windows
    this.#byVcpu = order === 'vcpu' && pcpus.length <= MOST_STINTED
    this.#isOrdered = order !== 'any'
    const arena = allocateArena(pcpus.length)
    const tapes = pcpus.map((_, slot) => new Tape({ ...input, arena }, slot))
    const zero = begin(tapes, arena.words)
    this.clock = { unit: 'cycles', hz: input.hz, zero, source: input.name }
    this.#zero = Float64Array.of(Number(zero & 0xffff_ffffn), Number(zero >> 32n))
    this.loss = input.loss
    this.#arena = arena
    this.#headers = new Int32Array(arena.words.buffer)
    this.#batch.words = arena.words
    this.#pcpus = Uint16Array.from(pcpus)
    this.#codes = new CodeTable(wants)
    this.#order = new MergeOrder(pcpus.length)
    this.#current = Uint32Array.from(pcpus, unknownOn)
    this.#afterLoss = new Float64Array(pcpus.length).fill(-1)
    const { loss } = input
    const common = { words: arena.words, pcpus: this.#pcpus, codes: this.#codes }
    this.#heads = new HeadReader({ ...common, tapes, loss, zero })
    for (const slot of pcpus.keys()) this.#order.times[slot] = this.#firstHead(slot)
    this.#order.sort()
    this.#stints = new Stints({
      arena,
      codes: this.#codes,
      order: this.#order,
      currents: this.#current,
      zero: this.#zero,
    })
  }

  next(): ObservationBatch | undefined {
    while (this.#open) {
      this.#batchNumber += 1
      this.#fill()
      if (this.#batch.length > 0) return this.#batch
      this.#open = this.#starved >= 0 || !this.#isOver()
    }
    return undefined
  }

  close(): void {
    this.#open = false
  }

  #firstHead(slot: number): number {
    for (;;) {
      const time = this.#heads.next(slot, BEFORE, this.#batchNumber)
      if (time !== undefined) return time
      this.#batchNumber += 1
    }
  }

  /** Whether every tape has ended. */
  #isOver(): boolean {
    const { list, times } = this.#order
    return times[list[0] as number] === ENDED
  }

  /** Fills the batch until it is full, a tape must wait, or all have ended. */
  #fill(): void {
    this.#batch.length = 0
    if (this.#starved >= 0 && !this.#advance(this.#starved)) return
    if (this.#byVcpu && !this.#isStinted) this.#stints.stops.fill(UNKNOWN)
    this.#isStinted = this.#byVcpu
    for (;;) {
      const isPlain = this.#play()
      const slot = this.#order.list[0] as number
      if (isPlain) {
        if (this.#batch.length === ROWS || this.#isOver()) return
        this.#playOdd(slot)
      }
      if (!this.#advance(slot)) return
    }
  }

  /** Plays plain records into the batch, in order. Yields true at a full batch, at the end, and
   *  before a record of another kind; false behind a record that no plain one follows. All the
   *  time goes here: it calls nothing, and no number in it is ever boxed (the flags are those of
   *  code-table.ts). */
  #play(): boolean {
    const { ticks, code: codes, pcpu: pcpus, domid, vcpu, at: rowAts, extra: extras } = this.#batch
    const { list, times, pasts, marks } = this.#order
    const { words, ats, ends } = this.#arena
    const { entries } = this.#codes
    const { stops, limits } = this.#stints
    const isOrdered = this.#isOrdered
    let isStinted = this.#isStinted
    const zeroLow = this.#zero[0] as number
    const zeroHigh = this.#zero[1] as number
    const headers = this.#headers
    const currents = this.#current
    const numbers = this.#pcpus
    let n = this.#batch.length
    let isPlain = true
    while (n < ROWS && isPlain) {
      if (isStinted) isStinted = this.#chooseStint()
      const slot = list[0] as number
      let time = times[slot] as number
      let at = ats[slot] as number
      let header = headers[at] as number
      let id = header & 0x0fff_ffff
      let entry = entries[(((15 - Math.clz32(id)) & 15) << 16) | (id & 0xffff)] as number
      if (time === Number.POSITIVE_INFINITY || (entry & 0x8fff_ffff) !== id) break
      let mark = marks[slot] as number
      const second = times[list[1] as number] as number
      const unordered = isStinted ? (limits[slot] as number) : Number.POSITIVE_INFINITY
      const limit = isOrdered && !isStinted ? second : unordered
      const stop = isStinted ? (stops[slot] as number) : ENDLESS
      const pcpu = numbers[slot] as number
      const end = ends[slot] as number
      let current = currents[slot] as number
      do {
        const from = at + 1 + ((header >>> 31) << 1)
        const extra = (header >>> 28) & 7
        at = from + extra
        if ((entry & 0x1000_0000) !== 0) {
          ticks[n] = Math.max(time, 0)
          codes[n] = id
          pcpus[n] = pcpu
          domid[n] = current >>> 16
          vcpu[n] = current
          rowAts[n] = from
          extras[n++] = extra
        }
        if ((entry & 0x6000_0000) !== 0) {
          if ((entry & 0x4000_0000) === 0) current = extra === 0 ? current : (words[from] as number)
          else if ((entry & 0x2000_0000) === 0) current = 0x8000_ffff
          else if ((entry & 0x1000_0000) !== 0) {
            codes[n - 1] = (id & 0x0fff_0fff) | (id >= 0x20_0000 ? 0x1000 : 0x8000)
          }
        }
        header = headers[at] as number
        id = header & 0x0fff_ffff
        entry = entries[(((15 - Math.clz32(id)) & 15) << 16) | (id & 0xffff)] as number
        const next = at + 1 + ((header >>> 31) << 1) + ((header >>> 28) & 7)
        isPlain = (entry & 0x8fff_ffff) === id && next <= end
        if (isPlain && header < 0) {
          const high = (words[at + 2] as number) - zeroHigh
          const later = high * 4294967296 + ((words[at + 1] as number) - zeroLow)
          isPlain = later >= time && later - time <= 8589934592
          if (isPlain && later > time) {
            pasts[(slot << 4) | (++mark & 15)] = time
            time = later
          }
        }
        if (at >= stop) break
      } while (isPlain && n < ROWS && ((entry & 0x1000_0000) === 0 || time < limit))
      ats[slot] = at
      times[slot] = time
      marks[slot] = mark
      currents[slot] = current
      stops[slot] = UNKNOWN
      if (!isPlain) break
      if (isStinted) continue
      let place = 0
      for (let other = list[1] as number; (times[other] as number) < time; place++) {
        list[place] = other
        other = list[place + 2] as number
      }
      list[place] = slot
      if ((times[list[place + 1] as number] as number) === time) this.#order.settleTie(place)
    }
    this.#batch.length = n
    return isPlain
  }

  /** Puts the tape first whose stint is to be played next. Where the order of vcpus is in doubt it
   *  yields false, and the rest of the batch is merged by time. */
  #chooseStint(): boolean {
    this.#isStinted = this.#stints.choose()
    if (!this.#isStinted) this.#order.sort()
    return this.#isStinted
  }

  /** Moves a tape to its next record and to its place in the order; false when it has to wait. */
  #advance(slot: number): boolean {
    const { times } = this.#order
    const time = this.#heads.next(slot, times[slot] as number, this.#batchNumber)
    this.#starved = time === undefined ? slot : -1
    if (time === undefined) return false
    this.#order.move(slot, time)
    this.#order.settle()
    return true
  }

  /** Plays one record that is not plain: it changes who runs by other means, or its own tape. */
  #playOdd(slot: number): void {
    const { ats, words } = this.#arena
    const at = ats[slot] as number
    const header = this.#headers[at] as number
    const code = header & CODE_MASK
    const from = at + 1 + ((header >>> 31) << 1)
    const extra = (header >>> 28) & 7
    const isLoss = code === LOST_RECORDS && extra === 4 && header < 0
    ats[slot] = from + extra
    if ((this.#codes.entry(code) & WANTED) !== 0) {
      const row = isLoss ? { at, extra: LOST_WORDS } : { at: from, extra }
      this.#addRow(slot, { code: currentCode(code), ...row })
    }
    if (isLoss) this.#beginLoss(slot, at)
    if (code === LOST_RECORDS_END) this.#endLoss(slot)
    if (code === OLD_SCHED_SWITCH && extra >= 4) {
      const [domid, vcpu] = [words[from + 2] as number, words[from + 3] as number]
      this.#current[slot] = (domid << 16) | (vcpu & 0xffff)
    }
  }

  #addRow(slot: number, record: { code: number; at: number; extra: number }): void {
    const batch = this.#batch
    const row = batch.length++
    const current = this.#current[slot] as number
    batch.ticks[row] = Math.max(this.#order.times[slot] as number, 0)
    batch.code[row] = record.code
    batch.pcpu[row] = this.#pcpus[slot] as number
    batch.domid[row] = current >>> 16
    batch.vcpu[row] = current & 0xffff
    batch.at[row] = record.at
    batch.extra[row] = record.extra
  }

  /** Rewrites LOST_RECORDS in its own seven words: six words of the row, then the record of its
   *  end. */
  #beginLoss(slot: number, at: number): void {
    const { words, ats } = this.#arena
    const { times } = this.#order
    const [low, high] = [words[at + 1] as number, words[at + 2] as number]
    words.copyWithin(at, at + 3, at + 7)
    words[at + LOST_LAST_TSC] = low
    words[at + LOST_LAST_TSC + 1] = high
    words[at + LOST_WORDS] = LOST_RECORDS_END
    ats[slot] = at + LOST_WORDS
    this.#current[slot] = NOBODY
    this.#afterLoss[slot] = swapHalves(words[at + LOST_VCPU] as number)
    const records = words[at + LOST_COUNT] as number
    const note = `pcpu ${this.#pcpus[slot]}: the hypervisor dropped ${records} records`
    bookLoss(this.loss, note, { records })
    const end = Number(((BigInt(high) << 32n) | BigInt(low)) - this.clock.zero)
    if (Number.isSafeInteger(end) && end > (times[slot] as number)) this.#order.move(slot, end)
  }

  #endLoss(slot: number): void {
    const next = this.#afterLoss[slot] as number
    if (next >= 0) this.#current[slot] = next
    this.#afterLoss[slot] = -1
  }
}

/** Loads the first piece of each tape; yields the smallest stamp that any of them begins with. */
function begin(tapes: readonly Tape[], words: Uint32Array): bigint {
  let zero: bigint | undefined
  for (const tape of tapes) {
    if (tape.turn(0) !== 'ready') continue
    const first = firstStamp(words, tape.at, tape.end)
    if (first !== undefined && (zero === undefined || first < zero)) zero = first
  }
  return zero ?? 0n
}
