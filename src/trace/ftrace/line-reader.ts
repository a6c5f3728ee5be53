// LineReader: lines of a file of any size, each with its byte offset; one window in memory.
//
// Holds: no line is longer than MAX_LINE bytes; what is longer comes in pieces that say so.
import type { ByteSource } from '../byte-source.js'

/** One line without its newline. `complete` is false for a piece of an overlong line, and for a
 *  last line that no newline ends: either may be half of what was written. */
export interface Line {
  readonly offset: number
  readonly sizeBytes: number
  readonly text: string
  readonly complete: boolean
}

const WINDOW = 1 << 18
const MAX_LINE = 1 << 14
const NEWLINE = 10

/** Reads a source line by line, from the start. */
export class LineReader {
  readonly #source: ByteSource
  readonly #window = new Uint8Array(WINDOW)
  readonly #decoder = new TextDecoder()
  #base = 0
  #at = 0
  #end = 0
  #atEnd = false

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** The next line, or undefined at the end. */
  next(): Line | undefined {
    if (this.#end - this.#at < MAX_LINE && !this.#atEnd) this.#fill()
    if (this.#at === this.#end) return undefined
    const newline = this.#window.indexOf(NEWLINE, this.#at)
    const found = newline >= 0 && newline < Math.min(this.#end, this.#at + MAX_LINE)
    const stop = found ? newline : Math.min(this.#end, this.#at + MAX_LINE)
    const line: Line = {
      offset: this.#base + this.#at,
      sizeBytes: stop - this.#at + (found ? 1 : 0),
      text: this.#decoder.decode(this.#window.subarray(this.#at, stop)),
      complete: found,
    }
    this.#at = found ? stop + 1 : stop
    return line
  }

  #fill(): void {
    this.#window.copyWithin(0, this.#at, this.#end)
    this.#base += this.#at
    this.#end -= this.#at
    this.#at = 0
    while (this.#end < WINDOW) {
      const got = this.#source.read(this.#window.subarray(this.#end), this.#base + this.#end)
      if (got <= 0) {
        this.#atEnd = true
        return
      }
      this.#end += got
    }
  }
}
