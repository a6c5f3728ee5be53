// Checking a notebook: measure its inputs, run it again from nothing and compare every byte.
//
//   stored document  ->  as it is now: inputs as measured, outputs as run
//                    ->  drifts: which inputs and cells, and a readable diff

import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { Cell, NotebookDocument, Output } from './document.js'
import { cellsOf, outputOf } from './document.js'
import { printNotebook } from './format.js'
import { withInputs } from './front-matter.js'
import { hashFile } from './hash-file.js'
import { withOutputs } from './outputs.js'
import type { NotebookRun } from './run.js'

/** One difference between what is stored and what was found. */
export interface Drift {
  /** `stale`: the same text, but made from sources or inputs that have changed since. */
  readonly kind: 'input' | 'output' | 'stale' | 'failure' | 'never-run'
  /** An input's path, or a cell's id. */
  readonly what: string
  readonly message: string
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

/** How a fresh run differs from what the document stores, cell by cell. */
export function compareRun(stored: NotebookDocument, run: NotebookRun): Drift[] {
  const failures = run.failures.map(({ cell, message }) => ({
    kind: 'failure' as const,
    what: cell.id,
    message: `line ${cell.line}: ${message.trimEnd()}`,
  }))
  const fresh = withOutputs(stored, run.outputs)
  return [...failures, ...cellsOf(stored).flatMap((cell) => outputDrift(cell, stored, fresh))]
}

/** What differs as a unified diff; "" when no text does. An output that says the same stays out of
 *  it. `measured` is the document with its inputs as they are. */
export function diffNotebook(
  path: string,
  stored: NotebookDocument,
  run: NotebookRun,
  measured: NotebookDocument = stored,
): string {
  const fresh = withOutputs(measured, run.outputs)
  const parts = fresh.parts.map((part) => {
    const old = part.kind === 'output' ? outputOf(stored, part.id) : undefined
    return part.kind === 'output' && old?.body === part.body ? old : part
  })
  const before = printNotebook(stored)
  const after = printNotebook({ ...fresh, parts })
  if (before === after) return ''
  return createTwoFilesPatch(path, path, before, after, 'as stored', 'as run now', { context: 2 })
}

function outputDrift(cell: Cell, before: NotebookDocument, after: NotebookDocument): Drift[] {
  const stored = outputOf(before, cell.id)
  const made = outputOf(after, cell.id)
  if (stored?.text === made?.text) return []
  return [{ what: cell.id, ...differing(stored, made) }]
}

function differing(stored: Output | undefined, made: Output | undefined): Omit<Drift, 'what'> {
  if (stored === undefined) return { kind: 'never-run', message: 'has no stored output' }
  if (made === undefined) return { kind: 'output', message: 'prints nothing now' }
  if (stored.body !== made.body) return { kind: 'output', message: 'prints something else now' }
  return { kind: 'stale', message: 'same text, made from other sources or inputs' }
}

function inputDrift(path: string, message: string): Drift {
  return { kind: 'input', what: path, message }
}
