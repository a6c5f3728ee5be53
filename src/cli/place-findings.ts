// What the terminal, the folders and the programs around xpv are like.
//
//   TERM, LANG, NO_COLOR, window       -> what is drawn, and how
//   XDG folders                        -> whether history and settings can be kept
//   xenalyze, cpp, less, man ...       -> what they would be of use for
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { wantsAscii } from '../base/ascii.js'
import { userFile } from '../config/user-file.js'
import { installedKernels, jupyterFolder } from '../jupyter/kernelspec.js'
import { historyFile } from '../shell/history.js'
import { wantsColour } from '../shell/theme.js'
import { type Finding, good, lacking } from './finding.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The window that output goes to, as far as it is one. */
export interface Window {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** How a terminal will be used. */
export function terminalFindings(env: Environment, window: Window): readonly Finding[] {
  const { isTTY = false, columns = 0, rows = 0 } = window
  const about = 'terminal'
  const term = env['TERM'] ?? ''
  const kind = !isTTY
    ? good(about, 'window', 'output goes to no terminal: no colour, no line editor')
    : columns < 80
      ? lacking(about, 'window', `${columns} x ${rows}`, { todo: '80 columns show most tables' })
      : good(about, 'window', `${columns} x ${rows}`)
  const editor =
    term === 'dumb' || term === ''
      ? lacking(about, 'line editor', `TERM is ${term || 'not set'}: plain lines`, {
          todo: 'TERM=xterm-256color, if the terminal is one',
        })
      : good(about, 'line editor', `TERM is ${term}`)
  return [kind, editor, colourFinding(env, isTTY), unicodeFinding(env)]
}

function colourFinding(env: Environment, isTTY: boolean): Finding {
  if (wantsColour(env, isTTY)) return good('terminal', 'colour', 'yes')
  const reason = env['NO_COLOR'] ? 'NO_COLOR is set' : 'no terminal that has any'
  return good('terminal', 'colour', `no: ${reason}`, 'xpv --color always')
}

function unicodeFinding(env: Environment): Finding {
  if (!wantsAscii(env)) return good('terminal', 'unicode', 'yes')
  const text = 'no: the locale is none of UTF-8, or XPV_ASCII is set'
  return lacking('terminal', 'unicode', text, { todo: 'LANG=C.UTF-8, if the terminal has it' })
}

/** Whether what is to be kept can be. */
export function folderFindings(env: Environment): readonly Finding[] {
  return [
    folder('settings', userFile(env), 'xpv config set color auto makes it'),
    folder('history', historyFile(env), 'the first cell at a prompt makes it'),
  ]
}

function folder(what: string, path: string, made: string): Finding {
  const at = nearestThere(dirname(path))
  if (!mayWrite(existsSync(path) ? path : at)) {
    const todo = `ls -ld ${at}`
    return lacking('folders', what, `${path} cannot be written`, { todo })
  }
  if (!existsSync(path)) return good('folders', what, path, made)
  const mode = statSync(path).mode & 0o077
  if (mode === 0) return good('folders', what, path)
  const todo = `chmod 600 ${path}`
  return lacking('folders', what, `${path} may be read by others`, { todo })
}

/** The folder itself, or the nearest above it that is there. */
function nearestThere(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path))
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

const PROGRAMS: readonly (readonly [name: string, use: string])[] = [
  ['xenalyze', 'reads what xpv xentrace writes; xpv reads xentrace files by itself'],
  ['xentrace', 'records a real Xen, in its dom0'],
  ['dtrace', 'its output is a recording too: dtrace -n ... > x.txt; xpv info x.txt'],
  ['cpp', 'runs the preprocessor of dtrace -C'],
  ['less', 'shows what is longer than the window'],
  ['man', 'shows man xpv'],
  ['python3', "is the terminal of xpv's own tests"],
]

/** Programs that are of use, where they are. */
export function programFindings(env: Environment): readonly Finding[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return PROGRAMS.map(([name, use]) => {
    const path = folders.map((each) => join(each, name)).find(isProgram)
    if (path === undefined) return lacking('programs', name, 'not in PATH', { todo: use })
    return good('programs', name, path)
  })
}

/** Whether Jupyter finds a kernel of ours, and whether it would start. */
export function jupyterFinding(env: Environment): Finding {
  const hasSockets = isInstalled('zeromq')
  const [kernel] = installedKernels([jupyterFolder(env)])
  const install = hasSockets ? 'xpv jupyter install' : 'npm install --no-save zeromq@6.8.0'
  if (kernel === undefined)
    return lacking('programs', 'Jupyter', 'no kernel of ours is installed', { todo: install })
  const text = `kernel ${kernel.name} in ${kernel.folder}`
  const program = kernel.argv.find((word) => word.endsWith('.mjs')) ?? ''
  if (!hasSockets) return lacking('programs', 'Jupyter', `${text} needs zeromq`, { todo: install })
  if (!existsSync(program))
    return lacking('programs', 'Jupyter', `${text} starts what is gone`, { todo: install })
  return good('programs', 'Jupyter', text)
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
