// The names of a program: variables, aggregations, inlines. One scope is shared by all sources of a
// program.
//
// Holds: a variable's id is its place in `variables`; it never changes its type. Likewise for
// aggregations.
import type { AggregatingFunction, AggregationDecl, KeyType } from '../aggregate/aggregation.js'
import { STRING_BYTES, sizeOf } from '../program/layout.js'
import type { OptionDialect } from '../program/options.js'
import type { Variable } from '../program/program.js'
import type { Stability } from '../program/stability.js'
import {
  type DType,
  isByAddress,
  type RecordDType,
  SYMBOL_ADDRESS,
  USER_SYMBOL_ADDRESS,
} from '../program/types.js'
import { cameAfter } from '../program/version.js'
import type { Node } from './ast.js'
import type { Checked } from './checked.js'
import { TypeScope } from './type-scope.js'

export type VariableScope = Variable['scope']

/** An aggregation as the compiler sees it: key types with their names, and where it was first
 *  used. */
export interface AggregationSymbol {
  readonly decl: AggregationDecl
  readonly keys: readonly DType[]
  readonly line: number
}

/** `inline TYPE name = value`: the value, converted, stands wherever the name does. With
 *  `parameters` the body is checked anew for each use, and `value` is that of its definition. */
export interface InlineSymbol {
  readonly name: string
  readonly type: DType
  readonly value: Checked
  readonly parameters?: readonly { readonly name: string | undefined; readonly type: DType }[]
  readonly body: Node
}

/** A translator: what the members of its output are when its input is known. */
export interface TranslatorSymbol {
  readonly input: DType
  /** What the members call the input. */
  readonly name: string
  readonly output: RecordDType
  readonly members: ReadonlyMap<string, Node>
}

/** A provider that a program declares: its probes, and the types of what they hand over. */
export interface ProviderSymbol {
  readonly name: string
  readonly probes: ReadonlyMap<string, ProbePrototype>
}

/** Types as the probe has them, and as its clauses see them. */
export interface ProbePrototype {
  readonly native: readonly DType[]
  readonly translated: readonly DType[]
}

/** Names that stand for values within the body of an inline or a translator. */
export type Frame = ReadonlyMap<string, Checked>

/** Declares and finds names. */
export class Scope {
  /** Whose rules hold where those of the dialects differ. */
  dialect: OptionDialect = 'illumos'
  /** Bytes of scratch memory, as -x scratchsize says. */
  scratchBytes = 256n
  /** Keys that a tuple can have, as -x tregs says. */
  tupleRegisters = 8
  /** The version of D's names that the program keeps to; all of them when undefined. */
  version: string | undefined
  /** The least that the program relies upon; undefined when it does not say. */
  leastStability: Stability | undefined
  /** Bytes of a string: -x strsize. */
  strsize = STRING_BYTES
  /** What the program said of its own names. */
  readonly stabilities = new Map<string, Stability>()
  readonly types = new TypeScope()
  /** Ids of variables that were given an address of scratch memory, and of those given any other
   *  value. */
  readonly allocated = new Set<number>()
  readonly elsewhere = new Set<number>()
  readonly #variables: Variable[] = []
  readonly #byName = new Map<string, Variable>()
  readonly #aggregations = new Map<string, AggregationSymbol>()
  readonly #inlines = new Map<string, InlineSymbol>()
  readonly #translators: TranslatorSymbol[] = []
  readonly #providers = new Map<string, ProviderSymbol>()
  #frame: Frame = new Map()
  readonly #poisoned = new Set<string>()
  readonly #making = new Set<string>()

  /** Whether a name of D's is newer than the program wants: then it is free. */
  hides(name: string): boolean {
    return this.version !== undefined && cameAfter(name, this.version)
  }

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
    const symbol = { decl: { id, name, keys: keys.map(keyType), function: how }, keys, line }
    this.#aggregations.set(name, symbol)
    return symbol
  }

  inline(name: string): InlineSymbol | undefined {
    return this.#inlines.get(name)
  }

  declareInline(symbol: InlineSymbol): void {
    this.#inlines.set(symbol.name, symbol)
  }

  /** In the order they were declared. */
  get translators(): readonly TranslatorSymbol[] {
    return this.#translators
  }

  declareTranslator(symbol: TranslatorSymbol): void {
    this.#translators.push(symbol)
  }

  provider(name: string): ProviderSymbol | undefined {
    return this.#providers.get(name)
  }

  declareProvider(symbol: ProviderSymbol): void {
    this.#providers.set(symbol.name, symbol)
  }

  /** The value a name stands for before all others, within a body. */
  bound(name: string): Checked | undefined {
    return this.#frame.get(name)
  }

  /** Runs `work` with these names standing for values, and no others. */
  within<T>(frame: Frame, work: () => T): T {
    const outer = this.#frame
    this.#frame = frame
    try {
      return work()
    } finally {
      this.#frame = outer
    }
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

function keyType(type: DType): KeyType {
  if (isByAddress(type)) return { kind: 'bytes', size: sizeOf(type) }
  if (type.kind !== 'int')
    return type.kind === 'string' && type.frames ? { kind: 'string', form: 'stack' } : STRING_KEY
  const { kind, bytes, signed } = type
  const isSymbol = type === SYMBOL_ADDRESS || type === USER_SYMBOL_ADDRESS
  return { kind, bytes, signed, ...(isSymbol && { form: 'address' }) }
}

const STRING_KEY: KeyType = { kind: 'string' }
