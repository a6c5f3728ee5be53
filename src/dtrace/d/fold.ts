// Constant folding: operators on constants, computed as the running program would.
//
// Holds: what could differ between machines (shifts by 64 and more) is left to the running program.
import { assertNever } from '../../base/assert.js'
import type { ArithmeticOp, CompareOp, LogicalOp, UnaryOp } from '../program/program.js'
import type { DType } from '../program/types.js'
import { constant, type IntConstant } from './checked.js'

/** Both operands are of `type`, shifts excepted; the divisor is not 0. Undefined when it must wait.
 *  */
export function foldArithmetic(
  op: ArithmeticOp,
  left: IntConstant,
  right: IntConstant,
  type: DType,
): IntConstant | undefined {
  const isShift = op === '<<' || op === '>>'
  if (isShift && (right.value < 0n || right.value > 63n)) return undefined
  if ((op === '/' || op === '%') && right.value === 0n) return undefined
  return constant(arithmetic(op, left.value, right.value), type)
}

function arithmetic(op: ArithmeticOp, l: bigint, r: bigint): bigint {
  switch (op) {
    case '+':
      return l + r
    case '-':
      return l - r
    case '*':
      return l * r
    case '/':
      return l / r
    case '%':
      return l % r
    case '&':
      return l & r
    case '|':
      return l | r
    case '^':
      return l ^ r
    case '<<':
      return l << r
    case '>>':
      return l >> r
    default:
      return assertNever(op)
  }
}

/** Both operands are of one type. */
export function foldCompare(op: CompareOp, left: IntConstant, right: IntConstant): IntConstant {
  return constant(compare(op, left.value, right.value) ? 1n : 0n)
}

function compare(op: CompareOp, l: bigint, r: bigint): boolean {
  switch (op) {
    case '==':
      return l === r
    case '!=':
      return l !== r
    case '<':
      return l < r
    case '<=':
      return l <= r
    case '>':
      return l > r
    case '>=':
      return l >= r
    default:
      return assertNever(op)
  }
}

/** Both operands are known, so nothing is short-circuited. */
export function foldLogical(op: LogicalOp, left: IntConstant, right: IntConstant): IntConstant {
  const l = left.value !== 0n
  const r = right.value !== 0n
  const result = op === '&&' ? l && r : op === '||' ? l || r : l !== r
  return constant(result ? 1n : 0n)
}

/** Keeps the type, but for `!`, which yields an int. */
export function foldUnary(op: UnaryOp, operand: IntConstant): IntConstant {
  if (op === '!') return constant(operand.value === 0n ? 1n : 0n)
  return constant(op === '-' ? -operand.value : ~operand.value, operand.type)
}
