// The cells of the notebook at the prompt, changed one step at a time: each change makes a new
// document.
//
//   appended, with an id that no cell has   another source   prose at the end   without a cell
import { XpvError } from '../base/error.js'
import {
  type Cell,
  type CellLanguage,
  cellsOf,
  type NotebookDocument,
  outputOf,
  type Part,
} from '../notebook/document.js'
import { fenceFor, makeCell, printNotebook } from '../notebook/format.js'
import { NO_FRONT } from '../notebook/front-matter.js'
import { withOutputs } from '../notebook/outputs.js'

/** A notebook without anything in it. */
export const EMPTY: NotebookDocument = { head: '', front: NO_FRONT, parts: [] }

/** The cell called `id`, with or without a `#`. Throws `XpvError` `nb.no-cell`. */
export function cellNamed(document: NotebookDocument, id: string): Cell {
  const name = id.replace(/^#/, '')
  const cells = cellsOf(document)
  const found = cells.find((cell) => cell.id === name)
  if (found !== undefined) return found
  const hint = cells.length === 0 ? '1 + 1' : '.cells'
  throw new XpvError('nb.no-cell', name === '' ? 'which cell?' : `there is no cell #${name}`, hint)
}

/** Ids of the cells that a word may name: `.answer` those of exercises. */
export function idsFor(word: string, document: NotebookDocument): readonly string[] {
  const isNamed = ({ options }: Cell): boolean => word !== 'answer' || options.has('answer')
  return cellsOf(document).flatMap((cell) => (isNamed(cell) ? [cell.id] : []))
}

/** An id that no cell has, and none of these is. */
export function freshId(document: NotebookDocument, taken: ReadonlySet<string>): string {
  const ids = new Set(cellsOf(document).map(({ id }) => id))
  for (let n = cellsOf(document).length + 1; ; n++) {
    if (!ids.has(`c${n}`) && !taken.has(`c${n}`)) return `c${n}`
  }
}

/** With a further cell at the end. */
export function withCell(
  document: NotebookDocument,
  id: string,
  cell: { readonly language: CellLanguage; readonly source: string },
): NotebookDocument {
  return withParts(document, [BLANK, makeCell(id, cell.language, cell.source)])
}

/** With prose at the end. */
export function withNote(document: NotebookDocument, text: string): NotebookDocument {
  return withParts(document, [{ kind: 'prose', text: `\n${text}\n` }])
}

/** With another source in a cell; its fence and options stay. */
export function withSource(
  document: NotebookDocument,
  id: string,
  source: string,
): NotebookDocument {
  const parts = document.parts.map((part) =>
    part.kind === 'cell' && part.id === id ? rewritten(part, source) : part,
  )
  return { ...document, parts }
}

/** Without these cells, and what they stored; prose stays. */
export function withoutCells(
  document: NotebookDocument,
  isGone: (id: string) => boolean,
): NotebookDocument {
  const parts = document.parts.filter((part, i) => {
    const next = document.parts[i + 1]
    if (part === BLANK && next?.kind === 'cell') return !isGone(next.id)
    return part.kind === 'prose' || !isGone(part.id)
  })
  return { ...document, parts }
}

/** With the outputs that another document stores, and no others; one that has a front matter takes
 *  that of the other, too: it lies where that one does. */
export function withStored(document: NotebookDocument, other: NotebookDocument): NotebookDocument {
  const { parts } = withOutputs(document, new Map())
  const stored = parts.flatMap((part): readonly Part[] => {
    const output = part.kind === 'cell' ? outputOf(other, part.id) : undefined
    return output === undefined ? [part] : [part, GAP, output]
  })
  const isOpened = document.head !== ''
  return { ...(isOpened ? other : document), parts: stored }
}

/** A notebook without its outputs. */
export function contentOf(document: NotebookDocument): string {
  return printNotebook(withOutputs(document, new Map()))
}

/** The prose right before a cell, blank lines around it dropped. */
export function proseBefore(document: NotebookDocument, id: string): string {
  const at = document.parts.findIndex((part) => part.kind === 'cell' && part.id === id)
  const prose: string[] = []
  for (let i = at - 1; document.parts[i]?.kind === 'prose'; i--) {
    prose.unshift(document.parts[i]?.text ?? '')
  }
  return prose.join('').trim()
}

/** Between two cells that were typed, and between a cell and its output. */
const BLANK: Part = { kind: 'prose', text: '\n' }
const GAP: Part = { kind: 'prose', text: '\n' }

function withParts(document: NotebookDocument, parts: readonly Part[]): NotebookDocument {
  const last = document.parts.at(-1)
  const isOpen = last !== undefined && !last.text.endsWith('\n')
  const end: readonly Part[] = isOpen ? [{ kind: 'prose', text: '\n' }] : []
  return { ...document, parts: [...document.parts, ...end, ...parts] }
}

function rewritten(cell: Cell, source: string): Cell {
  const body = source.endsWith('\n') ? source : `${source}\n`
  const [opening = ''] = cell.text.split('\n')
  const info = opening.replace(/^\s*(`+|~+)/, '')
  const fence = fenceFor(body)
  return { ...cell, source: body, text: `${fence}${info}\n${body}${fence}\n` }
}
