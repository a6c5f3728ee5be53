// Cells and their outputs as HTML.
//
//   cell  ->  its code, to be folded; what it printed; its picture; a mark when that is stale
import type { Cell, Output } from '../../document.js'
import type { CellState } from '../../graph/states.js'
import { fragment } from './address.js'
import { codeHtml, languageName } from './code.js'
import { ownText, type PicturePlace, pictureHtml } from './pictures.js'
import { escapeHtml, withoutAnsi } from './text.js'

/** Lines of an output that stay on one sheet of paper. */
const SHORT = 24

/** A cell with what it printed. */
export interface ShownCell {
  readonly cell: Cell
  readonly output: Output | undefined
  readonly state: CellState | undefined
  /** Its anchor on the page. */
  readonly anchor: string
}

/** A cell as HTML. */
export function cellHtml(shown: ShownCell, place: PicturePlace): string {
  const { cell, output, anchor } = shown
  const made = output === undefined ? '' : outputHtml(output, place, cell.options)
  const inside = cell.options.has('answer') ? answer(shown, made) : `${code(shown)}${made}`
  const kind = cell.options.has('answer') ? 'cell answer' : 'cell'
  return `<section class="${kind}" id="${escapeHtml(anchor)}">\n${inside}</section>\n`
}

/** An output as HTML. */
export function outputHtml(
  output: Output,
  place: PicturePlace,
  options: ReadonlyMap<string, string> = new Map(),
): string {
  const label = `output of ${output.id}`
  const pictures = output.files
    .filter(({ form }) => form === 'svg')
    .flatMap(({ name }) => {
      const html = pictureHtml(place, `${encodeURIComponent(place.outputs)}/${name}`, label)
      return html === undefined ? [] : [`<figure tabindex="0">${html}</figure>\n`]
    })
  const text = textHtml(output, options)
  if (pictures.length === 0) return `${text}${wholeHtml(output, place)}`
  const folded = `<details class="whole astext"><summary>as text</summary>${text}</details>\n`
  return `${pictures.join('')}${text === '' ? '' : folded}${wholeHtml(output, place)}`
}

/** What a state means, where it is worth a mark. */
export function stateMark(state: CellState | undefined): string {
  const words = state === undefined ? undefined : STATES[state]
  return words === undefined ? '' : `<span class="state">${words}</span>`
}

const STATES: Readonly<Partial<Record<CellState, string>>> = {
  stale: 'stale: made from something else',
  never: 'never run',
  'out-of-order': 'older than a cell above it',
}

function code({ cell, anchor, state }: ShownCell): string {
  const open = cell.options.has('hide') ? '' : ' open'
  const name = languageName(cell.language)
  return (
    `<details class="code"${open}><summary><span class="lang">${name}</span>` +
    `${link(cell, anchor)}${stateMark(state)}</summary>${source(cell)}</details>\n`
  )
}

function answer({ cell, anchor, state }: ShownCell, made: string): string {
  return (
    `<details><summary>Answer ${link(cell, anchor)}${stateMark(state)}</summary>` +
    `<div class="code">${source(cell)}</div>\n${made}</details>\n`
  )
}

function link(cell: Cell, anchor: string): string {
  return `<a href="${escapeHtml(fragment(anchor))}">#${escapeHtml(cell.id)}</a>`
}

function source({ source: text, language }: Cell): string {
  const short = lineCount(text) <= SHORT ? ' class="short"' : ''
  return `<pre tabindex="0"${short}><code>${codeHtml(text, language)}</code></pre>`
}

function textHtml({ body }: Output, options: ReadonlyMap<string, string>): string {
  const text = withoutAnsi(body)
    .replace(/\n+$/, '')
    .replace(/^(?:[ \t]*\n)+/, '')
  if (text === '') return ''
  const short = lineCount(text) <= SHORT ? ' short' : ''
  const error = options.has('expect-error') ? ' error' : ''
  return `<div class="out${short}${error}"><pre tabindex="0">${escapeHtml(text)}</pre></div>\n`
}

/** The whole of a text that is cut in the notebook. */
function wholeHtml({ files }: Output, place: PicturePlace): string {
  const whole = files
    .filter(({ form }) => form === 'text')
    .flatMap(({ name }) => {
      const text = ownText(place, `${place.outputs}/${name}`)
      if (text === undefined) return []
      const lines = `all ${lineCount(text)} lines`
      const inside = `<pre tabindex="0">${escapeHtml(withoutAnsi(text))}</pre>`
      return [`<details class="whole"><summary>${lines}</summary>${inside}</details>\n`]
    })
  return whole.join('')
}

function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}
