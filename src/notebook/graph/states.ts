// The states of a notebook's cells.
//
//   fresh          its output was made from what there is now
//   stale          something it was made from has changed since
//   silent         it ran, and had nothing to show
//   never          it has no output, and nothing tells that it ran
//   out-of-order   it ran before a cell above it that it needs: only a session knows
import { cellsOf, type NotebookDocument, outputOf } from '../document.js'
import { namesOf } from './cell-names.js'
import { graphOf } from './graph.js'
import { stampsOf } from './stamps.js'

/** What is known of a cell's output. */
export type CellState = 'fresh' | 'stale' | 'silent' | 'never' | 'out-of-order'

/** The state of each cell, as its stored output tells. */
export function storedStates(document: NotebookDocument): ReadonlyMap<string, CellState> {
  const stamps = stampsOf(document)
  const graph = graphOf(document)
  const isFresh = (id: string): boolean => outputOf(document, id)?.sha === stamps.get(id)
  return new Map(
    cellsOf(document).map((cell) => {
      if (outputOf(document, cell.id) !== undefined)
        return [cell.id, isFresh(cell.id) ? 'fresh' : 'stale']
      const hasRun = graph.neededBy(cell.id).some(isFresh)
      return [cell.id, hasRun || saysNothing(cell) ? 'silent' : 'never']
    }),
  )
}

/** Whether its source tells that it has nothing to show. */
function saysNothing(cell: Parameters<typeof namesOf>[0]): boolean {
  if (cell.language !== 'ts') return false
  const { steps, reads } = namesOf(cell)
  return steps.length > 0 && !steps.some(({ isShown }) => isShown) && !reads.has('console')
}
