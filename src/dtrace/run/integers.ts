// Integers of a D type as bigints: the plain meaning of every operator. The interpreter computes
// with these; generated code must agree.
//
// Holds: results are in the range of the type. Shifts count modulo 64, as the x86 instruction that
// DTrace's own interpreter compiles to; what a shift pushes out of a narrower type is lost.
import { assertNever } from '../../base/assert.js'
import type { ArithmeticOp, CompareOp } from '../program/program.js'
import type { DType } from '../program/types.js'
import { DIVIDE_BY_ZERO } from './engine.js'

/** Cuts a value to a type: the low bits, extended by its sign. Strings and void stay as they
 *  are. */
export function cutTo(type: DType, value: bigint): bigint {
  if (type.kind !== 'int') return value
  const bits = type.bytes * 8
  return type.signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
}

/** `left op right` in `type`, to which both are cut before; a shift's amount is not. Throws the
 *  fault of a division by zero. INT64_MIN / -1 wraps. */
export function arithmetic(op: ArithmeticOp, type: DType, left: bigint, right: bigint): bigint {
  const a = cutTo(type, left)
  if (op === '<<') return cutTo(type, a << (right & 63n))
  if (op === '>>') return cutTo(type, a >> (right & 63n))
  return cutTo(type, plain(op, a, cutTo(type, right)))
}

function plain(op: Exclude<ArithmeticOp, '<<' | '>>'>, a: bigint, b: bigint): bigint {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      if (b === 0n) throw DIVIDE_BY_ZERO
      return a / b
    case '%':
      if (b === 0n) throw DIVIDE_BY_ZERO
      return a % b
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    default:
      return assertNever(op)
  }
}

/** Compares two registers as signed or unsigned 64-bit integers. */
export function compareIntegers(op: CompareOp, signed: boolean, a: bigint, b: bigint): boolean {
  const bits = (v: bigint) => (signed ? BigInt.asIntN(64, v) : BigInt.asUintN(64, v))
  const x = bits(a)
  const y = bits(b)
  return compares(op, x < y ? -1 : x > y ? 1 : 0)
}

/** Whether an ordering (negative, zero, positive) satisfies an operator. */
export function compares(op: CompareOp, order: number): boolean {
  switch (op) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return assertNever(op)
  }
}
