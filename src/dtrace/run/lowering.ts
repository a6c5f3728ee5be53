// Lowers expressions of a program to JavaScript, under assumptions that are checked for each batch.
//
// Only names and numbers made here go into the text; strings and types of the program go into
// `constants`.
import { assert, assertNever } from '../../base/assert.js'
import type { KeyType } from '../aggregate/aggregation.js'
import type { StringPool } from '../aggregate/key-layout.js'
import { sizeOf } from '../program/layout.js'
import type { OptionDialect } from '../program/options.js'
import type { ArithmeticOp, CompareOp, Expr } from '../program/program.js'
import { type Parameter, SUBROUTINES } from '../program/subroutines.js'
import { cutsOfCast } from '../program/type-names.js'
import { type DType, INT64, isByAddress, UINT64 } from '../program/types.js'
import type { EngineParts } from './engine.js'
import { type Assumptions, type Linkage, NARROW, type VariablePlan } from './linkage.js'
import {
  lowerArithmetic,
  lowerCompare,
  lowerUnary,
  mayFault,
  type RightOperand,
} from './lower-arithmetic.js'
import { BuiltinLowering } from './lower-builtin.js'
import { MemoryLowering } from './lower-memory.js'
import { VariableLowering } from './lower-variable.js'
import {
  asTest,
  big,
  constant,
  cut,
  cutNum,
  flag,
  type IntType,
  intType,
  isInt32,
  isUint32,
  type Lowered,
  type Num,
  nullable,
  num,
  renamed,
  resigned,
  type Signed,
  settled,
  type Text,
  text,
  toBig,
  type Whole,
  wrapped,
} from './lowered.js'
import { layOut, type MemoryLayout } from './memory-layout.js'
import { subroutineMayFault } from './subroutines.js'

/** Lowers expressions. `epidSlot` is that of the clause at hand. */
export class Lowering {
  epidSlot = 0
  /** Set when what was lowered may fault; for the caller to clear. */
  faults = false
  readonly link: Linkage
  /** Where the program's memory lies. */
  readonly memory: MemoryLayout
  readonly #builtins: BuiltinLowering
  readonly #dialect: OptionDialect
  readonly #pool: StringPool
  readonly #assume: Assumptions
  readonly #variables: VariableLowering
  readonly #memory: MemoryLowering

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
    this.link = options.link
    this.#pool = options.pool
    this.#assume = options.assume
    const { strsize, dialect } = parts.limits
    this.#dialect = dialect
    const layout = layOut(parts.program)
    this.memory = layout
    this.#variables = new VariableLowering(this, { ...options, layout, strsize, dialect })
    this.#builtins = new BuiltinLowering(this, { ...options, parts })
    this.#memory = new MemoryLowering(this, { ...options, layout, strsize })
  }

  /** Whether NOW was referred to since this was last asked. */
  takeTimeRead(): boolean {
    const read = this.#builtins.readsTime
    this.#builtins.readsTime = false
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
        return this.#builtins.lower(e)
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
        return e.target.kind === 'load'
          ? this.#memory.assign(e, e.target)
          : this.#variables.assign(e, e.target)
      case 'update':
        return e.target.kind === 'load'
          ? this.#memory.update(e, e.target)
          : this.#variables.update(e, e.target)
      case 'comma':
        return after(this.lower(e.left).js, this.lower(e.right))
      case 'call':
        return this.#call(e)
      case 'load':
        return this.#memory.load(e)
      case 'address-of-string':
        return this.#memory.addressOfString(e)
      case 'copy':
        return this.#variables.isBlock(e.target)
          ? this.#variables.copy(e, e.target)
          : this.#memory.copy(e)
      case 'bound':
        return this.#memory.bound(e)
      default:
        return assertNever(e)
    }
  }

  /** A value as it is recorded: an integer cut to its type, a string that is one and no longer than
   *  strsize, the bytes of what is held by its address. */
  recorded(e: Expr): string {
    const { type } = e
    if (type.kind === 'string') return `cut(${this.#present(this.lower(e)).js})`
    if (isByAddress(type)) return this.bytes(e, sizeOf(type))
    return toBig(this.cut(e, intType(type)), intType(type)).js
  }

  /** JavaScript for so many bytes at an address. */
  bytes(address: Expr, size: number): string {
    this.faults = true
    return `mem.bytes(${this.address(address)}, ${size})`
  }

  /** Lowers an address, as Memory takes it. */
  address(e: Expr): string {
    return settled(this.whole(e), UINT64).js
  }

  #present(value: Lowered): Text {
    assert(value.kind === 'text', 'an integer where a string is needed')
    if (!value.nullable) return value
    this.faults = true
    return text(`present(${value.js})`)
  }

  /** The words of one part of a key, to be evaluated in this order. */
  words(e: Expr, type: DType | KeyType): string[] {
    const size = type.kind === 'bytes' ? type.size : heldBytes(type)
    if (size !== undefined) return [`pool.code(bytesText(${this.bytes(e, size)}))`]
    if (type.kind === 'string') {
      const lowered = this.#present(this.lower(e))
      return [lowered.code ?? `pool.code(${lowered.js})`]
    }
    const to: IntType = type.kind === 'int' ? { name: '', ...type } : UINT64
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

  #cast(e: Expr & { kind: 'cast' }): Lowered {
    const { type, operand } = e
    if (operand.type.kind === 'string' || type.kind === 'string') return this.lower(operand)
    if (type.kind !== 'int') return this.register(operand, intType(type))
    const [first, second] = cutsOfCast(intType(operand.type), type, this.#dialect)
    if (first === undefined) return this.register(operand, type)
    const value = this.cut(operand, first)
    return second === undefined ? resigned(value, first, type) : cut(value, first, second)
  }

  #arithmetic(e: Expr & { kind: 'arithmetic' }): Whole {
    const type = intType(e.type)
    return lowerArithmetic(e.op, type, this.register(e.left, type), this.right(e, e.right, type))
  }

  /** The right operand of an operator that computes in the sign of `type`; a shift takes its amount
   *  as it is. */
  right({ op }: { readonly op: ArithmeticOp }, operand: Expr, type: Signed): RightOperand {
    const own = op === '<<' || op === '>>' ? intType(operand.type) : type
    const value = this.register(operand, own)
    if (mayFault(op, value)) this.faults = true
    return { value, type: own, ofSizes: this.#dialect === 'linux' }
  }

  #compare(e: Expr & { kind: 'compare' }): Lowered {
    const a = this.lower(e.left)
    const b = this.lower(e.right)
    if (a.kind !== 'text' && b.kind !== 'text') {
      const left = { value: a, type: intType(e.left.type) }
      return lowerCompare(e.op, e.signed, left, { value: b, type: intType(e.right.type) })
    }
    assert(a.kind === 'text' && b.kind === 'text', 'a string compares only to a string')
    if (a.nullable || b.nullable) return flag(`compareNullable(${a.js}, ${b.js}) ${equals(e.op)} 0`)
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
    if (e.type.kind === 'string') {
      const [a, b] = [this.lower(e.then), this.lower(e.else)]
      if (a.kind !== 'text' || b.kind !== 'text') return text(either(a.js, b.js))
      if (a.nullable || b.nullable) return nullable(text(either(a.js, b.js)))
      return text(either(a.js, b.js), a.code && b.code ? either(a.code, b.code) : undefined)
    }
    const type = intType(e.type)
    const a = this.register(e.then, type)
    const b = this.register(e.else, type)
    if (a.kind === 'num' && b.kind === 'num') {
      return num(either(a.js, b.js), Math.min(a.low, b.low), Math.max(a.high, b.high))
    }
    return big(either(toBig(a, type).js, toBig(b, type).js))
  }

  #call(e: Expr & { kind: 'call' }): Lowered {
    this.link.columns.add('tid')
    if (e.name === 'progenyof') this.link.columns.add('pid')
    if (subroutineMayFault(e.name, e.args.length)) this.faults = true
    const parameters = SUBROUTINES.get(e.name)?.parameters ?? []
    const args = e.args.map((arg, i) => {
      const value = this.lower(arg)
      // A NULL is a fault, and so may be an address where a string is expected.
      if (value.kind === 'text' ? value.nullable : isText(parameters[i])) this.faults = true
      return value.kind === 'text' ? value.js : toBig(value, intType(arg.type)).js
    })
    const process = e.name === 'progenyof' ? 'pid[i]' : '0'
    const from = `${this.link.constant(e.name)}, tid[i], ${process}`
    const js = `call(${from}, [${args.join(', ')}])`
    if (e.type.kind === 'string') return nullable(text(js))
    if (e.type.kind !== 'int') return big(js)
    return e.type.bytes === 8 ? wrapped(js, e.type) : cut(big(js), INT64, e.type)
  }
}

const isText = (p: Parameter | undefined): boolean =>
  p?.kind === 'typed' && p.type.kind === 'string'

const equals = (op: CompareOp): string => (op === '==' ? '===' : op === '!=' ? '!==' : op)

/** Bytes of what is held by its address. */
function heldBytes(type: DType | KeyType): number | undefined {
  return type.kind === 'record' || type.kind === 'array' ? sizeOf(type) : undefined
}

function int32(value: Whole): string {
  assert(value.kind === 'num', 'a word is a number')
  return isInt32(value) ? value.js : `${value.js} | 0`
}

function after(first: string, value: Lowered): Lowered {
  if (value.kind !== 'text' || value.nullable) return renamed(value, `(${first}, ${value.js})`)
  const code = value.code === undefined ? undefined : `(${first}, ${value.code})`
  return text(`(${first}, ${value.js})`, code)
}
