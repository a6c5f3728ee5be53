// A Jupyter notebook as a notebook of ours.
//
//   cell as it was made by to-jupyter.ts        ->  the text it carries
//   cell whose source or outputs were edited    ->  its fence with what it says now
//   cell that was added                         ->  prose, or a fence of its own
//
// Holds: what stands in Jupyter counts, not what is carried. An output that was made anew has the
// sha 00000000: `xpv check` says so until it has been run here.
import { isDeepStrictEqual } from 'node:util'
import { XpvError } from '../../../base/error.js'
import { type CellLanguage, cellsOf, type Output } from '../../document.js'
import { fenceFor, parseNotebook } from '../../format.js'
import { shortened } from '../../output-text.js'
import { type Group, grouped, groupText } from './groups.js'
import { isJson, type JupyterCell, type JupyterNotebook, joined } from './notebook-json.js'
import { contentName, outputsOf, type Printed, printedBy } from './outputs.js'
import { sourceOf } from './to-jupyter.js'

/** A notebook of ours as text, and the files of its outputs. */
export interface WrittenNotebook {
  readonly text: string
  /** By name: contents. */
  readonly files: ReadonlyMap<string, string>
}

/** How it is to be written. */
export interface Writing {
  /** The name of the folder of outputs. */
  readonly outputs: string
  /** Whether a line that begins with this word is a command. */
  readonly isCommand: (word: string) => boolean
}

/** Whether a Jupyter notebook was made from one of ours. */
export function isConverted(notebook: JupyterNotebook): boolean {
  const { xpv } = notebook.metadata
  return isJson(xpv) && xpv['format'] === 1 && typeof xpv['head'] === 'string'
}

/** Makes the text. Throws `XpvError` `nb.convert` when a cell's Markdown swallows the next. */
export function fromJupyter(notebook: JupyterNotebook, writing: Writing): WrittenNotebook {
  const { xpv } = notebook.metadata
  const own = isJson(xpv) ? xpv : {}
  const { head, tail, files: carried } = own
  const files = new Map(
    isJson(carried) ? Object.entries(carried).map(([k, v]) => [k, joined(v)]) : [],
  )
  const ids = notebook.cells.flatMap((cell) => carriedBy(cell)?.id ?? [])
  const writer = new Writer(writing, files, String(own['outputs'] ?? ''), new Set(ids))
  const texts = notebook.cells.map((cell) => writer.text(cell))
  const text = `${joined(head)}${texts.join('')}${joined(tail)}`
  refuseSwallowed(text, writer.sources)
  return { text, files: new Map([...files].filter(([name]) => text.includes(name.slice(0, 16)))) }
}

class Writer {
  readonly #writing: Writing
  readonly #files: Map<string, string>
  /** The name that the folder of outputs had. */
  readonly #outputs: string
  readonly #ids: Set<string>
  /** What stands in the cells that were written, in order. */
  readonly sources: string[] = []

  constructor(writing: Writing, files: Map<string, string>, outputs: string, ids: Set<string>) {
    this.#writing = writing
    this.#files = files
    this.#outputs = outputs
    this.#ids = ids
  }

  /** A cell's text, blanks before it included. */
  text(cell: JupyterCell): string {
    const carried = carriedBy(cell)
    const source = joined(cell.source)
    const group = carried === undefined ? undefined : groupOf(carried)
    if (cell.cell_type !== 'code') return this.#prose(cell, source, group)
    const isEmpty = source.trim() === '' && group === undefined
    if (isEmpty || carried?.kind === 'setup') return ''
    return group?.kind === 'cell' ? this.#again(cell, source, group) : this.#anew(cell, source)
  }

  #prose(cell: JupyterCell, source: string, group: Group | undefined): string {
    if (group !== undefined && group.kind !== 'cell') {
      if (sourceOf(group) === source) return this.#moved(groupText(group))
      if (group.kind === 'prose') {
        const [first = ''] = /^(?:[ \t]*\r?\n)+/.exec(group.text) ?? []
        const [last = '\n'] = /\s+$/.exec(group.text) ?? []
        return `${group.before}${first}${source}${last}`
      }
    }
    if (cell.cell_type === 'markdown') return `\n${source.trimEnd()}\n`
    const fence = fenceFor(source)
    return `\n${fence}\n${source}${source.endsWith('\n') ? '' : '\n'}${fence}\n`
  }

  /** A cell that was made here: as it was, but for what was edited. */
  #again(cell: JupyterCell, source: string, group: Group & { kind: 'cell' }): string {
    const isSame = sourceOf(group) === source
    const info = /^ *[`~]+([^\r\n]*)/.exec(group.cell.text)?.[1] ?? ''
    const fence = isSame ? group.cell.text : this.#fence(info, source, group.cell.language)
    if (isSame) this.sources.push(group.cell.source)
    const printed = printedBy(cell['outputs'])
    if (this.#isSame(cell['outputs'], printed, group.output)) {
      const rest = this.#moved(`${group.between}${group.output?.text ?? ''}`)
      return `${group.before}${fence}${rest}`
    }
    return `${group.before}${fence}${this.#output(group.cell.id, printed)}`
  }

  /** A cell that Jupyter added. */
  #anew(cell: JupyterCell, source: string): string {
    const id = this.#freeId(/^%%esc[ \t]+([A-Za-z0-9_][\w.-]*)/.exec(source)?.[1])
    const fence = this.#fence(`${this.#language(source)} xpv #${id}`, source)
    return `\n${fence}${this.#output(id, printedBy(cell['outputs']))}`
  }

  /** A fence with what a cell says now; its first line tells the language anew. */
  #fence(info: string, text: string, before?: CellLanguage): string {
    const language = this.#language(text)
    const told = before === undefined ? info : info.replace(/^\s*\w+/, language)
    const source = text.replace(/^%%(?:ts|d|esc(?:[ \t]+[\w.-]+)?|sh)[ \t]*(\n|$)/, '')
    const fence = fenceFor(source)
    this.sources.push(closed(source))
    return `${fence}${told}\n${closed(source)}${fence}\n`
  }

  #language(source: string): CellLanguage {
    const told = /^%%(ts|d|esc|sh)\b/.exec(source)?.[1]
    if (told !== undefined) return told as CellLanguage
    const word = /^\s*(?:[#$][ \t]+)?(\S+)/.exec(source)?.[1] ?? ''
    return this.#writing.isCommand(word) ? 'sh' : 'ts'
  }

  /** Whether outputs say what is stored, in whatever pieces. */
  #isSame(outputs: unknown, { body, svg }: Printed, output: Output | undefined): boolean {
    if (output === undefined) return body === '' && svg === undefined
    const picture = output.files.find(({ form }) => form === 'svg')
    const carried = picture === undefined ? undefined : this.#files.get(picture.name)
    const made = outputsOf({ body: output.body, svg: carried })
    if (isDeepStrictEqual(outputs, made)) return true
    const isBody = body === closed(output.body) || closed(shortened(body)) === closed(output.body)
    return isBody && svg === carried
  }

  /** An output made in Jupyter. */
  #output(id: string, { body, svg }: Printed): string {
    if (body === '' && svg === undefined) return ''
    const text = closed(shortened(body))
    const fence = fenceFor(text)
    if (svg === undefined) return `\n${fence}xpv-out #${id} sha=00000000\n${text}${fence}\n`
    const name = contentName(svg, 'svg')
    this.#files.set(name, svg)
    const line = `![output of #${id}](${addressOf(this.#writing.outputs)}/${name})\n`
    const word = `svg=${name.slice(0, 16)}`
    return `\n${fence}xpv-out #${id} sha=00000000 ${word}\n${text}${fence}\n${line}`
  }

  /** A text whose pictures lie in the folder of outputs under its name now. */
  #moved(text: string): string {
    const { outputs } = this.#writing
    if (this.#outputs === '' || this.#outputs === outputs) return text
    return text.replaceAll(`](${addressOf(this.#outputs)}/`, `](${addressOf(outputs)}/`)
  }

  #freeId(wanted: string | undefined): string {
    if (wanted !== undefined && !this.#ids.has(wanted)) {
      this.#ids.add(wanted)
      return wanted
    }
    for (let n = 1; ; n++) {
      if (this.#ids.has(`c${n}`)) continue
      this.#ids.add(`c${n}`)
      return `c${n}`
    }
  }
}

/** The folder of outputs as an address in Markdown. */
function addressOf(folder: string): string {
  return encodeURIComponent(folder).replaceAll('(', '%28').replaceAll(')', '%29')
}

/** What a cell carries from when it was made here. */
function carriedBy(cell: JupyterCell): Carried | undefined {
  const own = cell.metadata?.['xpv']
  if (!isJson(own) || typeof own['text'] !== 'string') return undefined
  const { kind, text, id } = own
  return { kind: String(kind), text, id: typeof id === 'string' ? id : undefined }
}

interface Carried {
  readonly kind: string
  readonly text: string
  readonly id: string | undefined
}

/** The one group of a carried text; undefined when it is not one. */
function groupOf({ kind, text, id }: Carried): Group | undefined {
  if (kind === 'prose') return { kind, before: '', text }
  const { document } = parseNotebook(`---\nxpv: 1\n---\n${text}`)
  const parts = document.parts.map((part) =>
    part.kind === 'cell' && id !== undefined ? { ...part, id } : part,
  )
  const { groups, tail } = grouped(parts)
  return groups.length === 1 && tail === '' ? groups[0] : undefined
}

/** A fence that Markdown leaves open would take the cells after it for its own. */
function refuseSwallowed(text: string, wanted: readonly string[]): void {
  const { document } = parseNotebook(text)
  const found = cellsOf(document).map(({ source }) => source)
  if (isDeepStrictEqual(found, wanted)) return
  const at = wanted.findIndex((source, i) => source !== found[i])
  const seen = (at < 0 ? (found[wanted.length] ?? '') : (wanted[at] ?? '')).split('\n')[0]
  throw new XpvError(
    'nb.convert',
    `the cell "${seen}" would be lost, or made: a fence in the Markdown above it is not closed`,
    'close it with ``` in Jupyter, then convert again',
  )
}

function closed(body: string): string {
  return body === '' || body.endsWith('\n') ? body : `${body}\n`
}
