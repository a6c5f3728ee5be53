// What `xpv check` prints of one notebook.
//
//   drifts  ->  the inputs and cells that differ, each with its place and its lines, and what to
//               type next

import type { Drift } from '../notebook/check.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'

/** What was found out about one notebook. */
export interface Checked {
  readonly path: string
  readonly document: NotebookDocument
  readonly drifts: readonly Drift[]
  /** Whether what is there now was stored. */
  readonly isStored: boolean
}

/** The report, newline included. */
export function checkReport(checked: Checked): string {
  const { path, document, drifts } = checked
  const count = cellsOf(document).length
  if (drifts.length === 0) return `${path}: ok, ${count} cells\n`
  const told = drifts.filter(({ kind }) => kind !== 'stale').map((drift) => driftText(path, drift))
  return `${told.join('')}${staleLine(path, drifts, count)}${ending(checked)}`
}

/** One difference: a line that says where and what, then the lines that changed. */
export function driftText(path: string, { kind, what, line, message, changes }: Drift): string {
  const place = line === undefined ? path : `${path}:${line}`
  const named = kind === 'input' ? `input ${what}` : `cell #${what}`
  return `${place}: ${named}: ${message}\n${changes ?? ''}`
}

/** All outputs that say the same, though not from the same sources and inputs. */
function staleLine(path: string, drifts: readonly Drift[], count: number): string {
  const stale = drifts.filter(({ kind }) => kind === 'stale')
  const [first] = stale
  if (first === undefined) return ''
  const all = stale.length === count ? `all ${count} cells` : 'cells'
  return `${path}: ${all} ${stale.map(({ what }) => `#${what}`).join(' ')}: ${first.message}\n`
}

function ending({ path, drifts, isStored }: Checked): string {
  const count = drifts.length === 1 ? '1 difference' : `${drifts.length} differences`
  if (isStored) return `${path}: ${count}, stored as it is now\n`
  const isStorable = drifts.some(({ kind }) => kind !== 'failure')
  const next = isStorable ? ` (xpv check --update ${path} stores what is there now)` : ''
  return `${path}: ${count}${next}\n`
}
