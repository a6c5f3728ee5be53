// A watch: a cell that is looked at again after each other cell, and the lines it showed last.
//
//   .watch domains  ->  [1]  .watch domains        stands above the cell being written,
//                       NAME   ID ...              what changed since the last look is marked
//
// Holds: looking leaves no trace in the session: no cell is counted, kept or bound to `_`. One that
// fails, or takes too long, ends.
import { stripVTControlCharacters } from 'node:util'
import type { CellResult } from '../session/cell.js'
import type { Session } from '../session/session.js'
import type { Trace } from '../session/traces.js'

/** Milliseconds that one look may take. */
const LOOK_MS = 2_000

/** A line of a view. */
export interface WatchedLine {
  readonly text: string
  readonly isNew: boolean
}

/** One view, among the traces of its session. */
export class Watch implements Trace {
  readonly line: string
  readonly #source: string
  #lines: readonly WatchedLine[] = []
  #isDone = false

  constructor(source: string) {
    this.#source = source
    this.line = `.watch ${source.replace(/\s+/g, ' ')}`
  }

  /** What it showed last. */
  get lines(): readonly WatchedLine[] {
    return this.#lines
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** It looks between two cells, not in one. */
  catchUp(): void {}

  stop(): void {
    this.#isDone = true
  }

  /** Looks again; yields why it ended, if it did. */
  async look(session: Session): Promise<string | undefined> {
    const options = { final: true, quiet: true, timeoutMs: LOOK_MS }
    const result = await session.evaluate(this.#source, options)
    if (result.kind !== 'ok') {
      this.stop()
      return reasonOf(result)
    }
    this.#lines = compared(linesOf(result), this.#lines)
    return undefined
  }
}

/** Why a look failed; where in a cell that nobody sees is nothing to tell. */
function reasonOf(result: CellResult): string {
  if (result.kind !== 'error') return `  it was interrupted, or took over ${LOOK_MS / 1000} s`
  const lines = result.error.text.split('\n')
  return lines.filter((each) => !/^ +at cell /.test(each)).join('\n')
}

function linesOf({ output, shown }: CellResult & { readonly kind: 'ok' }): string[] {
  const text = `${output}${shown?.['text/plain'] ?? ''}`.trimEnd()
  return text === '' ? ['(nothing)'] : stripVTControlCharacters(text).split('\n').map(printable)
}

/** A line without what would move the cursor; tabs go to each eighth column. */
function printable(line: string): string {
  const spread = line.replace(/([^\t]*)\t/g, (_, text: string) => {
    return text + ' '.repeat(8 - (text.length % 8))
  })
  return spread.replace(/\p{Cc}/gu, '')
}

/** Lines that were not there at the last look are new; at the first look none is. */
function compared(lines: readonly string[], before: readonly WatchedLine[]): WatchedLine[] {
  const known = new Set(before.map(({ text }) => text))
  return lines.map((text) => ({ text, isNew: known.size > 0 && !known.has(text) }))
}
