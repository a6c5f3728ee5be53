// Which cells `.run` means.
//
//   ''       all of them                      'sum'     that one, when what it needs has run
//   'stale'  what is stale, with its needs    '..sum'   that one, and what it needs and has not run
import { XpvError } from '../base/error.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import type { CellGraph } from '../notebook/graph/graph.js'
import { cellNamed } from './desk-cells.js'
import type { DeskState } from './desk-text.js'

/** What is known of the cells. */
export interface DeskView {
  readonly document: NotebookDocument
  readonly graph: CellGraph
  readonly states: ReadonlyMap<string, DeskState>
  hasRun(id: string): boolean
}

/** The cells that are meant, in order. Throws `XpvError` `nb.no-cell`, `nb.needs`. */
export function cellsMeant(what: string, view: DeskView): readonly string[] {
  const { document, graph, states } = view
  const isDone = (id: string): boolean =>
    view.hasRun(id) && /^(fresh|silent)$/.test(states.get(id) ?? '')
  if (what === '') return cellsOf(document).map(({ id }) => id)
  if (what === 'stale') {
    const stale = [...states].flatMap(([id, state]) => (STALE.test(state) ? [id] : []))
    return graph.slice(stale).filter((id) => !isDone(id))
  }
  const { id } = cellNamed(document, what.replace(/^\.\./, ''))
  const needed = graph.slice([id])
  if (what.startsWith('..')) return needed.filter((each) => each === id || !isDone(each))
  const missing = needed.filter((each) => each !== id && !view.hasRun(each))
  if (missing.length === 0) return [id]
  const names = missing.map((each) => `#${each}`).join(' ')
  throw new XpvError('nb.needs', `#${id} needs what has not run here: ${names}`, `.run ..${id}`)
}

const STALE = /^(stale|out-of-order)$/
