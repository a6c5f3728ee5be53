// Files of outputs: what lies beside a notebook, in the folder NAME.out.
//
//   'notebooks/load.xpv.md'  ->  'notebooks/load.out/0123456789abcdef.svg'
//
// Holds: a file's name says its bytes, so that a file that is there need not be written again. Only
// files with such a name are ever removed.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { NotebookDocument, OutputFile } from './document.js'
import { hashFile } from './hash-file.js'

/** A file with what is in it. */
export interface MadeFile extends OutputFile {
  readonly content: string
}

const OURS = /^[0-9a-f]{16}\.(svg|txt)$/

/** The file that a content is. */
export function fileFor(form: OutputFile['form'], content: string): MadeFile {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  return { form, name: `${hash}.${form === 'svg' ? 'svg' : 'txt'}`, content }
}

/** The name of the folder beside a notebook. */
export function outputFolder(notebookPath: string): string {
  return `${basename(notebookPath).replace(/(\.xpv)?\.md$/, '')}.out`
}

/** Where one of its files lies. */
export function pathOf(notebookPath: string, { name }: OutputFile): string {
  return join(dirname(notebookPath), outputFolder(notebookPath), name)
}

/** What has become of a stored file: `as-named`, or what is wrong with it. */
export function stateOf(
  notebookPath: string,
  file: OutputFile,
): 'as-named' | 'missing' | 'altered' {
  const path = pathOf(notebookPath, file)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return 'missing'
  return hashFile(path).slice(0, 16) === file.name.slice(0, 16) ? 'as-named' : 'altered'
}

/** The text in a stored file; undefined where it is not as it was. */
export function storedText(notebookPath: string, file: OutputFile): string | undefined {
  if (stateOf(notebookPath, file) !== 'as-named') return undefined
  return readFileSync(pathOf(notebookPath, file), 'utf8')
}

/** Puts files beside a notebook, each with `write`; one that is there stays. */
export function keepFiles(
  notebookPath: string,
  files: readonly MadeFile[],
  write: (path: string, content: string) => void,
): void {
  if (files.length === 0) return
  mkdirSync(join(dirname(notebookPath), outputFolder(notebookPath)), { recursive: true })
  for (const file of files) {
    if (stateOf(notebookPath, file) === 'as-named') continue
    write(pathOf(notebookPath, file), file.content)
  }
}

/** Removes the files that no output of the document names, and the folder when it is empty then. */
export function dropUnused(notebookPath: string, document: NotebookDocument): void {
  const folder = join(dirname(notebookPath), outputFolder(notebookPath))
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return
  const used = new Set(
    document.parts.flatMap((part) => (part.kind === 'output' ? part.files : [])).map((f) => f.name),
  )
  const there = readdirSync(folder)
  const unused = there.filter((name) => OURS.test(name) && !used.has(name))
  for (const name of unused) rmSync(join(folder, name), { force: true })
  if (unused.length === there.length) rmdirSync(folder)
}
