// Brings each tape to its next valid record and judges that record's time: the slow, careful side
// of the merge, for what is not a plain record right behind another one.
//
// Holds: what is passed over is booked with its file offset and the number of bytes. A time stamp
// before its predecessor's, or far after it and past its successor's, is not believed: the record
// takes its predecessor's time, so that times never decrease on a pcpu.
import { bookLoss, type Loss } from '../../machine/observation.js'
import type { CodeTable } from './code-table.js'
import { CODE_MASK, recordWords } from './layout.js'
import type { Tape } from './tape.js'
import { NO_STAMP, stampAt, stampInPiece } from './time-stamp.js'

/** A pcpu silent for longer than this many cycles (some seconds) has its next stamp looked at
 *  twice. The merge loop has the same number written out. */
const LONG_SILENCE = 2 ** 33
/** The time of a tape that has ended. */
export const ENDED = Number.POSITIVE_INFINITY

/** What the heads of all tapes are read with. */
export interface HeadInput {
  readonly words: Uint32Array
  readonly tapes: readonly Tape[]
  readonly pcpus: Uint16Array
  readonly codes: CodeTable
  readonly loss: Loss
  /** The stamp at tick 0. */
  readonly zero: bigint
}

/** Reads the heads of the tapes of one stream. */
export class HeadReader {
  readonly #input: HeadInput

  constructor(input: HeadInput) {
    this.#input = input
  }

  /** Moves a tape to its next whole and valid record. Yields the record's time, `ENDED` at the
   *  tape's end, undefined when the tape has to wait. `last` is the time of the record before. */
  next(slot: number, last: number, batch: number): number | undefined {
    const { words, codes } = this.#input
    const tape = this.#tape(slot)
    for (;;) {
      const header = words[tape.at] ?? 0
      if (tape.at >= tape.end || tape.at + recordWords(header) > tape.end) {
        if (tape.restBytes > 0) this.#giveUp(slot, 'a record is cut where its window ends')
        const turn = tape.turn(batch)
        if (turn === 'ended') return ENDED
        if (turn === 'starved') return undefined
      } else if (codes.entry(header & CODE_MASK) === 0) {
        this.#giveUp(slot, `expected a record, found ${header.toString(16).padStart(8, '0')}`)
      } else return this.#believed(slot, stampAt(words, tape.at), last)
    }
  }

  #tape(slot: number): Tape {
    return this.#input.tapes[slot] as Tape
  }

  /** Passes over the rest of the window that a tape is in. */
  #giveUp(slot: number, why: string): void {
    const { offset, bytes } = this.#tape(slot).abandon()
    const note = `${bytes} bytes at offset ${offset}, pcpu ${this.#input.pcpus[slot]}: ${why}`
    bookLoss(this.#input.loss, note, { bytes })
  }

  /** The time to give a record that says `stamp`, after one at `last`. */
  #believed(slot: number, stamp: bigint | undefined, last: number): number {
    if (stamp === undefined) return last
    const time = Number(stamp - this.#input.zero)
    const tape = this.#tape(slot)
    if (time < last || !Number.isSafeInteger(time)) {
      return this.#disbelieve(slot, `time stamp ${stamp} before its predecessor's`, last)
    }
    if (time - last <= LONG_SILENCE) return time
    const following = stampInPiece(this.#input.words, tape.at, tape.end)
    if (following === NO_STAMP || following >= stamp) return time
    return this.#disbelieve(slot, `time stamp ${stamp} after its successor's`, last)
  }

  #disbelieve(slot: number, what: string, last: number): number {
    const { pcpus, loss } = this.#input
    bookLoss(loss, `record at offset ${this.#tape(slot).offset}, pcpu ${pcpus[slot]}: ${what}`, {})
    return last
  }
}
