// Checking a notebook: run it again from nothing and compare every byte.
//
//   stored document, fresh run  ->  drift: which inputs, cells and outputs differ, as a readable
//   diff
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { cellsOf, type NotebookDocument, outputOf } from './document.js'
import { printNotebook } from './format.js'
import { withOutputs } from './outputs.js'
import type { NotebookRun } from './run.js'

/** One difference between what is stored and what was found. */
export interface Drift {
  readonly kind: 'input' | 'output' | 'failure' | 'never-run'
  /** An input's path, or a cell's id. */
  readonly what: string
  readonly message: string
}

/** The inputs whose bytes are not those the notebook was made from. */
export function checkInputs(document: NotebookDocument, notebookPath: string): Drift[] {
  return document.front.inputs.flatMap((input) => {
    const path = join(dirname(notebookPath), input.path)
    const seen = statSync(path, { throwIfNoEntry: false })
    if (seen === undefined) return [inputDrift(input.path, 'there is no such file')]
    const sha256 = hashFile(path)
    if (sha256 === input.sha256) return []
    const sizes = seen.size === input.bytes ? '' : `, ${seen.size} bytes instead of ${input.bytes}`
    return [inputDrift(input.path, `sha256 is ${sha256}, expected ${input.sha256}${sizes}`)]
  })
}

/** How a fresh run differs from what the document stores, cell by cell. */
export function compareRun(document: NotebookDocument, run: NotebookRun): Drift[] {
  const drifts: Drift[] = run.failures.map(({ cell, message }) => ({
    kind: 'failure',
    what: cell.id,
    message: `line ${cell.line}: ${message}`,
  }))
  const fresh = withOutputs(document, run.outputs)
  for (const cell of cellsOf(document)) {
    const stored = outputOf(document, cell.id)
    const made = outputOf(fresh, cell.id)
    if (stored?.text === made?.text) continue
    if (stored === undefined) {
      drifts.push({ kind: 'never-run', what: cell.id, message: 'has no stored output' })
    } else drifts.push({ kind: 'output', what: cell.id, message: outputDrift(stored, made) })
  }
  return drifts
}

/** The whole difference as a unified diff; "" when there is none. */
export function diffNotebook(path: string, document: NotebookDocument, run: NotebookRun): string {
  const before = printNotebook(document)
  const after = printNotebook(withOutputs(document, run.outputs))
  if (before === after) return ''
  return createTwoFilesPatch(path, path, before, after, 'as stored', 'as run now', { context: 2 })
}

/** The sha256 of a file's bytes, 64 hex digits. */
export function hashFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

interface Stored {
  readonly sha: string
  readonly body: string
}

function outputDrift(stored: Stored, made: Stored | undefined): string {
  if (made === undefined) return 'prints nothing now'
  if (stored.body === made.body)
    return `same text, made from other sources (${stored.sha} -> ${made.sha})`
  return 'prints something else now'
}

function inputDrift(path: string, message: string): Drift {
  return { kind: 'input', what: path, message }
}
