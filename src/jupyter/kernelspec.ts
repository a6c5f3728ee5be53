// Kernel specs: how Jupyter finds a kernel of ours, and starts it.
//
//   <data folder>/kernels/xpv/kernel.json, logo-svg.svg      argv, display_name, language ...
//
// Holds: what is there already is not written again; what another program put there is neither
// overwritten nor taken away.
// Source: jupyter_client docs/kernels.rst, "Kernel specs"; jupyter_core's paths.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { XpvError } from '../base/error.js'
import { LOGO } from './logo.js'

/** The variables that say where Jupyter keeps its data. */
type Variables = Readonly<Record<string, string | undefined>>

/** How a kernel is started and called. */
export interface KernelSpec {
  readonly name: string
  readonly displayName: string
  /** The program and its words, up to the connection file. */
  readonly argv: readonly string[]
  /** Words behind the connection file. */
  readonly more: readonly string[]
}

/** A kernel of ours that is installed. */
export interface InstalledKernel {
  readonly name: string
  readonly displayName: string
  readonly folder: string
  readonly argv: readonly string[]
}

const FILE = 'kernel.json'
const LOGO_FILE = 'logo-svg.svg'

/** The user's own folder of Jupyter's data. */
export function jupyterFolder(env: Variables, platform: string = process.platform): string {
  const own = env['JUPYTER_DATA_DIR'] ?? ''
  if (own !== '') return own
  if (platform === 'darwin') return join(homedir(), 'Library', 'Jupyter')
  if (platform === 'win32') return join(env['APPDATA'] ?? homedir(), 'jupyter')
  const data = env['XDG_DATA_HOME'] ?? ''
  return join(isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'jupyter')
}

/** Writes a kernel spec below a folder of Jupyter's data; yields its folder, and whether anything
 *  was not there yet. Throws `XpvError` `jupyter.*`. */
export function installKernel(
  spec: KernelSpec,
  data: string,
): { readonly folder: string; readonly isNew: boolean } {
  const folder = kernelFolder(spec.name, data)
  refuseOthers(folder, spec.name)
  const files = { [FILE]: textOf(spec), [LOGO_FILE]: LOGO }
  try {
    makeFolder(folder)
    const fresh = Object.entries(files).filter(([name, text]) => read(join(folder, name)) !== text)
    for (const [name, text] of fresh) writeFileSync(join(folder, name), text)
    return { folder, isNew: fresh.length > 0 }
  } catch (error) {
    throw unwritable(folder, error)
  }
}

/** Takes a kernel spec of ours away; yields the folder it was in. Throws `XpvError`
 *  `jupyter.not-installed`, `jupyter.not-ours`. */
export function uninstallKernel(name: string, data: string): string {
  const folder = kernelFolder(name, data)
  if (!existsSync(join(folder, FILE)))
    throw new XpvError(
      'jupyter.not-installed',
      `there is no kernel in ${folder}`,
      'xpv jupyter list',
    )
  refuseOthers(folder, name)
  try {
    for (const file of [FILE, LOGO_FILE]) rmSync(join(folder, file), { force: true })
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
  } catch (error) {
    throw unwritable(folder, error)
  }
  return folder
}

/** The kernels of ours below folders of Jupyter's data, by name. */
export function installedKernels(folders: readonly string[]): readonly InstalledKernel[] {
  return folders.flatMap((data) =>
    namesIn(join(data, 'kernels')).flatMap((name) => kernelIn(name, data) ?? []),
  )
}

/** Folder by folder: Node's own way goes on for ever in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function kernelIn(name: string, data: string): InstalledKernel | undefined {
  const folder = join(data, 'kernels', name)
  const spec = specIn(folder)
  if (spec === undefined || !isOurs(spec)) return undefined
  const { argv, display_name: displayName } = spec
  return { name, folder, argv, displayName: String(displayName ?? name) }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function kernelFolder(name: string, data: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/i.test(name)) return join(data, 'kernels', name.toLowerCase())
  const message = `a kernel cannot be called ${name === '' ? "''" : name}`
  throw new XpvError('jupyter.usage', message, 'xpv jupyter install --name xpv-xen-4.20')
}

/** As Jupyter wants it; `interrupt_mode` so that Jupyter asks us instead of the process. */
function textOf({ argv, displayName, more }: KernelSpec): string {
  const spec = {
    argv: [...argv, 'jupyter', 'kernel', '{connection_file}', ...more],
    display_name: displayName,
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false },
  }
  return `${JSON.stringify(spec, undefined, 1)}\n`
}

interface ReadSpec {
  readonly argv: readonly string[]
  readonly display_name?: unknown
}

function specIn(folder: string): ReadSpec | undefined {
  try {
    const spec: unknown = JSON.parse(readFileSync(join(folder, FILE), 'utf8'))
    const isSpec = typeof spec === 'object' && spec !== null && 'argv' in spec
    if (!isSpec || !Array.isArray(spec.argv)) return undefined
    return { ...spec, argv: spec.argv.map(String) }
  } catch {
    return undefined
  }
}

function isOurs({ argv }: ReadSpec): boolean {
  const at = argv.indexOf('jupyter')
  return argv[at + 1] === 'kernel' && argv.slice(0, at).some((word) => /\bxpv(\.mjs)?$/.test(word))
}

function refuseOthers(folder: string, name: string): void {
  const spec = specIn(folder)
  const isFree = !existsSync(join(folder, FILE)) || (spec !== undefined && isOurs(spec))
  if (isFree) return
  const message = `${folder} holds a kernel that is not ours`
  throw new XpvError('jupyter.not-ours', message, `xpv jupyter install --name ${name}-2`)
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function unwritable(folder: string, error: unknown): XpvError {
  const why = error instanceof Error ? error.message : String(error)
  const hint = 'xpv jupyter install --prefix ~/.local'
  return new XpvError('file.jupyter-folder', `${folder} cannot be changed: ${why}`, hint)
}
