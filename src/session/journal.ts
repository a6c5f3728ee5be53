// The journal: what was asked in a session and what came of it, in order. `.save` writes a notebook
// of it.
import type { DisplayBundle } from '../base/display.js'

/** What a cell is written in. */
export type CellLanguage = 'ts' | 'd' | 'command'

/** One cell that ran. */
export interface JournalEntry {
  /** From 1, in the order of evaluation; the number in `xpv:cell/N`. */
  readonly number: number
  readonly language: CellLanguage
  /** As typed, a leading prompt sign dropped. */
  readonly source: string
  readonly ended: 'ok' | 'error' | 'interrupted'
  /** What it wrote while it ran. */
  readonly output: string
  /** Its value or its error, as shown. */
  readonly shown: DisplayBundle | undefined
  readonly durationMs: number
}

/** The cells of one session. Grows only at its end. */
export class Journal {
  readonly #entries: JournalEntry[] = []

  get entries(): readonly JournalEntry[] {
    return this.#entries
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry)
  }
}
