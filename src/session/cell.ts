// A cell's result, and the cell while it runs: its output, its signal, and how it can be ended from
// outside.
import type { DisplayBundle } from '../base/display.js'
import type { CellError } from './cell-error.js'
import type { CellLanguage } from './journal.js'

/** What came of a cell. `output` is what it wrote while it ran. */
export type CellResult =
  | {
      readonly kind: 'ok'
      /** The value of the last expression; undefined for a command. */
      readonly value: unknown
      readonly shown: DisplayBundle | undefined
      readonly output: string
      readonly durationMs: number
      /** A command's exit status; 0 for code. */
      readonly status: number
    }
  | { readonly kind: 'error'; readonly error: CellError; readonly output: string }
  /** `shown` is what a cell that ended by itself still had to show, `why` what it says was ended;
   *  a command that came to its own end has a `status`. */
  | {
      readonly kind: 'interrupted'
      readonly output: string
      readonly shown: DisplayBundle | undefined
      readonly why?: string
      readonly status?: number
    }
  /** Nothing ran: the text stops in the middle of something. */
  | { readonly kind: 'incomplete' }

/** How a cell shall be evaluated. */
export interface EvaluateOptions {
  /** Told by a notebook's fence; found out by the first word otherwise. */
  readonly language?: CellLanguage
  /** What the rules of a cell of Eversholt are bound to, where it is a name. */
  readonly name?: string
  /** No further line will come: an unfinished text is a mistake. */
  readonly final?: boolean
  /** Interrupts the cell after so many milliseconds, even if it never awaits. */
  readonly timeoutMs?: number
  /** Only to look: it prints nothing by itself, has no number, is not kept and `_` stays. */
  readonly quiet?: boolean
  /** Its number, greater than all before, for whoever counts cells himself. */
  readonly number?: number
}

/** How the work of a cell ended. */
export type WorkEnd =
  | {
      readonly kind: 'value'
      readonly value: unknown
      readonly shown: DisplayBundle | undefined
      readonly status: number
    }
  | { readonly kind: 'threw'; readonly thrown: unknown }
  | { readonly kind: 'stopped' }

/** A cell while it runs. */
export class RunningCell {
  readonly number: number
  readonly language: CellLanguage
  readonly #controller = new AbortController()
  readonly #write: (text: string) => void
  readonly #keep: number
  #output = ''
  #end: WorkEnd | undefined
  #whenEnded: (end: WorkEnd) => void = () => {}

  /** `keep` is how many characters of its output are kept. */
  constructor(
    number: number,
    language: CellLanguage,
    write: (text: string) => void,
    keep: number = Number.POSITIVE_INFINITY,
  ) {
    this.number = number
    this.language = language
    this.#write = write
    this.#keep = keep
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get output(): string {
    return this.#output
  }

  /** Writes output; `through` says where it is seen, when not where output of this cell always
   *  is. */
  write(text: string, through: (text: string) => void = this.#write): void {
    if (this.#output.length < this.#keep) this.#output += text
    through(text)
  }

  /** Calls `then` once, when the cell has ended, however that came. */
  whenEnded(then: (end: WorkEnd) => void): void {
    this.#whenEnded = then
  }

  /** The cell has ended; what comes of it later is nobody's business any more. */
  end(how: WorkEnd): void {
    if (this.#end !== undefined) return
    this.#end = how
    this.#whenEnded(how)
  }

  /** Tells the cell to end. Code gets a turn of the loop, in which what it was cut off from can
   *  be cleared away; a command may still print what it has, for `graceMs`. */
  interrupt(graceMs = 1500): void {
    const again = this.signal.aborted
    this.#controller.abort()
    if (this.language === 'ts' || this.language === 'esc' || again) setTimeout(() => this.stop(), 0)
    else setTimeout(() => this.stop(), graceMs).unref()
  }

  /** Marks the cell as one that was asked to end. */
  abort(): void {
    this.#controller.abort()
  }

  /** Ends the cell now. */
  stop(): void {
    this.#controller.abort()
    this.end({ kind: 'stopped' })
  }
}
