// Lowers expressions of a program to JavaScript, under assumptions that are checked for each batch.
//
// Only names and numbers made here go into the text; strings and types of the program go into
// `constants`.
import { assert, assertNever } from '../../base/assert.js'
import type { StringPool } from '../aggregate/key-layout.js'
import type { ArithmeticOp, Expr } from '../program/program.js'
import { castCuts } from '../program/type-names.js'
import { type DType, INT64, UINT64 } from '../program/types.js'
import { UNRECORDED } from './builtins.js'
import type { EngineParts } from './engine.js'
import { type Assumptions, LATEST, type Linkage, NARROW, type VariablePlan } from './linkage.js'
import { lowerArithmetic, lowerCompare, lowerUnary, mayFault } from './lower-arithmetic.js'
import { VariableLowering } from './lower-variable.js'
import {
  asTest,
  big,
  constant,
  cut,
  cutNum,
  EXACT,
  flag,
  type IntType,
  intType,
  isInt32,
  isUint32,
  type Lowered,
  type Num,
  num,
  renamed,
  resigned,
  type Signed,
  text,
  toBig,
  type Whole,
  wrapped,
} from './lowered.js'
import { subroutineMayFault } from './subroutines.js'

/** The local that holds the time of a firing in nanoseconds. */
export const NOW = 'now'

/** Lowers expressions. `epidSlot` is that of the clause at hand. */
export class Lowering {
  epidSlot = 0
  /** Set when what was lowered may fault; for the caller to clear. */
  faults = false
  #readsTime = false
  readonly link: Linkage
  readonly #parts: EngineParts
  readonly #pool: StringPool
  readonly #assume: Assumptions
  readonly #variables: VariableLowering

  constructor(
    parts: EngineParts,
    options: {
      readonly link: Linkage
      readonly pool: StringPool
      readonly assume: Assumptions
      readonly plans: readonly VariablePlan[]
      readonly onStore?: (variable: number, value: Lowered) => void
    },
  ) {
    this.#parts = parts
    this.link = options.link
    this.#pool = options.pool
    this.#assume = options.assume
    this.#variables = new VariableLowering(this, { ...options, strsize: parts.limits.strsize })
  }

  /** Whether NOW was referred to since this was last asked. */
  takeTimeRead(): boolean {
    const read = this.#readsTime
    this.#readsTime = false
    return read
  }

  /** Lowers an integer expression: its register in the sign of its own type. */
  whole(e: Expr): Whole {
    const lowered = this.lower(e)
    assert(lowered.kind !== 'text', `${e.kind} is not an integer`)
    return lowered
  }

  /** Lowers an integer expression and cuts its register to a type. */
  cut(e: Expr, to: IntType): Whole {
    const from = intType(e.type)
    const cutsArgument = e.kind === 'arg' && from.bytes === 8 && to.bytes < 8
    if (cutsArgument) return this.#wordArgument(e.index, to)
    return cut(this.whole(e), from, to)
  }

  /** Lowers an integer expression: its register in the sign of another type. */
  register(e: Expr, to: Signed): Whole {
    return resigned(this.whole(e), intType(e.type), to)
  }

  lower(e: Expr): Lowered {
    switch (e.kind) {
      case 'int':
        return constant(e.value)
      case 'string':
        return text(this.link.constant(e.value), `${this.#pool.code(e.value)}`)
      case 'arg':
        return this.#argument(e.index, e.type)
      case 'builtin':
        return this.#builtin(e)
      case 'variable':
        return this.#variables.read(e)
      case 'unary':
        if (e.op === '!') return flag(`!(${asTest(this.lower(e.operand))})`)
        return lowerUnary(e.op, intType(e.type), this.register(e.operand, intType(e.type)))
      case 'arithmetic':
        return this.#arithmetic(e)
      case 'compare':
        return this.#compare(e)
      case 'logical':
        return this.#logical(e)
      case 'conditional':
        return this.#conditional(e)
      case 'cast':
        return this.#cast(e)
      case 'assign':
        return this.#variables.assign(e)
      case 'update':
        return this.#variables.update(e)
      case 'comma':
        return after(this.lower(e.left).js, this.lower(e.right))
      case 'call':
        return this.#call(e)
      default:
        return assertNever(e)
    }
  }

  /** The words of one part of a key, to be evaluated in this order. */
  words(e: Expr, type: DType | { kind: 'int'; bytes: 1 | 2 | 4 | 8; signed: boolean }): string[] {
    if (type.kind !== 'int') {
      const lowered = this.lower(e)
      assert(lowered.kind === 'text', `key ${e.kind} is not a string`)
      return [lowered.code ?? `pool.code(${lowered.js})`]
    }
    const to: IntType = { name: '', ...type }
    if (to.bytes < 8) return [int32(this.cut(e, to))]
    if (e.kind === 'arg' && e.type.kind === 'int' && e.type.bytes === 8) {
      const column = this.#argColumn(e.index)
      return [this.#checked(e.index, `${column}[j] | 0`), `${column}[j + 1] | 0`]
    }
    return this.#wideWords(this.cut(e, to))
  }

  /** A 64-bit argument as a number that need not be exact when it is beyond 2^52; undefined where
   *  it is exact anyway. */
  argumentSize(index: number, type: DType): string | undefined {
    if (this.#assume.narrow || type.kind !== 'int' || type.bytes < 8) return undefined
    const w = this.#argColumn(index)
    return this.#checked(index, `(${w}[j + 1] | 0) * 4294967296 + ${w}[j]`)
  }

  #wideWords(value: Whole): string[] {
    if (value.kind === 'big') return [`(wide[0] = ${value.js}, words[0])`, 'words[1]']
    if (isInt32(value) && value.low >= 0) return [value.js, '0']
    if (isUint32(value)) return [`${value.js} | 0`, '0']
    const q = this.link.temporary()
    return [`(${q} = ${value.js}) | 0`, `Math.floor(${q} / 4294967296) | 0`]
  }

  #argColumn(index: number): string {
    assert(index >= 0 && index < 10, `no arg${index}`)
    this.link.args.add(index)
    return `w${index}`
  }

  // Guards the reading of an argument.
  #checked(index: number, js: string): string {
    if (this.#assume.known) return `(${js})`
    this.faults = true
    this.link.columns.add('unknown')
    return `(unknown[i] & ${1 << index} ? missing(${index}) : ${js})`
  }

  #argument(index: number, type: DType): Lowered {
    if (type.kind === 'string') {
      this.link.columns.add('strings')
      const word = `${this.#argColumn(index)}[j]`
      return text(
        this.#checked(index, `strings[${word}] ?? ''`),
        this.#checked(index, `codes[${word}] | 0`),
      )
    }
    const int = intType(type)
    if (int.bytes < 8) return this.#wordArgument(index, int)
    const w = this.#argColumn(index)
    if (this.#assume.narrow) {
      this.link.narrowArgs.add(index)
      const js = `(${w}[j + 1] | 0) * 4294967296 + ${w}[j]`
      return num(this.#checked(index, js), -NARROW, NARROW)
    }
    const js = this.#checked(index, `a${index}[i]`)
    return int.signed ? big(js) : wrapped(js, int)
  }

  #wordArgument(index: number, type: IntType): Num {
    const word = this.#checked(index, `${this.#argColumn(index)}[j]`)
    return cutNum(num(word, 0, 2 ** 32 - 1), type)
  }

  #builtin(e: Expr & { kind: 'builtin' }): Lowered {
    const { link } = this
    const column = (name: string, most: number): Num => {
      link.columns.add(name)
      return num(`${name}[i]`, 0, most)
    }
    const asTyped = (v: Whole, from: IntType = INT64): Lowered =>
      e.type.kind === 'int' ? cut(v, from, e.type) : v
    switch (e.name) {
      case 'timestamp':
      case 'vtimestamp':
        return asTyped(this.#time())
      case 'walltimestamp': {
        const { unit, zero } = this.#parts.clock
        return asTyped(this.#offset(this.#time(), unit === 'ns' ? zero : 0n, INT64))
      }
      case 'xdt_timestamp': {
        const ticks = column('ticks', this.#assume.narrow ? LATEST : EXACT)
        return asTyped(this.#offset(ticks, this.#parts.clock.zero, UINT64), UINT64)
      }
      case 'cpu':
      case 'pcpu':
      case 'domid':
        return asTyped(column(e.name, 0xffff))
      case 'vcpuid':
        return asTyped(column('vcpu', 0xffff))
      case 'tid':
      case 'pid':
        return asTyped(column(e.name, 2 ** 32 - 1))
      case 'execname':
        link.columns.add('execname').add('strings')
        return text(`(strings[execname[i]] ?? '')`, '(codes[execname[i]] | 0)')
      case 'probeprov':
      case 'probemod':
      case 'probefunc':
      case 'probename':
        return text(`pool.text(${e.name}[p])`, `${e.name}[p]`)
      case 'epid':
        return asTyped(num(`e${this.epidSlot}[p]`, 0, 2 ** 31 - 1))
      case 'id':
        return asTyped(num('p', 0, 2 ** 32 - 1))
      default:
        return this.#constantBuiltin(e)
    }
  }

  #constantBuiltin(e: Expr & { kind: 'builtin' }): Lowered {
    if (!UNRECORDED.has(e.name)) return constant(0n)
    this.faults = true
    const js = `unrecorded(${this.link.constant(e.name)})`
    return e.type.kind === 'int' ? num(js, 0, 0) : text(js)
  }

  #time(): Num {
    this.link.columns.add('ticks')
    this.#readsTime = true
    return num(NOW, 0, this.#assume.narrow ? LATEST : EXACT)
  }

  #offset(v: Num, by: bigint, type: IntType): Whole {
    if (by === 0n) return v
    return lowerArithmetic('+', type, v, { value: constant(by), type })
  }

  #cast(e: Expr & { kind: 'cast' }): Lowered {
    const { type, operand } = e
    if (type.kind !== 'int') return this.lower(operand)
    return castCuts(intType(operand.type), type)
      ? this.cut(operand, type)
      : this.register(operand, type)
  }

  #arithmetic(e: Expr & { kind: 'arithmetic' }): Whole {
    const type = intType(e.type)
    return lowerArithmetic(e.op, type, this.register(e.left, type), this.right(e, e.right, type))
  }

  /** The right operand of an operator that computes in the sign of `type`; a shift takes its amount
   *  as it is. */
  right({ op }: { readonly op: ArithmeticOp }, operand: Expr, type: Signed) {
    const own = op === '<<' || op === '>>' ? intType(operand.type) : type
    const value = this.register(operand, own)
    if (mayFault(op, value)) this.faults = true
    return { value, type: own }
  }

  #compare(e: Expr & { kind: 'compare' }): Lowered {
    const a = this.lower(e.left)
    const b = this.lower(e.right)
    if (a.kind !== 'text' && b.kind !== 'text') {
      const left = { value: a, type: intType(e.left.type) }
      return lowerCompare(e.op, e.signed, left, { value: b, type: intType(e.right.type) })
    }
    assert(a.kind === 'text' && b.kind === 'text', 'a string compares only to a string')
    const [x, y] = a.code && b.code ? [a.code, b.code] : [a.js, b.js]
    if (e.op === '==') return flag(`${x} === ${y}`)
    if (e.op === '!=') return flag(`${x} !== ${y}`)
    return flag(`compareStrings(${a.js}, ${b.js}) ${e.op} 0`)
  }

  #logical(e: Expr & { kind: 'logical' }): Lowered {
    const left = asTest(this.lower(e.left))
    const right = asTest(this.lower(e.right))
    return flag(`((${left}) ${e.op === '^^' ? '!==' : e.op} (${right}))`)
  }

  #conditional(e: Expr & { kind: 'conditional' }): Lowered {
    const test = asTest(this.lower(e.test))
    const either = (a: string, b: string): string => `(${test} ? ${a} : ${b})`
    if (e.type.kind !== 'int') {
      const [a, b] = [this.lower(e.then), this.lower(e.else)]
      if (a.kind !== 'text' || b.kind !== 'text') return text(either(a.js, b.js))
      return text(either(a.js, b.js), a.code && b.code ? either(a.code, b.code) : undefined)
    }
    const a = this.register(e.then, e.type)
    const b = this.register(e.else, e.type)
    if (a.kind === 'num' && b.kind === 'num') {
      return num(either(a.js, b.js), Math.min(a.low, b.low), Math.max(a.high, b.high))
    }
    return big(either(toBig(a, e.type).js, toBig(b, e.type).js))
  }

  #call(e: Expr & { kind: 'call' }): Lowered {
    this.link.columns.add('tid')
    if (subroutineMayFault(e.name, e.args.length)) this.faults = true
    const args = e.args.map((arg) => {
      const value = this.lower(arg)
      return value.kind === 'text' ? value.js : toBig(value, intType(arg.type)).js
    })
    const js = `call(${this.link.constant(e.name)}, tid[i], [${args.join(', ')}])`
    if (e.type.kind !== 'int') return text(js)
    return e.type.bytes === 8 ? wrapped(js, e.type) : cut(big(js), INT64, e.type)
  }
}

function int32(value: Whole): string {
  assert(value.kind === 'num', 'a word is a number')
  return isInt32(value) ? value.js : `${value.js} | 0`
}

function after(first: string, value: Lowered): Lowered {
  if (value.kind !== 'text') return renamed(value, `(${first}, ${value.js})`)
  const code = value.code === undefined ? undefined : `(${first}, ${value.code})`
  return text(`(${first}, ${value.js})`, code)
}
