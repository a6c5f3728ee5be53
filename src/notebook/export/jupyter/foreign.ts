// Notebooks of other kernels as Markdown, and back without loss.
//
//   cell  ->  <!-- ipynb-cell {what Markdown cannot say} -->
//             its Markdown, or its code in a plain fence with what it printed
//
// Holds: comments carry what a forge does not show: metadata, outputs, attachments, how lines were
// kept. What is shown counts: an edited cell comes back as edited, with the outputs that it had
// only when its code is the same. No fence of such a notebook is executable here.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { fenceFor } from '../../format.js'
import {
  isJson,
  type Json,
  type JupyterCell,
  type JupyterNotebook,
  joined,
  linesOf,
} from './notebook-json.js'
import { printedBy } from './outputs.js'

const WHOLE = /^<!-- ipynb (\{.*\}) -->\n/m
const MARKER = /^<!-- ipynb-cell (\{.*\}) -->\n/m

/** The notebook as Markdown that is a notebook of ours, without cells that run. */
export function foreignToText(notebook: JupyterNotebook, title: string): string {
  const { cells, ...rest } = notebook
  const language = languageOf(notebook)
  const texts = cells.map((cell) => `${marker(cell, language)}${shown(cell, language)}\n`)
  const front = `---\nxpv: 1\ntitle: ${JSON.stringify(title)}\n---\n\n`
  return `${front}${comment('ipynb', rest)}\n${texts.join('')}`
}

/** The notebook that such a text was made from; undefined when it was made from none. */
export function foreignFromText(text: string): JupyterNotebook | undefined {
  const found = WHOLE.exec(text)
  const whole = json(found?.[1])
  if (found === null || !isWhole(whole)) return undefined
  const pieces = text.slice(found.index + found[0].length).split(MARKER)
  const notebook = { ...whole, cells: [] }
  const language = languageOf(notebook)
  const cells: JupyterCell[] = []
  for (let i = 1; i + 1 < pieces.length; i += 2) {
    const carried = json(pieces[i])
    if (!isCarried(carried)) return undefined
    cells.push(cellFrom(carried, (pieces[i + 1] ?? '').replace(/\n$/, ''), language))
  }
  return { ...notebook, cells }
}

/** What a comment carries of a cell. */
interface Carried {
  readonly cell: Json
  /** The source, where what is shown does not tell it. */
  readonly source?: unknown
  /** Whether the source is one text, not lines. */
  readonly isText?: boolean
  /** Of code: what it hashed to when its outputs were made. */
  readonly sha?: string
}

function marker(cell: JupyterCell, language: string): string {
  const { source, ...rest } = cell
  const text = joined(source)
  const isLines = isDeepStrictEqual(source, linesOf(text))
  const isTold = sourceIn(shown(cell, language), cell.cell_type) === text
  const carried: Carried = {
    cell: rest,
    ...(isLines ? {} : { isText: true }),
    ...(cell.cell_type === 'code' ? { sha: shaOf(text) } : {}),
  }
  const isPlain = isTold && (isLines || typeof source === 'string')
  return comment('ipynb-cell', isPlain ? carried : { ...carried, source })
}

function cellFrom(carried: Carried, text: string, language: string): JupyterCell {
  const { cell, isText, sha } = carried
  const type = String(cell['cell_type'])
  const told = sourceIn(text, type)
  const source = (isText ? told : linesOf(told)) as JupyterCell['source']
  const before = (carried.source ?? source) as JupyterCell['source']
  const whole = { ...cell, cell_type: type, source: before }
  const isAsMade = sha === undefined || sha === shaOf(joined(before))
  if (isAsMade && shown(whole, language) === text) return whole
  const isSameCode = sha === shaOf(told)
  const outputs = type === 'code' && !isSameCode ? { outputs: [], execution_count: null } : {}
  return { ...whole, ...outputs, source }
}

function shaOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** A cell as Markdown shows it; ends with a newline. */
function shown(cell: JupyterCell, language: string): string {
  const text = wellFormed(joined(cell.source))
  if (cell.cell_type === 'markdown') return `${harmless(text)}\n`
  const code = fenced(text, cell.cell_type === 'code' ? language : '')
  const { body } = printedBy(cell['outputs'])
  return body === '' ? code : `${code}\n${fenced(wellFormed(body).replace(/\n$/, ''), 'text')}`
}

/** A text with no comment of ours at the start of a line, and no fence that would run here. */
function harmless(text: string): string {
  return text
    .replace(/^<!-- ipynb/gm, '&lt;!-- ipynb')
    .replace(/^(\s*[`~]{3,}[ \t]*(?:ts|d|esc|sh)[ \t]+)xpv\b/gm, '$1not-xpv')
    .replace(/^(\s*[`~]{3,}[ \t]*)xpv-out\b/gm, '$1not-xpv-out')
}

/** The source that is shown; what a fence holds, or all of Markdown. */
function sourceIn(text: string, type: string): string {
  if (type === 'markdown') return text.replace(/\n$/, '')
  const fence = /^(`{3,})[^\n]*\n([\s\S]*?)^\1[ \t]*$/m.exec(text)
  return fence?.[2]?.replace(/\n$/, '') ?? text
}

/** Code in a fence of a language; never one of ours, and no comment of ours is in it. */
function fenced(text: string, language: string): string {
  const inside = harmless(text)
  const fence = fenceFor(inside)
  return `${fence}${language}\n${inside}${text === '' ? '' : '\n'}${fence}\n`
}

/** The word after a fence: the kernel's language. */
function languageOf({ metadata }: { readonly metadata: Json }): string {
  const { language_info: info, kernelspec } = metadata
  const name = isJson(info) ? info['name'] : isJson(kernelspec) ? kernelspec['language'] : ''
  return /^[\w+#.-]+/.exec(String(name ?? ''))?.[0] ?? ''
}

/** A comment on a line of its own; nothing in it ends it. */
function comment(word: string, value: unknown): string {
  const text = JSON.stringify(value).replace(ENDING, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `<!-- ${word} ${text} -->\n`
}

/** What would end a comment, or a line. */
const ENDING = /[<>\u2028\u2029]/g

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

type Whole = Json & Pick<JupyterNotebook, 'metadata' | 'nbformat' | 'nbformat_minor'>

function isWhole(value: unknown): value is Whole {
  return isJson(value) && isJson(value['metadata']) && value['nbformat'] === 4
}

function isCarried(value: unknown): value is Carried & Json {
  return isJson(value) && isJson(value['cell'])
}

function wellFormed(text: string): string {
  return text.replace(HALF, '\ufffd')
}

const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
