// The observations of a xentrace file: the tapes of all pcpus, merged by time, in columns.
//
//   tape of pcpu 0 --\
//   tape of pcpu 1 ---+--  smallest time first  ->  ObservationBatch (words point into the tapes' arena)
//   tape of pcpu 2 --/
//
// Holds: rows ascend in time. A record without a time stamp has its pcpu's last one; a stamp before its
// predecessor's, or far after it and past its successor's, is not believed and booked: the record takes
// its predecessor's time. LOST_RECORDS comes when the loss began; no row of that pcpu lies inside it.
// `domid` and `vcpu` are as before the record: a switch shows in the row after it.
// Source: xenalyze.c (process_records, process_lost_records, sched_runstate_process).
import type { Clock } from '../../machine/clock.js'
import {
  allocateBatch,
  bookLoss,
  type CodeFilter,
  type Loss,
  type ObservationBatch,
  type ObservationStream,
} from '../../machine/observation.js'
import { CodeTable, WANTED } from './code-table.js'
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
  recordWords,
  swapHalves,
  unknownOn,
} from './layout.js'
import { MergeOrder } from './merge-order.js'
import { allocateArena, Tape, type TapeSource } from './tape.js'
import { firstStamp, NO_STAMP, stampAt, stampInPiece } from './time-stamp.js'

const ROWS = 8192
/** A pcpu silent for longer than this (some 2 s) has its next stamp looked at twice. */
const LONG_SILENCE = 2 ** 33
/** Before the first stamp of a pcpu. */
const BEFORE = -1
const ENDED = Number.POSITIVE_INFINITY

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
  readonly #words: Uint32Array
  /** The same memory signed: the header's stamp flag is then the sign. */
  readonly #headers: Int32Array
  readonly #tapes: readonly Tape[]
  readonly #ats: Int32Array
  readonly #ends: Int32Array
  readonly #pcpus: Uint16Array
  readonly #codes: CodeTable
  readonly #order: MergeOrder
  /** By slot, packed as in a runstate record: who runs, and who will after a loss. */
  readonly #current: Uint32Array
  readonly #afterLoss: Float64Array
  /** Low and high word of the stamp at tick 0. */
  readonly #zero: Float64Array
  readonly #batch: ObservationBatch = allocateBatch(ROWS)
  #batchNumber = 0
  /** A tape that waits for the next batch, or -1. */
  #starved = -1
  #open = true

  constructor(input: MergedInput, wants: CodeFilter) {
    const { pcpus } = input.windows
    const arena = allocateArena(pcpus.length)
    this.loss = input.loss
    this.#words = arena.words
    this.#ats = arena.ats
    this.#ends = arena.ends
    this.#headers = new Int32Array(arena.words.buffer)
    this.#batch.words = arena.words
    this.#tapes = pcpus.map((_, slot) => new Tape({ ...input, arena }, slot))
    this.#pcpus = Uint16Array.from(pcpus)
    this.#codes = new CodeTable(wants)
    this.#order = new MergeOrder(pcpus.length)
    this.#current = Uint32Array.from(pcpus, unknownOn)
    this.#afterLoss = new Float64Array(pcpus.length).fill(-1)
    const zero = this.#begin()
    this.clock = { unit: 'cycles', hz: input.hz, zero, source: input.name }
    this.#zero = Float64Array.of(Number(zero & 0xffff_ffffn), Number(zero >> 32n))
    this.#orderHeads()
  }

  next(): ObservationBatch | undefined {
    while (this.#open) {
      this.#batchNumber += 1
      this.#fill()
      if (this.#batch.length > 0) return this.#batch
      if (this.#ended()) this.#open = false
    }
    return undefined
  }

  close(): void {
    this.#open = false
  }

  #ended(): boolean {
    const { list, times } = this.#order
    return this.#starved < 0 && times[list[0] as number] === ENDED
  }

  /** Loads all tapes; yields the smallest stamp that any of them begins with. */
  #begin(): bigint {
    let zero: bigint | undefined
    for (const tape of this.#tapes) {
      if (tape.turn(this.#batchNumber) !== 'ready') continue
      const first = firstStamp(this.#words, tape.at, tape.end)
      if (first !== undefined && (zero === undefined || first < zero)) zero = first
    }
    return zero ?? 0n
  }

  #orderHeads(): void {
    const slots = this.#tapes.map((_, slot) => slot).reverse()
    for (const slot of slots) this.#order.times[slot] = this.#head(slot, BEFORE)
    this.#order.start(slots)
  }

  /** Fills the batch until it is full, a tape must wait, or all have ended. */
  #fill(): void {
    this.#batch.length = 0
    if (this.#starved >= 0 && !this.#advance(this.#starved)) return
    for (;;) {
      const stop = this.#play()
      if (stop === 'full' || stop === 'ended') return
      const slot = this.#order.list[0] as number
      if (stop === 'odd') this.#playOdd(slot)
      if (!this.#advance(slot)) return
    }
  }

  /** Plays plain records into the batch, in order, until something else is next. All the time goes here:
   *  it calls nothing and keeps every number unboxed, so that the compiler can hold its arrays. */
  #play(): 'full' | 'ended' | 'odd' | 'head' {
    const { ticks, code: codes, pcpu: pcpus, domid, vcpu, at: rowAts, extra: extras } = this.#batch
    const { list, times } = this.#order
    const { entries } = this.#codes
    const words = this.#words
    const headers = this.#headers
    const ats = this.#ats
    const ends = this.#ends
    const currents = this.#current
    const numbers = this.#pcpus
    const zeroLow = this.#zero[0] as number
    const zeroHigh = this.#zero[1] as number
    let n = this.#batch.length
    while (n < ROWS) {
      const slot = list[0] as number
      let time = times[slot] as number
      if (time === Number.POSITIVE_INFINITY) {
        this.#batch.length = n
        return 'ended'
      }
      let at = ats[slot] as number
      let header = headers[at] as number
      let id = header & 0x0fff_ffff
      let entry = entries[(((15 - Math.clz32(id)) & 15) << 16) | (id & 0xffff)] as number
      if ((entry & 0x8fff_ffff) !== id) {
        this.#batch.length = n
        return 'odd'
      }
      const limit = times[list[1] as number] as number
      const pcpu = numbers[slot] as number
      const end = ends[slot] as number
      let current = currents[slot] as number
      for (;;) {
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
          extras[n] = extra
          n += 1
        }
        if ((entry & 0x6000_0000) !== 0) {
          if ((entry & 0x4000_0000) === 0) {
            if (extra !== 0) current = words[from] as number
          } else if ((entry & 0x2000_0000) === 0) current = 0x8000_ffff
          else if ((entry & 0x1000_0000) !== 0) {
            codes[n - 1] = (id & 0x0fff_0fff) | (id >= 0x20_0000 ? 0x1000 : 0x8000)
          }
        }
        header = headers[at] as number
        id = header & 0x0fff_ffff
        entry = entries[(((15 - Math.clz32(id)) & 15) << 16) | (id & 0xffff)] as number
        const next = at + 1 + ((header >>> 31) << 1) + ((header >>> 28) & 7)
        let later = time
        let isPlain = (entry & 0x8fff_ffff) === id && next <= end
        if (isPlain && header < 0) {
          const high = (words[at + 2] as number) - zeroHigh
          later = high * 4294967296 + ((words[at + 1] as number) - zeroLow)
          isPlain = later >= time && later - time <= 8589934592
        }
        if (!isPlain) {
          ats[slot] = at
          currents[slot] = current
          times[slot] = time
          this.#batch.length = n
          return 'head'
        }
        time = later
        if (time > limit || n === ROWS) break
      }
      ats[slot] = at
      times[slot] = time
      currents[slot] = current
      let place = 0
      let other = list[1] as number
      while ((times[other] as number) < time) {
        list[place++] = other
        other = list[place + 1] as number
      }
      list[place] = slot
    }
    this.#batch.length = n
    return 'full'
  }

  /** Plays one record that is off the straight path: it changes who runs, or its own tape. */
  #playOdd(slot: number): void {
    const at = this.#ats[slot] as number
    const header = this.#headers[at] as number
    const code = header & CODE_MASK
    const from = at + 1 + ((header >>> 31) << 1)
    const extra = (header >>> 28) & 7
    const isLoss = code === LOST_RECORDS && extra === 4 && header < 0
    this.#ats[slot] = from + extra
    if ((this.#codes.entry(code) & WANTED) !== 0) {
      const words = isLoss ? { at, extra: LOST_WORDS } : { at: from, extra }
      this.#addRow(slot, { code: currentCode(code), ...words })
    }
    if (isLoss) this.#beginLoss(slot, from)
    if (code === LOST_RECORDS_END) this.#endLoss(slot)
    if (code === OLD_SCHED_SWITCH && extra >= 4) {
      const domid = this.#words[from + 2] as number
      const vcpu = this.#words[from + 3] as number
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

  /** Moves a tape to its next record and to its place in the order; false when it has to wait. */
  #advance(slot: number): boolean {
    const { times } = this.#order
    const head = this.#head(slot, times[slot] as number)
    this.#starved = Number.isNaN(head) ? slot : -1
    if (this.#starved >= 0) return false
    times[slot] = head
    this.#order.settle()
    return true
  }

  /** Moves a tape to its next whole and valid record. Yields the record's time, Infinity at the tape's
   *  end, NaN when the tape has to wait. `last` is the time of the record before. */
  #head(slot: number, last: number): number {
    const tape = this.#tapes[slot] as Tape
    for (;;) {
      const header = this.#words[tape.at] as number
      const isWhole = tape.at < tape.end && tape.at + recordWords(header) <= tape.end
      if (!isWhole) {
        if (tape.restBytes > 0) this.#giveUp(slot, 'a record is cut where its window ends')
        const turn = tape.turn(this.#batchNumber)
        if (turn === 'ended') return ENDED
        if (turn === 'starved') return Number.NaN
      } else if (this.#codes.entry(header & CODE_MASK) === 0) {
        this.#giveUp(slot, `expected a record, found ${header.toString(16).padStart(8, '0')}`)
      } else return this.#believed(slot, stampAt(this.#words, tape.at), last)
    }
  }

  /** Passes over the rest of the window that a tape is in. */
  #giveUp(slot: number, why: string): void {
    const { offset, bytes } = (this.#tapes[slot] as Tape).abandon()
    const note = `${bytes} bytes at offset ${offset}, pcpu ${this.#pcpus[slot]}: ${why}`
    bookLoss(this.loss, note, { bytes })
  }

  /** The time to give a record that says `stamp`, after one at `last`. */
  #believed(slot: number, stamp: bigint | undefined, last: number): number {
    if (stamp === undefined) return last
    const time = Number(stamp - this.clock.zero)
    const tape = this.#tapes[slot] as Tape
    if (time < last || !Number.isSafeInteger(time)) {
      return this.#disbelieve(slot, `time stamp ${stamp} before its predecessor's`, last)
    }
    if (time - last <= LONG_SILENCE) return time
    const following = stampInPiece(this.#words, tape.at, tape.end)
    if (following === NO_STAMP || following >= stamp) return time
    return this.#disbelieve(slot, `time stamp ${stamp} after its successor's`, last)
  }

  #disbelieve(slot: number, what: string, last: number): number {
    const { offset } = this.#tapes[slot] as Tape
    bookLoss(this.loss, `record at offset ${offset}, pcpu ${this.#pcpus[slot]}: ${what}`, {})
    return last
  }

  /** Rewrites LOST_RECORDS in its own seven words: six words of the row, then the record of its end. */
  #beginLoss(slot: number, from: number): void {
    const words = this.#words
    const { times } = this.#order
    const at = from - 3
    const [low, high] = [words[at + 1] as number, words[at + 2] as number]
    words.copyWithin(at, from, from + 4)
    words[at + LOST_LAST_TSC] = low
    words[at + LOST_LAST_TSC + 1] = high
    words[at + LOST_WORDS] = LOST_RECORDS_END
    this.#ats[slot] = at + LOST_WORDS
    this.#current[slot] = NOBODY
    this.#afterLoss[slot] = swapHalves(words[at + LOST_VCPU] as number)
    this.#bookDropped(slot, words[at + LOST_COUNT] as number)
    const end = Number(((BigInt(high) << 32n) | BigInt(low)) - this.clock.zero)
    if (Number.isSafeInteger(end) && end > (times[slot] as number)) times[slot] = end
  }

  #endLoss(slot: number): void {
    const next = this.#afterLoss[slot] as number
    if (next >= 0) this.#current[slot] = next
    this.#afterLoss[slot] = -1
  }

  #bookDropped(slot: number, records: number): void {
    const who = `pcpu ${this.#pcpus[slot]}`
    bookLoss(this.loss, `${who}: the hypervisor dropped ${records} records`, { records })
  }
}
