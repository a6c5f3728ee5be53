// Running a notebook: every cell in order, in one fresh session, each output with the stamp of what
// it was made from.
//
//   document + session  ->  outputs by cell id
//
// Holds: a cell that fails is an output like any other; the cells after it still run. Stamps
// are of the document as it is run, with the inputs it has then.
import { timeoutOf } from './cell-options.js'
import { type Cell, cellsOf, type NotebookDocument, type ParamValue } from './document.js'
import { stampsOf } from './graph/stamps.js'
import { outputFrom } from './output-text.js'
import type { MadeOutput } from './outputs.js'

/** What a cell did, as a session tells it. */
export interface CellOutcome {
  readonly kind: 'ok' | 'error' | 'interrupted'
  /** The error's code or name; "" when there was none. */
  readonly error: string
  /** What a terminal would have shown. */
  readonly text: string
  /** The picture that its value shows. */
  readonly svg?: string | undefined
}

/** The session a notebook runs in. */
export interface NotebookSession {
  /** Evaluates a cell; after `timeoutMs` it is ended, and has failed with `nb.timeout`. */
  evaluate(cell: Pick<Cell, 'id' | 'language' | 'source'>, timeoutMs?: number): Promise<CellOutcome>
  /** Tells the running cell to end; one that only computes may not hear it. */
  interrupt?(): void
  close(): void
}

/** A cell that did not do what it should. Of kind `type` when it did, and its types are wrong; of
 *  kind `name` when it uses a name that nothing defines, at a line of the notebook. */
export interface CellFailure {
  readonly cell: Cell
  readonly message: string
  readonly kind?: 'type' | 'name'
  readonly line?: number
}

/** A finished run. */
export interface NotebookRun {
  readonly outputs: ReadonlyMap<string, MadeOutput>
  /** Cells that failed without saying `expect-error`, or that said it and did not fail so. */
  readonly failures: readonly CellFailure[]
  readonly interrupted: boolean
}

/** What a run is given besides document and session. */
export interface RunOptions {
  /** Values of parameters; the others have their defaults. */
  readonly params?: ReadonlyMap<string, ParamValue>
  /** Told of each cell before it runs. */
  readonly progress?: (cell: Cell) => void
}

/** Runs all cells. */
export async function runNotebook(
  document: NotebookDocument,
  session: NotebookSession,
  { params = new Map(), progress }: RunOptions = {},
): Promise<NotebookRun> {
  const outputs = new Map<string, MadeOutput>()
  const failures: CellFailure[] = []
  const stamps = stampsOf(document, params)
  for (const cell of cellsOf(document)) {
    progress?.(cell)
    const outcome = await session.evaluate(cell, timeoutOf(cell.options))
    if (outcome.kind === 'interrupted') return { outputs, failures, interrupted: true }
    outputs.set(cell.id, outputFrom(stamps.get(cell.id) ?? '', outcome.text, outcome.svg))
    const message = failureOf(cell, outcome)
    if (message !== undefined) failures.push({ cell, message })
  }
  return { outputs, failures, interrupted: false }
}

function failureOf({ options }: Cell, outcome: CellOutcome): string | undefined {
  const expected = options.get('expect-error')
  if (expected === undefined) return outcome.kind === 'error' ? outcome.text : undefined
  if (outcome.kind === 'error' && (expected === '' || outcome.error === expected)) return undefined
  const seen = outcome.kind === 'error' ? outcome.error : 'none'
  return `expected the error ${expected}, saw ${seen}`
}
