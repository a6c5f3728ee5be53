// The plain engine: walks the program tree over bigints, one firing at a time. Slow, short, and the
// oracle for generated code: where they differ, this one is right.
import { assert, assertNever } from '../../base/assert.js'
import { int64 } from '../../base/int64.js'
import type { AggregationSnapshot, KeyPart, KeyType } from '../aggregate/aggregation.js'
import { compareStrings } from '../aggregate/text-order.js'
import { ERROR_ID } from '../probe/catalog.js'
import type { FiringBatch } from '../probe/firing.js'
import type { Clause, Expr, Statement, VariableExpr } from '../program/program.js'
import type { RecordItem, TypedValue } from '../program/record.js'
import type { DType } from '../program/types.js'
import { builtinValue } from './builtins.js'
import { ecbsByProbe } from './enabling.js'
import {
  type Drops,
  type Ecb,
  type Engine,
  type EngineParts,
  Fault,
  notRecorded,
} from './engine.js'
import { arithmetic, castTo, compareIntegers, compares, cutTo } from './integers.js'
import { PlainAggregation } from './plain-aggregation.js'
import { cutString } from './strings.js'
import { SubroutineState, subroutine, type Value } from './subroutines.js'
import { actionCount, statementParts, yieldsRow } from './walk.js'

/** One firing of one clause: what expressions read. `action` is where a fault is reported. */
interface Frame {
  readonly ecb: Ecb
  readonly batch: FiringBatch
  readonly row: number
  readonly locals: Map<string, Value>
  action: number
}

/** Runs a program by walking its tree. */
export class Interpreter implements Engine {
  readonly #parts: EngineParts
  readonly #ecbs: ReadonlyMap<number, readonly Ecb[]>
  readonly #aggregations: readonly PlainAggregation[]
  readonly #cells: readonly Map<string, Value>[]
  readonly #subroutines: SubroutineState
  #dynamicDrops = 0

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#subroutines = new SubroutineState(parts.limits.strsize)
    this.#ecbs = ecbsByProbe(parts.ecbs)
    this.#cells = parts.program.variables.map(() => new Map())
    this.#aggregations = parts.program.aggregations.map(
      (decl, i) => new PlainAggregation(decl, parts.limits.groups[i] ?? 0),
    )
  }

  run(batch: FiringBatch, from: number, to: number): number {
    for (let row = from; row < to; row++) {
      const locals = new Map<string, Value>()
      for (const ecb of this.#ecbs.get(batch.probe[row] ?? 0) ?? []) {
        this.#fire({ ecb, batch, row, locals, action: 0 })
        // ERROR belongs to the clause that faulted: it is seen through, also after exit().
        if (this.#parts.effects.stopped && ecb.probe.id !== ERROR_ID) return row + 1
      }
    }
    return to
  }

  snapshot(aggregation: number): AggregationSnapshot {
    return this.#aggregation(aggregation).snapshot()
  }

  drops(): Drops {
    const aggregation = this.#aggregations.reduce((sum, a) => sum + a.drops, 0)
    return { aggregation, dynamic: this.#dynamicDrops }
  }

  #fire(frame: Frame): void {
    const clause = this.#parts.program.clauses[frame.ecb.clause]
    assert(clause !== undefined, `no clause ${frame.ecb.clause}`)
    try {
      const items = this.#clause(clause, frame)
      if (items !== undefined) this.#parts.effects.record(frame, items)
    } catch (e) {
      if (!(e instanceof Fault)) throw e
      this.#parts.effects.fault(frame, e, frame.action)
    }
  }

  #clause(clause: Clause, frame: Frame): readonly RecordItem[] | undefined {
    if (clause.predicate !== undefined && !truth(this.#eval(clause.predicate, frame))) {
      return undefined
    }
    const items: RecordItem[] = []
    let first = 1
    for (const statement of clause.statements) {
      const values = statementParts(statement).map((part) => {
        frame.action = first + part.action
        return this.#eval(part.expr, frame)
      })
      const item = this.#act(statement, values)
      if (item !== undefined) items.push(item)
      first += actionCount(statement)
    }
    return yieldsRow(clause) ? items : undefined
  }

  // `values` are those of statementParts, in that order.
  #act(s: Statement, values: readonly Value[]): RecordItem | undefined {
    switch (s.kind) {
      case 'expr':
        return undefined
      case 'aggregate':
        this.#aggregate(s, values)
        return undefined
      case 'trace':
        return { kind: 'trace', value: recorded(s.value.type, values[0]) }
      case 'printf': {
        const args = s.args.map((arg, i) => recorded(arg.type, values[i]))
        return { kind: 'printf', format: s.format, args }
      }
      case 'printa': {
        const aggregations = s.aggregations.map((id) => this.snapshot(id))
        return s.format === undefined
          ? { kind: 'printa', aggregations }
          : { kind: 'printa', format: s.format, aggregations }
      }
      case 'exit':
        this.#parts.effects.exit(Number(BigInt.asIntN(32, integer(values[0]))))
        return undefined
      case 'clear':
        this.#aggregation(s.aggregation).clear()
        return undefined
      case 'trunc':
        this.#aggregation(s.aggregation).trunc(int64(integer(values[0])))
        return undefined
      case 'normalize':
        this.#aggregation(s.aggregation).normal = int64(integer(values[0]))
        return undefined
      case 'denormalize':
        this.#aggregation(s.aggregation).normal = 1n
        return undefined
      default:
        return assertNever(s)
    }
  }

  #aggregate(s: Statement & { kind: 'aggregate' }, values: readonly Value[]): void {
    const aggregation = this.#aggregation(s.aggregation)
    const key = aggregation.decl.keys.map((type, i) => cutKey(type, values[i] ?? 0n))
    const increment = s.increment === undefined ? 1n : integer(values[key.length])
    const value = s.value === undefined ? 0n : integer(values.at(-1))
    aggregation.add(key, int64(value), int64(increment))
  }

  #aggregation(id: number): PlainAggregation {
    const found = this.#aggregations[id]
    assert(found !== undefined, `no aggregation ${id}`)
    return found
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

const truth = (v: Value): boolean => v !== 0n && v !== ''
const integer = (v: Value | undefined): bigint => (typeof v === 'bigint' ? v : 0n)
const conform = (type: DType, v: Value): Value => (typeof v === 'bigint' ? cutTo(type, v) : v)

function recorded(type: DType, value: Value = 0n): TypedValue {
  return { type, value: conform(type, value) }
}

function cutKey(type: KeyType, v: Value): KeyPart {
  if (type.kind === 'string' || typeof v === 'string') return v
  const bits = type.bytes * 8
  return type.signed ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v)
}
