// Notebooks on disk: found, read, written.
//
// Holds: a file is replaced as a whole or not at all, so that nothing is lost when writing fails
// or is interrupted.
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileError, isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import type { NotebookDocument } from '../notebook/document.js'
import { parseNotebook } from '../notebook/format.js'

/** Reads a notebook. Throws `XpvError` `file.*`, or `nb.*` with all its mistakes. */
export function loadNotebook(path: string): NotebookDocument {
  const { document, diagnostics } = parseNotebook(readText(path))
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const [first] = errors
  if (first === undefined) return document
  const all = errors.map((d) => d.message).join('; ')
  throw new XpvError(first.code, `${path}: ${all}`, 'see "Notebooks" in README.md')
}

/** The notebook a word names, or all `*.xpv.md` below a folder, in order of names. Throws
 *  `XpvError` `file.not-found` for a folder without any. */
export function notebooksAt(path: string): string[] {
  if (!isFolder(path)) return [path]
  const found = below(path)
  if (found.length === 0) {
    throw new XpvError('file.not-found', `${path} holds no notebook (*.xpv.md)`, 'xpv check FILE')
  }
  return found
}

/** Writes a file in one step. Throws `XpvError` `file.unwritable`. */
export function writeWhole(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path
  const next = `${target}.${process.pid}.new`
  try {
    writeFileSync(next, text, existsSync(target) ? { mode: statSync(target).mode } : {})
    renameSync(next, target)
  } catch (error) {
    rmSync(next, { force: true })
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const folder = dirname(path)
    const hint = why === 'ENOENT' ? `mkdir -p ${folder}` : `ls -ld ${folder}`
    throw new XpvError('file.unwritable', `cannot write ${path}: ${why}`, hint)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error, 'ls notebooks')
  }
}

/** Folders of packages and hidden ones hold nothing of the user's. */
function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    const isSearched = entry.name !== 'node_modules' && !entry.name.startsWith('.')
    if (entry.isDirectory()) return isSearched ? below(path) : []
    return entry.name.endsWith('.xpv.md') ? [path] : []
  })
}
