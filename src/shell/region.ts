// A region: rows below the output of a running cell, gone before anything else is written.
//
//   output of the cell ...|      the cursor stays where it was
//
//   [1]  .watch domains
//   NAME   ID ...
//
// Holds: the rows are made room for, so that nothing is overwritten; nothing is written when
// nothing changed.
// Source: ECMA-48; IND and DECSC of DEC's terminals.
import { beforeWriting } from './before-writing.js'

/** Down a row, scrolling at the foot; the column stays. */
const INDEX = '\x1bD'
const SAVE = '\x1b7'
const RESTORE = '\x1b8'
const ERASE_BELOW = '\x1b[J'

/** Rows of one terminal, on which several streams write. */
export class Region {
  readonly #streams: readonly NodeJS.WritableStream[]
  #shown: readonly string[] = []
  #release: (() => void)[] = []

  /** It is written to the first of the streams. */
  constructor(streams: readonly NodeJS.WritableStream[]) {
    this.#streams = streams
  }

  /** Shows rows, each narrower than the window. */
  show(rows: readonly string[]): void {
    if (rows.join('\n') === this.#shown.join('\n')) return
    const room = `${INDEX.repeat(rows.length + 1)}\x1b[${rows.length + 1}A`
    const drawn = rows.map((row) => `\r\x1b[1B${row}\x1b[K`).join('')
    this.#put(`${room}${SAVE}\r\x1b[1B\x1b[K${drawn}${ERASE_BELOW}${RESTORE}`)
    this.#shown = rows
    if (this.#release.length > 0) return
    const clear = (): void => this.clear()
    this.#release = this.#streams.map((stream) => beforeWriting(stream, clear))
  }

  clear(): void {
    if (this.#shown.length === 0) return
    this.#shown = []
    this.#put(`${SAVE}\r\x1b[1B${ERASE_BELOW}${RESTORE}`)
  }

  /** Writes by itself: that is nothing to be cleared for. */
  #put(text: string): void {
    for (const release of this.#release) release()
    this.#release = []
    this.#streams[0]?.write(text)
  }
}
