// D's conversions: two operands become one type before an operator sees them, and every node says
// its type.
//
//   rank = bits, plus one when unsigned; the operand of lower rank is converted to the other's type
//
// Holds: what these make is what the D compiler makes of the same text. Source: the D language
// guide, "Types, Operators and Expressions"; dt_type_promote() ranks small types without C's
// promotion to int.
import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import { INT64_MIN, UINT64_MAX } from '../../base/int64.js'
import type {
  ArithmeticOp,
  CompareOp,
  Expr,
  LogicalOp,
  UnaryOp,
  VariableExpr,
} from '../program/program.js'
import { SUBROUTINES } from '../program/subroutines.js'
import {
  comparedAs,
  type IntegerType,
  promote,
  sameType,
  typeNamed,
  wrap,
} from '../program/type-names.js'
import { type DType, INT, STRING } from '../program/types.js'

/** An integer constant as D types its digits: int when it fits, else 64 bits, unsigned only
 *  where it must be. Throws `XpvError` `query.type` for a fraction and for what 64 bits do not
 *  hold. */
export function integer(value: number | bigint): Expr {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new XpvError('query.type', `${value} is not a whole number that is held exactly`)
  }
  const exact = BigInt(value)
  if (exact < INT64_MIN || exact > UINT64_MAX) {
    throw new XpvError('query.type', `${exact} does not fit 64 bits`)
  }
  return { kind: 'int', value: exact, type: named(digitsType(exact < 0n ? -exact : exact)) }
}

function digitsType(magnitude: bigint): string {
  if (magnitude < 1n << 31n) return 'int'
  return magnitude < 1n << 63n ? 'long' : 'unsigned long'
}

function named(name: string): DType {
  const type = typeNamed(name)
  assert(type !== undefined, `no type is called ${name}`)
  return type
}

/** A string constant. */
export const text = (value: string): Expr => ({ kind: 'string', value, type: STRING })

/** `left op right` on integers, both converted to the type of higher rank; a shift keeps the
 *  left one's. Throws `XpvError` `query.type` for a division by the constant 0. */
export function arithmetic(op: ArithmeticOp, left: Expr, right: Expr): Expr {
  if ((op === '/' || op === '%') && right.kind === 'int' && right.value === 0n) {
    throw new XpvError('query.type', 'this divides by zero')
  }
  const isShift = op === '<<' || op === '>>'
  const type = isShift ? left.type : promote(intType(left), intType(right))
  const amount = isShift ? right : convert(right, type)
  return { kind: 'arithmetic', op, left: convert(left, type), right: amount, type }
}

/** `left op right` as int 0 or 1; integers compare in the type of higher rank, strings by their
 *  bytes. */
export function compare(op: CompareOp, left: Expr, right: Expr): Expr {
  if (left.type.kind === 'string') {
    return { kind: 'compare', op, signed: true, left, right, type: INT }
  }
  const type = comparedAs(intType(left), intType(right))
  const operands = { left: convert(left, type), right: convert(right, type) }
  return { kind: 'compare', op, signed: type.signed, ...operands, type: INT }
}

/** `left op right` on truth values, as int 0 or 1. */
export function logical(op: LogicalOp, left: Expr, right: Expr): Expr {
  return { kind: 'logical', op, left, right, type: INT }
}

/** `op operand`; `!` yields int, the others the operand's type. */
export function unary(op: UnaryOp, operand: Expr): Expr {
  return { kind: 'unary', op, operand, type: op === '!' ? INT : operand.type }
}

/** A call of a subroutine, its arguments converted to what the prototype says. */
export function call(name: string, args: readonly Expr[]): Expr {
  const callable = SUBROUTINES.get(name)
  assert(callable !== undefined, `no subroutine is called ${name}`)
  const converted = args.map((arg, i) => {
    const parameter = callable.parameters[i]
    return parameter?.kind === 'typed' ? convert(arg, parameter.type) : arg
  })
  return { kind: 'call', name, args: converted, type: callable.result }
}

/** `target = value`, the value converted to the variable's type. */
export function assign(target: VariableExpr, value: Expr): Expr {
  return { kind: 'assign', target, value: convert(value, target.type), type: target.type }
}

/** `operand` as a value of `type`: itself, a constant of that type, or a cast. */
export function convert(operand: Expr, type: DType): Expr {
  if (type.kind !== 'int' || sameType(operand.type, type)) return operand
  if (operand.kind === 'int') {
    return { kind: 'int', value: wrap(operand.value, type as IntegerType), type }
  }
  return { kind: 'cast', operand, type }
}

function intType(e: Expr): IntegerType {
  if (e.type.kind === 'int') return e.type
  throw new XpvError('query.type', `arithmetic needs integers, not a ${e.type.name}`)
}
