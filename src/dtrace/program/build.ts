// Building expressions: operands become one type before an operator sees them, and every node says
// its type.
//
//   rank = bits, plus one when unsigned; the operand of lower rank is converted to the other's type
//
// Holds: D text and queries make their nodes here, so that both make the same ones. Nothing is
// folded, and nothing is refused: who calls has checked that the operator takes these operands.
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_type_promote()
// ranks small types without C's promotion to int.
import { assert } from '../../base/assert.js'
import { BUILTINS } from './builtins.js'
import type {
  ArithmeticOp,
  BuiltinName,
  CompareOp,
  Expr,
  LogicalOp,
  UnaryOp,
  VariableExpr,
} from './program.js'
import { SUBROUTINES } from './subroutines.js'
import { comparedAs, type IntegerType, promote, sameType, typeNamed, wrap } from './type-names.js'
import { type DType, INT, STRING } from './types.js'

/** An expression that yields an integer. */
export type IntegerExpr = Expr & { readonly type: IntegerType }

/** An integer constant of `type`, wrapped to it. */
export function constant(value: bigint, type: IntegerType): IntegerExpr {
  return { kind: 'int', value: wrap(value, type), type }
}

/** The constant that a bare decimal literal of this value is: int when it fits, else 64 bits,
 *  unsigned only where it must be. A negative one is typed as its magnitude with a minus before. */
export function literal(value: bigint): IntegerExpr {
  const magnitude = value < 0n ? -value : value
  if (magnitude < 1n << 31n) return constant(value, INT)
  return constant(value, magnitude < 1n << 63n ? LONG : UNSIGNED_LONG)
}

const LONG = named('long')
const UNSIGNED_LONG = named('unsigned long')

function named(name: string): IntegerType {
  const type = typeNamed(name)
  assert(type?.kind === 'int', `no integer type is called ${name}`)
  return type
}

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
  if (sameType(operand.type, type)) return operand
  if (operand.kind === 'int' && type.kind === 'int') return constant(operand.value, type)
  return { kind: 'cast', operand, type }
}

/** `left op right`, both converted to the type of higher rank; a shift keeps the left one's and
 *  leaves the amount as it is. */
export function arithmetic(op: ArithmeticOp, left: IntegerExpr, right: IntegerExpr): Expr {
  const isShift = op === '<<' || op === '>>'
  const type = isShift ? left.type : promote(left.type, right.type)
  const amount = isShift ? right : convert(right, type)
  return { kind: 'arithmetic', op, left: convert(left, type), right: amount, type }
}

/** `left op right` as int 0 or 1, both converted to the type of higher rank. */
export function compareIntegers(op: CompareOp, left: IntegerExpr, right: IntegerExpr): Expr {
  const type = comparedAs(left.type, right.type)
  const operands = { left: convert(left, type), right: convert(right, type) }
  return { kind: 'compare', op, signed: type.signed, ...operands, type: INT }
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
