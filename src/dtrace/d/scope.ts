// The names of a program: variables, aggregations, inlines. One scope is shared by all sources of a
// program.
//
// Holds: a variable's id is its place in `variables`; it never changes its type. Likewise for
// aggregations.
import type { AggregatingFunction, AggregationDecl } from '../aggregate/aggregation.js'
import type { Expr, Variable } from '../program/program.js'
import type { DType } from '../program/types.js'

export type VariableScope = Variable['scope']

/** An aggregation as the compiler sees it: key types with their names, and where it was first used.
 *  */
export interface AggregationSymbol {
  readonly decl: AggregationDecl
  readonly keys: readonly DType[]
  readonly line: number
}

/** `inline TYPE name = value`: the value, converted, stands wherever the name does. */
export interface InlineSymbol {
  readonly name: string
  readonly value: Expr
}

/** Declares and finds names. */
export class Scope {
  readonly #variables: Variable[] = []
  readonly #byName = new Map<string, Variable>()
  readonly #aggregations = new Map<string, AggregationSymbol>()
  readonly #inlines = new Map<string, InlineSymbol>()
  readonly #poisoned = new Set<string>()
  readonly #making = new Set<string>()

  get variables(): readonly Variable[] {
    return this.#variables
  }

  get aggregations(): readonly AggregationDecl[] {
    return [...this.#aggregations.values()].map((a) => a.decl)
  }

  variable(scope: VariableScope, name: string): Variable | undefined {
    return this.#byName.get(key(scope, name))
  }

  variableById(id: number): Variable | undefined {
    return this.#variables[id]
  }

  /** Adds a variable; the name must be free. */
  declare(scope: VariableScope, name: string, type: DType, keys?: readonly DType[]): Variable {
    const id = this.#variables.length
    const variable = { id, scope, name, type, ...(keys === undefined ? {} : { keys }) }
    this.#variables.push(variable)
    this.#byName.set(key(scope, name), variable)
    return variable
  }

  aggregation(name: string): AggregationSymbol | undefined {
    return this.#aggregations.get(name)
  }

  /** Adds an aggregation; the name must be free. */
  declareAggregation(
    name: string,
    how: AggregatingFunction,
    keys: readonly DType[],
    line: number,
  ): AggregationSymbol {
    const id = this.#aggregations.size
    const keyTypes = keys.map((k) =>
      k.kind === 'int'
        ? ({ kind: 'int', bytes: k.bytes, signed: k.signed } as const)
        : ({ kind: 'string' } as const),
    )
    const symbol = { decl: { id, name, keys: keyTypes, function: how }, keys, line }
    this.#aggregations.set(name, symbol)
    return symbol
  }

  inline(name: string): InlineSymbol | undefined {
    return this.#inlines.get(name)
  }

  declareInline(symbol: InlineSymbol): void {
    this.#inlines.set(symbol.name, symbol)
  }

  /** A variable that no source can name. */
  temporary(stem: string, type: DType): Variable {
    let count = 1
    while (this.variable('this', `__${stem}${count}`) !== undefined) count += 1
    return this.declare('this', `__${stem}${count}`, type)
  }

  /** Notes that the definition of a name failed, so that its uses are not reported as well. */
  poison(scope: VariableScope | 'aggregation', name: string): void {
    this.#poisoned.add(key(scope, name))
  }

  isPoisoned(scope: VariableScope | 'aggregation', name: string): boolean {
    return this.#poisoned.has(key(scope, name))
  }

  /** Remember, and forget, what was poisoned: for a second try at a clause. */
  poisonMark(): ReadonlySet<string> {
    return new Set(this.#poisoned)
  }

  rewindPoison(mark: ReadonlySet<string>): void {
    for (const name of this.#poisoned) if (!mark.has(name)) this.#poisoned.delete(name)
  }

  /** Runs `work` while a name is being assigned for the first time: reading it then has a hint of
   *  its own. */
  whileMaking<T>(name: string, work: () => T): T {
    this.#making.add(name)
    try {
      return work()
    } finally {
      this.#making.delete(name)
    }
  }

  isBeingMade(name: string): boolean {
    return this.#making.has(name)
  }

  /** All names that could have been meant, for hints. */
  names(scope: VariableScope): readonly string[] {
    return this.#variables.filter((v) => v.scope === scope).map((v) => v.name)
  }
}

const key = (scope: string, name: string): string => `${scope} ${name}`
