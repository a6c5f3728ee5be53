// The file format of a notebook: Markdown that any forge shows, with executable fences.
//
//   ---
//   xpv: 1                                    format version, required
//   title: A domain is created
//   backend:
//     kind: trace                             trace | sim
//     machine: ../examples/recordings/xl-create   relative to this file
//     hz: 2600000000                          cycles a second, where the trace does not say it
//   folder: ..                                where relative paths in cells start, relative to this
//                                             file; its own folder when absent
//   inputs:                                   pinned: checked before a run
//     - path: ../examples/recordings/xl-create/create.xt
//       sha256: 1f...                         64 hex digits
//       bytes: 4828376
//   ---
//   # Any Markdown
//
//   ```ts xpv #count          an executable cell: ts, d or sh; then "xpv"; then #id, options
//   on('xdt:pv::hypercall').count()
//   ```
//
//   ```xpv-out #count sha=ab12cd34      its output as stored: the sha covers all it was made from
//   70647
//   ```
//
// A fence without the word xpv is prose. An output longer than 200 lines is cut, with a count and
// a hash of the whole. Option: expect-error=CODE. Cells without #id are c1, c2 ... in order.
//
// Holds: print(parse(text)) === text. Parsing never throws: mistakes are Diagnostics `nb.*`.
import type { Diagnostic } from '../base/diagnostic.js'
import type { Cell, CellLanguage, NotebookDocument, Output, OutputFile, Part } from './document.js'
import { parseFront } from './front-matter.js'
import { mistake } from './mistake.js'

/** A parsed notebook, and what was wrong with it; with an error in the list it must not be run. */
export interface ParsedNotebook {
  readonly document: NotebookDocument
  readonly diagnostics: readonly Diagnostic[]
}

const OPENING = /^(`{3,})([^`\n]*)$/
const LANGUAGES: readonly string[] = ['ts', 'd', 'esc', 'sh'] satisfies CellLanguage[]

/** Parses a notebook's text. */
export function parseNotebook(text: string): ParsedNotebook {
  const diagnostics: Diagnostic[] = []
  const head = /^---\n[\s\S]*?\n---\n/.exec(text)?.[0] ?? ''
  const front = parseFront(head, diagnostics)
  const parts = parseParts(text.slice(head.length), head, diagnostics)
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
  const longest = [...body.matchAll(/^`{3,}/gm)].reduce((n, m) => Math.max(n, m[0].length), 2)
  return '`'.repeat(longest + 1)
}

function parseParts(body: string, head: string, diagnostics: Diagnostic[]): Part[] {
  const lines = body.split(/(?<=\n)/)
  const headLines = head.split('\n').length - 1
  const parts: Part[] = []
  let prose = ''
  let unnamed = 0
  for (let i = 0; i < lines.length; i++) {
    const opening = OPENING.exec((lines[i] ?? '').replace(/\n$/, ''))
    const end = opening === null ? -1 : closing(lines, i, opening[1] ?? '')
    const info = (opening?.[2] ?? '').trim().split(/\s+/)
    const ours = info[0] === 'xpv-out' || (LANGUAGES.includes(info[0] ?? '') && info[1] === 'xpv')
    if (opening !== null && end < 0 && ours) diagnostics.push(unclosed(i + 1 + headLines))
    if (opening === null || end < 0) {
      prose += lines[i] ?? ''
      continue
    }
    const text = lines.slice(i, end + 1).join('')
    const source = lines.slice(i + 1, end).join('')
    if (ours) {
      if (prose !== '') parts.push({ kind: 'prose', text: prose })
      prose = ''
      if (info[0] === 'xpv-out') parts.push(output(info, source, text))
      else parts.push(cell(info, source, text, i + 1 + headLines, () => `c${++unnamed}`))
    } else prose += text
    i = end
  }
  if (prose !== '') parts.push({ kind: 'prose', text: prose })
  return parts
}

function closing(lines: readonly string[], from: number, fence: string): number {
  for (let i = from + 1; i < lines.length; i++) {
    const line = (lines[i] ?? '').trimEnd()
    if (/^`{3,}$/.test(line) && line.length >= fence.length) return i
  }
  return -1
}

function cell(
  info: readonly string[],
  source: string,
  text: string,
  line: number,
  nextId: () => string,
): Cell {
  const words = info.slice(2)
  const id = words.find((word) => word.startsWith('#'))?.slice(1) ?? nextId()
  const options = new Map(words.filter((w) => !w.startsWith('#')).map((w) => split(w)))
  return { kind: 'cell', id, language: info[0] as CellLanguage, options, source, text, line }
}

function output(info: readonly string[], body: string, text: string): Output {
  const id = info.find((word) => word.startsWith('#'))?.slice(1) ?? ''
  const sha = info.find((word) => word.startsWith('sha='))?.slice(4) ?? ''
  return { kind: 'output', id, sha, body, files: filesOf(info), text }
}

function filesOf(info: readonly string[]): readonly OutputFile[] {
  return info.flatMap((word): OutputFile[] => {
    const [, form, hash] = /^(svg|text)=([0-9a-f]{16})$/.exec(word) ?? []
    if (form === 'svg') return [{ form, name: `${hash}.svg` }]
    return form === 'text' ? [{ form, name: `${hash}.txt` }] : []
  })
}

function split(word: string): [string, string] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)]
}

function checkIds(parts: readonly Part[], diagnostics: Diagnostic[]): void {
  const seen = new Set<string>()
  for (const part of parts) {
    if (part.kind !== 'cell') continue
    if (seen.has(part.id)) {
      diagnostics.push(mistake('nb.duplicate-id', `line ${part.line}: a second cell #${part.id}`))
    }
    seen.add(part.id)
  }
  for (const part of parts) {
    if (part.kind === 'output' && !seen.has(part.id)) {
      const message = `an output of cell #${part.id}, which does not exist; the next run drops it`
      diagnostics.push({ code: 'nb.orphan-output', severity: 'warning', message })
    }
  }
}

function unclosed(line: number): Diagnostic {
  return mistake('nb.unclosed-fence', `line ${line}: the fence is never closed`)
}
