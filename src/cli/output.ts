// Standard output, written in large pieces, and standard error.
//
// Holds: what was written to either comes out in the order written. A closed pipe ends the program
// quietly with status 0, as a reader that has seen enough means it to; a full disk does not pass
// for success.
import { performance } from 'node:perf_hooks'
import { XpvError } from '../base/error.js'

const PIECE = 64 * 1024
/** Milliseconds that text may wait for more: a cell may print and then compute for an hour. */
const PATIENCE_MS = 20

/** Collects output and writes it in pieces; `finish` before leaving. */
export class Output {
  #pending = ''
  #flushedAt = Number.NEGATIVE_INFINITY
  #failure: NodeJS.ErrnoException | undefined

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      this.#failure ??= error
    })
  }

  write(text: string): void {
    if (this.#pending === '') setImmediate(() => this.flush())
    this.#pending += text
    const isDue = performance.now() - this.#flushedAt > PATIENCE_MS
    if (isDue || this.#pending.length >= PIECE) this.flush()
  }

  /** To standard error, after all that was written before. */
  warn(text: string): void {
    this.flush()
    process.stderr.write(text)
  }

  flush(): void {
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    this.#flushedAt = performance.now()
    process.stdout.write(text)
  }

  /** Waits until all is out. Throws `XpvError` `file.unwritable` when some of it never will be. */
  async finish(): Promise<void> {
    this.flush()
    await new Promise((resolve) => process.stdout.write('', resolve))
    await new Promise(setImmediate)
    if (this.#failure === undefined) return
    const why = this.#failure.code ?? this.#failure.message
    throw new XpvError('file.unwritable', `cannot write standard output: ${why}`, 'df -h')
  }
}
