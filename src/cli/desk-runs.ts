// What has run at the prompt, in order: which cell of the notebook, from which source, what came of
// it.
//
// Holds: every cell of the session's journal is one run; a question (`x?`) is none of a notebook's.
import type { CellLanguage, NotebookDocument } from '../notebook/document.js'
import type { CellRun } from '../notebook/graph/run-states.js'
import { stampsOf } from '../notebook/graph/stamps.js'
import { askedIn } from '../session/asked.js'
import type { JournalEntry } from '../session/journal.js'

/** The languages of cells as the session names them. */
export const SPOKEN = { ts: 'ts', d: 'd', esc: 'esc', sh: 'command' } as const
const WRITTEN: Readonly<Record<JournalEntry['language'], CellLanguage>> = {
  ts: 'ts',
  d: 'd',
  esc: 'esc',
  command: 'sh',
}

/** One run. */
export interface DeskRun {
  /** The cell that ran; undefined for a question. */
  readonly id: string | undefined
  readonly entry: JournalEntry
  /** The notebook as it was before. */
  readonly before: NotebookDocument
  /** And right after. */
  readonly after: NotebookDocument
}

/** The runs of a session. */
export class DeskRuns {
  #runs: readonly DeskRun[] = []

  get all(): readonly DeskRun[] {
    return this.#runs
  }

  get last(): DeskRun | undefined {
    return this.#runs.at(-1)
  }

  add(run: DeskRun): void {
    this.#runs = [...this.#runs, run]
  }

  /** From now on these are all. */
  become(runs: readonly DeskRun[]): void {
    this.#runs = runs
  }

  /** The last run of a cell. */
  of(id: string): DeskRun | undefined {
    return this.#runs.findLast((run) => run.id === id)
  }

  /** The last run of each cell, as the graph asks for it. */
  states(): ReadonlyMap<string, CellRun> {
    const found = new Map<string, CellRun>()
    let later = this.last?.after
    for (const [index, { id, after, entry }] of [...this.#runs.entries()].reverse()) {
      later = later !== undefined && hasGrown(after, later) ? later : after
      if (id === undefined || found.has(id)) continue
      const stamp = stampsOf(later).get(id) ?? ''
      found.set(id, { order: index + 1, stamp, showed: hasShown(entry) })
    }
    return found
  }
}

/** Whether a notebook only grew at its end: then the stamps it had are among those it has, for a
 *  cell's stamp depends on what is above it alone. */
function hasGrown(before: NotebookDocument, now: NotebookDocument): boolean {
  return before.head === now.head && before.parts.every((part, i) => part === now.parts[i])
}

/** Whether a cell that ran had something to show. */
export function hasShown({ output, shown }: JournalEntry): boolean {
  return output !== '' || shown !== undefined
}

/** Whether a cell only asks what something is. */
export function isQuestion({ source }: JournalEntry): boolean {
  return askedIn(source) !== undefined
}

/** A cell as a notebook has it. */
export function writtenAs({ language, source }: JournalEntry): {
  readonly language: CellLanguage
  readonly source: string
} {
  return { language: WRITTEN[language], source }
}
