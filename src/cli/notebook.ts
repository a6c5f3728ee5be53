// `xpv run` and `xpv check`: notebooks from the command line, each in a fresh session.
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { XpvError } from '../base/error.js'
import { compareRun, measureInputs, steadyCells } from '../notebook/check.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import { movedTo } from '../notebook/front-edit.js'
import type { NameMistake } from '../notebook/graph/name-mistakes.js'
import type { CellFailure } from '../notebook/run.js'
import { type Checked, checkReport, driftText } from './check-report.js'
import type { Context } from './context.js'
import { DONE, FAILED, failureText, INTERRUPTED, statusOf, WRONG_TYPES } from './exit-status.js'
import { inLanes } from './lanes.js'
import { mistakesIn } from './named-run.js'
import { asGiven, execute, type Givens } from './notebook-execution.js'
import { loadNotebook, mustBeWritable, notebooksAt, storeRun } from './notebook-files.js'

/** Runs a notebook and stores its outputs in `output`, with the inputs they were made from, and
 *  what the run was given; yields the exit status. */
export async function run(
  path: string,
  output: string,
  givens: Givens,
  context: Context,
): Promise<number> {
  const loaded = loadAt(path, output, (text) => context.out.warn(text))
  mustBeWritable(output)
  const measured = measureInputs(asGiven(loaded, output, givens, context), output)
  const { document, drifts } = measured
  for (const drift of drifts) context.out.warn(driftText(path, drift))
  const finished = await execute(document, output, context)
  if (finished.interrupted) return INTERRUPTED
  storeRun(output, document, finished)
  const { failures } = finished
  const cells = cellsOf(document).length
  const warnings = warningsOf(document)
  if (context.json)
    context.out.write(`${JSON.stringify({ path: output, cells, failures, warnings })}\n`)
  else {
    for (const warning of warnings) context.out.warn(warningText(path, warning))
    for (const failure of failures) context.out.warn(failureLine(path, failure))
    context.out.write(`${output}: ${cells} cells, ${failures.length} failed\n`)
  }
  if (failures.length === 0) return DONE
  return failures.every(({ kind }) => kind === 'type') ? WRONG_TYPES : FAILED
}

function failureLine(path: string, { cell, message, kind, line = cell.line }: CellFailure): string {
  const place = `${path}:${line}: cell #${cell.id}`
  return kind === 'name' ? `${place}: ${message}\n` : `${place} failed\n${message.trimEnd()}\n`
}

/** What looks wrong with its names, and keeps nothing from running. */
function warningsOf(document: NotebookDocument): readonly NameMistake[] {
  return mistakesIn(document).filter(({ severity }) => severity === 'warning')
}

function warningText(path: string, { cell, line, code, message }: NameMistake): string {
  return `${path}:${line}: cell #${cell}: ${code}: ${message}\n`
}

/** A notebook as it must be to lie where `output` does. */
function loadAt(path: string, output: string, warn: (text: string) => void): NotebookDocument {
  const [from, to] = [dirname(resolve(path)), dirname(resolve(output))]
  const document = loadNotebook(path, warn)
  return from === to ? document : movedTo(document, from, to)
}

/** How notebooks are checked. */
export interface CheckOptions extends Givens {
  /** Stores what differs. */
  readonly update: boolean
}

/** Checks notebooks, or all `*.xpv.md` below folders; yields 1 when one drifted. One that cannot
 *  be read or has no machine does not keep the others from being checked. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  context: Context,
): Promise<number> {
  const results: object[] = []
  let status = DONE
  for (const { path, found, warned } of checkAll(paths.flatMap(notebooksAt), options, context)) {
    try {
      const checked = await found.finally(() => context.out.warn(warned.join('')))
      if (checked === 'interrupted') return INTERRUPTED
      const { drifts } = checked
      const warnings = warningsOf(checked.document)
      results.push({ path, cells: cellsOf(checked.document).length, drifts, warnings })
      if (!context.json) {
        for (const warning of warnings) context.out.warn(warningText(path, warning))
        context.out.write(checkReport(checked))
      }
      const left = drifts.filter(({ kind }) => !options.update || kind === 'failure')
      if (left.some(({ failure }) => failure !== 'type')) status = FAILED
      else if (left.length > 0 && status === DONE) status = WRONG_TYPES
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

/** Begins to check notebooks, as many at a time as there are processors: each has a process of its
 *  own, but where everything is allowed. */
function checkAll(
  paths: readonly string[],
  options: CheckOptions,
  context: Context,
): readonly {
  readonly path: string
  readonly found: Promise<Checked | 'interrupted'>
  /** What looks wrong with it, once it is found. */
  readonly warned: readonly string[]
}[] {
  const isHere = context.allow?.some((word) => word.split(',').includes('all')) ?? false
  const warned = paths.map((): string[] => [])
  let isOver = false
  const found = inLanes(
    [...paths.entries()],
    isHere ? 1 : availableParallelism(),
    async ([i, path]) => {
      if (isOver) return 'interrupted'
      const checked = await checkOne(path, options, context, (text) => warned[i]?.push(text))
      isOver ||= checked === 'interrupted'
      return checked
    },
  )
  return paths.map((path, i) => ({
    path,
    found: found[i] ?? Promise.resolve('interrupted'),
    warned: warned[i] ?? [],
  }))
}

async function checkOne(
  path: string,
  options: CheckOptions,
  context: Context,
  warn: (text: string) => void,
): Promise<Checked | 'interrupted'> {
  const stored = loadNotebook(path, warn)
  const measured = measureInputs(asGiven(stored, path, options, context), path)
  const finished = await execute(measured.document, path, context)
  if (finished.interrupted) return 'interrupted'
  const drifts = [...measured.drifts, ...compareRun(stored, finished, path)]
  if (options.update && drifts.length > 0) {
    storeRun(path, measured.document, finished, steadyCells(stored, drifts))
  }
  return { path, isStored: options.update, document: stored, drifts }
}
