// Fences: the blocks of code in a Markdown text, as a forge sees them. Source: CommonMark 0.31.2,
// 4.4 to 4.6, 5.2.
//
//   lines  ->  [ { from, to, info }, ... ]      `from` is the opening line, `to` the last one
//
// Holds: fences do not overlap and come in order. One that nothing closes takes the rest of the
// text, or of its list item. What stands in a comment or in <pre> of HTML opens nothing; what is
// quoted begins with > and is not seen here at all.

/** One block of code. */
export interface Fence {
  readonly from: number
  /** The last line that belongs to it. */
  readonly to: number
  readonly info: string
  /** How many backticks it begins with; 0 for one of tildes, one that is indented or in a list. */
  readonly backticks: number
  /** Whether its last line closes it. */
  readonly isClosed: boolean
}

/** The fences of a text that was split with `linesOf`. */
export function fencesIn(lines: readonly string[]): readonly Fence[] {
  const fences: Fence[] = []
  let item = 0
  for (let i = 0; i < lines.length; i++) {
    const line = contentOf(lines[i] ?? '')
    if (line.trim() === '') continue
    const html = endOfHtml(lines, i)
    if (html !== undefined) {
      i = html
      continue
    }
    const marker = MARKER.exec(line)?.[0] ?? ''
    if (marker !== '') item = marker.length
    else if (indentOf(line) < item) item = 0
    const opening = OPENING.exec(line.slice(marker.length))
    if (opening === null) continue
    const fence = fenceFrom(lines, i, opening, item)
    fences.push(fence)
    i = fence.to
  }
  return fences
}

/** A text as lines, each with what ends it. */
export function linesOf(text: string): readonly string[] {
  const lines: string[] = []
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const next = end < 0 ? text.length : end + 1
    lines.push(text.slice(from, next))
    from = next
  }
  return lines
}

const OPENING = /^( {0,3})(?:(`{3,})([^`]*)|(~{3,})(.*))$/
/** Markers of list items, one inside the other. */
const MARKER = /^(?: {0,3}(?:[-+*]|\d{1,9}[.)]) {1,4}(?=\S))+/

function fenceFrom(
  lines: readonly string[],
  from: number,
  [, indent = '', ticks, info, tildes, other]: RegExpExecArray,
  item: number,
): Fence {
  const sign = ticks ?? tildes ?? ''
  const isPlain = ticks !== undefined && indent === '' && item === 0
  const known = { from, info: (info ?? other ?? '').trim(), backticks: isPlain ? sign.length : 0 }
  for (let i = from + 1; i < lines.length; i++) {
    const line = contentOf(lines[i] ?? '')
    if (line.trim() === '') continue
    if (indentOf(line) < item) return { ...known, to: i - 1, isClosed: false }
    if (closes(line.slice(item), sign)) return { ...known, to: i, isClosed: true }
  }
  return { ...known, to: lines.length - 1, isClosed: false }
}

function closes(line: string, sign: string): boolean {
  const found = /^ {0,3}(`+|~+)[ \t]*$/.exec(line)?.[1] ?? ''
  return found.length >= sign.length && found[0] === sign[0]
}

/** HTML that goes on to its own end, whatever stands in between. */
const HTML: readonly (readonly [begins: RegExp, ends: RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
]

/** The last line of the HTML that begins at `from`; undefined when none does. */
function endOfHtml(lines: readonly string[], from: number): number | undefined {
  const first = lines[from] ?? ''
  const [, ends] = HTML.find(([begins]) => begins.test(first)) ?? []
  if (ends === undefined) return undefined
  for (let i = from; i < lines.length; i++) if (ends.test(lines[i] ?? '')) return i
  return lines.length - 1
}

/** A line without what ends it. */
export function contentOf(line: string): string {
  return line.replace(/\r?\n$/, '')
}

function indentOf(line: string): number {
  const blanks = /^[ \t]*/.exec(line)?.[0] ?? ''
  return blanks.replaceAll('\t', '    ').length
}
