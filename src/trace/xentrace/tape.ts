// A tape: the records of one pcpu, window after window, in two halves of a common arena of words.
//
//   window, window, ...  ->  [ half 0 | half 1 ]  ->  record at `at`, piece ends at `end`
//
// The half that is not played is refilled, but not while rows of the batch in hand point into it.
// Holds: a record from `at` on that ends by `end` is whole in the arena; memory does not depend on
// the file.
import type { BlockReader } from './block-reader.js'
import { type FixedRecordBytes, transcodeFixed } from './fixed-records.js'
import { NO_WINDOW, type WindowTable } from './window-table.js'

/** Words before the first tape and after the last, so that looking around a record is always in
 *  bounds. */
const MARGIN_WORDS = 16
const ARENA_BYTES = 1 << 24
const LARGEST_HALF_BYTES = 1 << 17
const SMALLEST_HALF_BYTES = 1 << 10
/** A half takes windows from this much of the file at most: neighbours share cached blocks. */
const SPAN_BYTES = 1 << 19
const LEAST_ROOM_WORDS = 16

/** The memory of all tapes of one stream: 32-bit words, and the same as bytes. */
export interface Arena {
  readonly words: Uint32Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly halfWords: number
  /** By slot: word index of each tape's next record, and where its piece ends. */
  readonly ats: Int32Array
  readonly ends: Int32Array
}

/** Allocates the memory of `tapes` tapes: at most 16 MiB up to 8192 of them. */
export function allocateArena(tapes: number): Arena {
  const fair = ARENA_BYTES / (2 * Math.max(tapes, 1))
  const half = Math.max(SMALLEST_HALF_BYTES, Math.min(LARGEST_HALF_BYTES, fair))
  const halfWords = Math.floor(half / 4)
  const words = new Uint32Array(2 * MARGIN_WORDS + 2 * tapes * halfWords)
  const bytes = new Uint8Array(words.buffer)
  return { words, bytes, halfWords, ats: new Int32Array(tapes), ends: new Int32Array(tapes) }
}

/** What all tapes of one stream share. */
export interface TapeSource {
  readonly reader: BlockReader
  readonly windows: WindowTable
  readonly arena: Arena
  /** Set for the files of Xen 3.0 and 3.1. */
  readonly fixed: FixedRecordBytes | undefined
}

/** A run of words that came from one window, with where in the file it starts. */
interface Piece {
  readonly end: number
  readonly offset: number
  readonly start: number
  /** Whether the window ends here, and how many bytes of it made no word. */
  closed: boolean
  oddBytes: number
}

/** How a tape came to its next piece: it has one, must wait for the next batch, or has ended. */
export type Turn = 'ready' | 'starved' | 'ended'

const NO_PIECE: Piece = { start: 0, end: 0, offset: 0, closed: true, oddBytes: 0 }

/** The records of one pcpu. The player moves `arena.ats` past a record when done with it, and calls
 *  `turn` when no whole record is left. */
export class Tape {
  readonly #source: TapeSource
  readonly #slot: number
  readonly #base: number
  #half = 1
  #entered = -1
  #pieces: Piece[] = []
  #piece = NO_PIECE
  #played = 0
  #window: number
  #done = 0

  constructor(source: TapeSource, slot: number) {
    this.#source = source
    this.#slot = slot
    this.#base = MARGIN_WORDS + 2 * slot * source.arena.halfWords
    this.#window = source.windows.firsts[slot] ?? NO_WINDOW
  }

  /** Word index of the next record. */
  get at(): number {
    return this.#source.arena.ats[this.#slot] as number
  }

  /** Word index where the current piece ends. */
  get end(): number {
    return this.#source.arena.ends[this.#slot] as number
  }

  #place(at: number, end: number): void {
    this.#source.arena.ats[this.#slot] = at
    this.#source.arena.ends[this.#slot] = end
  }

  /** The file offset of the word at `at`. */
  get offset(): number {
    return this.#piece.offset + (this.at - this.#piece.start) * 4
  }

  /** Bytes of the current window from `at` on that no record of it can use: 0 unless the window
   *  ends. */
  get restBytes(): number {
    return this.#piece.closed ? (this.end - this.at) * 4 + this.#piece.oddBytes : 0
  }

  /** Gives up the rest of the current window; yields from which file offset on, and how many
   *  bytes. */
  abandon(): { readonly offset: number; readonly bytes: number } {
    const { sizes, nexts } = this.#source.windows
    const { offset } = this
    let bytes = (this.end - this.at) * 4 + this.#piece.oddBytes
    if (!this.#piece.closed) {
      bytes += (sizes[this.#window] as number) - this.#done
      this.#window = nexts[this.#window] as number
      this.#done = 0
      this.#piece.closed = true
    }
    this.#place(this.end, this.end)
    this.#piece.oddBytes = 0
    return { offset, bytes }
  }

  /** Goes on to the next piece. Rows of batches before `batch` are no longer looked at. */
  turn(batch: number): Turn {
    if (this.#played < this.#pieces.length) return this.#play()
    if (this.#window === NO_WINDOW) return 'ended'
    if (this.#entered === batch) return 'starved'
    this.#refill()
    this.#entered = batch
    return this.#play()
  }

  #play(): Turn {
    this.#piece = this.#pieces[this.#played++] ?? NO_PIECE
    this.#place(this.#piece.start, this.#piece.end)
    return 'ready'
  }

  #refill(): void {
    const { arena, windows } = this.#source
    const carried = this.#piece.closed ? 0 : this.end - this.at
    const offset = this.offset
    this.#half = 1 - this.#half
    const base = this.#base + this.#half * arena.halfWords
    if (carried > 0) arena.words.copyWithin(base, this.at, this.end)
    this.#pieces = []
    this.#played = 0
    const limit = base + arena.halfWords
    const reach = (windows.offsets[this.#window] as number) + SPAN_BYTES
    let to = this.#load({ start: base, offset, carried, limit })
    while (
      this.#window !== NO_WINDOW &&
      this.#done === 0 &&
      limit - to >= LEAST_ROOM_WORDS &&
      (windows.offsets[this.#window] as number) < reach
    ) {
      const next = windows.offsets[this.#window] as number
      to = this.#load({ start: to, offset: next, carried: 0, limit })
    }
  }

  /** Reads on in the current window as far as there is room; yields where the piece ends. */
  #load(into: { start: number; offset: number; carried: number; limit: number }): number {
    const { offsets, sizes, nexts } = this.#source.windows
    const position = (offsets[this.#window] as number) + this.#done
    const remaining = (sizes[this.#window] as number) - this.#done
    const to = into.start + into.carried
    const wanted = this.#wanted(remaining, into.limit - to)
    const { got, end } = this.#copy(position, wanted, to)
    this.#done += got
    const closed = got < wanted || got === remaining
    if (closed) {
      this.#window = nexts[this.#window] as number
      this.#done = 0
    }
    const offset = into.carried > 0 ? into.offset : position
    this.#pieces.push({ start: into.start, end, offset, closed, oddBytes: got & 3 })
    return end
  }

  #wanted(remaining: number, roomWords: number): number {
    const { fixed } = this.#source
    if (fixed === undefined) return Math.min(remaining, roomWords * 4)
    return Math.min(remaining, Math.floor((roomWords * 4) / fixed) * fixed)
  }

  #copy(position: number, wanted: number, to: number): { got: number; end: number } {
    const { reader, arena, fixed } = this.#source
    if (fixed === undefined) {
      const got = reader.read(arena.bytes.subarray(to * 4, to * 4 + wanted), position)
      return { got, end: to + (got >>> 2) }
    }
    const raw = new Uint8Array(wanted)
    const got = reader.read(raw, position)
    const end = transcodeFixed(new DataView(raw.buffer, 0, got), fixed, arena.words, to)
    return { got, end }
  }
}
