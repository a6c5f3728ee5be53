// CellRecorder: what the journal is told of a cell: before it runs, what was typed; behind it, what
// came of it.
//
// Holds: a cell is in the journal before anything of it runs; no secret ever is.
import type { CellResult, RunningCell } from './cell.js'
import type { Journal } from './journal.js'
import { type Redact, redacted } from './secrets.js'

/** A cell as it was typed, and the cell of a notebook that it is, where one was told. */
export interface TypedCell {
  readonly source: string
  readonly name: string | undefined
}

/** Writes the journal of one session. */
export class CellRecorder {
  readonly #journal: Journal
  readonly #redact: Redact

  constructor(journal: Journal, redact: Redact) {
    this.#journal = journal
    this.#redact = redact
  }

  /** A cell is about to run. */
  begin({ number, language }: RunningCell, { source, name }: TypedCell): void {
    const kept = this.#redact(source)
    this.#journal.begin({ number, language, source: kept, name, isRedacted: kept !== source })
  }

  /** It has ended. */
  end(cell: RunningCell, typed: TypedCell, result: CellResult, durationMs: number): void {
    if (result.kind === 'incomplete') return
    const shown = result.kind === 'error' ? { 'text/plain': result.error.text } : result.shown
    const { number, language, output } = cell
    const ended = result.kind
    const entry = { number, language, ...typed, ended, output, shown, durationMs }
    this.#journal.add(redacted(entry, this.#redact))
  }
}
