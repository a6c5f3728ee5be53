// Checking a notebook: measure its inputs, run it again from nothing and compare every byte.
//
//   stored document + its files, as run now  ->  drifts: which inputs and cells, where, what lines
//
// Holds: an output marked `unstable` differs only when its shape does. One that says the same, made
// from something else, is stale.
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { changedLines } from './changed-lines.js'
import type { Cell, NotebookDocument, Output, OutputFile } from './document.js'
import { cellsOf } from './document.js'
import { withInputs } from './front-edit.js'
import { hashFile } from './hash-file.js'
import { outputFolder, stateOf, storedText } from './output-files.js'
import { shapeOf } from './output-text.js'
import { closed, isSomething, type MadeOutput } from './outputs.js'
import type { CellFailure, NotebookRun } from './run.js'

/** One difference between what is stored and what was found. */
export interface Drift {
  /** `stale`: the same text, but made from sources or inputs that have changed since. `file`: what
   *  lies beside the notebook is missing, or is not what it was. */
  readonly kind: 'input' | 'output' | 'stale' | 'failure' | 'never-run' | 'file'
  /** An input's path, or a cell's id. */
  readonly what: string
  /** Where the cell is, 1-based. */
  readonly line?: number
  readonly message: string
  /** The lines that changed, as a diff has them, a newline after each; none when absent. */
  readonly changes?: string
  /** Of a failure: the cell runs, but its types are wrong; it uses a name that nothing defines. */
  readonly failure?: 'type' | 'name'
}

/** Inputs as they are on disk. `document` pins them as found; what is not there stays pinned. */
export interface MeasuredInputs {
  readonly document: NotebookDocument
  readonly drifts: readonly Drift[]
}

/** Measures the inputs. Throws what reading a file throws. */
export function measureInputs(document: NotebookDocument, notebookPath: string): MeasuredInputs {
  const drifts: Drift[] = []
  const inputs = document.front.inputs.map((input) => {
    const path = join(dirname(notebookPath), input.path)
    const seen = statSync(path, { throwIfNoEntry: false })
    if (seen === undefined) {
      drifts.push(inputDrift(input.path, 'there is no such file'))
      return input
    }
    const sha256 = hashFile(path)
    if (sha256 === input.sha256) return input
    const sizes = seen.size === input.bytes ? '' : `, ${seen.size} bytes instead of ${input.bytes}`
    drifts.push(inputDrift(input.path, `sha256 is ${sha256}, expected ${input.sha256}${sizes}`))
    return { path: input.path, sha256, bytes: seen.size }
  })
  return { document: drifts.length === 0 ? document : withInputs(document, inputs), drifts }
}

/** How a fresh run differs from what is stored, cell by cell in the order of the notebook. */
export function compareRun(
  stored: NotebookDocument,
  run: NotebookRun,
  notebookPath: string,
): readonly Drift[] {
  const outputs = new Map(
    stored.parts.flatMap((part) => (part.kind === 'output' ? [[part.id, part] as const] : [])),
  )
  return cellsOf(stored).flatMap((cell) => [
    ...run.failures.filter((failure) => failure.cell.id === cell.id).map(failed),
    ...driftsOf(cell, outputs.get(cell.id), run.outputs.get(cell.id), notebookPath).map(
      (drift) => ({ ...drift, what: cell.id, line: cell.line }),
    ),
  ])
}

/** The cells marked `unstable` in which nothing differs: their outputs stay as they are stored. */
export function steadyCells(
  stored: NotebookDocument,
  drifts: readonly Drift[],
): ReadonlySet<string> {
  const differing = new Set(drifts.map(({ what }) => what))
  const steady = cellsOf(stored).filter(
    ({ id, options }) => options.has('unstable') && !differing.has(id),
  )
  return new Set(steady.map(({ id }) => id))
}

type CellDrift = Omit<Drift, 'what' | 'line'>

function driftsOf(
  cell: Cell,
  stored: Output | undefined,
  made: MadeOutput | undefined,
  path: string,
): readonly CellDrift[] {
  const isMade = made !== undefined && isSomething(made)
  if (stored === undefined) {
    return isMade ? [{ kind: 'never-run', message: 'has no stored output' }] : []
  }
  const files = stored.files.flatMap((file) => fileDrift(file, path))
  if (!isMade) return [...files, { kind: 'output', message: 'prints nothing now' }]
  const changed = difference(cell, stored, made, path)
  if (changed.length > 0) return [...changed, ...files]
  if (stored.sha === made.sha) return files
  return [...files, { kind: 'stale', message: 'same text, made from other sources or inputs' }]
}

function failed({ cell, message, kind, line = cell.line }: CellFailure): Drift {
  const told = { kind: 'failure', what: cell.id, line } as const
  if (kind === 'name') return { ...told, failure: kind, message }
  return {
    ...told,
    ...(kind === undefined ? {} : { failure: kind }),
    message: cell.options.has('expect-error') ? message : 'failed',
    ...(cell.options.has('expect-error') ? {} : { changes: indented(message) }),
  }
}

function fileDrift(file: OutputFile, path: string): readonly CellDrift[] {
  const state = stateOf(path, file)
  if (state === 'as-named') return []
  const name = `${outputFolder(path)}/${file.name}`
  return [{ kind: 'file', message: `${name} is ${state}` }]
}

/** What an output says otherwise than before: its text, its picture. */
function difference(
  cell: Cell,
  stored: Output,
  made: MadeOutput,
  path: string,
): readonly CellDrift[] {
  const drifts: CellDrift[] = []
  const before = textOf(stored, path)
  const after = made.files.find(({ form }) => form === 'text')?.content ?? closed(made.body)
  const isUnstable = cell.options.has('unstable')
  const isOther = isUnstable
    ? shapeOf(stored.body) !== shapeOf(closed(made.body))
    : nameOf(stored.files, 'text') !== nameOf(made.files, 'text') ||
      stored.body !== closed(made.body)
  if (isOther) {
    const message = isUnstable
      ? 'prints something of another shape now'
      : 'prints something else now'
    drifts.push({ kind: 'output', message, changes: changedLines(before, after) })
  }
  return [
    ...drifts,
    ...pictureDrift(nameOf(stored.files, 'svg'), nameOf(made.files, 'svg'), isUnstable),
  ]
}

function pictureDrift(
  before: string | undefined,
  after: string | undefined,
  isUnstable: boolean,
): readonly CellDrift[] {
  const isThere = (name: string | undefined): boolean => name !== undefined
  if (isUnstable ? isThere(before) === isThere(after) : before === after) return []
  if (before === undefined) return [{ kind: 'output', message: `draws a picture now, ${after}` }]
  if (after === undefined)
    return [{ kind: 'output', message: `draws no picture now, was ${before}` }]
  return [{ kind: 'output', message: `draws another picture now, ${after} instead of ${before}` }]
}

function nameOf(files: readonly OutputFile[], form: OutputFile['form']): string | undefined {
  return files.find((file) => file.form === form)?.name
}

/** The whole of a stored text; its beginning, where the rest is lost. */
function textOf({ files, body }: Output, path: string): string {
  const file = files.find(({ form }) => form === 'text')
  return (file === undefined ? undefined : storedText(path, file)) ?? body
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')

function inputDrift(path: string, message: string): Drift {
  return { kind: 'input', what: path, message }
}
