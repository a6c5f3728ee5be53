// Where generated code keeps variables: scalars in typed arrays, `self->` and associative arrays in
// hash tables whose key is the thread (for `self`) and the words of the tuple.
//
// Holds: a cell that was assigned 0, or a string NULL, takes no room.
import { KeyTable } from '../aggregate/key-table.js'
import type { Variable } from '../program/program.js'
import type { DType } from '../program/types.js'
import { type Limits, NO_ELEMENT } from './engine.js'
import { NULL_STRING } from './strings.js'

/** How a variable is stored: as numbers as long as they are proved to stay within 2^53. */
export type Storage = 'num' | 'big' | 'text'

/** Values of one kind by row of a key table; row -1 reads as zero. */
export interface Cells<T> {
  readonly keys: KeyTable
  /** Elements that found no room. */
  drops: number
  get(row: number): T
  /** Stores at a row that `keys` found (for a zero) or added (for all else). Yields the value. */
  put(row: number, value: T): T
}

/** Cells of numbers, bigints or strings: `values` must take an index at its end. */
abstract class CellTable<T> implements Cells<T> {
  readonly keys: KeyTable
  drops = 0
  readonly #endsClause: boolean
  protected abstract readonly zero: T

  constructor(keys: KeyTable, endsClause: boolean) {
    this.keys = keys
    this.#endsClause = endsClause
  }

  /** Counts an element that found no room. Throws `NO_ELEMENT` where that ends a clause. */
  drop(): void {
    this.drops++
    if (this.#endsClause) throw NO_ELEMENT
  }

  abstract get(row: number): T
  protected abstract set(row: number, value: T): void

  put(row: number, value: T): T {
    if (value === this.zero) {
      if (row >= 0) this.keys.remove(row)
    } else if (row < 0) this.drop()
    else this.set(row, value)
    return value
  }
}

/** Cells of numbers, or of the addresses of blocks of memory. */
export class NumCells extends CellTable<number> {
  protected readonly zero = 0
  #values = new Float64Array(16)

  get(row: number): number {
    return row < 0 ? 0 : (this.#values[row] as number)
  }

  protected set(row: number, value: number): void {
    if (row >= this.#values.length) {
      const grown = new Float64Array(2 * row)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[row] = value
  }
}

class BigCells extends CellTable<bigint> {
  protected readonly zero = 0n
  #values = new BigInt64Array(16)

  get(row: number): bigint {
    return row < 0 ? 0n : (this.#values[row] as bigint)
  }

  protected set(row: number, value: bigint): void {
    if (row >= this.#values.length) {
      const grown = new BigInt64Array(2 * row)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[row] = value
  }
}

class TextCells extends CellTable<string> {
  protected readonly zero = NULL_STRING
  readonly #values: string[] = []

  get(row: number): string {
    return row < 0 ? NULL_STRING : (this.#values[row] ?? NULL_STRING)
  }

  protected set(row: number, value: string): void {
    this.#values[row] = value
  }
}

/** Words that a variable's key takes: the thread first, then its tuple. */
export function variableArity(variable: Variable): number {
  const words = (type: DType) => (type.kind === 'int' && type.bytes === 8 ? 2 : 1)
  const own = (variable.keys ?? []).reduce((sum, type) => sum + words(type), 0)
  return own + (variable.scope === 'self' ? 1 : 0)
}

/** All variables of a program. */
export class VariableStore {
  readonly numbers: Float64Array
  readonly bigs: BigInt64Array
  readonly texts: string[]
  /** Tables by variable id, where the variable has one. */
  readonly tables: (NumCells | BigCells | TextCells | undefined)[]
  #storage: Storage[]
  readonly #endsClause: boolean

  constructor(
    variables: readonly Variable[],
    storage: readonly Storage[],
    { elements, dialect }: Pick<Limits, 'elements' | 'dialect'>,
  ) {
    const room = { used: 0, most: elements }
    this.numbers = new Float64Array(variables.length)
    this.bigs = new BigInt64Array(variables.length)
    this.texts = variables.map(() => '')
    this.#storage = [...storage]
    this.#endsClause = dialect === 'linux'
    this.tables = variables.map((variable, id) => {
      const arity = variableArity(variable)
      if (arity === 0) return undefined
      return makeCells(storage[id], new KeyTable(arity, elements, room), dialect === 'linux')
    })
  }

  /** Elements that found no room, of all variables. */
  get drops(): number {
    return this.tables.reduce((sum, table) => sum + (table?.drops ?? 0), 0)
  }

  /** Turns numbers into bigints where `storage` now wants those. The way back is not needed. */
  widen(storage: readonly Storage[]): void {
    this.#storage.forEach((before, id) => {
      if (before !== 'num' || storage[id] !== 'big') return
      this.bigs[id] = BigInt(this.numbers[id] ?? 0)
      const table = this.tables[id]
      if (table instanceof NumCells) this.tables[id] = widened(table, this.#endsClause)
    })
    this.#storage = [...storage]
  }
}

function makeCells(storage: Storage | undefined, keys: KeyTable, endsClause: boolean) {
  if (storage === 'text') return new TextCells(keys, endsClause)
  return storage === 'big' ? new BigCells(keys, endsClause) : new NumCells(keys, endsClause)
}

function widened(numbers: NumCells, endsClause: boolean): BigCells {
  const bigs = new BigCells(numbers.keys, endsClause)
  bigs.drops = numbers.drops
  // Rows that were removed still hold their last value; nothing reads it before they are stored to
  // again.
  for (let row = 0; row < numbers.keys.rows; row++) bigs.put(row, BigInt(numbers.get(row)))
  return bigs
}
