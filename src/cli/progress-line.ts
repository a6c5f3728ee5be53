// ProgressLine: one line of a terminal that is gone before anything else is printed.
//
// Holds: the cursor stays where it was, whatever stands before it on its line. While a line is
// shown, the next write to standard output or error clears it first; so does the process's end,
// by SIGINT too.
import { writeSync } from 'node:fs'
import { beforeWriting } from '../shell/before-writing.js'
import { eraseAtSigint } from './sigint-eraser.js'

const STDERR = 2
/** Save the cursor, do not wrap; then what was there is erased, and all is as before. */
const BEFORE = '\u001b7\u001b[?7l'
const AFTER = '\u001b[K\u001b[?7h\u001b8'
const ERASE = '\u001b[K'

/** The line, on standard error. */
export class ProgressLine {
  /** What gives the streams their own `write` back; none while nothing is shown. */
  #release: (() => void) | undefined
  /** Whether SIGINT was seen to, with the first line: lines follow each other. */
  #isHeard = false

  isOpen(): boolean {
    return process.stderr.isTTY === true && process.env['TERM'] !== 'dumb'
  }

  show(line: string): void {
    this.#put(`${BEFORE}${line}${AFTER}`)
    this.#release ??= this.#watch()
  }

  clear(): void {
    if (this.#release === undefined) return
    this.#release()
    this.#release = undefined
    this.#put(ERASE)
  }

  /** Clears the line before whatever is written next. */
  #watch(): () => void {
    const clear = (): void => this.clear()
    const streams = [process.stdout, process.stderr].filter(({ isTTY }) => isTTY)
    const releases = streams.map((stream) => beforeWriting(stream, clear))
    process.once('exit', clear)
    if (!this.#isHeard) eraseAtSigint(ERASE)
    this.#isHeard = true
    return () => {
      for (const release of releases) release()
      process.off('exit', clear)
    }
  }

  /** At once: the event loop may not turn for a long time. A terminal that is gone is not told. */
  #put(text: string): void {
    try {
      writeSync(STDERR, text)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (!['EAGAIN', 'EIO', 'EBADF'].includes(code)) throw error
    }
  }
}
