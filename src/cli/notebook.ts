// `xpv run` and `xpv check`: notebooks from the command line, each in a fresh session.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileError, isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import { checkInputs, compareRun, type Drift, diffNotebook } from '../notebook/check.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import { parseNotebook, printNotebook } from '../notebook/format.js'
import { withOutputs } from '../notebook/outputs.js'
import { type NotebookRun, runNotebook } from '../notebook/run.js'
import type { Context } from './context.js'
import { DONE, FAILED, INTERRUPTED } from './exit-status.js'
import { notebookSession } from './notebook-session.js'

/** Runs a notebook and stores its outputs in `output`; yields the exit status. */
export async function run(path: string, output: string, context: Context): Promise<number> {
  const document = load(path)
  for (const drift of checkInputs(document, path)) context.out.warn(driftLine(path, drift))
  const finished = await execute(document, path, context)
  if (finished.interrupted) return INTERRUPTED
  writeFileSync(output, printNotebook(withOutputs(document, finished.outputs)))
  for (const { cell, message } of finished.failures) {
    context.out.warn(`${path}:${cell.line}: cell #${cell.id} failed\n${message}\n`)
  }
  const count = cellsOf(document).length
  context.out.write(`${output}: ${count} cells, ${finished.failures.length} failed\n`)
  return finished.failures.length === 0 ? DONE : FAILED
}

/** Checks notebooks, or all `*.xpv.md` below folders; yields 1 when one drifted. */
export async function check(
  paths: readonly string[],
  update: boolean,
  context: Context,
): Promise<number> {
  const files = paths.flatMap(notebooksAt)
  const results: { path: string; drifts: readonly Drift[] }[] = []
  for (const path of files) {
    const document = load(path)
    const inputs = checkInputs(document, path)
    const finished = await execute(document, path, context)
    if (finished.interrupted) return INTERRUPTED
    const drifts = [...inputs, ...compareRun(document, finished)]
    results.push({ path, drifts })
    if (update) writeFileSync(path, printNotebook(withOutputs(document, finished.outputs)))
    if (!context.json) report(path, document, finished, drifts, context)
  }
  if (context.json) context.out.write(`${JSON.stringify(results)}\n`)
  return results.every(({ drifts }) => drifts.length === 0) || update ? DONE : FAILED
}

function report(
  path: string,
  document: NotebookDocument,
  finished: NotebookRun,
  drifts: readonly Drift[],
  context: Context,
): void {
  const count = cellsOf(document).length
  if (drifts.length === 0) {
    context.out.write(`${path}: ok, ${count} cells\n`)
    return
  }
  for (const drift of drifts) context.out.write(driftLine(path, drift))
  context.out.write(diffNotebook(path, document, finished))
  const differing = drifts.length === 1 ? '1 difference' : `${drifts.length} differences`
  context.out.write(`${path}: ${differing} (xpv check --update ${path} stores them)\n`)
}

function driftLine(path: string, drift: Drift): string {
  const what = drift.kind === 'input' ? `input ${drift.what}` : `cell #${drift.what}`
  return `${path}: ${what}: ${drift.message}\n`
}

async function execute(
  document: NotebookDocument,
  path: string,
  context: Context,
): Promise<NotebookRun> {
  const at = {
    spec: machineOf(document, path, context),
    hz: document.front.hz,
    directory: dirname(resolve(path)),
  }
  const session = notebookSession(at, context)
  try {
    return await runNotebook(document, session)
  } finally {
    session.close()
  }
}

/** The machine a notebook names, as seen from where we are; `--machine` goes before it. */
export function machineOf(
  document: NotebookDocument,
  path: string,
  context: Context,
): string | undefined {
  const { machine } = document.front
  if (context.spec !== undefined || machine === undefined) return context.spec
  return relative('.', resolve(dirname(path), machine)) || '.'
}

/** Reads a notebook. Throws `XpvError` `file.*`, or `nb.*` with all its mistakes. */
export function load(path: string): NotebookDocument {
  const { document, diagnostics } = parseNotebook(readText(path))
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const [first] = errors
  if (first !== undefined) {
    const all = errors.map((d) => d.message).join('; ')
    throw new XpvError(first.code, `${path}: ${all}`, 'see the format in README.md')
  }
  return document
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error)
  }
}

function notebooksAt(path: string): string[] {
  if (!isFolder(path)) return [path]
  const files = readdirSync(path, { encoding: 'utf8', recursive: true })
  const found = files.filter((file) => file.endsWith('.xpv.md')).sort()
  if (found.length === 0) {
    throw new XpvError('file.not-found', `${path} holds no notebook (*.xpv.md)`)
  }
  return found.map((file) => join(path, file))
}
