// Random typed programs and streams, for comparing engines. The same seed makes the same program.
import { prng } from '../../src/base/prng.js'
import type { AggregatingFunction, KeyType } from '../../src/dtrace/aggregate/aggregation.js'
import type { ProbeCatalog } from '../../src/dtrace/probe/catalog.js'
import type {
  ArithmeticOp,
  BuiltinName,
  Clause,
  CompareOp,
  Expr,
  LogicalOp,
  Program,
  Statement,
  Variable,
} from '../../src/dtrace/program/program.js'
import {
  arrayOf,
  type DType,
  INT,
  INT64,
  isByAddress,
  STRING,
  UINT,
  UINT64,
} from '../../src/dtrace/program/types.js'
import {
  arg,
  builtin,
  CHAR,
  call,
  cast,
  compare,
  int,
  probes,
  type Row,
  SHORT,
  str,
  UCHAR,
  USHORT,
} from './build.js'
import { MemoryExprs, memoryType } from './random-memory.js'

const TYPES = [INT, INT64, UINT64, UINT, SHORT, USHORT, CHAR, UCHAR, INT64, UINT64]
const ARITHMETIC: ArithmeticOp[] = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>']
const COMPARES: CompareOp[] = ['==', '!=', '<', '<=', '>', '>=']
const LOGICALS: LogicalOp[] = ['&&', '||', '^^']
const NUMBERS: BuiltinName[] = ['cpu', 'pcpu', 'vcpuid', 'domid', 'tid', 'pid', 'epid', 'id']
const WORDS = ['', 'xl', 'xenstored', 'äöü', 'xl\u{1f600}', 'a/b/c', 'x'.repeat(300)]
const PATTERNS = ['BEGIN', 'END', 'ERROR', 'test:::', 'a', 'b', 'c', 'tick-300us', 'profile-2ms']
const EDGES = [0n, 1n, 2n, 7n, 31n, 32n, 63n, 64n, 127n, 128n, 255n, 0x7fff_ffffn, 0x8000_0000n]
const WIDE = [
  1n << 32n,
  (1n << 47n) - 1n,
  1n << 48n,
  1n << 52n,
  1n << 53n,
  (1n << 63n) - 1n,
  1n << 63n,
]

type IntType = DType & { kind: 'int' }

/** Choices, all from one seed. */
export class Dice {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = prng(seed)
  }

  below(n: number): number {
    return this.#next() % n
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** A 64-bit integer, mostly near an edge; `wide` allows more than 48 bits. */
  integer(wide: boolean): bigint {
    const edge = this.of(wide && this.chance(30) ? WIDE : EDGES)
    const near = edge + BigInt(this.below(3)) - 1n
    return BigInt.asIntN(64, this.chance(50) ? near : -near)
  }
}

/** Makes one program. */
export class ProgramMaker {
  readonly #dice: Dice
  readonly #catalog: ProbeCatalog
  readonly #variables: Variable[] = []
  readonly #wide: boolean
  readonly #memory: MemoryExprs
  /** How many of a hundred expressions are on memory. */
  readonly #inMemory: number

  constructor(seed: number, catalog: ProbeCatalog) {
    this.#dice = new Dice(seed)
    this.#catalog = catalog
    this.#wide = this.#dice.chance(40)
    this.#inMemory = this.#dice.of([0, 10, 40])
    this.#memory = new MemoryExprs(this.#dice, {
      int: (type, depth) => this.#int(type, depth),
      string: (depth) => this.#string(depth),
      target: (variable, depth) => this.#target(variable, depth),
      variables: this.#variables,
    })
  }

  make(): Program {
    const dice = this.#dice
    const count = 2 + dice.below(8)
    for (let id = 0; id < count; id++) this.#variables.push(this.#variable(id))
    const aggregations = Array.from({ length: 1 + dice.below(4) }, (_, id) => {
      const keys = Array.from({ length: dice.below(4) }, () => this.#keyType())
      return { id, name: `a${id}`, keys, function: this.#function() }
    })
    const decls = { variables: this.#variables, aggregations }
    const clauses = Array.from({ length: 1 + dice.below(6) }, () => this.#clause(decls))
    const options = new Map(dice.chance(20) ? [['strsize', '5']] : [])
    if (dice.chance(20)) options.set('dynvarsize', '200').set('aggsize', '300')
    if (dice.chance(20)) options.set('scratchsize', '40')
    if (dice.chance(20)) options.set('dialect', 'linux')
    return { clauses, ...decls, options }
  }

  #variable(id: number): Variable {
    const dice = this.#dice
    const inMemory = dice.chance(2 * this.#inMemory)
    const type = inMemory ? memoryType(dice) : dice.chance(20) ? STRING : dice.of(TYPES)
    const scope = dice.of(['global', 'self', 'this'] as const)
    const base = { id, name: `v${id}`, scope, type }
    if (scope === 'this' || !dice.chance(40)) return base
    const keys = Array.from({ length: 1 + dice.below(3) }, () => {
      return dice.chance(30) ? STRING : dice.of(TYPES)
    })
    return { ...base, keys }
  }

  #keyType(): KeyType {
    if (this.#dice.chance(30)) return { kind: 'string' }
    if (this.#dice.chance(this.#inMemory / 2)) return { kind: 'bytes', size: 5 }
    const { bytes, signed } = this.#dice.of(TYPES) as IntType
    return { kind: 'int', bytes, signed }
  }

  #function(): AggregatingFunction {
    const kind = this.#dice.of([
      'count',
      'sum',
      'avg',
      'min',
      'max',
      'stddev',
      'quantize',
      'lquantize',
    ] as const)
    if (kind !== 'lquantize') return { kind }
    const step = 1 + this.#dice.below(9)
    const base = this.#dice.below(20) - 10
    return { kind, base, limit: base + step * (1 + this.#dice.below(12)), step }
  }

  #clause(program: Pick<Program, 'aggregations'>): Clause {
    const dice = this.#dice
    const patterns = Array.from({ length: 1 + dice.below(2) }, () => dice.of(PATTERNS))
    const statements = Array.from({ length: dice.below(5) }, () => this.#statement(program))
    const matched = probes(this.#catalog, ...patterns)
    return dice.chance(40)
      ? { probes: matched, statements, predicate: this.#int(INT, 3) }
      : { probes: matched, statements }
  }

  #statement({ aggregations }: Pick<Program, 'aggregations'>): Statement {
    const dice = this.#dice
    const kind = dice.below(20)
    const aggregation = dice.below(aggregations.length)
    if (kind < 5) return { kind: 'expr', expr: this.#assignment(2) }
    if (kind < 7) return { kind: 'trace', value: this.#any(3) }
    if (kind < 8) {
      const args = Array.from({ length: dice.below(4) }, () => this.#any(2))
      return { kind: 'printf', format: { text: '', pieces: [] }, args }
    }
    if (kind === 8 && dice.chance(30)) return { kind: 'exit', status: this.#int(INT, 2) }
    if (kind === 9 && dice.chance(50)) return { kind: 'printa', aggregations: [aggregation] }
    if (kind === 10 && dice.chance(50)) return { kind: 'clear', aggregation }
    if (kind === 11) return { kind: 'trunc', aggregation, count: int(dice.below(9) - 4, INT) }
    if (kind === 12) return { kind: 'normalize', aggregation, factor: this.#int(dice.of(TYPES), 1) }
    if (kind === 13 || kind === 14) return this.#action()
    const found = aggregations[aggregation]
    const keys = (found?.keys ?? []).map((type) => {
      if (type.kind === 'bytes') return this.#memory.record(1, arrayOf(UCHAR, type.size))
      return type.kind === 'string' ? this.#string(2) : this.#int(dice.of(TYPES) as IntType, 2)
    })
    if (found?.function.kind === 'count') return { kind: 'aggregate', aggregation, keys }
    const value = this.#int(dice.of(TYPES) as IntType, 3)
    const buckets = found?.function.kind.endsWith('quantize') === true
    if (!buckets || dice.chance(70)) return { kind: 'aggregate', aggregation, keys, value }
    return { kind: 'aggregate', aggregation, keys, value, increment: this.#int(INT64, 2) }
  }

  /** What is neither trace() nor printf(), speculations more than anything else. */
  #action(): Statement {
    const dice = this.#dice
    const id = int(dice.below(5) - 1, INT)
    const kind = dice.below(14)
    if (kind < 3) return { kind: 'expr', expr: call('speculation', INT) }
    if (kind < 6) return { kind: 'speculate', id }
    if (kind < 8) return { kind: 'commit', id }
    if (kind === 8) return { kind: 'discard', id }
    if (kind === 9) return { kind: 'print', value: this.#any(2) }
    if (kind === 10) return { kind: 'stack', which: 'ustack' }
    if (kind === 11) return { kind: 'setopt', option: str(dice.of(['quiet', 'nix', 'bufsize'])) }
    if (kind === 12) return { kind: 'live', action: 'raise', args: [this.#int(INT, 2)] }
    const address = call('alloca', UINT64, int(8, UINT64))
    const shown = this.#int(INT, 2)
    const sized = dice.chance(50) ? { shown } : {}
    return { kind: 'tracemem', address, size: 4 + dice.below(6), ...sized }
  }

  #any(depth: number): Expr {
    if (this.#dice.chance(this.#inMemory / 2)) return this.#memory.record(depth)
    return this.#dice.chance(25) ? this.#string(depth) : this.#int(this.#dice.of(TYPES), depth)
  }

  #string(depth: number): Expr {
    const dice = this.#dice
    if (depth > 0 && dice.chance(this.#inMemory)) return this.#memory.string(depth)
    const kind = depth <= 0 ? dice.below(3) : dice.below(8)
    if (kind === 0) return str(dice.of(WORDS))
    if (kind === 1) return builtin('execname', STRING)
    if (kind === 2) return builtin(dice.of(['probename', 'probefunc', 'probeprov']), STRING)
    if (kind === 3) return call('strjoin', STRING, this.#string(depth - 1), this.#string(depth - 1))
    if (kind === 4) return arg(9, STRING)
    if (kind === 5) {
      const [then, other] = [this.#string(depth - 1), this.#string(depth - 1)]
      return {
        kind: 'conditional',
        test: this.#int(INT, depth - 1),
        then,
        else: other,
        type: STRING,
      }
    }
    const strings = this.#variables.filter((v) => v.type.kind === 'string')
    if (strings.length === 0) return str('none')
    const target = this.#target(dice.of(strings), depth)
    if (kind === 6) return target
    return { kind: 'assign', target, value: this.#string(depth - 1), type: STRING }
  }

  #assignment(depth: number): Expr {
    if (this.#dice.chance(this.#inMemory)) return this.#memory.store(depth)
    const plain = this.#variables.filter((v) => !isByAddress(v.type))
    if (plain.length === 0) return this.#memory.store(depth)
    const variable = this.#dice.of(plain)
    const target = this.#target(variable, depth)
    if (variable.type.kind !== 'int') {
      return { kind: 'assign', target, value: this.#string(depth), type: variable.type }
    }
    const { type } = variable
    if (this.#dice.chance(50)) {
      return { kind: 'assign', target, value: this.#int(type, depth), type }
    }
    const yields = this.#dice.of(['old', 'new'] as const)
    const value = this.#int(type, this.#dice.chance(50) ? 0 : depth)
    return { kind: 'update', op: this.#dice.of(ARITHMETIC), target, value, type, yields }
  }

  #target(variable: Variable, depth: number): Extract<Expr, { kind: 'variable' }> {
    const keys = (variable.keys ?? []).map((type) =>
      type.kind === 'int' ? this.#int(type, depth - 1) : this.#string(depth - 1),
    )
    return { kind: 'variable', variable: variable.id, keys, type: variable.type }
  }

  #int(type: DType, depth: number): Expr {
    const made = this.#raw(type as IntType, depth)
    const same = made.type.kind === 'int' && sameType(made.type, type as IntType)
    return same || this.#dice.chance(50) ? made : cast(type, made)
  }

  #raw(type: IntType, depth: number): Expr {
    const dice = this.#dice
    if (depth > 0 && dice.chance(this.#inMemory)) return this.#memory.int(depth)
    const kind = depth <= 0 ? dice.below(5) : dice.below(16)
    const less = depth - 1
    if (kind <= 1) return int(inRange(type, dice.integer(this.#wide)), type)
    if (kind === 2) return arg(dice.below(3))
    if (kind === 3) return arg(dice.below(3), dice.of(TYPES))
    if (kind === 4) {
      if (dice.chance(2)) return builtin('uid', UINT)
      return dice.chance(30) ? builtin('timestamp', UINT64) : builtin(dice.of(NUMBERS), INT)
    }
    if (kind <= 6) return this.#assignmentTo(type, less)
    if (kind === 7) return call('strlen', INT64, this.#string(less))
    if (kind === 8) {
      const op = dice.of(['-', '~', '!'] as const)
      const operand = this.#int(type, less)
      return { kind: 'unary', op, operand, type: op === '!' ? INT : operand.type }
    }
    if (kind <= 11) {
      const op = dice.of(ARITHMETIC)
      const right = this.#int(op === '<<' || op === '>>' ? dice.of(TYPES) : type, less)
      return { kind: 'arithmetic', op, left: this.#int(type, less), right, type }
    }
    if (kind === 12) return this.#comparison(less)
    if (kind === 13) {
      const [left, right] = [this.#int(INT, less), this.#int(INT, less)]
      return { kind: 'logical', op: dice.of(LOGICALS), left, right, type: INT }
    }
    if (kind === 14) {
      const [then, other] = [this.#int(type, less), this.#int(type, less)]
      return { kind: 'conditional', test: this.#int(INT, less), then, else: other, type }
    }
    const [left, right] = [this.#assignment(less), this.#int(type, less)]
    return { kind: 'comma', left, right, type: right.type }
  }

  #assignmentTo(type: IntType, depth: number): Expr {
    const ints = this.#variables.filter((v) => v.type.kind === 'int')
    if (ints.length === 0) return int(3, type)
    if (this.#dice.chance(60)) return this.#target(this.#dice.of(ints), depth)
    const made = this.#assignment(depth)
    return made.type.kind === 'int' ? made : int(4, type)
  }

  #comparison(depth: number): Expr {
    const op = this.#dice.of(COMPARES)
    if (this.#dice.chance(25)) return compare(this.#string(depth), op, this.#string(depth))
    const type = this.#dice.of(TYPES)
    const signed = (type as IntType).signed
    return compare(this.#int(type, depth), op, this.#int(type, depth), signed)
  }
}

function sameType(a: IntType, b: IntType): boolean {
  return a.bytes === b.bytes && a.signed === b.signed
}

function inRange(type: IntType, value: bigint): bigint {
  const bits = type.bytes * 8
  return type.signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
}

/** Makes a stream: some hundred firings, some arguments unknown, some wide. */
export function randomRows(seed: number): Row[] {
  const dice = new Dice(seed)
  const unknowns = dice.chance(30) ? 3 : 0
  const wide = dice.chance(30)
  let ticks = 0
  return Array.from({ length: 20 + dice.below(80) }, () => {
    ticks += dice.below(6) * 40_000
    const numbers = [0, 1, 2].map(() => {
      return dice.chance(unknowns) ? undefined : dice.integer(wide && dice.chance(5))
    })
    const args = [...numbers, 0, 0, 0, 0, 0, 0, dice.below(4)]
    return {
      ticks,
      probe: 100 + dice.below(3),
      pcpu: dice.below(3),
      domid: dice.below(3),
      vcpu: dice.below(2),
      execname: dice.of(WORDS),
      args,
    }
  })
}
