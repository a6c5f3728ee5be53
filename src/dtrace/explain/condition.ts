// Conditions in words: what a predicate asks.
//
//   /execname == "xl" && arg0 > 3/   ->   execname is "xl" and arg0 is greater than 3
import type { CompareOp, Expr } from '../program/program.js'
import { type ExprNames, printExpr } from '../program/to-d-expression.js'

const COMPARISONS: Readonly<Record<CompareOp, string>> = {
  '==': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is greater than',
  '>=': 'is at least',
}

const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

/** What an expression asks when it is a condition, without a capital or a full stop. */
export function conditionInWords(expr: Expr, names: ExprNames): string {
  return ask(expr, names, true)
}

/** `yes` is false for the opposite. */
function ask(expr: Expr, names: ExprNames, yes: boolean): string {
  if (expr.kind === 'unary' && expr.op === '!') return ask(expr.operand, names, !yes)
  if (expr.kind === 'compare') {
    const op = yes ? expr.op : OPPOSITE[expr.op]
    return `${printExpr(expr.left, names)} ${COMPARISONS[op]} ${printExpr(expr.right, names)}`
  }
  if (expr.kind === 'logical' && expr.op !== '^^') {
    // Not (a and b) is not a or not b.
    const isAnd = (expr.op === '&&') === yes
    const parts = [expr.left, expr.right].map((part) => within(part, isAnd, names, yes))
    return parts.join(isAnd ? ' and ' : ' or ')
  }
  if (expr.kind === 'logical') {
    const parts = [expr.left, expr.right].map((part) => ask(part, names, true))
    return yes ? `exactly one holds: ${parts.join(', ')}` : `both hold or none: ${parts.join(', ')}`
  }
  if (expr.kind === 'int') return (expr.value !== 0n) === yes ? 'always' : 'never'
  if (expr.kind === 'cast') return ask(expr.operand, names, yes)
  return `${printExpr(expr, names)} ${yes ? 'is not 0' : 'is 0'}`
}

/** A part of an and in brackets when it is an or, and the other way round. */
function within(expr: Expr, isAnd: boolean, names: ExprNames, yes: boolean): string {
  const text = ask(expr, names, yes)
  let inner: Expr = expr
  let sign = yes
  while (inner.kind === 'unary' && inner.op === '!') {
    inner = inner.operand
    sign = !sign
  }
  const isOther =
    inner.kind === 'logical' && (inner.op === '^^' || ((inner.op === '&&') === sign) !== isAnd)
  return isOther ? `(${text})` : text
}
