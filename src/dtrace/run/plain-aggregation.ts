// An aggregation on a Map of plain states: the interpreter's, and the oracle for the columns of
// aggregate/table.ts.
import type {
  AggregationDecl,
  AggregationSnapshot,
  Group,
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
    const state = before?.state ?? emptyState(this.decl.function)
    this.#groups.set(text, { key, state: addValue(this.decl.function, state, value, increment) })
  }

  snapshot(): AggregationSnapshot {
    return { decl: this.decl, normal: this.normal, groups: [...this.#groups.values()] }
  }

  clear(): void {
    for (const [text, { key }] of this.#groups) {
      this.#groups.set(text, { key, state: emptyState(this.decl.function) })
    }
  }

  trunc(count: bigint): void {
    const kept = truncateGroups(this.snapshot(), count)
    this.#groups = new Map(kept.map((group) => [keyText(group.key), group]))
  }
}
