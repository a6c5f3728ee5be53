// The run record: what the outputs of a page were made from, at its foot.
//
//   xpv 0.1.0, machine, era, seed, Node, parameters, inputs with their sha256
//
// Holds: it says what the notebook's front matter says, and no more.
import type { FrontMatter, NotebookDocument } from '../../document.js'
import { isMachineWord } from '../../machine-word.js'
import { escapeHtml } from './text.js'

/** The record as HTML. */
export function runRecord(document: NotebookDocument, exporter: string): string {
  const { front } = document
  const rows: (readonly [string, string])[] = [
    ['xpv', escapeHtml(front.version ?? 'not recorded')],
    ['machine', `<code>${escapeHtml(front.machine ?? 'the default machine')}</code>`],
    ...told('era', eraOf(front)),
    ...told('seed', front.seed),
    ...told('clock', front.hz === undefined ? undefined : `${front.hz} Hz`),
    ...told('Node', /^node:[ \t]*["']?([^"'\n]+)/m.exec(document.head)?.[1]),
    ...paramRows(front),
    ...inputRows(front),
    ['page', `made by xpv ${escapeHtml(exporter)} from stored outputs; nothing was run for it`],
  ]
  const list = rows.map(([name, html]) => `<dt>${escapeHtml(name)}</dt><dd>${html}</dd>`)
  return `<h2>Run record</h2>\n<dl>\n${list.join('\n')}\n</dl>`
}

function told(
  name: string,
  value: string | number | undefined,
): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[name, escapeHtml(String(value))]]
}

/** The era of a simulated host; undefined for one that is real. */
function eraOf({ machine }: FrontMatter): string | undefined {
  if (machine === undefined) return undefined
  if (!isMachineWord(machine)) return 'none: a recording'
  return /^sim[:,]([\w.-]+)/.exec(machine)?.[1]
}

function paramRows({ params }: FrontMatter): readonly (readonly [string, string])[] {
  if (params.length === 0) return []
  const all = params.map(({ name, default: value }) => escapeHtml(`${name} = ${String(value)}`))
  return [['parameters', all.join('<br>')]]
}

function inputRows({ inputs }: FrontMatter): readonly (readonly [string, string])[] {
  return inputs.map(({ path, sha256, bytes }, i) => [
    i === 0 ? 'inputs' : '',
    `${escapeHtml(path)}, ${bytes} bytes<span class="sha">sha256 ${escapeHtml(sha256)}</span>`,
  ])
}
