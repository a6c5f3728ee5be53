// A notebook as one HTML page, made from its stored outputs: nothing is run for it.
//
//   document, its folder, states of its cells  ->  contents, prose, cells, run record
//
// Holds: one file without any script; what is in the notebook is text, links to where one may go,
// and pictures of its own folder. The same notebook gives the same bytes.
import { type Cell, cellsOf, type NotebookDocument, outputOf, type Part } from '../../document.js'
import type { CellState } from '../../graph/states.js'
import { fragment } from './address.js'
import { cellHtml, outputHtml } from './cell.js'
import { framed } from './frame.js'
import { type Heading, Prose } from './markdown.js'
import { type PicturePlace, pictureHtml } from './pictures.js'
import { runRecord } from './run-record.js'
import { escapeHtml } from './text.js'

/** What a page is made of. */
export interface PageSource {
  readonly document: NotebookDocument
  readonly place: PicturePlace
  /** States of cells, where they are known. */
  readonly states: ReadonlyMap<string, CellState>
  /** The xpv that makes the page. */
  readonly version: string
  /** Where a relative link leads from the page; as it stands when absent. */
  readonly link?: (address: string) => string
}

/** A page, and what an index says of it. */
export interface Page {
  readonly html: string
  readonly title: string
  /** Its first paragraph; undefined when it has none. */
  readonly lead: string | undefined
}

/** Makes the page. */
export async function notebookPage(source: PageSource): Promise<Page> {
  const { Lexer } = await import('marked')
  const { document, place } = source
  const { parts } = document
  const anchors = new Anchors(cellsOf(document))
  const texts = parts.flatMap((part) => (part.kind === 'prose' ? [part.text] : []))
  const prose = new Prose(() => new Lexer({ gfm: true }), texts, {
    picture: (path, name) => pictureHtml(place, path, name),
    link: source.link ?? ((address) => address),
    anchor: (text) => anchors.of(text),
  })
  let at = 0
  const body = parts.map((part) =>
    part.kind === 'prose' ? prose.html(at++) : partHtml(part, source),
  )
  const { title: found, lead } = prose.beginning
  const title = document.front.title || found || 'A notebook'
  const html = page(source, { title, found, body: body.join(''), headings: prose.headings })
  return { html, title, lead }
}

interface Content {
  readonly title: string
  /** The title that the prose itself has. */
  readonly found: string | undefined
  readonly body: string
  readonly headings: readonly Heading[]
}

function page(source: PageSource, { title, found, body, headings }: Content): string {
  const contents = contentsHtml(headings)
  const whole = found === undefined ? `<h1>${escapeHtml(title)}</h1>\n${body}` : body
  const beginning = `</h1>\n${contents}${staleNote(source)}`
  const main = `<main>\n${whole.replace('</h1>\n', () => beginning)}</main>\n`
  const foot = `<footer>\n${runRecord(source.document, source.version)}\n</footer>`
  return framed(title, `${main}${foot}`, contents === '' ? '' : 'toc')
}

function partHtml(part: Exclude<Part, { kind: 'prose' }>, source: PageSource): string {
  const { document, states, place } = source
  if (part.kind === 'cell') {
    const output = outputOf(document, part.id)
    return cellHtml({ cell: part, output, state: states.get(part.id), anchor: part.id }, place)
  }
  const isOrphan = !cellsOf(document).some(({ id }) => id === part.id)
  if (!isOrphan) return ''
  const words = `An output of #${escapeHtml(part.id)}, a cell that is not there:`
  const mark = `<p class="stale">${words}</p>`
  return `<section class="cell">${mark}${outputHtml(part, place)}</section>\n`
}

/** Headings of the second and third depth, from three of them on. */
function contentsHtml(headings: readonly Heading[]): string {
  const listed = headings.filter(({ depth }) => depth === 2 || depth === 3)
  if (listed.length < 3) return ''
  const items = listed.map(({ depth, id, html }) => {
    const address = escapeHtml(fragment(id))
    return `<li${depth === 3 ? ' class="h3"' : ''}><a href="${address}">${html}</a></li>`
  })
  return `<nav aria-label="Contents"><ol>\n${items.join('\n')}\n</ol></nav>\n`
}

/** What a reader has to know before believing an output. */
function staleNote({ document, states }: PageSource): string {
  const marked = cellsOf(document).filter(({ id }) =>
    ['stale', 'out-of-order'].includes(states.get(id) ?? ''),
  )
  if (marked.length === 0) return ''
  const links = marked.map(({ id }) => {
    return `<a href="${escapeHtml(fragment(id))}">#${escapeHtml(id)}</a>`
  })
  const what = marked.length === 1 ? 'The output of' : `${marked.length} outputs are`
  const rest =
    marked.length === 1
      ? `${links[0]} was made from something else than what stands here.`
      : `of something else than what stands here: ${links.join(', ')}.`
  return `<p class="stale">${what} ${rest}</p>\n`
}

/** Anchors: those of cells are their ids, those of headings keep clear of them. */
class Anchors {
  readonly #taken: Set<string>

  constructor(cells: readonly Cell[]) {
    this.#taken = new Set(cells.map(({ id }) => id))
  }

  of(text: string): string {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['part']
    const wanted = words.join('-').slice(0, 60)
    let id = wanted
    for (let n = 2; this.#taken.has(id); n++) id = `${wanted}-${n}`
    this.#taken.add(id)
    return id
  }
}
