// Variables in generated code: where each lies, how it is read, assigned and updated.
//
//   t3          a `this->` variable: a local of the firing
//   N[3] B[3] S[3]   a global: number, bigint or string
//   T3          a `self->` variable or an associative array: a table keyed by thread and tuple
//   s3          the row of a `self->` variable in its table, once a firing has looked for it
import { assert } from '../../base/assert.js'
import { sizeOf } from '../program/layout.js'
import type { OptionDialect } from '../program/options.js'
import type { Expr, VariableExpr } from '../program/program.js'
import { isByAddress } from '../program/types.js'
import { variableArity } from './cells.js'
import { LATEST, type Linkage, rowOf, type VariablePlan } from './linkage.js'
import { lowerArithmetic } from './lower-arithmetic.js'
import { anywhere } from './lower-memory.js'
import {
  big,
  cut,
  intType,
  type Lowered,
  nullable,
  num,
  renamed,
  text,
  toBig,
  type Whole,
  wrapped,
} from './lowered.js'
import type { Lowering } from './lowering.js'
import { isBlock, type MemoryLayout } from './memory-layout.js'

/** A step this small cannot carry a counter out of 2^52 in any run that ends: it takes 2^42
 *  firings. */
const COUNTER_STEP = 1024

/** Lowers what touches variables; other expressions go back to `lowering`. */
export class VariableLowering {
  readonly #lowering: Lowering
  readonly #link: Linkage
  readonly #plans: readonly VariablePlan[]
  readonly #layout: MemoryLayout
  readonly #strsize: number
  readonly #makesElements: boolean
  readonly #cuts: boolean
  readonly #onStore: (variable: number, value: Lowered) => void

  constructor(
    lowering: Lowering,
    options: {
      readonly link: Linkage
      readonly plans: readonly VariablePlan[]
      readonly layout: MemoryLayout
      readonly strsize: number
      readonly dialect: OptionDialect
      /** Told of every value that is stored: how bounds are found. */
      readonly onStore?: (variable: number, value: Lowered) => void
    },
  ) {
    this.#lowering = lowering
    this.#link = options.link
    this.#plans = options.plans
    this.#layout = options.layout
    this.#strsize = options.strsize
    this.#makesElements = options.dialect === 'illumos'
    this.#cuts = options.dialect === 'linux'
    this.#onStore = options.onStore ?? (() => {})
  }

  read(target: VariableExpr): Lowered {
    const own = this.#layout.variables.get(target.variable)
    if (own !== undefined) return num(`${own}`, own, own)
    const plan = this.#plan(target)
    if (this.#makesElements && isBlock(plan.variable) && plan.variable.keys !== undefined)
      return this.#element(plan, target)
    if (isThreadCell(plan)) return loaded(plan, `T${plan.variable.id}.get(${this.#sought(plan)})`)
    return loaded(plan, this.#place(plan, this.#keyWords(plan, target)))
  }

  /** Whether each element of a variable is a block of memory. */
  isBlock(target: Expr): target is VariableExpr {
    return target.kind === 'variable' && isBlock(this.#plan(target).variable)
  }

  // An element that is held by its address: on illumos it comes to be where it is first looked at.
  #element(plan: VariablePlan, target: VariableExpr): Lowered {
    const table = `T${plan.variable.id}`
    const row = this.#link.temporary()
    const { kept, sets } = this.#kept(this.#keyWords(plan, target))
    const find = rowOf(`${table}.keys`, kept, 'find', this.#link)
    const add = rowOf(`${table}.keys`, kept, 'add', this.#link)
    const size = sizeOf(plan.variable.type)
    const block = `blockOf(${table}, ${row}, ${row} < 0 ? ${add} : -1, ${size})`
    return anywhere(`(${[...sets, `${row} = ${find}`, block].join(', ')})`)
  }

  /** Copies into an element that is a block: it is taken where there is none yet, freed when there
   *  is nothing to copy. */
  copy(e: Expr & { kind: 'copy' }, target: VariableExpr): Lowered {
    this.#lowering.faults = true
    const plan = this.#plan(target)
    const table = `T${plan.variable.id}`
    const [from, row] = [this.#link.temporary(), this.#link.temporary()]
    const source = this.#lowering.address(e.value)
    const { kept, sets } = this.#kept(this.#keyWords(plan, target))
    const find = rowOf(`${table}.keys`, kept, 'find', this.#link)
    const add = rowOf(`${table}.keys`, kept, 'add', this.#link)
    const added = `${row} < 0 && ${from} != 0 ? ${add} : -1`
    const steps = [
      `${from} = ${source}`,
      ...sets,
      `${row} = ${find}`,
      `copyBlock(${table}, ${row}, ${added}, ${from}, ${sizeOf(e.type)})`,
    ]
    return anywhere(`(${steps.join(', ')})`)
  }

  assign(e: Expr & { kind: 'assign' }, target: VariableExpr): Lowered {
    const plan = this.#plan(target)
    const value = this.#given(plan, e.value)
    if (isScalar(plan)) {
      const stored = this.#stored(plan, value)
      const isWhole = stored.js === value.js || !this.#cuts || bytesOf(plan) === 8
      if (isWhole) return renamed(stored, `(${scalar(plan)} = ${stored.js})`)
    }
    const q = this.#link.temporary()
    const { kept, sets } = this.#found(plan, target)
    const stores = this.#stores(plan, renamed(value, q), kept)
    return renamed(value, `(${[`${q} = ${value.js}`, ...sets, ...stores, q].join(', ')})`)
  }

  update(e: Expr & { kind: 'update' }, target: VariableExpr): Lowered {
    const plan = this.#plan(target)
    const { kept, sets } = this.#found(plan, target)
    const old = loaded(plan, this.#place(plan, kept))
    assert(old.kind !== 'text', `${e.op}= on a string`)
    const q = this.#link.temporary()
    const type = intType(plan.variable.type)
    const operand = this.#lowering.right(e, e.value, type)
    const result = lowerArithmetic(e.op, type, renamed(old, q), operand)
    const value = counter(e.op, old, operand.value, result)
    const v = this.#link.temporary()
    const stores = this.#stores(plan, renamed(value, v), kept)
    const yielded = e.yields === 'old' ? renamed(old, q) : renamed(value, v)
    const steps = [...sets, `${q} = ${old.js}`, `${v} = ${value.js}`, ...stores, yielded.js]
    return renamed(yielded, `(${steps.join(', ')})`)
  }

  #plan(target: VariableExpr): VariablePlan {
    const plan = this.#plans[target.variable]
    assert(plan !== undefined, `no variable ${target.variable}`)
    return plan
  }

  #keyWords(plan: VariablePlan, target: VariableExpr): string[] {
    const own = (plan.variable.keys ?? []).flatMap((type, i) => {
      const key = target.keys[i]
      assert(key !== undefined, `${plan.variable.name} lacks key ${i}`)
      return this.#lowering.words(key, type)
    })
    return plan.variable.scope === 'self' ? [...this.#threadWords(), ...own] : own
  }

  // The row of a thread's cell, looked for once a firing.
  #sought(plan: VariablePlan): string {
    const row = rowName(plan)
    const find = rowOf(`T${plan.variable.id}.keys`, this.#threadWords(), 'find', this.#link)
    return `(${row} === ${UNSOUGHT} ? ${row} = ${find} : ${row})`
  }

  #threadWords(): string[] {
    this.#link.columns.add('tid')
    return ['tid[i] | 0']
  }

  // What finds an element before it is changed: its words, or the row of a thread's cell.
  #found(plan: VariablePlan, target: VariableExpr): { kept: string[]; sets: string[] } {
    if (isThreadCell(plan)) return { kept: [], sets: [this.#sought(plan)] }
    return this.#kept(this.#keyWords(plan, target))
  }

  // Names that hold words, and what puts them there.
  #kept(words: readonly string[]): { kept: string[]; sets: string[] } {
    const kept = words.map(() => this.#link.temporary())
    return { kept, sets: words.map((word, i) => `${kept[i]} = ${word}`) }
  }

  #place(plan: VariablePlan, words: readonly string[]): string {
    if (isScalar(plan)) return scalar(plan)
    const { id } = plan.variable
    if (isThreadCell(plan)) return `T${id}.get(${rowName(plan)})`
    return `T${id}.get(${rowOf(`T${id}.keys`, words, 'find', this.#link)})`
  }

  #put(plan: VariablePlan, value: string, words: readonly string[]): string {
    const table = `T${plan.variable.id}`
    // On Linux, no room ends the clause.
    if (!this.#makesElements) this.#lowering.faults = true
    if (isThreadCell(plan)) return this.#putSought(plan, table, value)
    const find = rowOf(`${table}.keys`, words, 'find', this.#link)
    const add = rowOf(`${table}.keys`, words, 'add', this.#link)
    return `${table}.put(${value} === ${zeroOf(plan)} ? ${find} : ${add}, ${value})`
  }

  // The same at the row that #sought left: a zero frees it.
  #putSought(plan: VariablePlan, table: string, value: string): string {
    const row = rowName(plan)
    const add = rowOf(`${table}.keys`, this.#threadWords(), 'add', this.#link)
    const steps = [
      `${value} !== ${zeroOf(plan)} && ${row} < 0 ? ${row} = ${add} : 0`,
      `${table}.put(${row}, ${value})`,
      `${value} === ${zeroOf(plan)} ? ${row} = -1 : 0`,
      value,
    ]
    return `(${steps.join(', ')})`
  }

  // What is assigned: a register in the variable's sign, a string as long as it can hold.
  #given(plan: VariablePlan, e: Expr): Lowered {
    if (plan.storage !== 'text') return this.#lowering.register(e, intType(plan.variable.type))
    const fits = e.kind === 'string' && e.value.length * 3 <= this.#strsize
    const value = this.#lowering.lower(e)
    return renamed(value, fits ? value.js : `cut(${value.js})`)
  }

  // The value as the variable holds it.
  #stored(plan: VariablePlan, value: Lowered): Lowered {
    const held = value.kind === 'text' || !this.#cuts ? value : cutTo(plan, value)
    this.#onStore(plan.variable.id, held)
    if (plan.storage !== 'big' || held.kind === 'text') return held
    return toBig(held, intType(plan.variable.type))
  }

  // What stores a value that has a name; what the variable cuts off gets a name of its own.
  #stores(plan: VariablePlan, value: Lowered, words: readonly string[]): string[] {
    const stored = this.#stored(plan, value)
    if (isScalar(plan)) return [`${scalar(plan)} = ${stored.js}`]
    if (stored.js === value.js) return [this.#put(plan, value.js, words)]
    const held = this.#link.temporary()
    return [`${held} = ${stored.js}`, this.#put(plan, held, words)]
  }
}

function cutTo({ variable }: VariablePlan, value: Whole): Whole {
  const type = intType(variable.type)
  return cut(value, type, type)
}

function bytesOf({ variable }: VariablePlan): number {
  return variable.type.kind === 'int' ? variable.type.bytes : 0
}

const isScalar = ({ variable }: VariablePlan): boolean => variableArity(variable) === 0

function scalar({ variable, storage }: VariablePlan): string {
  if (variable.scope === 'this') return `t${variable.id}`
  const array = storage === 'num' ? 'N' : storage === 'big' ? 'B' : 'S'
  return `${array}[${variable.id}]`
}

/** The row of a thread's cell that this firing has not looked for. */
const UNSOUGHT = -2

const isThreadCell = ({ variable }: VariablePlan): boolean =>
  variable.scope === 'self' && variable.keys === undefined && !isByAddress(variable.type)

const rowName = ({ variable }: VariablePlan): string => `s${variable.id}`

/** What makes a firing look for the cells of its thread: for its beginning, and after an ERROR
 *  clause may have moved them. */
export function unsoughtRows(plans: readonly VariablePlan[]): readonly string[] {
  return plans.filter(isThreadCell).map((plan) => `${rowName(plan)} = ${UNSOUGHT}`)
}

/** Zero as a storage holds it; of a string, what it is where nothing was stored. */
export function zeroOf({ storage, variable }: VariablePlan): string {
  if (storage === 'text') return variableArity(variable) > 0 ? `'\\0'` : `''`
  return storage === 'big' ? '0n' : '0'
}

function loaded(plan: VariablePlan, js: string): Lowered {
  if (plan.storage === 'text') return plan.nullable ? nullable(text(js)) : text(js)
  if (plan.storage === 'num') return num(js, plan.low, plan.high)
  const type = intType(plan.variable.type)
  return type.signed ? big(js) : wrapped(js, type)
}

// x++ and the like: the range of a counter does not grow with every step (see COUNTER_STEP).
function counter(op: string, old: Whole, step: Whole, result: Whole): Whole {
  if (old.kind !== 'num' || step.kind !== 'num' || result.kind !== 'num') return result
  if (old.low < -LATEST || old.high > LATEST) return result
  const steps = op === '+' ? [step.low, step.high] : op === '-' ? [-step.high, -step.low] : []
  const [least, most] = steps
  if (least === undefined || most === undefined) return result
  if (least < -COUNTER_STEP || most > COUNTER_STEP) return result
  if (result.low >= old.low && result.high <= old.high) return result
  return num(result.js, least < 0 ? -LATEST : old.low, most > 0 ? LATEST : old.high)
}
