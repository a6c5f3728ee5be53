// An aggregation on a Map of plain states: the interpreter's, and the oracle for the columns of
// aggregate/table.ts.
import type {
  AggregationDecl,
  AggregationSnapshot,
  Group,
  GroupState,
  KeyPart,
} from '../aggregate/aggregation.js'
import { keyText } from '../aggregate/merge.js'
import { truncateGroups } from '../aggregate/sort.js'
import { addValue, emptyState } from '../aggregate/state.js'

/** Groups by key, each with its whole state made anew for every value. */
export class PlainAggregation {
  readonly decl: AggregationDecl
  normal = 1n
  drops = 0
  readonly #limit: number
  #groups = new Map<string, Group>()
  /** Buckets or intervals in use, of all groups. */
  #cells = 0

  constructor(decl: AggregationDecl, limit: number) {
    this.decl = decl
    this.#limit = limit
  }

  add(key: readonly KeyPart[], value: bigint, increment: bigint): void {
    const text = keyText(key)
    const before = this.#groups.get(text)
    if (before === undefined && this.#groups.size >= this.#limit) {
      this.drops++
      return
    }
    const empty = before?.state ?? emptyState(this.decl.function)
    const state = addValue(this.decl.function, empty, value, increment)
    const cells = this.#cells + cellsOf(state) - cellsOf(empty)
    const fits = cells <= this.#limit
    if (fits) this.#cells = cells
    else this.drops++
    this.#groups.set(text, { key, state: fits ? state : empty })
  }

  snapshot(): AggregationSnapshot {
    return { decl: this.decl, normal: this.normal, groups: [...this.#groups.values()] }
  }

  clear(): void {
    this.#cells = 0
    for (const [text, { key }] of this.#groups) {
      this.#groups.set(text, { key, state: emptyState(this.decl.function) })
    }
  }

  trunc(count: bigint): void {
    const kept = truncateGroups(this.snapshot(), count)
    this.#groups = new Map(kept.map((group) => [keyText(group.key), group]))
    this.#cells = kept.reduce((sum, group) => sum + cellsOf(group.state), 0)
  }
}

/** What a state has of that which grows with its values. */
function cellsOf(state: GroupState): number {
  if ('cells' in state) return state.cells.length
  return 'slots' in state ? state.slots.length : 0
}
