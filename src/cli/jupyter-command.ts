// `xpv jupyter`: a kernel for JupyterLab, notebook, console and nbconvert.
//
//   install | uninstall | list     the kernel spec by which Jupyter finds us
//   kernel FILE                    what Jupyter then starts
//
// Holds: nothing is told to be installed that could not start: without zeromq it is said what to
// install first.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isSimSpec } from '../backend/sim/sim-spec.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { table } from '../base/table.js'
import { textTable } from '../chart/table.js'
import {
  installedKernels,
  installKernel,
  jupyterFolder,
  type KernelSpec,
  uninstallKernel,
} from '../jupyter/kernelspec.js'
import { loadZeroMq } from '../jupyter/sockets.js'
import { isMachineWord } from '../notebook/machine-word.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { packageRoot } from './package-root.js'

/** What the command line says. */
export interface JupyterWords {
  readonly words: readonly string[]
  readonly name: string | undefined
  readonly displayName: string | undefined
  readonly prefix: string | undefined
  readonly isSysPrefix: boolean
}

const VERBS = ['install', 'uninstall', 'list', 'kernel'] as const

/** Does what the words say; yields the exit status. Throws `XpvError` `jupyter.*`, `file.*`. */
export async function jupyter(given: JupyterWords, context: Context): Promise<number> {
  const [verb = '', file, ...more] = given.words
  if (verb === 'kernel' && file !== undefined && more.length === 0) {
    return (await import('./jupyter-kernel.js')).serveKernel(file, context)
  }
  if (file !== undefined || !isVerb(verb) || verb === 'kernel') throw wrongUse(verb, file)
  if (verb === 'install') await loadZeroMq()
  const text = { install, uninstall, list }[verb](given, context)
  context.out.write(`${text}\n`)
  return DONE
}

function isVerb(word: string): word is (typeof VERBS)[number] {
  return VERBS.some((verb) => verb === word)
}

function wrongUse(verb: string, file: string | undefined): XpvError {
  if (verb === 'kernel' && file === undefined)
    return new XpvError(
      'jupyter.usage',
      'kernel takes the connection file that Jupyter writes',
      'jupyter console --kernel xpv',
    )
  const near = isVerb(verb) ? verb : nearest(verb, VERBS)
  const message = isVerb(verb) ? `${verb} takes no further words` : `jupyter does not know ${verb}`
  return new XpvError('jupyter.usage', message, `xpv jupyter ${near ?? 'install'}`)
}

function install(given: JupyterWords, context: Context): string {
  const spec = specOf(given, context)
  const { folder, isNew } = installKernel(spec, folderOf(given))
  const told = { name: spec.name, folder, isNew }
  if (context.json) return JSON.stringify(told)
  const done = isNew ? 'is installed in' : 'is installed already, in'
  return `the kernel ${spec.name} ${done} ${folder}\n  try: jupyter console --kernel ${spec.name}`
}

function uninstall(given: JupyterWords, context: Context): string {
  const name = given.name ?? DEFAULT_NAME
  const folder = uninstallKernel(name, folderOf(given))
  return context.json ? JSON.stringify({ name, folder }) : `${folder} is gone`
}

function list(given: JupyterWords, context: Context): string {
  const kernels = installedKernels([folderOf(given)])
  if (context.json) return JSON.stringify({ kernels })
  if (kernels.length === 0) return 'no kernel of xpv is installed\n  try: xpv jupyter install'
  const rows = kernels.map(({ name, argv, folder }) => [name, machineIn(argv), folder])
  const columns = ['kernel', 'machine', { name: 'folder', wraps: true }]
  return textTable(table(columns, rows), { width: context.columns() }).trimEnd()
}

const DEFAULT_NAME = 'xpv'

function machineIn(argv: readonly string[]): string {
  const at = argv.indexOf('--machine')
  return at < 0 ? 'sim' : (argv[at + 1] ?? '')
}

function specOf({ displayName, name = DEFAULT_NAME }: JupyterWords, context: Context): KernelSpec {
  const { hz, seed, spec, types } = context
  const machine = spec === undefined ? undefined : machineWord(spec)
  const option = (flag: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : [flag, String(value)]
  const program = join(packageRoot(), 'bin', 'xpv.mjs')
  return {
    name,
    displayName: displayName ?? (machine === undefined ? name : `${name} (${machine})`),
    argv: [process.execPath, '--no-force-async-hooks-checks', program],
    more: [
      ...option('--machine', machine),
      ...option('--seed', seed),
      ...option('--hz', hz),
      ...(types ? [] : ['--no-types']),
    ],
  }
}

/** A recording by its whole path: Jupyter starts kernels in folders of notebooks. */
function machineWord(spec: string): string {
  return isSimSpec(spec) || isMachineWord(spec) || !existsSync(spec) ? spec : resolve(spec)
}

/** The folder of Jupyter's data that is meant. */
function folderOf({ isSysPrefix, prefix }: JupyterWords): string {
  if (prefix !== undefined && isSysPrefix)
    throw new XpvError('jupyter.usage', '--prefix or --sys-prefix, not both', 'xpv jupyter install')
  if (prefix !== undefined) return join(resolve(prefix), 'share', 'jupyter')
  return isSysPrefix ? join(sysPrefix(), 'share', 'jupyter') : jupyterFolder(process.env)
}

/** The environment of Python's that is active. */
function sysPrefix(): string {
  const active = process.env['VIRTUAL_ENV'] || process.env['CONDA_PREFIX']
  if (active) return active
  try {
    const words = ['-c', 'import sys; print(sys.prefix)']
    return execFileSync('python3', words, { encoding: 'utf8' }).trim()
  } catch {
    const hint = 'xpv jupyter install --prefix FOLDER'
    throw new XpvError('jupyter.no-python', 'python3 does not tell its prefix', hint)
  }
}
