// Functions that generated code calls by name: what JavaScript's operators do not say exactly.

import { bytesText } from '../aggregate/key-layout.js'
import { compareStrings } from '../aggregate/text-order.js'
import { DIVIDE_BY_ZERO, Fault, notLive, notRecorded, outOfBounds } from './engine.js'
import { remainderOfSizes } from './integers.js'
import { shownBytes } from './recorded.js'
import { NULL_STRING, present } from './strings.js'

const MISSING = Array.from({ length: 10 }, (_, n) => notRecorded(`arg${n}`))

/** Truncated division of whole numbers. */
function quotient(a: number, b: number): number {
  if (b === 0) throw DIVIDE_BY_ZERO
  return Math.trunc(a / b)
}

/** The rest of truncated division; it has the sign of `a`. */
function remainder(a: number, b: number): number {
  if (b === 0) throw DIVIDE_BY_ZERO
  return a % b
}

/** A divisor that is not zero. */
function nonzero(b: bigint): bigint {
  if (b === 0n) throw DIVIDE_BY_ZERO
  return b
}

/** Right shifts of registers within 32 bits by 0 to 63. */
const shiftRight32 = (a: number, by: number): number => a >> Math.min(by, 31)
const shiftRightU32 = (a: number, by: number): number => (by > 31 ? 0 : a >>> by)

/** A number that orders among unsigned 64-bit ones as the register does; exact unless negative. */
const unsignedSize = (v: number): number => (v < 0 ? v + 2 ** 64 : v)

/** An index that an array of so many elements has. */
function bounded<T extends number | bigint>(index: T, length: number): T {
  if (index >= 0 && index < length) return index
  throw outOfBounds(index)
}

/** Whether a string is neither "" nor NULL. */
const isText = (text: string): boolean => text !== '' && text !== NULL_STRING

function missing(n: number): never {
  throw MISSING[n]
}

function unrecorded(name: string): never {
  throw notRecorded(name)
}

/** All of them, by the names that generated code uses. */
export const PRELUDE = {
  Fault,
  compareStrings,
  quotient,
  remainder,
  remainderOfSizes,
  nonzero,
  shiftRight32,
  shiftRightU32,
  unsignedSize,
  bounded,
  isText,
  present,
  bytesText,
  missing,
  notLive,
  shownBytes,
  unrecorded,
}
