// Operations as a query writes them: what JavaScript hands in is checked, then built as D builds
// it.
//
//   e.domid.eq(3)  ->  compare ==, args[0], 3         e.domid.div(0)  ->  XpvError query.type
//
// Holds: what these make is what the D compiler makes of the same text (program/build.ts).
import { XpvError } from '../../base/error.js'
import { INT64_MIN, UINT64_MAX } from '../../base/int64.js'
import * as build from '../program/build.js'
import type { ArithmeticOp, CompareOp, Expr } from '../program/program.js'

/** An integer constant as D types its digits. Throws `XpvError` `query.type` for a fraction and
 *  for what 64 bits do not hold. */
export function integer(value: number | bigint): build.IntegerExpr {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new XpvError('query.type', `${value} is not a whole number that is held exactly`)
  }
  const exact = BigInt(value)
  if (exact < INT64_MIN || exact > UINT64_MAX) {
    throw new XpvError('query.type', `${exact} does not fit 64 bits`)
  }
  return build.literal(exact)
}

/** `left op right` on integers. Throws `XpvError` `query.type` for a string, and for a division by
 *  the constant 0. */
export function arithmetic(op: ArithmeticOp, left: Expr, right: Expr): Expr {
  if ((op === '/' || op === '%') && right.kind === 'int' && right.value === 0n) {
    throw new XpvError('query.type', 'this divides by zero')
  }
  return build.arithmetic(op, needInteger(left), needInteger(right))
}

/** `left op right` as int 0 or 1, on two integers or two strings. Throws `XpvError` `query.type`
 *  for one of each. */
export function compare(op: CompareOp, left: Expr, right: Expr): Expr {
  if (left.type.kind === 'string') return build.compareStrings(op, left, needString(right))
  return build.compareIntegers(op, needInteger(left), needInteger(right))
}

/** The expression, if it yields an integer. Throws `XpvError` `query.type` otherwise. */
export function needInteger(expr: Expr): build.IntegerExpr {
  if (isInteger(expr)) return expr
  throw new XpvError('query.type', `an integer is needed here, not a ${expr.type.name}`)
}

/** The expression, if it yields a string. Throws `XpvError` `query.type` otherwise. */
export function needString(expr: Expr): Expr {
  if (expr.type.kind === 'string') return expr
  throw new XpvError('query.type', `a string is needed here, not ${expr.type.name}`)
}

const isInteger = (expr: Expr): expr is build.IntegerExpr => expr.type.kind === 'int'
