// D's integers as bigints: what every operator does to registers. The interpreter computes with
// these; generated code must agree.
//
// Holds: a bigint stands for the 64-bit register it is congruent to modulo 2^64; operators yield it
// in the sign of their type. Shifts count modulo 64, as the x86 instruction that DTrace's own
// interpreter compiles to.
import { cutInteger } from '../../base/int64.js'
import { compares, compute } from '../program/operators.js'
import type { OptionDialect } from '../program/options.js'
import type { ArithmeticOp, CompareOp } from '../program/program.js'
import { cutsOfCast, register } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import { DIVIDE_BY_ZERO } from './engine.js'

/** Cuts a value to a type: the low bits, extended by its sign. Strings and void stay as they
 *  are. */
export function cutTo(type: DType, value: bigint): bigint {
  return type.kind === 'int' ? cutInteger(value, type) : value
}

/** What a variable makes of a value stored in it. On illumos it holds all 64 bits: they are cut to
 *  its type only where they are recorded. */
export function storedIn(type: DType, value: bigint, dialect: OptionDialect): bigint {
  if (dialect === 'linux') return cutTo(type, value)
  return type.kind === 'int' ? register(value, type) : value
}

/** What a cast from a type to another makes of a register. */
export function castTo(
  to: DType,
  from: DType,
  value: bigint,
  dialect: OptionDialect = 'illumos',
): bigint {
  if (to.kind !== 'int' || from.kind !== 'int') return value
  return register(cutsOfCast(from, to, dialect).reduce(cutInteger, value), to)
}

/** `left op right` on registers, in the sign of `type`. Throws the fault of a division by zero.
 *  INT64_MIN / -1 wraps. On Linux, where D divides sizes, a rest is negative as a quotient is. */
export function arithmetic(
  op: ArithmeticOp,
  type: DType,
  [left, right]: readonly [bigint, bigint],
  dialect: OptionDialect = 'illumos',
): bigint {
  const sign = { signed: type.kind === 'int' && type.signed }
  const a = register(left, sign)
  if (op === '<<' || op === '>>') return register(compute(op, a, right & 63n), sign)
  const b = register(right, sign)
  if (op === '%' && dialect === 'linux' && sign.signed) return remainderOfSizes(a, b)
  if (b === 0n && (op === '/' || op === '%')) throw DIVIDE_BY_ZERO
  return register(compute(op, a, b), sign)
}

/** What is left of the size of `a`; negative when one of the two is, but not both. */
export function remainderOfSizes(a: bigint, b: bigint): bigint {
  if (b === 0n) throw DIVIDE_BY_ZERO
  const rest = a % b
  return b < 0n ? -rest : rest
}

/** Compares two registers as signed or unsigned 64-bit integers. */
export function compareIntegers(op: CompareOp, signed: boolean, a: bigint, b: bigint): boolean {
  return compares(op, register(a, { signed }), register(b, { signed }))
}
