// `xpv convert A B`: notebooks become Jupyter notebooks, programs, and notebooks again.
//
//   A.xpv.md B.ipynb     A.ipynb B.xpv.md     A.xpv.md B.ts
//
// Holds: nothing is run. Paths in the front matter lead where they led.
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileError } from '../backend/replay/file-source.js'
import { XpvError } from '../base/error.js'
import type { NotebookDocument } from '../notebook/document.js'
import { foreignFromText, foreignToText } from '../notebook/export/jupyter/foreign.js'
import { fromJupyter, isConverted } from '../notebook/export/jupyter/from-jupyter.js'
import {
  isJson,
  type JupyterNotebook,
  printJupyter,
  readJupyter,
} from '../notebook/export/jupyter/notebook-json.js'
import { toJupyter } from '../notebook/export/jupyter/to-jupyter.js'
import { parseNotebook, printNotebook } from '../notebook/format.js'
import { movedTo } from '../notebook/front-edit.js'
import { outputFolder } from '../notebook/output-files.js'
import type { Context } from './context.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { DONE } from './exit-status.js'
import { loadNotebook, writeWhole } from './notebook-files.js'

/** Converts; yields the exit status. Throws `XpvError` `cli.usage`, `file.*`, `nb.*`. */
export async function convert(from: string, to: string, context: Context): Promise<number> {
  const way = WAYS[`${kindOf(from)} ${kindOf(to)}`]
  if (way === undefined) throw noWay(from, to)
  await way(from, to)
  context.out.write(context.json ? `${JSON.stringify([to])}\n` : `${to}\n`)
  return DONE
}

type Kind = 'md' | 'ipynb' | 'ts' | 'other'

const WAYS: Readonly<Record<string, (from: string, to: string) => void | Promise<void>>> = {
  'md ipynb': mdToJupyter,
  'ipynb md': jupyterToMd,
  'md ts': mdToScript,
}

function kindOf(path: string): Kind {
  const end = /\.(xpv\.md|ipynb|[cm]?ts)$/.exec(path)?.[1] ?? ''
  if (end === 'xpv.md') return 'md'
  return end === 'ipynb' ? 'ipynb' : end === '' ? 'other' : 'ts'
}

function mdToJupyter(from: string, to: string): void {
  const document = loadNotebook(from)
  const foreign = foreignFromText(printNotebook(document))
  if (foreign !== undefined) {
    writeWhole(to, printJupyter(foreign))
    return
  }
  const outputs = outputsOf(from)
  const file = (name: string): string | undefined => textOrNone(join(dirname(from), outputs, name))
  const moved = movedBetween(document, from, to)
  writeWhole(to, printJupyter(toJupyter({ document: moved, outputs, file })))
}

function jupyterToMd(from: string, to: string): void {
  const notebook = readJupyter(readText(from), from)
  const own = isConverted(notebook) ? notebook : ofOurKernel(notebook, from)
  if (own === undefined) {
    writeWhole(to, foreignToText(notebook, titleOf(notebook, from)))
    return
  }
  const outputs = outputsOf(to)
  const written = fromJupyter(own, { outputs, isCommand: (word) => COMMANDS.has(word) })
  const { document } = parseNotebook(written.text)
  for (const [name, text] of written.files) {
    const folder = join(dirname(to), outputs)
    mkdirSync(folder, { recursive: true })
    writeWhole(join(folder, name), text)
  }
  writeWhole(to, printNotebook(movedBetween(document, from, to)))
}

async function mdToScript(from: string, to: string): Promise<void> {
  const { scriptOf } = await import('../notebook/export/script/script.js')
  const document = movedBetween(loadNotebook(from), from, to)
  writeWhole(to, await scriptOf(document, to))
}

/** A notebook that was begun in Jupyter with our kernel, as if it had been begun here. */
function ofOurKernel(notebook: JupyterNotebook, path: string): JupyterNotebook | undefined {
  const { kernelspec } = notebook.metadata
  if (!isJson(kernelspec) || !/^xpv(-|$)/.test(String(kernelspec['name']))) return undefined
  const head = `---\nxpv: 1\ntitle: ${JSON.stringify(titleOf(notebook, path))}\n---\n`
  return { ...notebook, metadata: { ...notebook.metadata, xpv: { format: 1, head, tail: '' } } }
}

/** Its first heading; else the name of the file. */
function titleOf({ cells }: JupyterNotebook, path: string): string {
  const texts = cells.filter((cell) => cell.cell_type === 'markdown').map(({ source }) => source)
  const all = texts.map((text) => [text].flat().join('')).join('\n')
  return /^# +(.+?)[ #]*$/m.exec(all)?.[1] ?? basename(path, '.ipynb')
}

/** Words that begin a command line and no expression. */
const COMMANDS: ReadonlySet<string> = new Set([
  ...['dtrace', 'stop', 'jobs', 'help', 'config', 'doctor', 'esc', 'fmd', 'xentrace'],
  ...DOM0_COMMANDS,
])

function movedBetween(document: NotebookDocument, from: string, to: string): NotebookDocument {
  const [before, after] = [dirname(resolve(from)), dirname(resolve(to))]
  return before === after ? document : movedTo(document, before, after)
}

/** The name of a notebook's folder of outputs. */
function outputsOf(path: string): string {
  return outputFolder(path.replace(/\.ipynb$/, '.md'))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error, `ls -l ${dirname(path)}`)
  }
}

function textOrNone(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw fileError(path, error, `ls -l ${dirname(path)}`)
  }
}

function noWay(from: string, to: string): XpvError {
  const message = `there is no way from ${from} to ${to}`
  const hint = 'xpv convert A.xpv.md B.ipynb, A.ipynb B.xpv.md, or A.xpv.md B.ts'
  return new XpvError('cli.usage', message, hint)
}
