// Graphemes: what a reader takes for one character, and how many columns of a terminal it fills.
//
//   'e' + U+0301  ->  one grapheme, 1 column       '界'  ->  one grapheme, 2 columns
//
// Holds: a boundary never lies inside a surrogate pair or before a combining mark. Text of ASCII
// alone needs no tables; what measures the rest takes some 25 ms to load and is loaded when it is
// met first.
// Source: Unicode Standard Annex 29 (Intl.Segmenter); string-width for columns.

let segmenter: Intl.Segmenter | undefined
let measure: ((grapheme: string) => number) | undefined
const known = new Map<string, number>()

/** Whether all of a text is printable ASCII, tabs and newlines. */
export function isPlain(text: string): boolean {
  return /^[\t\n\x20-\x7e]*$/.test(text)
}

/** Loads what measures graphemes that are not ASCII; until then each counts as one column. */
export async function loadWidths(): Promise<void> {
  if (measure !== undefined) return
  const { default: stringWidth } = await import('string-width')
  measure = stringWidth
  known.clear()
}

/** The end of the grapheme that starts at `at`; the text's end at the end. */
export function nextBoundary(text: string, at: number): number {
  if (at >= text.length) return text.length
  if (isAlone(text, at) && isAlone(text, at + 1)) return at + 1
  const [start, end] = lineAround(text, at)
  const found = segments(text.slice(start, end)).containing(at - start)
  return found === undefined ? at + 1 : start + found.index + found.segment.length
}

/** The start of the grapheme that ends at `at`; 0 at the start. */
export function previousBoundary(text: string, at: number): number {
  if (at <= 0) return 0
  if (isAlone(text, at - 1) && isAlone(text, at - 2)) return at - 1
  const [start, end] = lineAround(text, at - 1)
  const found = segments(text.slice(start, end)).containing(at - 1 - start)
  return found === undefined ? at - 1 : start + found.index
}

/** The graphemes of a text, in order. */
export function graphemesOf(text: string): string[] {
  if (isPlain(text)) return text.split('')
  return Array.from(segments(text), ({ segment }) => segment)
}

/** Columns that one grapheme fills: 0 to 2. */
export function graphemeWidth(grapheme: string): number {
  const code = grapheme.charCodeAt(0)
  if (grapheme.length === 1 && code < 0x7f) return code < 0x20 ? 0 : 1
  if (measure === undefined) return 1
  let width = known.get(grapheme)
  if (width === undefined) {
    width = Math.min(2, measure(grapheme))
    if (known.size < 10_000) known.set(grapheme, width)
  }
  return width
}

/** Columns that a text without tabs and newlines fills. */
export function textWidth(text: string): number {
  if (isPlain(text)) return text.length
  return graphemesOf(text).reduce((sum, each) => sum + graphemeWidth(each), 0)
}

/** Whether the code unit there can be no part of a longer grapheme; so is the outside. */
function isAlone(text: string, at: number): boolean {
  return at < 0 || at >= text.length || text.charCodeAt(at) < 0x300
}

function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter()
  return segmenter.segment(text)
}

/** The line that holds `at`, its newline included: no grapheme is longer. */
function lineAround(text: string, at: number): [number, number] {
  const end = text.indexOf('\n', at)
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
  return [start, end < 0 ? text.length : end + 1]
}
