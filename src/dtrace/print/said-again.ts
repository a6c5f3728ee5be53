// SaidAgain: a text in which a warning that comes again and again is told once, and counted.
//
//   the same fault 23447 times, nothing between  ->  its line, then "  the same 23446 times more"
//
// Holds: what a program prints is never counted or left out, and ends a series of warnings. For a
// result that is shown whole; dtrace(8) itself says every fault.

/** A text in the making. */
export class SaidAgain {
  readonly #parts: string[] = []
  #last: string | undefined
  #more = 0

  /** What a program printed. */
  write(text: string): void {
    if (text === '') return
    this.#end()
    this.#parts.push(text)
  }

  /** A line of warning, newline included. */
  warn(line: string): void {
    if (line === this.#last) {
      this.#more += 1
      return
    }
    this.#end()
    this.#parts.push(line)
    this.#last = line
  }

  /** All of it so far. */
  text(): string {
    this.#end()
    return this.#parts.join('')
  }

  #end(): void {
    if (this.#more === 1) this.#parts.push(this.#last ?? '')
    if (this.#more > 1) this.#parts.push(`  the same ${this.#more} times more\n`)
    this.#last = undefined
    this.#more = 0
  }
}
