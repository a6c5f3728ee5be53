// The file format of a notebook, version 1: UTF-8 Markdown that any forge shows, NAME.xpv.md.
//
//   ---
//   xpv: 1                                    the version of the format; the only key that must be
//   title: A domain is created
//   xpv-version: 0.1.0                        which xpv stored the outputs; only told
//   backend:
//     kind: trace                             trace | sim | live; only told
//     machine: ../examples/recordings/xl-create   what --machine takes; paths relative to this file
//     hz: 2600000000                          cycles a second, where the trace does not say it
//     seed: 7                                 of all that is chance on a simulated host
//   folder: ..                                where relative paths in cells start, relative to this
//                                             file; its own folder when absent
//   inputs:                                   pinned, measured before each run
//     - path: ../examples/recordings/xl-create/create.xt
//       sha256: 1f...                         64 hex digits
//       bytes: 4828376
//   params:                                   `params.NAME` in cells; xpv run -p NAME=VALUE
//     domain: 3                               NAME: DEFAULT, or with type and doc:
//     status: { type: bigint, default: "0xbea0000000000136", doc: what bank 4 said }
//                                             types: string, number, boolean, bigint
//   allow: [live, net, run, read:PATH, write:PATH]   what cells want beyond the machine
//   ---
//   # Any Markdown
//
//   ```ts xpv #count timeout=5s   a cell: ts, d, esc or sh; "xpv"; #id; options (cell-options.ts)
//   on('xdt:pv::hypercall').count()
//   ```
//
//   ```xpv-out #count sha=ab12cd34 svg=0123456789abcdef text=fedcba9876543210
//   70647                         its output: what it printed, then the value it showed, 80 columns
//   ```                           wide, uncoloured. sha: the stamp of all that it was made from
//   ![output of #count](NAME.out/0123456789abcdef.svg)
//
// A cell is a fence of backticks that is not indented, in no list, quotation or HTML comment, and
// says xpv; any other is prose. An #id has letters, digits, _ . and -; cells without one are c1,
// c2 ... in order, those left out that a cell says. An output belongs to the cell right before it;
// what stands between them is blank.
//
// What is drawn or long lies beside the notebook, in the folder NAME.out, in files named by the
// first 16 hex digits of the sha256 of their bytes: svg=, a picture, HASH.svg, shown by the line
// right after the fence; text=, the whole of a text that the fence has only the beginning of (200
// lines, 64 Ki characters), HASH.txt. A file that no output names any more is removed when the
// notebook is written.
//
// Holds: print(parse(text)) === text, whatever the text. A run changes output fences, their
// pictures and the blanks before them; in the front matter inputs that measure otherwise, the
// version, what the run was given. Parsing never throws: mistakes are Diagnostics `nb.*`.
import type { Diagnostic } from '../base/diagnostic.js'
import { checkOptions } from './cell-options.js'
import type { Cell, CellLanguage, NotebookDocument, Output, OutputFile, Part } from './document.js'
import { contentOf, type Fence, fencesIn, linesOf } from './fences.js'
import { parseFront } from './front-matter.js'
import { mistake, warning } from './mistake.js'

/** A parsed notebook, and what was wrong with it; with an error in the list it must not be run. */
export interface ParsedNotebook {
  readonly document: NotebookDocument
  readonly diagnostics: readonly Diagnostic[]
}

const LANGUAGES: readonly string[] = ['ts', 'd', 'esc', 'sh'] satisfies CellLanguage[]
const HEAD = /^\uFEFF?---[ \t]*\r?\n(?:[\s\S]*?\r?\n)??---[ \t]*(?:\r?\n|$)/
const ID = /^[A-Za-z0-9_][\w.-]*$/

/** Parses a notebook's text. */
export function parseNotebook(text: string): ParsedNotebook {
  const diagnostics: Diagnostic[] = []
  const head = HEAD.exec(text)?.[0] ?? ''
  const front = parseFront(head, diagnostics)
  const above = head.split('\n').length - 1
  const parts = partsOf(linesOf(text.slice(head.length)), above, diagnostics)
  checkIds(parts, diagnostics)
  return { document: { head, front, parts }, diagnostics }
}

/** The text of a document: what it was parsed from, where nothing was changed. */
export function printNotebook(document: NotebookDocument): string {
  return document.head + document.parts.map((part) => part.text).join('')
}

/** Builds a cell with its fence. */
export function makeCell(id: string, language: CellLanguage, source: string): Cell {
  const fence = fenceFor(source)
  const body = source.endsWith('\n') ? source : `${source}\n`
  const text = `${fence}${language} xpv #${id}\n${body}${fence}\n`
  return { kind: 'cell', id, language, options: new Map(), source, text, line: 0 }
}

/** A fence longer than any inside `body`. */
export function fenceFor(body: string): string {
  const longest = [...body.matchAll(/^ {0,3}(`{3,})/gm)].reduce(
    (most, [, ticks = '']) => Math.max(most, ticks.length),
    2,
  )
  return '`'.repeat(longest + 1)
}

function partsOf(lines: readonly string[], above: number, diagnostics: Diagnostic[]): Part[] {
  const fences = fencesIn(lines)
  const nextId = unusedIds(fences)
  const parts: Part[] = []
  let done = 0
  const proseTo = (to: number): void => {
    if (to > done) parts.push({ kind: 'prose', text: lines.slice(done, to).join('') })
  }
  for (const fence of fences) {
    const words = fence.info.split(/\s+/)
    if (!fence.isClosed) diagnostics.push(...unclosed(fence, lines, above))
    if (!isOurs(fence, words, above, diagnostics)) continue
    proseTo(fence.from)
    done = fence.to + 1
    if (words[0] === 'xpv-out') {
      const { output, picture } = outputIn(lines, fence, words)
      parts.push(output)
      if (picture !== '') done += 1
    } else {
      const cell = cellIn(lines, fence, words, above, nextId)
      parts.push(cell)
      diagnostics.push(...checkOptions(cell))
    }
  }
  proseTo(lines.length)
  return parts
}

/** Whether a fence is a cell or an output. One that says xpv in no language of ours is told. */
function isOurs(
  { backticks, isClosed, from }: Fence,
  [language = '', mark]: readonly string[],
  above: number,
  diagnostics: Diagnostic[],
): boolean {
  if (backticks === 0 || !isClosed) return false
  if (language === 'xpv-out') return true
  if (mark !== 'xpv') return false
  if (LANGUAGES.includes(language)) return true
  const message = `line ${above + from + 1}: no cell is written in ${language}: ts, d, esc or sh`
  diagnostics.push(warning('nb.unknown-language', message))
  return false
}

/** What is wrong with a fence that takes all the rest: something, when a cell was meant. */
function unclosed({ from, to }: Fence, lines: readonly string[], above: number): Diagnostic[] {
  const taken = lines.slice(from, to + 1)
  if (!taken.some((line) => /^`{3,}(\w+ xpv\b|xpv-out\b)/.test(line))) return []
  const message = `line ${above + from + 1}: the fence is never closed`
  return [mistake('nb.unclosed-fence', message)]
}

function sourceIn(lines: readonly string[], { from, to }: Fence): string {
  return lines
    .slice(from + 1, to)
    .map((line) => `${contentOf(line)}\n`)
    .join('')
}

function cellIn(
  lines: readonly string[],
  fence: Fence,
  words: readonly string[],
  above: number,
  nextId: () => string,
): Cell {
  const options = new Map(
    words
      .slice(2)
      .filter((word) => !word.startsWith('#'))
      .map(split),
  )
  return {
    kind: 'cell',
    id: idIn(words) ?? nextId(),
    language: words[0] as CellLanguage,
    options,
    source: sourceIn(lines, fence),
    text: lines.slice(fence.from, fence.to + 1).join(''),
    line: above + fence.from + 1,
  }
}

/** An output, and the line of its text that shows its picture. */
function outputIn(
  lines: readonly string[],
  fence: Fence,
  words: readonly string[],
): { readonly output: Output; readonly picture: string } {
  const id = idIn(words) ?? ''
  const sha = words.find((word) => word.startsWith('sha='))?.slice('sha='.length) ?? ''
  const files = filesOf(words)
  const isDrawn = files.some(({ form }) => form === 'svg')
  const next = lines[fence.to + 1] ?? ''
  const picture = isDrawn && isPictureOf(id, contentOf(next)) ? next : ''
  const text = lines.slice(fence.from, fence.to + 1).join('') + picture
  const output: Output = { kind: 'output', id, sha, body: sourceIn(lines, fence), files, text }
  return { output, picture }
}

/** Whether a line shows the picture of an output. */
function isPictureOf(id: string, line: string): boolean {
  return line.startsWith(`![output of #${id}](`) && line.trimEnd().endsWith(')')
}

function idIn(words: readonly string[]): string | undefined {
  return words.find((word) => word.startsWith('#'))?.slice(1)
}

function filesOf(words: readonly string[]): readonly OutputFile[] {
  return words.flatMap((word): OutputFile[] => {
    const [, form, hash] = /^(svg|text)=([0-9a-f]{16})$/.exec(word) ?? []
    if (form === 'svg') return [{ form, name: `${hash}.svg` }]
    return form === 'text' ? [{ form, name: `${hash}.txt` }] : []
  })
}

function split(word: string): [string, string] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)]
}

/** c1, c2 ... without those that a fence says. */
function unusedIds(fences: readonly Fence[]): () => string {
  const words = fences.map(({ info }) => info.split(/\s+/)).filter(([, mark]) => mark === 'xpv')
  const said = new Set(words.map(idIn))
  let last = 0
  return () => {
    do last += 1
    while (said.has(`c${last}`))
    return `c${last}`
  }
}

function checkIds(parts: readonly Part[], diagnostics: Diagnostic[]): void {
  const cells = new Set<string>()
  const outputs = new Set<string>()
  for (const part of parts) {
    if (part.kind !== 'cell') continue
    const { id, line } = part
    if (!ID.test(id)) {
      const rule = 'has letters, digits, _ . and -'
      diagnostics.push(mistake('nb.id', `line ${line}: an id ${rule}, and not: #${id}`))
    }
    if (cells.has(id)) {
      diagnostics.push(mistake('nb.duplicate-id', `line ${line}: a second cell #${id}`))
    }
    cells.add(id)
  }
  for (const part of parts) {
    if (part.kind !== 'output') continue
    const { id } = part
    const why = outputs.has(id)
      ? `a second output of cell #${id}`
      : `an output of cell #${id}, which does not exist`
    const isWrong = outputs.has(id) || !cells.has(id)
    if (isWrong) diagnostics.push(warning('nb.orphan-output', `${why}; the next run drops it`))
    outputs.add(id)
  }
}
