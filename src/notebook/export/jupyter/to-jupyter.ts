// A notebook of ours as a Jupyter notebook that the kernel `xpv` runs.
//
//   prose -> markdown      ts -> code      d, esc, sh -> code behind %%d, %%esc ID, %%sh
//   machine, folder, params  ->  a first cell that sets them up
//
// Holds: each cell carries the text it was made from, the notebook the rest, so that
// from-jupyter.ts gives the same bytes back where nothing was edited.
import type { NotebookDocument, OutputFile } from '../../document.js'
import { type Group, grouped, groupText } from './groups.js'
import type { JupyterCell, JupyterNotebook } from './notebook-json.js'
import { linesOf } from './notebook-json.js'
import { outputsOf } from './outputs.js'
import { setupSource } from './setup.js'

/** A notebook of ours with what lies beside it. */
export interface NotebookSource {
  readonly document: NotebookDocument
  /** The name of its folder of outputs. */
  readonly outputs: string
  /** The text of a file in that folder. */
  file(name: string): string | undefined
}

/** What is carried for one cell. */
export interface Carried {
  readonly kind: Group['kind'] | 'setup'
  readonly text: string
  /** Of a cell: its id, which its fence may leave to be counted. */
  readonly id?: string
}

/** Makes the Jupyter notebook. */
export function toJupyter(source: NotebookSource): JupyterNotebook {
  const { document } = source
  const { groups, tail } = grouped(document.parts)
  const ids = new Ids()
  const setup = setupSource(document.front)
  const cells = groups.map((group) => cellOf(group, source, ids))
  const first = setup === '' ? [] : [codeCell(ids.of('setup'), setup, { kind: 'setup', text: '' })]
  return {
    cells: [...first, ...cells],
    metadata: {
      kernelspec: { display_name: 'xpv', language: 'typescript', name: 'xpv' },
      language_info: {
        codemirror_mode: 'typescript',
        file_extension: '.ts',
        mimetype: 'text/typescript',
        name: 'typescript',
        pygments_lexer: 'typescript',
      },
      xpv: { format: 1, head: document.head, tail, outputs: source.outputs, ...filesOf(source) },
    },
    nbformat: 4,
    nbformat_minor: 5,
  }
}

/** What a group says as a cell of Jupyter: its source, and what it printed. */
export function sourceOf(group: Group): string {
  switch (group.kind) {
    case 'prose':
      return group.text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()
    case 'orphan':
      return group.output.body
    case 'cell': {
      const { id, language, source } = group.cell
      const text = source.replace(/\r?\n$/, '')
      if (language === 'ts') return text
      return `%%${language === 'esc' ? `esc ${id}` : language}\n${text}`
    }
  }
}

function cellOf(group: Group, source: NotebookSource, ids: Ids): JupyterCell {
  const id = group.kind === 'cell' ? { id: group.cell.id } : {}
  const carried: Carried = { kind: group.kind, text: groupText(group), ...id }
  const text = sourceOf(group)
  if (group.kind === 'cell') {
    const { cell, output } = group
    const fails = cell.options.has('expect-error') ? { tags: ['raises-exception'] } : {}
    const folds =
      cell.options.has('hide') || cell.options.has('answer')
        ? { jupyter: { source_hidden: true } }
        : {}
    const picture = output?.files.find(({ form }) => form === 'svg')
    const svg = picture === undefined ? undefined : source.file(picture.name)
    const outputs = output === undefined ? [] : outputsOf({ body: output.body, svg })
    return codeCell(ids.of(cell.id), text, carried, { ...fails, ...folds }, outputs)
  }
  return {
    cell_type: group.kind === 'prose' ? 'markdown' : 'raw',
    id: ids.of(group.kind),
    metadata: { xpv: carried },
    source: linesOf(text),
  }
}

function codeCell(
  id: string,
  source: string,
  carried: Carried,
  metadata: object = {},
  outputs: readonly unknown[] = [],
): JupyterCell {
  return {
    cell_type: 'code',
    execution_count: null,
    id,
    metadata: { ...metadata, xpv: carried },
    outputs,
    source: linesOf(source),
  }
}

/** All files that outputs refer to, by name. */
function filesOf({ document, file }: NotebookSource): object {
  const named = document.parts.flatMap((part): readonly OutputFile[] =>
    part.kind === 'output' ? part.files : [],
  )
  const files = named.flatMap(({ name }) => {
    const text = file(name)
    return text === undefined ? [] : [[name, text] as const]
  })
  return files.length === 0 ? {} : { files: Object.fromEntries(files) }
}

/** Ids as nbformat 4.5 wants them, each once. */
class Ids {
  readonly #taken = new Set<string>()

  of(wanted: string): string {
    const base = wanted.replace(/[^a-zA-Z0-9_-]/g, '-').slice(0, 56) || 'cell'
    let id = base
    for (let n = 2; this.#taken.has(id); n++) id = `${base}-${n}`
    this.#taken.add(id)
    return id
  }
}
