// What `xpv check` prints of one notebook.
//
//   drifts, diff  ->  the inputs and cells that differ, the lines, and what to type next

import type { Drift } from '../notebook/check.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'

/** What was found out about one notebook. */
export interface Checked {
  readonly path: string
  readonly document: NotebookDocument
  readonly drifts: readonly Drift[]
  readonly diff: string
  /** Whether what is there now was stored. */
  readonly isStored: boolean
}

/** The report, newline included. */
export function checkReport(checked: Checked): string {
  const { path, document, drifts, diff } = checked
  const count = cellsOf(document).length
  if (drifts.length === 0) return `${path}: ok, ${count} cells\n`
  const lines = drifts.filter(({ kind }) => kind !== 'stale').map((drift) => driftLine(path, drift))
  return `${lines.join('')}${staleLine(path, drifts, count)}${diff}${ending(checked)}`
}

/** One difference on a line of its own. */
export function driftLine(path: string, drift: Drift): string {
  const what = drift.kind === 'input' ? `input ${drift.what}` : `cell #${drift.what}`
  return `${path}: ${what}: ${drift.message}\n`
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
