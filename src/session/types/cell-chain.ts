// CellChain: the cells of a session as modules that import names of each other.
//
//   cell 7: "n + K.size"   ->   import { K } from "./xpv-cell-5.mts"; declare let n: typeof
//                                 import("./xpv-cell-3.mts").n; export {};
//                               n + K.size
//
// A document has one line more than its cell, so columns are the same and lines are one further
// down. A name comes from the cell that declared it last; cells before that keep what they knew.
//
// Holds: a document names what its cell mentions and nothing else; one whose names all come from
// later cells by now, and that no document in use imports, is dropped. So what a check costs hangs
// on what a cell mentions, not on how many there were.
import type { CellShape, DeclaredNames } from './declared.js'

/** A document: its name in the folder of cells, and its text. */
export interface CellDocument {
  readonly name: string
  readonly text: string
}

/** What joining the chain changed. */
export interface ChainChange {
  readonly added: readonly CellDocument[]
  readonly dropped: readonly string[]
}

interface Link {
  readonly names: DeclaredNames
  /** Cells it imports from. */
  readonly needs: ReadonlySet<number>
}

/** Lines of a document before its cell. */
export const HEAD_LINES = 1

/** Names that are proposed at most. */
const MOST_BEGUN = 100

/** Every name that a cell may mention. */
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu

/** The cells so far. */
export class CellChain {
  readonly #links = new Map<number, Link>()
  readonly #definers = new Map<string, number>()
  #cells = 0

  /** The document of a cell that may not be finished; it knows all names that begin with `begun`
   *  too. */
  document(source: string, shape: CellShape, begun?: string): string {
    const names = begun === undefined ? [] : this.#beginningWith(begun)
    const { text } = this.#head([source, ...names].join(' '), shape)
    return `${text}\n${source}\n${shape.isObject ? ')' : ''}`
  }

  /** Takes a cell that ran. One that declares nothing leaves nothing. */
  add(source: string, shape: CellShape): ChainChange {
    const { names } = shape
    if (names.size === 0) return { added: [], dropped: [] }
    const cell = ++this.#cells
    const { text, needs } = this.#head(source, shape)
    this.#links.set(cell, { names, needs })
    for (const name of names.keys()) this.#definers.set(name, cell)
    const added = { name: nameOf(cell), text: `${text}\n${source}\n${exportLine(names)}\n` }
    return { added: [added], dropped: this.#drop() }
  }

  /** Whether a cell so far has declared that name. */
  declares(name: string): boolean {
    return this.#definers.has(name)
  }

  /** Takes names away: what is declared no more. */
  forget(names: readonly string[]): ChainChange {
    for (const name of names) this.#definers.delete(name)
    return { added: [], dropped: this.#drop() }
  }

  #beginningWith(begun: string): readonly string[] {
    return [...this.#definers.keys()].filter((name) => name.startsWith(begun)).slice(0, MOST_BEGUN)
  }

  #head(
    source: string,
    { names: own, isObject }: CellShape,
  ): { readonly text: string; readonly needs: ReadonlySet<number> } {
    const needs = new Set<number>()
    const parts: string[] = []
    for (const name of new Set(source.match(WORD))) {
      const cell = own.has(name) ? undefined : this.#definers.get(name)
      if (cell === undefined) continue
      needs.add(cell)
      const from = `"./${nameOf(cell)}"`
      const kind = this.#links.get(cell)?.names.get(name)
      if (kind === 'whole') parts.push(`import { ${name} } from ${from};`)
      else parts.push(`declare let ${name}: typeof import(${from}).${name};`)
    }
    return { text: `${parts.join(' ')} export {};${isObject ? ' (' : ''}`.trimStart(), needs }
  }

  /** Drops cells of which nothing is used any more. */
  #drop(): readonly string[] {
    const used = new Set<number>()
    const use = (cell: number): void => {
      if (used.has(cell)) return
      used.add(cell)
      for (const need of this.#links.get(cell)?.needs ?? []) use(need)
    }
    for (const cell of this.#definers.values()) use(cell)
    const dropped = [...this.#links.keys()].filter((cell) => !used.has(cell))
    for (const cell of dropped) this.#links.delete(cell)
    return dropped.map(nameOf)
  }
}

function nameOf(cell: number): string {
  return `xpv-cell-${cell}.mts`
}

function exportLine(names: DeclaredNames): string {
  return `;export { ${[...names.keys()].join(', ')} };`
}
