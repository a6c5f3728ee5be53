// The journal: what was asked in a session and what came of it, in order. `.save` writes a notebook
// of it.
import type { DisplayBundle } from '../base/display.js'

/** What a cell is written in: TypeScript, D, Eversholt, command lines. */
export type CellLanguage = 'ts' | 'd' | 'esc' | 'command'

/** One cell that is about to run. */
export interface JournalCell {
  /** From 1, in the order of evaluation; the number in `xpv:cell/N`. */
  readonly number: number
  readonly language: CellLanguage
  /** As typed, a leading prompt sign dropped. */
  readonly source: string
  /** The cell of a notebook that it is, where one was told. */
  readonly name?: string | undefined
  /** A secret was taken out of the source: it cannot run again as it stands. */
  readonly isRedacted: boolean
}

/** One cell that ran. */
export interface JournalEntry extends Omit<JournalCell, 'isRedacted'> {
  readonly ended: 'ok' | 'error' | 'interrupted'
  /** What it wrote while it ran. */
  readonly output: string
  /** Its value or its error, as shown. */
  readonly shown: DisplayBundle | undefined
  readonly durationMs: number
}

/** What is said of a session besides its cells: prose, or what it is called. */
export interface JournalRemark {
  readonly kind: 'note' | 'title'
  readonly text: string
}

/** Whoever keeps the cells beyond the session. */
export interface JournalKeeper {
  /** Called before a cell runs; returns once that is kept. */
  began(cell: JournalCell): void
  ended(entry: JournalEntry): void
  remarked(remark: JournalRemark): void
}

/** The cells of one session. Grows only at its end. */
export class Journal {
  readonly #entries: JournalEntry[] = []
  readonly #keeper: JournalKeeper | undefined

  constructor(keeper?: JournalKeeper) {
    this.#keeper = keeper
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries
  }

  /** A cell is about to run. */
  begin(cell: JournalCell): void {
    this.#keeper?.began(cell)
  }

  /** Something is said of it, after the cells so far. */
  remark(remark: JournalRemark): void {
    this.#keeper?.remarked(remark)
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry)
    this.#keeper?.ended(entry)
  }
}
