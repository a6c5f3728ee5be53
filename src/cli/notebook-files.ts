// Notebooks on disk: found, read, written, with the files beside them.
//
// Holds: a file is replaced as a whole or not at all, so that nothing is lost when writing fails
// or is interrupted. What a notebook names is there before the notebook is; what it names no more
// is removed after.
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
import { parseNotebook, printNotebook } from '../notebook/format.js'
import { withVersion } from '../notebook/front-edit.js'
import { dropUnused, keepFiles, outputFolder } from '../notebook/output-files.js'
import { withOutputs } from '../notebook/outputs.js'
import type { NotebookRun } from '../notebook/run.js'
import { version } from './version.js'

/** Reads a notebook; `warn` is told what looks wrong and does no harm. Throws `XpvError` `file.*`,
 *  or `nb.*` with all its mistakes. */
export function loadNotebook(
  path: string,
  warn: (text: string) => void = () => {},
): NotebookDocument {
  const { document, diagnostics } = parseNotebook(readText(path))
  for (const { severity, message } of diagnostics) {
    if (severity === 'warning') warn(`${path}: ${message}\n`)
  }
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const [first] = errors
  if (first === undefined) return document
  const all = errors.map((d) => d.message).join('; ')
  throw new XpvError(first.code, `${path}: ${all}`, 'see "Notebooks" in README.md')
}

/** The notebook a word names, or all `*.xpv.md` below a folder, in order of names; none for the
 *  folder of a notebook's outputs, which globs name too. Throws `XpvError` `file.not-found` for
 *  another folder without any. */
export function notebooksAt(path: string): string[] {
  if (!isFolder(path)) return [path]
  const of = /^(.*)\.out\/?$/.exec(path)?.[1]
  if (of !== undefined && existsSync(`${of}.xpv.md`)) return []
  const found = below(path)
  if (found.length === 0) {
    throw new XpvError('file.not-found', `${path} holds no notebook (*.xpv.md)`, 'xpv check FILE')
  }
  return found
}

/** Stores what a run made: its outputs, the files beside them, the version that made them. Outputs
 *  of the cells in `steady` stay as they are. Throws `XpvError` `file.unwritable`. */
export function storeRun(
  path: string,
  document: NotebookDocument,
  { outputs }: NotebookRun,
  steady: ReadonlySet<string> = new Set(),
): void {
  const target = existsSync(path) ? realpathSync(path) : path
  const folder = outputFolder(target)
  const laid = withOutputs(withVersion(document, version()), outputs, folder, steady)
  const made = [...outputs].filter(([id]) => !steady.has(id)).flatMap(([, { files }]) => files)
  try {
    keepFiles(target, made, writeWhole)
    writeWhole(target, printNotebook(laid))
    dropUnused(target, laid)
  } catch (error) {
    throw error instanceof XpvError ? error : unwritable(target, error)
  }
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
    throw unwritable(path, error)
  }
}

/** Finds out whether a file can be written, before what it is to hold is made. Throws `XpvError`
 *  `file.unwritable`. */
export function mustBeWritable(path: string): void {
  const target = existsSync(path) ? realpathSync(path) : path
  const probe = `${target}.${process.pid}.new`
  try {
    writeFileSync(probe, '', { flag: 'wx' })
  } catch (error) {
    throw unwritable(path, error)
  } finally {
    rmSync(probe, { force: true })
  }
}

function unwritable(path: string, error: unknown): XpvError {
  const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const folder = dirname(path)
  const hint = why === 'ENOENT' && !existsSync(folder) ? `mkdir -p ${folder}` : `ls -ld ${folder}`
  return new XpvError('file.unwritable', `cannot write ${path}: ${why}`, hint)
}

function readText(path: string): string {
  const bytes = bytesOf(path)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new XpvError('nb.encoding', `${path} is no text in UTF-8`, `file ${path}`)
  }
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
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
