// The graph of a notebook: which cells need which.
//
//   document  ->  names of each cell  ->  needs, needed by, slices
//
// Holds: a cell needs only cells above it. Pure.
import { normalize } from 'node:path'
import { cellsOf, type NotebookDocument } from '../document.js'
import { isMachineWord } from '../machine-word.js'
import { namesOf } from './cell-names.js'
import { type CellNeeds, needsOf } from './needs.js'

/** Which cells of a notebook need which; ids in the order of the notebook. */
export interface CellGraph {
  /** Cells that `id` needs directly. */
  needs(id: string): readonly string[]
  /** Cells that need `id` directly. */
  neededBy(id: string): readonly string[]
  /** The cells `ids`, with all that they need, and all those need. */
  slice(ids: Iterable<string>): readonly string[]
  /** All that need one of `ids`, directly or not; not these themselves. */
  dependents(ids: Iterable<string>): readonly string[]
  /** Whether a cell asks the machine, by itself or by what it uses. */
  asksMachine(id: string): boolean
  /** Whether it asks more than which machine it is. */
  asksState(id: string): boolean
  /** Whether it draws on chance. */
  drawsChance(id: string): boolean
  /** Whether it leaves the machine other than it was for cells after it. */
  movesMachine(id: string): boolean
}

/** What is known of a notebook's cells besides their sources. */
export interface GraphOptions {
  /** Whether the value of a cell is not undefined, where that is known. */
  readonly yields?: (id: string) => boolean | undefined
}

/** The graph of a notebook; what its sources alone tell is found once for each. */
export function graphOf(document: NotebookDocument, options: GraphOptions = {}): CellGraph {
  if (options.yields !== undefined) return graphWith(document, options)
  const graph = known.get(document) ?? graphWith(document, options)
  known.set(document, graph)
  return graph
}

const known = new WeakMap<NotebookDocument, CellGraph>()

function graphWith(document: NotebookDocument, options: GraphOptions): CellGraph {
  const cells = cellsOf(document)
  const ids = cells.map(({ id }) => id)
  const { yields } = options
  const found = needsOf(
    cells.map((cell) => namesOf(cell)),
    {
      isRecording: isRecording(document.front.machine),
      opensRecording: (literals) =>
        literals.length > 0 && literals.every((text) => !isMachineWord(text)),
      yields: yields === undefined ? undefined : (index) => yields(ids[index] ?? ''),
    },
  )
  return graphFrom(ids, found)
}

/** Whether a machine's answers stay the same however often it is asked. */
function isRecording(machine: string | undefined): boolean {
  return machine !== undefined && !isMachineWord(normalize(machine))
}

function graphFrom(ids: readonly string[], found: readonly CellNeeds[]): CellGraph {
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  const needs = found.map(({ cells }) => cells)
  const has = (id: string, what: Exclude<keyof CellNeeds, 'cells'>): boolean =>
    found[indexOf.get(id) ?? -1]?.[what] ?? false
  const neededBy = ids.map((_, index) =>
    needs.flatMap((cells, other) => (cells.includes(index) ? [other] : [])),
  )
  const near = (id: string, edges: readonly (readonly number[])[]): readonly number[] =>
    edges[indexOf.get(id) ?? -1] ?? []
  const named = (indexes: Iterable<number>): readonly string[] =>
    [...indexes].sort((a, b) => a - b).flatMap((index) => ids[index] ?? [])
  const reach = (from: Iterable<string>, edges: readonly (readonly number[])[]): Set<number> => {
    const reached = new Set([...from].flatMap((id) => indexOf.get(id) ?? []))
    for (const index of reached) for (const next of edges[index] ?? []) reached.add(next)
    return reached
  }
  return {
    needs: (id) => named(near(id, needs)),
    neededBy: (id) => named(near(id, neededBy)),
    slice: (from) => named(reach(from, needs)),
    dependents: (from) => {
      const own = new Set(from)
      return named(reach(own, neededBy)).filter((id) => !own.has(id))
    },
    asksMachine: (id) => has(id, 'asksMachine'),
    asksState: (id) => has(id, 'asksState'),
    drawsChance: (id) => has(id, 'drawsChance'),
    movesMachine: (id) => has(id, 'movesMachine'),
  }
}
