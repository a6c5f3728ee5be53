// Lowers expressions of a program to JavaScript, under assumptions that are checked for each batch.
//
// Only names and numbers made here go into the text; strings and types of the program go into `constants`.
import { assert, assertNever } from '../../base/assert.js'
import type { StringPool } from '../aggregate/key-layout.js'
import type { Expr, Variable, VariableExpr } from '../program/program.js'
import { type DType, INT64, UINT64 } from '../program/types.js'
import { UNRECORDED } from './builtins.js'
import { type Storage, variableArity } from './cells.js'
import type { EngineParts } from './engine.js'
import { lowerArithmetic, lowerCompare, lowerUnary, mayFault } from './lower-arithmetic.js'
import {
  asTest,
  big,
  constant,
  convert,
  cutNum,
  EXACT,
  flag,
  type IntType,
  isInt32,
  isUint32,
  type Lowered,
  type Num,
  num,
  type Text,
  text,
  toBig,
  typeRange,
  type Whole,
  wrapped,
} from './lowered.js'

/** What generated code may take for granted; a batch that breaks it runs other code. */
export interface Assumptions {
  /** 64-bit arguments lie within 2^48, times within 2^52. */
  readonly narrow: boolean
  /** All arguments that are read were recorded. */
  readonly known: boolean
}

/** What is known of a variable: how it is stored and, for numbers, between which bounds. */
export interface VariablePlan {
  readonly variable: Variable
  readonly storage: Storage
  readonly low: number
  readonly high: number
}

/** Collects what the text of a program refers to. */
export class Linkage {
  readonly constants: unknown[] = []
  /** Argument numbers whose columns are read. */
  readonly args = new Set<number>()
  /** Names of other columns that are read. */
  readonly columns = new Set<string>()
  /** Argument numbers that are taken to be narrow. */
  readonly narrowArgs = new Set<number>()
  /** Slots of `epid` tables that are read. */
  readonly epids = new Set<number>()
  #temporaries = 0

  constant(value: unknown): string {
    const at = this.constants.indexOf(value)
    return `K[${at < 0 ? this.constants.push(value) - 1 : at}]`
  }

  temporary(): string {
    return `q${this.#temporaries++}`
  }

  get temporaries(): readonly string[] {
    return Array.from({ length: this.#temporaries }, (_, i) => `q${i}`)
  }
}

const NARROW = 2 ** 48
const LATEST = 2 ** 52
/** A step this small cannot carry a counter out of 2^52 in any run that ends: it takes 2^42 firings. */
const COUNTER_STEP = 1024

/** Lowers expressions. `epidSlot` is that of the clause at hand. */
export class Lowering {
  epidSlot = 0
  /** Set when what was lowered may fault; for the caller to clear. */
  faults = false
  readonly link: Linkage
  readonly #parts: EngineParts
  readonly #pool: StringPool
  readonly #assume: Assumptions
  readonly #plans: readonly VariablePlan[]
  readonly #onStore: (variable: number, value: Lowered) => void

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
    this.#plans = options.plans
    this.#onStore = options.onStore ?? (() => {})
  }

  /** Lowers an integer expression, in its own type. */
  whole(e: Expr): Whole {
    const lowered = this.lower(e)
    assert(lowered.kind !== 'text', `${e.kind} is not an integer`)
    return lowered
  }

  /** Lowers an integer expression and converts it. */
  converted(e: Expr, to: IntType): Whole {
    const from = intType(e.type)
    const cutsArgument = e.kind === 'arg' && from.bytes === 8 && to.bytes < 8
    if (cutsArgument) return this.#wordArgument(e.index, to)
    return convert(this.whole(e), from, to)
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
        return this.#variable(e)
      case 'unary':
        if (e.op === '!') return flag(`!(${asTest(this.lower(e.operand))})`)
        return lowerUnary(e.op, intType(e.type), this.converted(e.operand, intType(e.type)))
      case 'arithmetic':
        return this.#arithmetic(e)
      case 'compare':
        return this.#compare(e)
      case 'logical':
        return this.#logical(e)
      case 'conditional':
        return this.#conditional(e)
      case 'cast':
        return e.type.kind === 'int' ? this.converted(e.operand, e.type) : this.lower(e.operand)
      case 'assign':
        return this.#assign(e)
      case 'update':
        return this.#update(e)
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
    if (to.bytes < 8) return [int32(this.converted(e, to))]
    if (e.kind === 'arg' && e.type.kind === 'int' && e.type.bytes === 8) {
      const column = this.#argColumn(e.index)
      return [this.#checked(e.index, `${column}[j] | 0`), `${column}[j + 1] | 0`]
    }
    return this.#wideWords(this.converted(e, to))
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
      e.type.kind === 'int' ? convert(v, from, e.type) : v
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
        link.epids.add(this.epidSlot)
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
    const inNs = this.#parts.clock.hz === 1e9
    return num(inNs ? 'ticks[i]' : 'toNs(ticks[i])', 0, this.#assume.narrow ? LATEST : EXACT)
  }

  #offset(v: Num, by: bigint, type: IntType): Whole {
    if (by === 0n) return v
    return lowerArithmetic('+', type, v, { value: constant(by), type })
  }

  #arithmetic(e: Expr & { kind: 'arithmetic' }): Whole {
    const type = intType(e.type)
    const left = this.converted(e.left, type)
    const shifts = e.op === '<<' || e.op === '>>'
    const amountType = shifts ? intType(e.right.type) : type
    const right = this.converted(e.right, amountType)
    if (mayFault(e.op, right)) this.faults = true
    return lowerArithmetic(e.op, type, left, { value: right, type: amountType })
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
    const a = this.converted(e.then, e.type)
    const b = this.converted(e.else, e.type)
    if (a.kind === 'num' && b.kind === 'num') {
      return num(either(a.js, b.js), Math.min(a.low, b.low), Math.max(a.high, b.high))
    }
    return big(either(toBig(a, e.type).js, toBig(b, e.type).js))
  }

  #call(e: Expr & { kind: 'call' }): Lowered {
    this.link.columns.add('tid')
    const args = e.args.map((arg) => {
      const value = this.lower(arg)
      return value.kind === 'text' ? value.js : toBig(value, intType(arg.type)).js
    })
    const js = `call(${this.link.constant(e.name)}, tid[i], [${args.join(', ')}])`
    if (e.type.kind !== 'int') return text(js)
    return e.type.bytes === 8 ? wrapped(js, e.type) : convert(big(js), INT64, e.type)
  }

  // ---- variables

  #plan(target: VariableExpr): VariablePlan {
    const plan = this.#plans[target.variable]
    assert(plan !== undefined, `no variable ${target.variable}`)
    return plan
  }

  #variable(target: VariableExpr): Lowered {
    const plan = this.#plan(target)
    if (variableArity(plan.variable) === 0) return this.#loaded(plan, scalar(plan))
    const row = this.#row(plan, this.#keyWords(plan, target), 'find')
    return this.#loaded(plan, `T${plan.variable.id}.get(${row})`)
  }

  #loaded(plan: VariablePlan, js: string): Lowered {
    if (plan.storage === 'text') return text(js)
    const type = intType(plan.variable.type)
    if (plan.storage === 'num') return num(js, plan.low, plan.high)
    return type.signed ? big(js) : wrapped(js, type)
  }

  #keyWords(plan: VariablePlan, target: VariableExpr): string[] {
    const own = (plan.variable.keys ?? []).flatMap((type, i) => {
      const key = target.keys[i]
      assert(key !== undefined, `${plan.variable.name} lacks key ${i}`)
      return this.words(key, type)
    })
    if (plan.variable.scope !== 'self') return own
    this.link.columns.add('tid')
    return ['tid[i] | 0', ...own]
  }

  #row(plan: VariablePlan, words: readonly string[], how: 'find' | 'add'): string {
    return rowOf(`T${plan.variable.id}.keys`, words, how, this.link)
  }

  // The value as the variable holds it, and as JavaScript of its storage.
  #fitted(plan: VariablePlan, e: Expr): Lowered {
    if (plan.storage === 'text') {
      const value = this.lower(e)
      return text(e.kind === 'string' && fits(e.value, this.#parts) ? value.js : `cut(${value.js})`)
    }
    return this.converted(e, intType(plan.variable.type))
  }

  #stored(plan: VariablePlan, value: Lowered): Lowered {
    this.#onStore(plan.variable.id, value)
    if (plan.storage !== 'big' || value.kind === 'text') return value
    return toBig(value, intType(plan.variable.type))
  }

  #assign(e: Expr & { kind: 'assign' }): Lowered {
    const plan = this.#plan(e.target)
    const value = this.#stored(plan, this.#fitted(plan, e.value))
    if (variableArity(plan.variable) === 0) {
      return renamed(value, `(${scalarTarget(plan)} = ${value.js})`)
    }
    const q = this.link.temporary()
    const words = this.#keyWords(plan, e.target)
    return renamed(value, `(${q} = ${value.js}, ${this.#put(plan, q, words)})`)
  }

  // Words are evaluated after the value, once.
  #put(plan: VariablePlan, value: string, words: readonly string[]): string {
    const kept = words.map(() => this.link.temporary())
    const sets = words.map((word, i) => `${kept[i]} = ${word}`)
    const zero = plan.storage === 'num' ? '0' : plan.storage === 'big' ? '0n' : `''`
    const find = this.#row(plan, kept, 'find')
    const add = this.#row(plan, kept, 'add')
    const row = `${value} === ${zero} ? ${find} : ${add}`
    return [...sets, `T${plan.variable.id}.put(${row}, ${value})`].join(', ')
  }

  #update(e: Expr & { kind: 'update' }): Lowered {
    const plan = this.#plan(e.target)
    const type = intType(plan.variable.type)
    const isTable = variableArity(plan.variable) > 0
    const words = isTable ? this.#keyWords(plan, e.target) : []
    const kept = words.map(() => this.link.temporary())
    const place = isTable
      ? `T${plan.variable.id}.get(${this.#row(plan, kept, 'find')})`
      : scalar(plan)
    const old = this.#loaded(plan, place)
    assert(old.kind !== 'text', `${e.op}= on a string`)
    const q = this.link.temporary()
    const operand = this.#updateOperand(e, type)
    const result = lowerArithmetic(e.op, type, renamed(old, q), operand)
    const value = this.#stored(plan, counter(e.op, old, operand.value, result))
    const v = this.link.temporary()
    const put = isTable ? this.#put(plan, v, kept) : `${scalarTarget(plan)} = ${v}`
    const sets = words.map((word, i) => `${kept[i]} = ${word}`)
    const steps = [...sets, `${q} = ${old.js}`, `${v} = ${value.js}`, put]
    const yielded = e.yields === 'old' ? renamed(old, q) : renamed(value, v)
    return renamed(yielded, `(${[...steps, yielded.js].join(', ')})`)
  }

  #updateOperand(e: Expr & { kind: 'update' }, type: IntType) {
    const shifts = e.op === '<<' || e.op === '>>'
    const operandType = shifts ? intType(e.value.type) : type
    const value = this.converted(e.value, operandType)
    if (mayFault(e.op, value)) this.faults = true
    return { value, type: operandType }
  }
}

/** JavaScript that looks a key up in a table. Words are evaluated in order. */
export function rowOf(
  table: string,
  words: readonly string[],
  how: 'find' | 'add',
  link: Linkage,
): string {
  if (words.length === 0) return `${table}.add0()`
  if (words.length <= 3) return `${table}.${how}${words.length}(${words.join(', ')})`
  const kept = words.map(() => link.temporary())
  const sets = words.map((word, i) => `${kept[i]} = ${word}`)
  const keys = kept.map((q, i) => `${table}.key[${i}] = ${q}`)
  return `(${[...sets, ...keys].join(', ')}, ${table}.${how}())`
}

function intType(type: DType): IntType {
  assert(type.kind === 'int', `${type.name} is not an integer type`)
  return type
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

// The same value under other text; what else was known of its text no longer holds.
function renamed<T extends Lowered>(value: T, js: string): T extends Text ? Text : T
function renamed(value: Lowered, js: string): Lowered {
  if (value.kind === 'num') return num(js, value.low, value.high)
  return value.kind === 'big' ? big(js) : text(js)
}

function scalarTarget({ variable, storage }: VariablePlan): string {
  if (variable.scope === 'this') return `t${variable.id}`
  const array = storage === 'num' ? 'N' : storage === 'big' ? 'B' : 'S'
  return `${array}[${variable.id}]`
}

const scalar = scalarTarget

function fits(value: string, { limits }: EngineParts): boolean {
  return value.length * 3 <= limits.strsize
}

// x++ and the like: the range of a counter does not grow with every step (see COUNTER_STEP).
function counter(op: string, old: Whole, step: Whole, result: Whole): Whole {
  if (old.kind !== 'num' || step.kind !== 'num' || result.kind !== 'num') return result
  const steps = op === '+' ? [step.low, step.high] : op === '-' ? [-step.high, -step.low] : []
  const [least, most] = steps
  if (least === undefined || most === undefined) return result
  if (least < -COUNTER_STEP || most > COUNTER_STEP) return result
  if (result.low >= old.low && result.high <= old.high) return result
  return num(result.js, least < 0 ? -LATEST : old.low, most > 0 ? LATEST : old.high)
}

/** Bounds a variable starts with: its type's, or just 0 where those are too wide to start with. */
export function startRange(type: DType): { low: number; high: number } {
  if (type.kind !== 'int' || type.bytes === 8) return { low: 0, high: 0 }
  return typeRange(type)
}
