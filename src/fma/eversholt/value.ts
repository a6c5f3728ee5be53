// Values of expressions: 64 unsigned bits, text, a path, or undefined; and what is not known yet.
//
//   0x1a0 == "0x1a0"        text is read as a number where the other side is one
//   motherboard0/chip0      a path is text where text is compared
//
// Holds: arithmetic wraps at 64 bits; what makes no sense (a division by zero, a missing property
// compared) is undefined, and what is undefined is false.
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/eval.c (check_expr_args, eval_expr).
import type { Place } from './places.js'
import type { Operator } from './tree.js'

/** A path, and the part there if there is one. */
export interface PathValue {
  readonly key: string
  readonly place: Place | undefined
}

/** What an expression yields. */
export type Value = bigint | string | PathValue | undefined

/** An ereport must be seen first, or a global set. */
export const DEFERRED = Symbol('deferred')
export type Deferred = typeof DEFERRED

/** What a condition says. */
export function isTrue(value: Value): boolean {
  return value !== undefined && value !== 0n
}

/** `1` or `0`. */
export const truth = (is: boolean): bigint => (is ? 1n : 0n)

/** The number at the start of a text, as strtoull(3C) reads it with base 0; 0 when there is none.
 *  */
export function leadingNumber(text: string): bigint {
  const [, sign = '', hex, octal, decimal] =
    /^\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|0([0-7]+)|([0-9]+))/.exec(text) ?? []
  const digits = hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : decimal
  const value = BigInt(digits ?? 0)
  return BigInt.asUintN(64, sign === '-' ? -value : value)
}

/** A value as a number; undefined when it is none. */
export function numberOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'string' ? leadingNumber(value) : undefined
}

/** A value as text: a number is hexadecimal. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'bigint') return value.toString(16)
  return typeof value === 'object' ? value.key : value
}

/** Whether two values are the same; undefined when one is. */
export function areSame(a: Value, b: Value): boolean | undefined {
  if (a === undefined || b === undefined) return undefined
  if (typeof a !== 'bigint' && typeof b !== 'bigint') return textOf(a) === textOf(b)
  const [left, right] = [numberOf(a), numberOf(b)]
  return left === undefined || right === undefined ? undefined : left === right
}

/** Two values under an operator; not `&&`, `||` and `=`, which do not take both. */
export function operate(operator: Operator, a: Value, b: Value): Value {
  if (operator === '==' || operator === '!=') {
    const same = areSame(a, b)
    return same === undefined ? undefined : truth(same === (operator === '=='))
  }
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left === undefined || right === undefined) return undefined
  return COMPUTE[operator]?.(left, right)
}

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value)

const COMPUTE: Readonly<Partial<Record<Operator, (a: bigint, b: bigint) => Value>>> = {
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => (b > 63n ? 0n : wrap(a << b)),
  '>>': (a, b) => (b > 63n ? 0n : a >> b),
  '+': (a, b) => wrap(a + b),
  '-': (a, b) => (a < b ? undefined : a - b),
  '*': (a, b) => wrap(a * b),
  '/': (a, b) => (b === 0n ? undefined : a / b),
  div: (a, b) => (b === 0n ? undefined : a / b),
  '%': (a, b) => (b === 0n ? undefined : a % b),
}

/** A value as people read it. */
export function shownValue(value: Value | Deferred): string {
  if (value === DEFERRED) return 'not known yet'
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint')
    return value > 9n ? `${value} (0x${value.toString(16)})` : `${value}`
  return typeof value === 'string' ? `"${value}"` : value.key
}
