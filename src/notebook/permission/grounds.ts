// Grounds: what a notebook may read without being asked.
//
//   its own folder   the front matter's `folder`, where that lies in the same repository
//   its machine, when it is a recording   inputs whose sha256 is the pinned one   our own files
//
// Nothing hidden (a name that begins with a dot: .env, .git, .ssh), and no link that leads out. A
// repository is what the nearest .git above the notebook is in, or our own package; without either
// it is the notebook's folder alone. Writing is not among the grounds: it is always asked for, and
// never granted for what others run later.
//
// Holds: paths are real ones. Node's permission has a list of what may be and none of what may not,
// so a folder with something in it that may not be read is named entry by entry.
import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import type { NotebookDocument } from '../document.js'
import { hashFile } from '../hash-file.js'
import { isMachineWord } from '../machine-word.js'
import { isBelow } from './want.js'

/** Folders with more in them than this are not searched for links: what lies deeper is not
 *  granted. */
const MOST_ENTRIES = 100_000

/** What a notebook may read. `program` is the folder of our own package. */
export function groundsOf(document: NotebookDocument, path: string, program: string): string[] {
  const { front } = document
  const own = realpathSync(dirname(resolve(path)))
  const root = rootOf(own, realpathSync(program))
  const folder = real(resolve(own, front.folder ?? ''))
  const isNear = folder !== undefined && isBelow(folder, root)
  const roots = [...new Set(isNear ? [own, folder] : [own])]
  const outside = [...machineFiles(front.machine, own), ...pinned(document, own)]
  const files = outside.filter((file) => !roots.some((each) => isBelow(file, each)))
  return [
    ...readable(roots.filter((each) => !roots.some((r) => r !== each && isBelow(each, r)))),
    ...new Set(files),
  ]
}

/** What may be read of these folders, named as high up as can be. */
export function readable(roots: readonly string[]): string[] {
  let left = MOST_ENTRIES
  const isInside = (path: string): boolean => {
    const target = real(path)
    return target !== undefined && roots.some((root) => isBelow(target, root)) && !isHidden(target)
  }
  const isHidden = (path: string): boolean => {
    const root = roots.find((each) => isBelow(path, each)) ?? ''
    return /(^|[\\/])\./.test(path.slice(root.length))
  }
  /** The folder itself when all in it may be read, else those of its entries that may. */
  const entriesOf = (folder: string): string[] => {
    const entries = entriesIn(folder)
    if (entries === undefined) return []
    left -= entries.length
    if (left < 0) return []
    let isWhole = true
    const granted = entries.flatMap((entry) => {
      const path = join(folder, entry.name)
      const found = isNamed(entry.name) ? below(path, entry) : []
      if (found.length !== 1 || found[0] !== path) isWhole = false
      return found
    })
    return isWhole ? [folder] : granted
  }
  const below = (path: string, entry: { isSymbolicLink(): boolean; isDirectory(): boolean }) => {
    if (entry.isSymbolicLink()) return isInside(path) ? [path] : []
    return entry.isDirectory() ? entriesOf(path) : [path]
  }
  return roots.flatMap(entriesOf)
}

/** What in a path others run later, so that writing it would be running programs: `write:` does not
 *  grant it. Undefined when there is nothing of the kind. */
export function runByOthers(path: string): string | undefined {
  const names = path.split(sep)
  const hidden = names.find((name) => name.startsWith('.') || name === 'node_modules')
  if (hidden !== undefined) return hidden
  const run = ['.git', 'package.json', 'node_modules']
  if (run.includes(basename(path))) return basename(path)
  return run.find((name) => existsSync(join(path, name)))
}

/** A star would stand for anything. */
function isNamed(name: string): boolean {
  return !name.startsWith('.') && !name.includes('*')
}

/** The repository a folder is in. */
function rootOf(folder: string, program: string): string {
  if (isBelow(folder, program)) return program
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
  }
  return folder
}

/** A recording's files: a folder that says itself that it is one, or one file. */
function machineFiles(machine: string | undefined, own: string): string[] {
  if (machine === undefined || isMachineWord(machine)) return []
  const path = real(resolve(own, machine))
  if (path === undefined || !statSync(path).isDirectory()) return []
  const isRecording = ['recording.json', 'header_page'].some((name) => existsSync(join(path, name)))
  return isRecording ? readable([path]) : []
}

/** Inputs that are what the notebook knows already: reading them tells it nothing. */
function pinned(document: NotebookDocument, own: string): string[] {
  return document.front.inputs.flatMap(({ path, sha256, bytes }) => {
    const file = real(resolve(own, path))
    if (file === undefined || file.includes('*')) return []
    const seen = lstatSync(file)
    return seen.isFile() && seen.size === bytes && hashFile(file) === sha256 ? [file] : []
  })
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** What is in a folder; undefined when we may not know either. */
function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return undefined
  }
}
