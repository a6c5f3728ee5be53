// Constant folding: an operator on constants becomes the constant it yields, in 64 bits.
//
//   0x7fffffff + 1  ->  0x80000000, an int that its 4 bytes do not hold until it is recorded
//   -1 >> 1         ->  0x7fffffffffffffff: folded shifts are logical
//
// Holds: what could differ between machines (shifts by 64 and more) is left to the running program.
// Source: libdtrace dt_parser.c (dt_node_op1, dt_node_op2).
import { cutInteger } from '../../base/int64.js'
import { constant, type IntConstant } from '../program/build.js'
import { compares, compute } from '../program/operators.js'
import type { Expr, LogicalOp, UnaryOp } from '../program/program.js'
import { register } from '../program/type-names.js'
import { isConstant } from './checked.js'

/** The constant that an operator yields when its operands are some; any other expression as it
 *  is. */
export function fold(expr: Expr): Expr {
  switch (expr.kind) {
    case 'unary':
      return isConstant(expr.operand) ? foldUnary(expr.op, expr.operand) : expr
    case 'arithmetic':
    case 'compare':
    case 'logical': {
      const { left, right } = expr
      if (!isConstant(left) || !isConstant(right)) return expr
      if (expr.kind === 'arithmetic') return foldArithmetic(expr, left, right)
      if (expr.kind === 'logical') return foldLogical(expr.op, left, right)
      const [l, r] = [register(left.value, expr), register(right.value, expr)]
      return constant(compares(expr.op, l, r) ? 1n : 0n)
    }
    default:
      return expr
  }
}

function foldArithmetic(
  expr: Expr & { readonly kind: 'arithmetic' },
  left: IntConstant,
  right: IntConstant,
): Expr {
  const { op, type } = expr
  const isShift = op === '<<' || op === '>>'
  if (type.kind !== 'int') return expr
  if (isShift && (right.value < 0n || right.value > 63n)) return expr
  if ((op === '/' || op === '%') && right.value === 0n) return expr
  const l = register(left.value, op === '>>' ? { signed: false } : type)
  return constant(compute(op, l, register(right.value, type)), type)
}

function foldLogical(op: LogicalOp, left: IntConstant, right: IntConstant): IntConstant {
  const l = left.value !== 0n
  const r = right.value !== 0n
  const result = op === '&&' ? l && r : op === '||' ? l || r : l !== r
  return constant(result ? 1n : 0n)
}

/** A negated unsigned constant is cut to its type, a complement is not. */
function foldUnary(op: UnaryOp, { value, type }: IntConstant): IntConstant {
  if (op === '!') return constant(value === 0n ? 1n : 0n)
  if (op === '~') return constant(~value, type)
  return constant(type.signed ? -value : cutInteger(-value, type), type)
}
