// The states of cells in a session that ran some of them, in whatever order.
//
//   ran, from what there is now, after all it needs   fresh, or silent
//   ran, but what it needs is other now, or ran again   stale
//   ran before what it needs, or after one below it that changed what it reads   out-of-order
//   did not run here                                    as its stored output tells
import { cellsOf, type NotebookDocument } from '../document.js'
import { type CellNames, namesOf } from './cell-names.js'
import { type CellGraph, graphOf } from './graph.js'
import { stampsOf } from './stamps.js'
import { type CellState, storedStates } from './states.js'

/** The last run of a cell. */
export interface CellRun {
  /** Greater than that of all runs before. */
  readonly order: number
  /** Its stamp at that time. */
  readonly stamp: string
  readonly showed: boolean
}

/** The state of each cell, given the last run of those that ran. */
export function sessionStates(
  document: NotebookDocument,
  runs: ReadonlyMap<string, CellRun>,
): ReadonlyMap<string, CellState> {
  const look = new Look(document, runs)
  const stored = storedStates(document)
  return new Map(
    cellsOf(document).map(({ id }) => {
      const run = runs.get(id)
      return [id, run === undefined ? (stored.get(id) ?? 'never') : look.stateOf(id, run)]
    }),
  )
}

class Look {
  readonly #ids: readonly string[]
  readonly #names: ReadonlyMap<string, CellNames>
  readonly #graph: CellGraph
  readonly #stamps: ReadonlyMap<string, string>
  readonly #runs: ReadonlyMap<string, CellRun>

  constructor(document: NotebookDocument, runs: ReadonlyMap<string, CellRun>) {
    const cells = cellsOf(document)
    this.#ids = cells.map(({ id }) => id)
    this.#names = new Map(cells.map((cell) => [cell.id, namesOf(cell)]))
    this.#graph = graphOf(document)
    this.#stamps = stampsOf(document)
    this.#runs = runs
  }

  stateOf(id: string, run: CellRun): CellState {
    const needed = this.#graph.slice([id]).filter((other) => other !== id)
    const before = needed.map((other) => this.#runs.get(other)?.order ?? Number.POSITIVE_INFINITY)
    if (run.stamp !== this.#stamps.get(id)) return 'stale'
    if (before.some((order) => order === Number.POSITIVE_INFINITY)) return 'out-of-order'
    if (before.some((order) => order > run.order)) return 'stale'
    if (this.#isDisturbed(id, run, Math.max(0, ...before))) return 'out-of-order'
    return run.showed ? 'fresh' : 'silent'
  }

  /** Whether a cell below it ran before it, after all it needs, and changed what it reads. */
  #isDisturbed(id: string, { order }: CellRun, sinceOrder: number): boolean {
    const own = this.#names.get(id)
    const below = this.#ids.slice(this.#ids.indexOf(id) + 1)
    return below.some((other) => {
      const ran = this.#runs.get(other)
      if (ran === undefined || ran.order > order || ran.order < sinceOrder) return false
      const isMoved = this.#graph.asksMachine(id) && this.#graph.movesMachine(other)
      return isMoved || this.#changes(other, own?.reads ?? new Set())
    })
  }

  #changes(id: string, names: ReadonlySet<string>): boolean {
    const own = this.#names.get(id)
    return [...(own?.defines ?? []), ...(own?.changes ?? [])].some((name) => names.has(name))
  }
}
