// Expressions in the plain engine: walks their trees over bigints, one firing at a time. Slow,
// short, and the oracle for generated code: where they differ, this one is right.
import { assert, assertNever } from '../../base/assert.js'
import { int64 } from '../../base/int64.js'
import { compareStrings } from '../aggregate/text-order.js'
import type { FiringBatch } from '../probe/firing.js'
import type { Expr, VariableExpr } from '../program/program.js'
import type { DType } from '../program/types.js'
import { builtinValue } from './builtins.js'
import { type Ecb, type EngineParts, notRecorded } from './engine.js'
import { arithmetic, castTo, compareIntegers, compares, cutTo } from './integers.js'
import { cutString } from './strings.js'
import { SubroutineState, subroutine, type Value } from './subroutines.js'

/** One firing of one clause: what expressions read. `action` is where a fault is reported. */
export interface Frame {
  readonly ecb: Ecb
  readonly batch: FiringBatch
  readonly row: number
  /** Cells of `this->` variables: shared by the clauses of a firing. */
  readonly locals: Map<string, Value>
  action: number
}

/** Evaluates expressions and owns the variables they change. */
export class Evaluator {
  readonly #parts: EngineParts
  readonly #cells: readonly Map<string, Value>[]
  readonly #subroutines: SubroutineState
  #dynamicDrops = 0

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#subroutines = new SubroutineState(parts.limits.strsize)
    this.#cells = parts.program.variables.map(() => new Map())
  }

  /** Elements of associative arrays, and threads, that found no room. */
  get dynamicDrops(): number {
    return this.#dynamicDrops
  }

  /** The value of an expression. Throws `Fault`. */
  evaluate(e: Expr, frame: Frame): Value {
    return this.#eval(e, frame)
  }

  #eval(e: Expr, frame: Frame): Value {
    switch (e.kind) {
      case 'int':
      case 'string':
        return e.value
      case 'arg':
        return this.#argument(e.index, e.type, frame)
      case 'builtin':
        return conform(e.type, builtinValue(e.name, frame, this.#parts))
      case 'variable':
        return this.#read(e, this.#cell(e, frame), frame)
      case 'unary':
        return this.#unary(e, frame)
      case 'arithmetic': {
        const left = integer(this.#eval(e.left, frame))
        return arithmetic(e.op, e.type, left, integer(this.#eval(e.right, frame)))
      }
      case 'compare':
        return this.#compare(e, frame)
      case 'logical':
        return this.#logical(e, frame)
      case 'conditional': {
        return this.#eval(truth(this.#eval(e.test, frame)) ? e.then : e.else, frame)
      }
      case 'cast': {
        const value = this.#eval(e.operand, frame)
        return typeof value === 'bigint' ? castTo(e.type, e.operand.type, value) : value
      }
      case 'assign': {
        const value = this.#eval(e.value, frame)
        const stored = this.#fit(e.target, value)
        this.#write(e.target, this.#cell(e.target, frame), stored, frame)
        return typeof value === 'bigint' ? value : stored
      }
      case 'update': {
        const cell = this.#cell(e.target, frame)
        const old = integer(this.#read(e.target, cell, frame))
        const operand = integer(this.#eval(e.value, frame))
        const value = arithmetic(e.op, e.target.type, old, operand)
        this.#write(e.target, cell, this.#fit(e.target, value), frame)
        return e.yields === 'old' ? old : value
      }
      case 'comma':
        this.#eval(e.left, frame)
        return this.#eval(e.right, frame)
      case 'call':
        return this.#call(e, frame)
      default:
        return assertNever(e)
    }
  }

  #argument(index: number, type: DType, { batch, row }: Frame): Value {
    if (((batch.unknown[row] ?? 0) & (1 << index)) !== 0) throw notRecorded(`arg${index}`)
    const register = batch.args[index]?.[row] ?? 0n
    if (type.kind === 'string') return batch.strings[Number(register)] ?? ''
    return cutTo(type, register)
  }

  #unary(e: Expr & { kind: 'unary' }, frame: Frame): bigint {
    const operand = this.#eval(e.operand, frame)
    if (e.op === '!') return truth(operand) ? 0n : 1n
    return int64(e.op === '-' ? -integer(operand) : ~integer(operand))
  }

  #compare(e: Expr & { kind: 'compare' }, frame: Frame): bigint {
    const a = this.#eval(e.left, frame)
    const b = this.#eval(e.right, frame)
    if (typeof a === 'string' || typeof b === 'string') {
      return compares(e.op, compareStrings(`${a}`, `${b}`)) ? 1n : 0n
    }
    return compareIntegers(e.op, e.signed, a, b) ? 1n : 0n
  }

  #logical(e: Expr & { kind: 'logical' }, frame: Frame): bigint {
    const left = truth(this.#eval(e.left, frame))
    if (e.op === '&&' && !left) return 0n
    if (e.op === '||' && left) return 1n
    const right = truth(this.#eval(e.right, frame))
    return (e.op === '^^' ? left !== right : right) ? 1n : 0n
  }

  #call(e: Expr & { kind: 'call' }, frame: Frame): Value {
    const f = subroutine(e.name)
    assert(f !== undefined, `no subroutine ${e.name}`)
    const args = e.args.map((arg) => this.#eval(arg, frame))
    this.#subroutines.tid = frame.batch.tid[frame.row] ?? 0
    return this.#conform(e.type, f(args, this.#subroutines))
  }

  // The name of a variable's cell within its map: thread and keys, in one string.
  #cell(target: VariableExpr, frame: Frame): string {
    const variable = this.#variable(target)
    const keys = (variable.keys ?? []).map((type, i) => {
      const key = target.keys[i]
      assert(key !== undefined, `${variable.name} lacks key ${i}`)
      const value = conform(type, this.#eval(key, frame))
      return typeof value === 'string' ? JSON.stringify(value) : `${value}`
    })
    const owner = variable.scope === 'self' ? `${frame.batch.tid[frame.row]}` : ''
    return [`${variable.id}`, owner, ...keys].join()
  }

  #read(target: VariableExpr, cell: string, frame: Frame): Value {
    const variable = this.#variable(target)
    return this.#map(target, frame).get(cell) ?? (variable.type.kind === 'string' ? '' : 0n)
  }

  #write(target: VariableExpr, cell: string, value: Value, frame: Frame): void {
    const map = this.#map(target, frame)
    const full = map !== frame.locals && map.size >= this.#parts.limits.elements
    if (!truth(value)) map.delete(cell)
    else if (full && !map.has(cell)) this.#dynamicDrops++
    else map.set(cell, value)
  }

  #map(target: VariableExpr, frame: Frame): Map<string, Value> {
    if (this.#variable(target).scope === 'this') return frame.locals
    const map = this.#cells[target.variable]
    assert(map !== undefined, `no variable ${target.variable}`)
    return map
  }

  #fit(target: VariableExpr, value: Value): Value {
    return this.#conform(this.#variable(target).type, value)
  }

  // As a value of the type that a variable holds, or a subroutine yields.
  #conform(type: DType, value: Value): Value {
    if (typeof value === 'bigint') return cutTo(type, value)
    return cutString(value, this.#parts.limits.strsize)
  }

  #variable(target: VariableExpr) {
    const variable = this.#parts.program.variables[target.variable]
    assert(variable !== undefined, `no variable ${target.variable}`)
    return variable
  }
}

/** Whether a value is true: neither 0 nor "". */
export const truth = (v: Value): boolean => v !== 0n && v !== ''

/** A value as an integer: 0 of anything else. */
export const integer = (v: Value | undefined): bigint => (typeof v === 'bigint' ? v : 0n)

/** An integer cut to its type; anything else as it is. */
export const conform = (type: DType, v: Value): Value =>
  typeof v === 'bigint' ? cutTo(type, v) : v
