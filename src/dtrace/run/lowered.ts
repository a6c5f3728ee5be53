// Lowered expressions: JavaScript text and what is known of its value. The heart of speed and
// exactness: an integer is a plain number as long as its range is proved to lie within 2^53, else a
// bigint.
//
//   num   a whole number in [low, high], congruent to the D register modulo 2^64. Of an unsigned
//         type it may be negative (the difference of two timestamps): whoever cares about the sign
//         settles it first
//   big   a bigint: the 64-bit register in the sign of its type, however narrow that is
//   text  a string; `code` is its number in the run's pool where that costs less
//
// Holds: `js` is evaluated exactly once, in D's order; whoever needs it twice puts it into a
// temporary.
import { assert } from '../../base/assert.js'
import { register } from '../program/type-names.js'
import { type DType, UINT64 } from '../program/types.js'

export interface Num {
  readonly kind: 'num'
  readonly js: string
  readonly low: number
  readonly high: number
  /** The same as a JavaScript condition, where there is one. */
  readonly test?: string
}

export interface Big {
  readonly kind: 'big'
  readonly js: string
}

export interface Text {
  readonly kind: 'text'
  readonly js: string
  readonly code?: string
  /** Whether it may be NULL; then it has no code. */
  readonly nullable?: true
}

export type Lowered = Num | Big | Text
export type Whole = Num | Big
export type IntType = DType & { readonly kind: 'int' }
export type Signed = { readonly signed: boolean }

/** Largest size of a number that arithmetic may yield. */
export const EXACT = 2 ** 53

export const num = (js: string, low: number, high: number): Num => ({ kind: 'num', js, low, high })
export const big = (js: string): Big => ({ kind: 'big', js })
export const text = (js: string, code?: string): Text =>
  code === undefined ? { kind: 'text', js } : { kind: 'text', js, code }

/** A string that may be NULL. */
export const nullable = ({ js }: Text): Text => ({ kind: 'text', js, nullable: true })

/** A truth value: 0 or 1. */
export const flag = (test: string): Num => {
  return { kind: 'num', js: `(${test} ? 1 : 0)`, low: 0, high: 1, test }
}

/** A constant of either kind. */
export function constant(value: bigint): Whole {
  if (value > BigInt(EXACT) || value < -BigInt(EXACT)) return big(`(${value}n)`)
  return num(value < 0n ? `(${value})` : `${value}`, Number(value), Number(value))
}

/** Smallest and largest value of a type of at most 4 bytes. */
export function typeRange(type: IntType): { low: number; high: number } {
  const size = 2 ** (8 * type.bytes)
  return type.signed ? { low: -size / 2, high: size / 2 - 1 } : { low: 0, high: size - 1 }
}

/** A number cut to a type; a value of 8 bytes stays as it is (see `num`). */
export function cutNum(value: Num, type: IntType): Num {
  if (type.bytes === 8) return value
  const { low, high } = typeRange(type)
  if (value.low >= low && value.high <= high) return value
  return num(cutText(value.js, type), low, high)
}

function cutText(js: string, type: IntType): string {
  if (type.bytes === 4) return type.signed ? `(${js} | 0)` : `(${js} >>> 0)`
  const bits = 32 - 8 * type.bytes
  return type.signed ? `(${js} << ${bits} >> ${bits})` : `(${js} & ${2 ** (8 * type.bytes) - 1})`
}

/** A value whose register is that of `from`, cut to `to`. */
export function cut(value: Whole, from: Signed, to: IntType): Whole {
  if (value.kind === 'num') return cutNum(value, to)
  if (to.bytes === 8) return resigned(value, from, to)
  const { low, high } = typeRange(to)
  return num(`Number(${wrapper(to)}(${8 * to.bytes}, ${value.js}))`, low, high)
}

/** The same register, taken in the sign of another type. */
export function resigned(value: Whole, from: Signed, to: Signed): Whole {
  return value.kind === 'num' || from.signed === to.signed ? value : wrapped(value.js, to)
}

/** A bigint expression wrapped to a register of that sign. */
export function wrapped(js: string, type: Signed): Big {
  return big(`${wrapper(type)}(64, ${js})`)
}

const wrapper = (type: Signed) => (type.signed ? 'BigInt.asIntN' : 'BigInt.asUintN')

/** A value as bigint: its register in the sign of its type. */
export function toBig(value: Whole, type: Signed): Big {
  if (value.kind === 'big') return value
  if (value.low === value.high && /^\(?-?\d+\)?$/.test(value.js)) return literal(value.low, type)
  if (!type.signed && value.low < 0) return wrapped(`BigInt(${value.js})`, type)
  return big(`BigInt(${value.js})`)
}

function literal(value: number, type: Signed): Big {
  const exact = register(BigInt(value), type)
  return big(exact < 0n ? `(${exact}n)` : `${exact}n`)
}

/** A value whose sign can be relied on: a bigint where a number might be negative although
 *  unsigned. */
export function settled(value: Whole, type: Signed): Whole {
  return value.kind === 'num' && !type.signed && value.low < 0 ? toBig(value, type) : value
}

/** As a JavaScript condition: not zero, neither empty nor NULL. */
export function asTest(value: Lowered): string {
  if (value.kind === 'num') return value.test ?? `${value.js} !== 0`
  if (value.kind === 'big') return `${value.js} !== 0n`
  return value.nullable ? `isText(${value.js})` : `${value.js} !== ''`
}

/** Whether a number always fits into signed 32 bits. */
export const isInt32 = (v: Num): boolean => v.low >= -(2 ** 31) && v.high < 2 ** 31

/** Whether a number always fits into unsigned 32 bits. */
export const isUint32 = (v: Num): boolean => v.low >= 0 && v.high < 2 ** 32

/** The type of the register that an expression yields, which must be no string: of what is held by
 *  its address, that of an address. */
export function intType(type: DType): IntType {
  assert(type.kind !== 'string', 'a string is no integer')
  return type.kind === 'int' ? type : UINT64
}

/** The same value under other text; what else was known of its text no longer holds. */
export function renamed<T extends Lowered>(value: T, js: string): T extends Text ? Text : T
export function renamed(value: Lowered, js: string): Lowered {
  if (value.kind === 'num') return num(js, value.low, value.high)
  if (value.kind === 'big') return big(js)
  return value.nullable ? nullable(text(js)) : text(js)
}
