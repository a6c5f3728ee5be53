// The cell reader: lines in, whole cells out, whether they were typed, pasted or piped.
//
//   "on('xpv:::')"  "  .count()"     one cell, when both lines are there at once
//   "const x = {"   "}"              one cell, for the first line does not stand alone
//   ".save a.xpv.md"                 a word to the shell
//
// Holds: lines are worked on in order, one cell at a time; what is not finished waits for more.

/** What a reader hands cells to. */
export interface CellSink {
  /** Evaluates a cell. `final` says that no further line will come. */
  evaluate(source: string, final: boolean): Promise<'done' | 'incomplete' | 'leave'>
  /** Whether a line is a word to the shell: `.help`. After a value only those that exist are. */
  isShellWord(line: string, afterValue: boolean): boolean
  obey(line: string): Promise<'done' | 'leave'>
}

/** A line that goes on with the value before it: `.by('probename')`. */
const CHAINED = /^\s*\??\.[\p{ID_Start}$_#]/u

/** Whether a line goes on with the value before it. */
export function isChained(line: string): boolean {
  return CHAINED.test(line)
}

/** The cell that a line begins: one that starts with a dot goes on with the last value. */
export function beginning(line: string): string {
  return CHAINED.test(line) ? `_${line.trimStart()}` : line
}

/** Puts lines together to cells. */
export class CellReader {
  readonly #sink: CellSink
  readonly #lines: string[] = []
  #pending = ''
  #left = false

  constructor(sink: CellSink) {
    this.#sink = sink
  }

  /** The cell that has begun and is not finished; '' when there is none. */
  get pending(): string {
    return this.#pending
  }

  /** Whether a cell asked to leave: further lines are of no use. */
  get hasLeft(): boolean {
    return this.#left
  }

  push(line: string): void {
    this.#lines.push(line)
  }

  /** Forgets the cell that has begun, and all lines not yet read. */
  clear(): void {
    this.#pending = ''
    this.#lines.length = 0
  }

  /** Works on all lines there are; those that come meanwhile too. */
  async drain(): Promise<void> {
    while (!this.#left && this.#lines.length > 0) {
      const line = this.#lines.shift() ?? ''
      const answer =
        this.#pending === '' && this.#sink.isShellWord(line, false)
          ? await this.#sink.obey(line)
          : await this.#grow(line)
      if (answer === 'leave') this.#left = true
    }
  }

  /** No line will come any more: what is pending is all there is. */
  async finish(): Promise<void> {
    await this.drain()
    if (this.#left || this.#pending === '') return
    const answer = await this.#sink.evaluate(this.#pending, true)
    this.#pending = ''
    if (answer === 'leave') this.#left = true
  }

  async #grow(line: string): Promise<'done' | 'leave'> {
    this.#pending = this.#pending === '' ? beginning(line) : `${this.#pending}\n${line}`
    while (this.#chains(this.#lines[0])) this.#pending += `\n${this.#lines.shift()}`
    const cell = this.#pending
    const answer = await this.#sink.evaluate(cell, false)
    if (answer === 'incomplete') return 'done'
    if (this.#pending === cell) this.#pending = ''
    return answer
  }

  #chains(line: string | undefined): boolean {
    return line !== undefined && CHAINED.test(line) && !this.#sink.isShellWord(line, false)
  }
}
