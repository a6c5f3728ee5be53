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
import { CodeTable, codeSlot, STARTS, STOPS, WANTED } from './code-table.js'
import {
  CODE_MASK,
  currentCode,
  LOST_RECORDS,
  LOST_RECORDS_END,
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
  readonly #pcpus: Uint16Array
  readonly #codes: CodeTable
  readonly #order: MergeOrder
  /** By slot, packed as in a runstate record: who runs, and who will after a loss. */
  readonly #current: Uint32Array
  readonly #afterLoss: Float64Array
  readonly #zeroLow: number
  readonly #zeroHigh: number
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
    this.#zeroLow = Number(zero & 0xffff_ffffn)
    this.#zeroHigh = Number(zero >> 32n)
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
   *  over records stays in one function: it is where the time goes. */
  #fill(): number {
    if (this.#starved >= 0 && !this.#resume()) return 0
    const { ticks, code: codes, pcpu: pcpus, domid, vcpu, at: ats, extra: extras } = this.#batch
    const { list, times } = this.#order
    const { entries } = this.#codes
    const words = this.#words
    const headers = this.#headers
    const zeroLow = this.#zeroLow
    const zeroHigh = this.#zeroHigh
    let n = 0
    while (n < ROWS) {
      const slot = list[0] as number
      let time = times[slot] as number
      if (time === ENDED) break
      const limit = times[list[1] as number] as number
      const pcpu = this.#pcpus[slot] as number
      const tape = this.#tapes[slot] as Tape
      let current = this.#current[slot] as number
      let at = tape.at
      let end = tape.end
      let header = headers[at] as number
      let entry = entries[codeSlot(header & CODE_MASK)] as number
      if ((entry & CODE_MASK) !== (header & CODE_MASK))
        entry = this.#codes.entry(header & CODE_MASK)
      for (;;) {
        const from = at + 1 + ((header >>> 31) << 1)
        const extra = (header >>> 28) & 7
        at = from + extra
        if ((entry & WANTED) !== 0) {
          ticks[n] = time < 0 ? 0 : time
          codes[n] = entry & CODE_MASK
          pcpus[n] = pcpu
          domid[n] = current >>> 16
          vcpu[n] = current
          ats[n] = from
          extras[n] = extra
          n += 1
        }
        if ((entry & STARTS) !== 0 && extra !== 0) current = words[from] as number
        else if ((entry & STOPS) !== 0) current = NOBODY
        else if (entry < 0) {
          const row = (entry & WANTED) !== 0 ? n - 1 : -1
          tape.at = at
          times[slot] = time
          current = this.#odd({ slot, row, from, extra, header, current })
          time = times[slot] as number
          at = tape.at
        }
        header = headers[at] as number
        entry = entries[codeSlot(header & CODE_MASK)] as number
        const size = 1 + ((header >>> 31) << 1) + ((header >>> 28) & 7)
        let jump = 0
        let known = (entry & CODE_MASK) === (header & CODE_MASK) && at + size <= end
        if (known && header < 0) {
          const high = (words[at + 2] as number) - zeroHigh
          jump = high * 4294967296 + ((words[at + 1] as number) - zeroLow) - time
          known = jump >= 0 && jump <= LONG_SILENCE
        }
        if (known) time += jump
        else {
          tape.at = at
          const head = this.#head(slot, time)
          if (Number.isNaN(head)) {
            times[slot] = time
            this.#current[slot] = current
            this.#starved = slot
            return n
          }
          time = head
          if (time === ENDED) break
          at = tape.at
          end = tape.end
          header = headers[at] as number
          entry = this.#codes.entry(header & CODE_MASK)
        }
        if (time > limit || n === ROWS) break
      }
      if (time !== ENDED) tape.at = at
      times[slot] = time
      this.#current[slot] = current
      this.#order.settle()
    }
    return n
  }

  /** Loads what the starved tape waited for; false when the tapes have to be looked at again. */
  #resume(): boolean {
    const slot = this.#starved
    const head = this.#head(slot, this.#order.times[slot] as number)
    if (Number.isNaN(head)) return false
    this.#starved = -1
    this.#order.times[slot] = head
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

  /** The records off the straight path; yields who runs after it. May move the tape and its time. */
  #odd(record: OddRecord): number {
    const { slot, row, from, extra, header, current } = record
    const code = header & CODE_MASK
    if (code === LOST_RECORDS_END) {
      const next = this.#afterLoss[slot] as number
      this.#afterLoss[slot] = -1
      return next < 0 ? current : next
    }
    if (row >= 0) this.#batch.code[row] = currentCode(code)
    if (code === OLD_SCHED_SWITCH && extra >= 4) {
      const next = ((this.#words[from + 2] as number) << 16) >>> 0
      return (next | ((this.#words[from + 3] as number) & 0xffff)) >>> 0
    }
    const isLoss = code === LOST_RECORDS && extra === 4 && header < 0
    return isLoss ? this.#lose(record) : current
  }

  /** Rewrites LOST_RECORDS in its own seven words: six words of the row, then the record of its end. */
  #lose(record: OddRecord): number {
    const { slot, row, from } = record
    const words = this.#words
    const header = from - 3
    const [low, high] = [words[header + 1] as number, words[header + 2] as number]
    words.copyWithin(header, from, from + 4)
    words[header + 4] = low
    words[header + 5] = high
    words[header + 6] = LOST_RECORDS_END
    ;(this.#tapes[slot] as Tape).at = header + 6
    if (row >= 0) {
      this.#batch.at[row] = header
      this.#batch.extra[row] = LOST_WORDS
    }
    this.#afterLoss[slot] = swapHalves(words[header + 1] as number)
    this.#bookDropped(slot, words[header] as number)
    const end = (high - this.#zeroHigh) * 4294967296 + (low - this.#zeroLow)
    const began = this.#order.times[slot] as number
    if (Number.isSafeInteger(end) && end > began) this.#order.times[slot] = end
    return NOBODY
  }

  #bookDropped(slot: number, records: number): void {
    const who = `pcpu ${this.#pcpus[slot]}`
    bookLoss(this.loss, `${who}: the hypervisor dropped ${records} records`, { records })
  }
}

/** A record off the straight path: its row (-1 when not wanted), first word and number of words. */
interface OddRecord {
  readonly slot: number
  readonly row: number
  readonly from: number
  readonly extra: number
  /** Signed: negative when the record carries a time stamp. */
  readonly header: number
  readonly current: number
}
