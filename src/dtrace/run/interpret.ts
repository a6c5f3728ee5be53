// Expressions in the plain engine: walks their trees over bigints, one firing at a time. Slow,
// short, and the oracle for generated code: where they differ, this one is right.
import { assert, assertNever } from '../../base/assert.js'
import { int64 } from '../../base/int64.js'
import type { FiringBatch } from '../probe/firing.js'
import { sizeOf } from '../program/layout.js'
import { compares } from '../program/operators.js'
import type { ArithmeticOp, Expr, LoadExpr, Variable, VariableExpr } from '../program/program.js'
import type { TypedValue } from '../program/record.js'
import { type DType, isByAddress } from '../program/types.js'
import { builtinValue } from './builtins.js'
import { type Ecb, type EngineParts, NO_ELEMENT, notRecorded, outOfBounds } from './engine.js'
import { arithmetic, castTo, compareIntegers, cutTo, storedIn } from './integers.js'
import { loadedType, Memory } from './memory.js'
import { isBlock, layOut } from './memory-layout.js'
import { compareNullable, cutString, NULL_STRING, present } from './strings.js'
import { SubroutineState, type Value } from './subroutine.js'
import { subroutine } from './subroutines.js'

/** One firing of one clause: what expressions read. `action` is where a fault is reported. */
export interface Frame {
  readonly ecb: Ecb
  readonly batch: FiringBatch
  readonly row: number
  /** Cells of `this->` variables: shared by the clauses of a firing. */
  readonly locals: Map<string, Value>
  action: number
}

/** A value, or bytes that were copied out of memory. */
export type Captured = Value | Uint8Array

/** Evaluates expressions and owns the variables they change. */
export class Evaluator {
  readonly #parts: EngineParts
  readonly #cells: readonly Map<string, Value>[]
  readonly #subroutines: SubroutineState
  #dynamicDrops = 0
  /** Elements and threads' variables that there are. */
  #elements = 0
  readonly memory: Memory

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.memory = new Memory(layOut(parts.program), parts.limits)
    this.#subroutines = new SubroutineState(parts.limits, this.memory)
    this.#subroutines.speculation = () => parts.effects.speculation()
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

  /** What a record or a key takes of an expression: an integer as it is, a string that is one, the
   *  bytes of what is held by its address. Throws `Fault`. */
  capture(e: Expr, frame: Frame): Captured {
    const value = this.#eval(e, frame)
    if (typeof value === 'string') return present(value)
    return isByAddress(e.type) ? this.memory.bytes(value, sizeOf(e.type)) : value
  }

  /** What was captured of an expression of a type, as it is recorded: integers are cut to it,
   *  strings to strsize. */
  recorded(type: DType, value: Captured = 0n): TypedValue {
    if (value instanceof Uint8Array) return { type, value }
    return { type, value: this.#conform(type, value) }
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
        return this.#arithmetic(e.op, e.type, left, integer(this.#eval(e.right, frame)))
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
        return typeof value === 'bigint'
          ? castTo(e.type, e.operand.type, value, this.#parts.limits.dialect)
          : value
      }
      case 'assign':
        return this.#assign(e, frame)
      case 'update':
        return this.#update(e, frame)
      case 'comma':
        this.#eval(e.left, frame)
        return this.#eval(e.right, frame)
      case 'call':
        return this.#call(e, frame)
      case 'load':
        return this.#load(e, integer(this.#eval(e.address, frame)))
      case 'address-of-string': {
        if (e.operand.kind === 'string') {
          return BigInt(this.memory.addressOfConstant(e.operand.value))
        }
        return BigInt(this.memory.addressOfText(string(this.#eval(e.operand, frame))))
      }
      case 'copy':
        return this.#copy(e, frame)
      case 'bound': {
        const index = integer(this.#eval(e.index, frame))
        if (index < 0n || index >= e.length) throw outOfBounds(index)
        return index
      }
      default:
        return assertNever(e)
    }
  }

  #arithmetic(op: ArithmeticOp, type: DType, left: bigint, right: bigint): bigint {
    return arithmetic(op, type, [left, right], this.#parts.limits.dialect)
  }

  #assign(e: Expr & { kind: 'assign' }, frame: Frame): Value {
    const value = this.#eval(e.value, frame)
    if (e.target.kind === 'load') {
      const fitted = this.#conform(e.target.type, value)
      this.#store(e.target, integer(this.#eval(e.target.address, frame)), fitted)
      return typeof value === 'bigint' ? value : fitted
    }
    const stored = this.#fit(e.target, value)
    this.#write(e.target, this.#cell(e.target, frame), stored, frame)
    return typeof value === 'bigint' ? value : stored
  }

  #update(e: Expr & { kind: 'update' }, frame: Frame): Value {
    const { target } = e
    const changed = (old: bigint): bigint =>
      this.#arithmetic(e.op, target.type, old, integer(this.#eval(e.value, frame)))
    let old: bigint
    let value: bigint
    if (target.kind === 'load') {
      const address = integer(this.#eval(target.address, frame))
      old = integer(this.#load(target, address))
      value = changed(old)
      this.#store(target, address, value)
    } else {
      const cell = this.#cell(target, frame)
      old = integer(this.#read(target, cell, frame))
      value = changed(old)
      this.#write(target, cell, this.#fit(target, value), frame)
    }
    return e.yields === 'old' ? old : value
  }

  #load({ type, bits, most }: LoadExpr, address: bigint): Value {
    if (type.kind === 'string') return this.memory.text(address, most ?? this.#parts.limits.strsize)
    if (isByAddress(type)) return address
    const integer = loadedType(type)
    return bits === undefined
      ? this.memory.load(address, integer)
      : this.memory.loadBits(address, integer, bits)
  }

  #store({ type, bits, most }: LoadExpr, address: bigint, value: Value): void {
    if (typeof value === 'string') {
      this.memory.storeText(address, value, most ?? this.#parts.limits.strsize)
      return
    }
    const { bytes } = loadedType(type)
    if (bits === undefined) this.memory.store(address, bytes, value)
    else this.memory.storeBits(address, bytes, bits, value)
  }

  #copy(e: Expr & { kind: 'copy' }, frame: Frame): bigint {
    const source = integer(this.#eval(e.value, frame))
    const target =
      e.target.kind === 'variable' && isBlock(this.#variable(e.target))
        ? this.#block(e.target, source, frame)
        : integer(this.#eval(e.target, frame))
    if (target !== undefined) this.memory.copy(target, source, sizeOf(e.type))
    return target ?? 0n
  }

  // The block that is to hold what is copied into an element; undefined when there is none, because
  // nothing is copied (then the element is freed) or there is no room.
  #block(target: VariableExpr, source: bigint, frame: Frame): bigint | undefined {
    const cell = this.#cell(target, frame)
    if (source !== 0n) return this.#element(target, cell, frame) || undefined
    const held = integer(this.#map(target, frame).get(cell))
    if (held !== 0n) this.memory.freeBlock(Number(held), sizeOf(target.type))
    this.#write(target, cell, 0n, frame)
    return undefined
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
      const order = compareNullable(string(a), string(b), this.#parts.limits.dialect)
      return compares(e.op, order, 0) ? 1n : 0n
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
    this.#subroutines.pid = frame.batch.pid[frame.row] ?? 0
    return this.#conform(e.type, f(args, this.#subroutines))
  }

  // The name of a variable's cell within its map: thread and keys, in one string.
  #cell(target: VariableExpr, frame: Frame): string {
    const variable = this.#variable(target)
    const keys = (variable.keys ?? []).map((type, i) => {
      const key = target.keys[i]
      assert(key !== undefined, `${variable.name} lacks key ${i}`)
      if (isByAddress(type)) return `${this.capture(key, frame)}`
      const value = conform(type, this.#eval(key, frame))
      return typeof value === 'string' ? JSON.stringify(present(value)) : `${value}`
    })
    const owner = variable.scope === 'self' ? `${frame.batch.tid[frame.row]}` : ''
    return [`${variable.id}`, owner, ...keys].join()
  }

  #read(target: VariableExpr, cell: string, frame: Frame): Value {
    const variable = this.#variable(target)
    const own = this.memory.addressOfVariable(target.variable)
    if (own !== 0) return BigInt(own)
    const makes = this.#parts.limits.dialect === 'illumos' && variable.keys !== undefined
    if (makes && isBlock(variable)) return this.#element(target, cell, frame)
    return this.#map(target, frame).get(cell) ?? unset(variable)
  }

  #write(target: VariableExpr, cell: string, value: Value, frame: Frame): void {
    const map = this.#map(target, frame)
    const variable = this.#variable(target)
    const counts = isDynamic(variable) ? 1 : 0
    if (value === unset(variable)) {
      if (map.delete(cell)) this.#elements -= counts
    } else if (map.has(cell)) map.set(cell, value)
    else if (this.#elements + counts > this.#parts.limits.elements) this.#drop()
    else {
      this.#elements += counts
      map.set(cell, value)
    }
  }

  #drop(): void {
    this.#dynamicDrops++
    if (this.#parts.limits.dialect === 'linux') throw NO_ELEMENT
  }

  // The block of an element, taken where there is none yet; 0n where there is no room.
  #element(target: VariableExpr, cell: string, frame: Frame): bigint {
    const held = this.#map(target, frame).get(cell)
    if (held !== undefined) return integer(held)
    if (this.#elements >= this.#parts.limits.elements) {
      this.#drop()
      return 0n
    }
    const block = BigInt(this.memory.takeBlock(sizeOf(this.#variable(target).type)))
    this.#write(target, cell, block, frame)
    return block
  }

  #map(target: VariableExpr, frame: Frame): Map<string, Value> {
    if (this.#variable(target).scope === 'this') return frame.locals
    const map = this.#cells[target.variable]
    assert(map !== undefined, `no variable ${target.variable}`)
    return map
  }

  #fit(target: VariableExpr, value: Value): Value {
    const { type } = this.#variable(target)
    const { dialect } = this.#parts.limits
    return typeof value === 'bigint' ? storedIn(type, value, dialect) : this.#conform(type, value)
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

const isDynamic = ({ scope, keys }: Variable): boolean => scope === 'self' || keys !== undefined

// What is read where nothing was stored.
function unset(variable: Variable): Value {
  if (variable.type.kind !== 'string') return 0n
  return variable.scope === 'self' || variable.keys !== undefined ? NULL_STRING : ''
}

const string = (v: Value): string => (typeof v === 'string' ? v : '')

/** Whether a value is true: neither 0 nor "" nor NULL. */
export const truth = (v: Value): boolean => v !== 0n && v !== '' && v !== NULL_STRING

/** A value as an integer: 0 of anything else. */
export const integer = (v: Captured | undefined): bigint => (typeof v === 'bigint' ? v : 0n)

/** An integer cut to its type; anything else as it is. */
const conform = (type: DType, v: Value): Value => (typeof v === 'bigint' ? cutTo(type, v) : v)
