// Running a notebook: every cell in order, in one fresh session, each output with the hash of what
// it was made from.
//
//   document + session  ->  outputs by cell id
//
// Holds: a cell that fails is an output like any other; the cells after it still run. The hash
// covers the front matter's machine, folder and inputs, and the sources of this cell and all before
// it.
import { createHash } from 'node:crypto'
import { type Cell, type CellLanguage, cellsOf, type NotebookDocument } from './document.js'
import type { MadeOutput } from './outputs.js'

/** What a cell did, as a session tells it. `text` is what a terminal would have shown,
 *  uncoloured. */
export interface CellOutcome {
  readonly kind: 'ok' | 'error' | 'interrupted'
  /** The error's code or name; "" when there was none. */
  readonly error: string
  readonly text: string
}

/** The session a notebook runs in. */
export interface NotebookSession {
  evaluate(source: string, language: CellLanguage): Promise<CellOutcome>
  close(): void
}

/** A finished run. */
export interface NotebookRun {
  readonly outputs: ReadonlyMap<string, MadeOutput>
  /** Cells that failed without saying `expect-error`, or that said it and did not fail so. */
  readonly failures: readonly { readonly cell: Cell; readonly message: string }[]
  readonly interrupted: boolean
}

const MOST_LINES = 200

/** Runs all cells. `progress` is told of each cell before it runs. */
export async function runNotebook(
  document: NotebookDocument,
  session: NotebookSession,
  progress: (cell: Cell) => void = () => {},
): Promise<NotebookRun> {
  const outputs = new Map<string, MadeOutput>()
  const failures: { cell: Cell; message: string }[] = []
  const hash = startHash(document)
  for (const cell of cellsOf(document)) {
    progress(cell)
    const outcome = await session.evaluate(cell.source, cell.language)
    if (outcome.kind === 'interrupted') return { outputs, failures, interrupted: true }
    hash.update(`\0${cell.language}\0${cell.source}`)
    outputs.set(cell.id, {
      sha: hash.copy().digest('hex').slice(0, 8),
      body: shortened(outcome.text),
    })
    const message = failureOf(cell, outcome)
    if (message !== undefined) failures.push({ cell, message })
  }
  return { outputs, failures, interrupted: false }
}

/** The canonical text of an output: cut at 200 lines, with a count and a hash of the whole. */
export function shortened(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n')
  if (lines.length <= MOST_LINES) return text
  const whole = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const left = lines.length - MOST_LINES
  return `${lines.slice(0, MOST_LINES).join('\n')}\n[${left} more lines; sha256 of all ${whole}]\n`
}

function startHash(document: NotebookDocument): ReturnType<typeof createHash> {
  const { machine, hz, folder, inputs } = document.front
  const hash = createHash('sha256').update(`${machine ?? ''} ${hz ?? ''}`)
  if (folder !== undefined) hash.update(`\0${folder}`)
  for (const input of inputs) hash.update(`\0${input.path}\0${input.sha256}`)
  return hash
}

function failureOf(cell: Cell, outcome: CellOutcome): string | undefined {
  const expected = cell.options.get('expect-error')
  if (expected === undefined) return outcome.kind === 'error' ? outcome.text : undefined
  if (outcome.kind === 'error' && (expected === '' || outcome.error === expected)) return undefined
  const seen = outcome.kind === 'error' ? outcome.error : 'none'
  return `expected the error ${expected}, saw ${seen}`
}
