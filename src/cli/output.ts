// Standard output, written in large pieces, and standard error.
//
// Holds: what was written to either comes out in the order written. A closed pipe ends the program
// quietly with status 0, as a reader that has seen enough means it to.

const PIECE = 64 * 1024

/** Collects output and writes it in pieces; flush before leaving. */
export class Output {
  #pending = ''

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  }

  write(text: string): void {
    if (this.#pending === '') setImmediate(() => this.flush())
    this.#pending += text
    if (this.#pending.length >= PIECE) this.flush()
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
    process.stdout.write(text)
  }
}
