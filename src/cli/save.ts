// `.save`: the cells that matter as a notebook that has been run.
//
//   cells that showed something, or those named   ->   with all they need, and the prose
//   an opened notebook                            ->   its cells, and those of what was typed
//
// Holds: what a notebook says is what anyone gets who runs it: it is run from nothing once it is
// written. What is not changed keeps its bytes.
import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isFolder } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import { cellsOf, type NotebookDocument, type Part } from '../notebook/document.js'
import { printNotebook } from '../notebook/format.js'
import { movedTo } from '../notebook/front-edit.js'
import { namesOf } from '../notebook/graph/cell-names.js'
import type { CellGraph } from '../notebook/graph/graph.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { notebookFrom } from '../notebook/save.js'
import type { CurrentMachine } from './current-machine.js'
import { cellNamed, withoutCells } from './desk-cells.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { loadNotebook, writeWhole } from './notebook-files.js'
import { packageRoot } from './package-root.js'
import { version } from './version.js'

/** What is on the desk. */
export interface DeskContents {
  readonly document: NotebookDocument
  /** Where it was opened from, or saved last. */
  readonly path: string | undefined
  /** Ids of the cells that came with the file: they stay. */
  readonly filed: ReadonlySet<string>
  readonly graph: CellGraph
  /** Whether a cell ran well here, and showed something. */
  shows(id: string): boolean
  readonly current: CurrentMachine | undefined
  /** Has what is done end. */
  readonly signal: AbortSignal | undefined
}

/** What was saved. */
export interface SavedDesk {
  readonly path: string
  /** As they are stored now. */
  readonly saved: NotebookDocument
  readonly text: string
}

/** Does what `.save` was told. Throws `XpvError` `shell.*`, `nb.*`, `file.*`. */
export async function saveDesk(words: string, desk: DeskContents): Promise<SavedDesk> {
  if (cellsOf(desk.document).length === 0)
    throw new XpvError('shell.nothing-to-save', 'no cell has run well yet', '1 + 1')
  const { path, ids } = wantedBy(words, desk)
  const kept = keptCells(ids, desk)
  if (kept.size === 0)
    throw new XpvError('nb.nothing', 'no cell has ended well and shown something yet', '1 + 1')
  const document = withoutCells(desk.document, (id) => !kept.has(id))
  writeWhole(path, printNotebook(placedAt(document, path, desk)))
  written.add(path)
  await run(path, desk)
  return { path, saved: loadNotebook(path), text: savedText(path, kept, desk) }
}

/** Files that this process wrote: saving again replaces them. */
const written = new Set<string>()

/** Where to, and which cells are named. */
function wantedBy(words: string, desk: DeskContents): { path: string; ids: readonly string[] } {
  const [, force, rest = ''] = /^(-f\b\s*)?(.*)$/s.exec(words.trim()) ?? []
  const all = rest.split(/\s+/).filter(Boolean)
  const isCell = (word: string): boolean =>
    word.startsWith('#') || cellsOf(desk.document).some(({ id }) => id === word)
  const [file, ids] = all[0] !== undefined && !isCell(all[0]) ? [all[0], all.slice(1)] : ['', all]
  if (file === '' && desk.path === undefined)
    throw new XpvError('shell.usage', 'save where?', '.save FILE')
  const named = /\.[A-Za-z]+$/.test(file) ? file : `${file}.xpv.md`
  const path = file === '' ? (desk.path ?? '') : resolve(named)
  const isOurs = path === desk.path || written.has(path)
  if (force === undefined && existsSync(path) && !isOurs)
    throw new XpvError('shell.file-exists', `${named} is there already`, `.save -f ${named}`)
  return { path, ids: ids.map((id) => cellNamed(desk.document, id).id) }
}

/** The cells that are written: those of the file, those that are named or showed something, and
 *  what these need. */
function keptCells(ids: readonly string[], desk: DeskContents): ReadonlySet<string> {
  const all = cellsOf(desk.document).map(({ id }) => id)
  const wanted = ids.length > 0 ? ids : all.filter((id) => desk.shows(id))
  return new Set([...desk.filed, ...desk.graph.slice(wanted)])
}

/** The document as it must be to lie at a path: with a front matter that pins what was read. */
function placedAt(document: NotebookDocument, path: string, desk: DeskContents): NotebookDocument {
  const to = dirname(path)
  if (document.head !== '') {
    const from = dirname(desk.path ?? path)
    return from === to ? document : movedTo(document, from, to)
  }
  const opened = desk.current?.opened ?? []
  const machine = opened[0]?.spec ?? DEFAULT_MACHINE
  const title = document.front.title || (opened[0]?.snapshot().title ?? '')
  const base = notebookFrom(
    {
      ...{ title, version: version(), hz: desk.current?.hz },
      machine: isMachineWord(machine) ? machine : resolve(machine),
      directory: process.cwd(),
      inputPaths: inputsOf(document, desk),
      cells: [],
    },
    path,
  )
  const parts: readonly Part[] = [...base.parts, ...document.parts]
  return { ...base, parts }
}

/** Files that the machines were read from, and those that texts in cells name, where some cell may
 *  read files. */
function inputsOf(document: NotebookDocument, desk: DeskContents): readonly string[] {
  const machines = desk.current?.opened ?? []
  const read = machines.flatMap((machine) => machine.snapshot().inputs.map(({ path }) => path))
  const names = cellsOf(document).map((cell) => namesOf(cell))
  const readsFiles = names.some((each) => each.readsFiles)
  const named = readsFiles ? names.flatMap(({ literals }) => literals.filter(isFile)) : []
  const paths = [...read, ...named].map((path) => resolve(path))
  return [...new Set(paths)].filter((path) => !isFolder(path))
}

function isFile(text: string): boolean {
  if (text === '' || text.includes('\0') || text.includes('\n')) return false
  return statSync(text, { throwIfNoEntry: false })?.isFile() === true
}

/** Runs what was written, with its progress where there is a terminal. What was all typed here may
 *  do what whoever typed it may. */
async function run(path: string, { filed, signal }: DeskContents): Promise<void> {
  const words = [COMMAND, 'run', ...(filed.size === 0 ? ['--allow', 'all'] : []), path]
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'ignore', process.stderr.isTTY ? 'inherit' : 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  })
  let why = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    why += text
  })
  const status = await new Promise((resolve) => child.on('close', resolve).on('error', resolve))
  if (status === 0) return
  const name = relative('.', path)
  const what = signal?.aborted === true ? 'was not run to its end' : `does not run: ${why.trim()}`
  throw new XpvError('nb.run', `${name} is saved, but ${what}`, `xpv run ${name}`)
}

const COMMAND = join(packageRoot(), 'bin', 'xpv.mjs')

function savedText(path: string, kept: ReadonlySet<string>, desk: DeskContents): string {
  const left = cellsOf(desk.document).flatMap(({ id }) => (kept.has(id) ? [] : [`#${id}`]))
  const more = left.length === 0 ? '' : `; nothing kept needs ${left.join(' ')}`
  const cells = `${kept.size} cell${kept.size === 1 ? '' : 's'}`
  return `${cells} saved in ${relative('.', path)}${more}\n`
}
