// Standard output, written in large pieces, and standard error.
//
// Holds: what was written to either comes out in the order written. A closed pipe ends the program
// quietly with status 0, as a reader that has seen enough means it to; a full disk does not pass
// for success.
import { performance } from 'node:perf_hooks'
import { XpvError } from '../base/error.js'

/** Node's own, whatever a guard makes of it later. To import it takes Node 4 ms. */
const exit: (status: number) => never = process.exit.bind(process)

const PIECE = 64 * 1024
/** Milliseconds that text may wait for more: a cell may print and then compute for an hour. */
const PATIENCE_MS = 20

/** Collects output and writes it in pieces; `finish` before leaving. */
export class Output {
  #pending = ''
  #flushedAt = Number.NEGATIVE_INFINITY
  #failure: NodeJS.ErrnoException | undefined
  /** What waits for a reader that is slow: both may be one pipe, and neither overtakes. */
  readonly #queue: { readonly to: NodeJS.WriteStream; readonly text: string }[] = []

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') exit(0)
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
    this.#send(process.stderr, text)
  }

  flush(): void {
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    this.#flushedAt = performance.now()
    this.#send(process.stdout, text)
  }

  /** Waits until all is out. Throws `XpvError` `file.unwritable` when some of it never will be. */
  async finish(): Promise<void> {
    this.flush()
    do await new Promise((resolve) => process.stdout.write('', resolve))
    while (this.#queue.length > 0)
    await new Promise((resolve) => process.stdout.write('', resolve))
    await new Promise(setImmediate)
    if (this.#failure === undefined) return
    const why = this.#failure.code ?? this.#failure.message
    throw new XpvError('file.unwritable', `cannot write standard output: ${why}`, 'df -h')
  }

  #send(to: NodeJS.WriteStream, text: string): void {
    if (this.#queue.length > 0) this.#queue.push({ to, text })
    else if (isBehind()) {
      this.#queue.push({ to, text })
      this.#later()
    } else to.write(text)
  }

  #later(): void {
    process.stdout.write('', () => this.#sendQueued())
  }

  #sendQueued(): void {
    while (this.#queue.length > 0) {
      if (isBehind()) {
        this.#later()
        return
      }
      const next = this.#queue.shift()
      next?.to.write(next.text)
    }
  }
}

/** Whether standard output has not taken yet what it was given. */
function isBehind(): boolean {
  const { destroyed, errored, writableLength } = process.stdout
  return !destroyed && errored === null && writableLength > 0
}
