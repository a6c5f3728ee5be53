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
import { CodeTable, codeSlot, MOVES, STARTS, WANTED } from './code-table.js'
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
      this.#batch.length = this.#fill()
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

  /** Fills the batch until it is full, a tape must wait, or all have ended; yields the rows. The loop
   *  over records stays in one function: it is where the time goes. Constants are copied to the stack,
   *  and what a slow path changes is read back from typed arrays, so that no number is ever boxed. */
  #fill(): number {
    if (this.#starved >= 0 && !this.#resume()) return 0
    const { ticks, code: codes, pcpu: pcpus, domid, vcpu, at: rowAts, extra: extras } = this.#batch
    const { list, times } = this.#order
    const { entries } = this.#codes
    const words = this.#words
    const headers = this.#headers
    const ats = this.#ats
    const ends = this.#ends
    const currents = this.#current
    const numbers = this.#pcpus
    const zero = this.#zero
    const zeroLow = zero[0] as number
    const zeroHigh = zero[1] as number
    const codeMask = CODE_MASK | 0
    const wanted = WANTED | 0
    const moves = MOVES | 0
    const starts = STARTS | 0
    let n = 0
    while (n < ROWS) {
      const slot = list[0] as number
      let time = times[slot] as number
      if (time === Number.POSITIVE_INFINITY) break
      const limit = times[list[1] as number] as number
      const pcpu = numbers[slot] as number
      let current = currents[slot] as number
      let at = ats[slot] as number
      let end = ends[slot] as number
      let header = headers[at] as number
      let entry = entries[codeSlot(header & codeMask)] as number
      if (((entry ^ header) & codeMask) !== 0) entry = this.#codes.entry(header & codeMask) | 0
      for (;;) {
        const from = at + 1 + ((header >>> 31) << 1)
        const extra = (header >>> 28) & 7
        at = from + extra
        if ((entry & wanted) !== 0) {
          ticks[n] = Math.max(time, 0)
          codes[n] = entry & codeMask
          pcpus[n] = pcpu
          domid[n] = current >>> 16
          vcpu[n] = current
          rowAts[n] = from
          extras[n] = extra
          n += 1
        }
        if ((entry & moves) !== 0) {
          if ((entry & starts) !== 0) {
            if (extra !== 0) current = words[from] as number
          } else if (entry > 0) current = 0x8000_ffff
          else {
            ats[slot] = at
            times[slot] = time
            currents[slot] = current
            this.#odd(slot, (entry & wanted) !== 0 ? n - 1 : -1, from, header)
            at = ats[slot] as number
            time = times[slot] as number
            current = currents[slot] as number
          }
        }
        header = headers[at] as number
        entry = entries[codeSlot(header & codeMask)] as number
        const next = at + 1 + ((header >>> 31) << 1) + ((header >>> 28) & 7)
        let later = time
        let isPlain = ((entry ^ header) & codeMask) === 0 && next <= end
        if (isPlain && header < 0) {
          const high = (words[at + 2] as number) - zeroHigh
          later = high * 4294967296 + ((words[at + 1] as number) - zeroLow)
          isPlain = later >= time && later - time <= 8589934592
        }
        if (isPlain) time = later
        else {
          ats[slot] = at
          currents[slot] = current
          times[slot] = time
          if (!this.#headOf(slot)) return n
          time = times[slot] as number
          if (time === Number.POSITIVE_INFINITY) break
          at = ats[slot] as number
          end = ends[slot] as number
          header = headers[at] as number
          entry = this.#codes.entry(header & codeMask) | 0
        }
        if (time > limit || n === ROWS) break
      }
      ats[slot] = at
      times[slot] = time
      currents[slot] = current
      this.#order.settle()
    }
    return n
  }

  /** Moves a tape to its next record; false when it has to wait for the next batch. */
  #headOf(slot: number): boolean {
    const { times } = this.#order
    const head = this.#head(slot, times[slot] as number)
    this.#starved = Number.isNaN(head) ? slot : -1
    if (this.#starved < 0) times[slot] = head
    return this.#starved < 0
  }

  /** Loads what the starved tape waited for; false when it has to wait once more. */
  #resume(): boolean {
    const isReady = this.#headOf(this.#starved)
    if (isReady) this.#order.settle()
    return isReady
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

  /** The records off the straight path: changes who runs, and may move the tape and its time. `row` is
   *  the record's, or -1; `from` is its first word; `header` is signed. */
  #odd(slot: number, row: number, from: number, header: number): void {
    const code = header & CODE_MASK
    const extra = (header >>> 28) & 7
    if (code === LOST_RECORDS_END) {
      const next = this.#afterLoss[slot] as number
      if (next >= 0) this.#current[slot] = next
      this.#afterLoss[slot] = -1
      return
    }
    if (row >= 0) this.#batch.code[row] = currentCode(code)
    if (code === OLD_SCHED_SWITCH && extra >= 4) {
      const domid = this.#words[from + 2] as number
      const vcpu = this.#words[from + 3] as number
      this.#current[slot] = (domid << 16) | (vcpu & 0xffff)
    }
    if (code === LOST_RECORDS && extra === 4 && header < 0) this.#lose(slot, row, from)
  }

  /** Rewrites LOST_RECORDS in its own seven words: six words of the row, then the record of its end. */
  #lose(slot: number, row: number, from: number): void {
    const words = this.#words
    const { times } = this.#order
    const header = from - 3
    const [low, high] = [words[header + 1] as number, words[header + 2] as number]
    words.copyWithin(header, from, from + 4)
    words[header + LOST_LAST_TSC] = low
    words[header + LOST_LAST_TSC + 1] = high
    words[header + LOST_WORDS] = LOST_RECORDS_END
    this.#ats[slot] = header + LOST_WORDS
    if (row >= 0) {
      this.#batch.at[row] = header
      this.#batch.extra[row] = LOST_WORDS
    }
    this.#current[slot] = NOBODY
    this.#afterLoss[slot] = swapHalves(words[header + LOST_VCPU] as number)
    this.#bookDropped(slot, words[header + LOST_COUNT] as number)
    const end = Number(((BigInt(high) << 32n) | BigInt(low)) - this.clock.zero)
    if (Number.isSafeInteger(end) && end > (times[slot] as number)) times[slot] = end
  }

  #bookDropped(slot: number, records: number): void {
    const who = `pcpu ${this.#pcpus[slot]}`
    bookLoss(this.loss, `${who}: the hypervisor dropped ${records} records`, { records })
  }
}
