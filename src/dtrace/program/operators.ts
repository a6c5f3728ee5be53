// What D's operators make of registers, as bigints: the one place that says so. Folding, the
// interpreter and generated code agree with it.
//
// Holds: operands come in the sign in which the operator takes them; a result is exact, and still
// to be cut to a register.
import { assertNever } from '../../base/assert.js'
import type { ArithmeticOp, CompareOp } from './program.js'

/** `a op b`. Of / and %, `b` must not be 0; of shifts, it must lie between 0 and 63. */
export function compute(op: ArithmeticOp, a: bigint, b: bigint): bigint {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '<<':
      return a << b
    case '>>':
      return a >> b
    default:
      return assertNever(op)
  }
}

/** Whether `a op b` holds. */
export function compares<T extends bigint | number>(op: CompareOp, a: T, b: T): boolean {
  switch (op) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      return assertNever(op)
  }
}
