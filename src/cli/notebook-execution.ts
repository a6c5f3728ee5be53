// Executing a notebook: its machine opened, its cells run in its folder, in a fresh session.
//
//   document, what the command line says  ->  the document as it is run  ->  NotebookRun
//
// Holds: what the command line says goes before the notebook, the notebook before settings of the
// environment and of files: they are of this computer, and the notebook is the same on any.
import { accessSync, constants } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import { cellsOf, type NotebookDocument, type ParamValue } from '../notebook/document.js'
import { withGivens } from '../notebook/front-edit.js'
import { givenParams, paramsObject } from '../notebook/front-params.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { type NotebookRun, runNotebook } from '../notebook/run.js'
import { type Context, makeContext } from './context.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { withNames } from './named-run.js'
import { permittedSession } from './permission.js'
import { progress } from './progress.js'
import { typedRun } from './typed-run.js'

/** What the words of a run give: `params` as they were typed, `domain=5`. */
export interface Givens {
  readonly params: readonly string[]
}

/** The document as the command line wants it run. Throws `XpvError` `nb.param`. */
export function asGiven(
  document: NotebookDocument,
  path: string,
  givens: Givens,
  { flags, spec, hz, seed }: Context,
): NotebookDocument {
  const params: ReadonlyMap<string, ParamValue> = givenParams(document.front, givens.params)
  const isWord = spec === undefined || isMachineWord(spec)
  const machine = isWord ? spec : relative(dirname(resolve(path)), resolve(spec)) || '.'
  return withGivens(document, {
    machine: flags.machine === undefined ? undefined : machine,
    seed: flags.seed === undefined ? undefined : seed,
    hz: flags.hz === undefined ? undefined : hz,
    params,
  })
}

/** Runs all cells in the folder the notebook names, so that it says the same from anywhere. */
export async function execute(
  document: NotebookDocument,
  path: string,
  context: Context,
): Promise<NotebookRun> {
  const { front } = document
  const directory = resolve(dirname(path), front.folder ?? '')
  const machine = machineFrom(document, path)
  const spec = isMachineWord(machine) ? machine : relative(directory, resolve(machine)) || '.'
  mustBeFolder(directory, path)
  const types = typedRun(document, directory, context)
  const total = cellsOf(document).length
  const task = progress.begin({ title: path, unit: 'cells', total })
  let begun = 0
  try {
    const { hz, seed } = front
    const session = await permittedSession(
      { document, path, allow: context.allow ?? [], typedIn: process.cwd(), machine: spec },
      { spec, hz, seed, directory, params: paramsObject(front) },
      notebookContext(context),
    )
    try {
      const ran = types.session(session)
      const run = await runNotebook(document, ran, { progress: () => task.at(begun++) })
      return await types.finished(withNames(document, run))
    } finally {
      session.close()
    }
  } finally {
    task.end()
  }
}

/** The context without what settings of this computer say of machines. */
function notebookContext(context: Context): Context {
  const { config, flags, json, out, signal, allow = [] } = context
  const machine = flags.machine === undefined ? undefined : config.machine
  const own = { ...config, machine, seed: undefined, hz: undefined }
  return { ...makeContext({ config: own, flags, json, out, signal }), allow }
}

function mustBeFolder(directory: string, path: string): void {
  try {
    accessSync(directory, constants.X_OK)
    if (isFolder(directory)) return
  } catch {
    // What cannot be entered is no folder for cells either.
  }
  const message = `${path}: its folder ${directory} cannot be entered`
  throw new XpvError('nb.folder', message, 'folder: PATH, relative to the notebook')
}

/** The machine for a prompt over a notebook, as seen from where we are: what is asked for, else
 *  what the notebook names; undefined when neither says. */
export function machineOf(
  document: NotebookDocument,
  path: string,
  context: Context,
): string | undefined {
  const isNamed = document.front.machine !== undefined && context.flags.machine === undefined
  return isNamed ? machineFrom(document, path) : context.spec
}

function machineFrom({ front }: NotebookDocument, path: string): string {
  const { machine = DEFAULT_MACHINE } = front
  return isMachineWord(machine) ? machine : relative('.', resolve(dirname(path), machine)) || '.'
}
