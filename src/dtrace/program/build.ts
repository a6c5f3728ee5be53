// Building expressions: every node says its type.
//
//   rank = bits, plus one when unsigned; an operator has the type of the operand of higher rank
//
// Holds: D text and queries make their nodes here, so that both make the same ones. Nothing is
// folded, and nothing is refused: who calls has checked that the operator takes these operands.
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_type_promote()
// ranks small types without C's promotion to int.
import { assert } from '../../base/assert.js'
import { cutInteger } from '../../base/int64.js'
import { BUILTINS } from './builtins.js'
import { sizeOf } from './layout.js'
import type {
  ArithmeticOp,
  BuiltinName,
  CompareOp,
  Expr,
  LoadExpr,
  LogicalOp,
  Target,
  UnaryOp,
} from './program.js'
import { SUBROUTINES } from './subroutines.js'
import {
  cutsOfCast,
  type IntegerType,
  integerNamed,
  promote,
  register,
  sameType,
} from './type-names.js'
import { CHAR, type DType, INT, type Member, pointerTo, STRING, UINT64 } from './types.js'

/** An expression that yields an integer. */
export type IntegerExpr = Expr & { readonly type: IntegerType }

/** An integer constant. */
export type IntConstant = Extract<Expr, { kind: 'int' }> & { readonly type: IntegerType }

/** An integer constant: the register that `value` leaves, as one of `type`. Not cut to it. */
export function constant(value: bigint, type: IntegerType = INT): IntConstant {
  return { kind: 'int', value: register(value, type), type }
}

/** The constant that a bare decimal literal of this value is: int when it fits, else 64 bits,
 *  unsigned only where it must be. A negative one is typed as its magnitude with a minus before. */
export function literal(value: bigint): IntConstant {
  const magnitude = value < 0n ? -value : value
  if (magnitude < 1n << 31n) return constant(value, INT)
  return constant(value, magnitude < 1n << 63n ? LONG : UNSIGNED_LONG)
}

const LONG = integerNamed('long')
const UNSIGNED_LONG = integerNamed('unsigned long')

/** A string constant. */
export const text = (value: string): Expr => ({ kind: 'string', value, type: STRING })

/** A built-in variable, of the type D gives it. */
export function builtinExpr(name: BuiltinName): Expr {
  const known = BUILTINS.get(name)
  assert(known !== undefined, `no built-in variable ${name}`)
  return { kind: 'builtin', name, type: known.type }
}

/** `operand` as a value of `type`: itself, a constant of that type, or a cast. */
export function convert(operand: Expr, type: DType): Expr {
  const from = operand.type
  if (sameType(from, type)) return operand
  if (operand.kind !== 'int' || from.kind !== 'int' || type.kind !== 'int') {
    return { kind: 'cast', operand, type }
  }
  const cuts = cutsOfCast(from, type, 'linux')
  return constant(cuts.reduce(cutInteger, operand.value), type)
}

/** `left op right`, of the type of higher rank; a shift is of the left one's type. */
export function arithmetic(op: ArithmeticOp, left: IntegerExpr, right: IntegerExpr): Expr {
  const isShift = op === '<<' || op === '>>'
  const type = isShift ? left.type : promote(left.type, right.type)
  return { kind: 'arithmetic', op, left, right, type }
}

/** `left op right` as int 0 or 1, in the sign of the type of higher rank. */
export function compareIntegers(op: CompareOp, left: IntegerExpr, right: IntegerExpr): Expr {
  const { signed } = promote(left.type, right.type)
  return { kind: 'compare', op, signed, left, right, type: INT }
}

/** `left op right` as int 0 or 1; strings compare by their bytes. */
export function compareStrings(op: CompareOp, left: Expr, right: Expr): Expr {
  return { kind: 'compare', op, signed: true, left, right, type: INT }
}

/** `left op right` on truth values, as int 0 or 1. */
export function logical(op: LogicalOp, left: Expr, right: Expr): Expr {
  return { kind: 'logical', op, left, right, type: INT }
}

/** `op operand`; `!` yields int, the others the operand's type. */
export function unary(op: UnaryOp, operand: Expr): Expr {
  return { kind: 'unary', op, operand, type: op === '!' ? INT : operand.type }
}

/** `test ? then : otherwise`. Of two integers it has the type of higher rank, else that of the
 *  first, unless a type is given. */
export function conditional(test: Expr, then: Expr, otherwise: Expr, given?: DType): Expr {
  const types = [then.type, otherwise.type] as const
  const numbers = types[0].kind === 'int' && types[1].kind === 'int'
  const type = given ?? (numbers ? promote(types[0], types[1]) : types[0])
  return { kind: 'conditional', test, then, else: otherwise, type }
}

/** A call of a subroutine, its integers converted to what the prototype says. */
export function call(name: string, args: readonly Expr[]): Expr {
  const callable = SUBROUTINES.get(name)
  assert(callable !== undefined, `no subroutine is called ${name}`)
  const converted = args.map((arg, i) => {
    const parameter = callable.parameters[i]
    if (parameter?.kind !== 'typed' || parameter.type.kind !== 'int') return arg
    return arg.type.kind === 'int' ? convert(arg, parameter.type) : arg
  })
  return { kind: 'call', name, args: converted, type: callable.result }
}

/** `target = value`, of the variable's type. */
export function assign(target: Target, value: Expr): Expr {
  return { kind: 'assign', target, value, type: target.type }
}

const CHAR_POINTER = pointerTo(CHAR)
const PTRDIFF = integerNamed('ptrdiff_t')

/** `base.m` of a record, or `base->m` of a pointer to one. */
export function member(base: Expr, { type, offset, bits }: Member): LoadExpr {
  const right = constant(BigInt(offset), UINT64)
  const address = { kind: 'arithmetic', op: '+', left: base, right, type: pointerTo(type) } as const
  return { kind: 'load', address, ...(bits && { bits }), type }
}

/** The value that a pointer points to, or the first element of an array. */
export function dereference(pointer: Expr): LoadExpr {
  return { kind: 'load', address: pointer, type: targetOf(pointer.type) }
}

/** What a pointer points to, or an array holds. A string holds characters. */
export function targetOf(type: DType): DType {
  if (type.kind === 'array') return type.element
  const target = type.kind === 'int' ? type.pointee : CHAR
  assert(target !== undefined, `${type.name} points to nothing`)
  return target
}

/** `base + index` or `base - index`: the address so many elements on, of the pointer's or array's
 *  type. `base + 0` is `base`. */
export function step(op: '+' | '-', base: Expr, index: IntegerExpr): Expr {
  if (index.kind === 'int' && index.value === 0n) return base
  const right = scaled(index, sizeOfTarget(base.type))
  return { kind: 'arithmetic', op, left: base, right, type: base.type }
}

/** Bytes of what a pointer points to, or an array holds. */
export const sizeOfTarget = (type: DType): number => sizeOf(targetOf(type))

/** So many elements, in bytes. */
export function scaled(index: IntegerExpr, bytes: number): IntegerExpr {
  if (bytes === 1) return index
  if (index.kind === 'int') return constant(index.value * BigInt(bytes), index.type)
  const right = constant(BigInt(bytes), LONG)
  const type = promote(index.type, LONG)
  return { kind: 'arithmetic', op: '*', left: index, right, type }
}

/** How many elements lie between two addresses. */
export function distance(left: Expr, right: Expr): Expr {
  const bytes = sizeOfTarget(left.type)
  const apart: Expr = { kind: 'arithmetic', op: '-', left, right, type: PTRDIFF }
  if (bytes <= 1) return apart
  const by = constant(BigInt(bytes), PTRDIFF)
  return { kind: 'arithmetic', op: '/', left: apart, right: by, type: PTRDIFF }
}

/** The address of a value in memory, as a pointer to its type. */
export function addressOf({ address, type }: LoadExpr): Expr {
  return convert(address, pointerTo(type))
}

/** The address of a string's bytes: where it was loaded from, or that of a copy. */
export function addressOfString(operand: Expr): Expr {
  if (operand.kind === 'load') return convert(operand.address, CHAR_POINTER)
  return { kind: 'address-of-string', operand, type: CHAR_POINTER }
}

/** NULL as a string. */
export const nullString: Expr = {
  kind: 'load',
  address: constant(0n, CHAR_POINTER),
  type: STRING,
}

/** Whether an expression is NULL as a string. */
export const isNullString = (e: Expr): boolean =>
  e.kind === 'load' &&
  e.type.kind === 'string' &&
  e.address.kind === 'int' &&
  e.address.value === 0n

/** The string at an address; of an array of characters, not beyond its end. */
export function stringAt(address: Expr): Expr {
  const { type } = address
  const most = type.kind === 'array' ? { most: sizeOf(type) } : {}
  return { kind: 'load', address, ...most, type: STRING }
}
