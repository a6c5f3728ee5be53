// `xpv run` and `xpv check`: notebooks from the command line, each in a fresh session.
import { dirname, relative, resolve } from 'node:path'
import { XpvError } from '../base/error.js'
import { compareRun, diffNotebook, measureInputs } from '../notebook/check.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import { printNotebook } from '../notebook/format.js'
import { movedTo } from '../notebook/front-matter.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { withOutputs } from '../notebook/outputs.js'
import { type NotebookRun, runNotebook } from '../notebook/run.js'
import { type Checked, checkReport, driftLine } from './check-report.js'
import type { Context } from './context.js'
import { DONE, FAILED, failureText, INTERRUPTED, statusOf } from './exit-status.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { loadNotebook, notebooksAt, writeWhole } from './notebook-files.js'
import { permittedSession } from './permission.js'
import { progress } from './progress.js'

/** Runs a notebook and stores its outputs in `output`, and the inputs they were made from; yields
 *  the exit status. */
export async function run(path: string, output: string, context: Context): Promise<number> {
  const { document, drifts } = measureInputs(loadAt(path, output), output)
  for (const drift of drifts) context.out.warn(driftLine(path, drift))
  const finished = await execute(document, output, context)
  if (finished.interrupted) return INTERRUPTED
  writeWhole(output, printNotebook(withOutputs(document, finished.outputs)))
  const { failures } = finished
  const cells = cellsOf(document).length
  if (context.json) context.out.write(`${JSON.stringify({ path: output, cells, failures })}\n`)
  else {
    for (const { cell, message } of failures) {
      context.out.warn(`${path}:${cell.line}: cell #${cell.id} failed\n${message.trimEnd()}\n`)
    }
    context.out.write(`${output}: ${cells} cells, ${failures.length} failed\n`)
  }
  return failures.length === 0 ? DONE : FAILED
}

/** A notebook as it must be to lie where `output` does. */
function loadAt(path: string, output: string): NotebookDocument {
  const [from, to] = [dirname(resolve(path)), dirname(resolve(output))]
  const document = loadNotebook(path)
  return from === to ? document : movedTo(document, from, to)
}

/** Checks notebooks, or all `*.xpv.md` below folders; yields 1 when one drifted. One that cannot
 *  be read or has no machine does not keep the others from being checked. */
export async function check(
  paths: readonly string[],
  update: boolean,
  context: Context,
): Promise<number> {
  const results: object[] = []
  let status = DONE
  for (const path of paths.flatMap(notebooksAt)) {
    try {
      const checked = await checkOne(path, update, context)
      if (checked === 'interrupted') return INTERRUPTED
      const { drifts } = checked
      results.push({ path, drifts })
      if (!context.json) context.out.write(checkReport(checked))
      if (drifts.some(({ kind }) => !update || kind === 'failure')) status = FAILED
    } catch (error) {
      if (!(error instanceof XpvError)) throw error
      const { code, message, hint } = error
      results.push({ path, error: { code, message, hint } })
      if (!context.json) context.out.warn(failureText(error, false))
      if (status === DONE) status = statusOf(error)
    }
  }
  if (context.json) context.out.write(`${JSON.stringify(results)}\n`)
  return status
}

async function checkOne(
  path: string,
  update: boolean,
  context: Context,
): Promise<Checked | 'interrupted'> {
  const stored = loadNotebook(path)
  const measured = measureInputs(stored, path)
  const finished = await execute(measured.document, path, context)
  if (finished.interrupted) return 'interrupted'
  if (update) {
    const fresh = printNotebook(withOutputs(measured.document, finished.outputs))
    if (fresh !== printNotebook(stored)) writeWhole(path, fresh)
  }
  return {
    path,
    isStored: update,
    document: stored,
    drifts: [...measured.drifts, ...compareRun(stored, finished)],
    diff: diffNotebook(path, stored, finished, measured.document),
  }
}

/** Runs all cells in the folder the notebook names, so that it says the same from anywhere. */
async function execute(
  document: NotebookDocument,
  path: string,
  context: Context,
): Promise<NotebookRun> {
  const from = process.cwd()
  const directory = resolve(dirname(path), document.front.folder ?? '')
  const machine = machineOf(document, path, context) ?? DEFAULT_MACHINE
  const spec = isMachineWord(machine) ? machine : relative(directory, resolve(machine)) || '.'
  enter(directory, path)
  const total = cellsOf(document).length
  const task = progress.begin({ title: path, unit: 'cells', total })
  let begun = 0
  try {
    const session = await permittedSession(
      { document, path, allow: context.allow ?? [], typedIn: from, machine: spec },
      { spec, hz: document.front.hz, directory },
      context,
    )
    try {
      return await runNotebook(document, session, () => task.at(begun++))
    } finally {
      task.end()
      session.close()
    }
  } finally {
    process.chdir(from)
  }
}

function enter(directory: string, path: string): void {
  try {
    process.chdir(directory)
  } catch {
    const message = `${path}: its folder ${directory} cannot be entered`
    throw new XpvError('nb.folder', message, 'folder: PATH, relative to the notebook')
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
  return isMachineWord(machine) ? machine : relative('.', resolve(dirname(path), machine)) || '.'
}
