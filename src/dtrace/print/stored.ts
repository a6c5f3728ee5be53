// Values as they lie in memory: the bytes of what was recorded, and the integers in them.
//
//   TypedValue  ->  bytes, little-endian  ->  integer, float or string of a member
//
// Holds: what lies past the end of the bytes reads as 0. Source: LP64, x86.
import { bytesOfText, textOfBytes } from '../../base/byte-text.js'
import { cutInteger } from '../../base/int64.js'
import type { TypedValue } from '../program/record.js'
import type { BitField, DType, IntegerDType } from '../program/types.js'

/** Bytes that a string takes where nobody set strsize. */
export const STRING_BYTES = 256

/** How many bytes a value of the type takes; a string takes `strsize`. */
export function storedSize(type: DType, strsize = STRING_BYTES): number {
  switch (type.kind) {
    case 'int':
    case 'float':
      return type.bytes
    case 'string':
      return strsize
    case 'array':
      return type.length * storedSize(type.element, strsize)
    case 'record':
      return type.layout?.bytes ?? 0
    case 'void':
    case 'function':
      return 0
  }
}

/** The bytes of a recorded value; a string's are filled up with zeros to `strsize`. */
export function storedBytes({ type, value }: TypedValue, strsize = STRING_BYTES): Uint8Array {
  if (value instanceof Uint8Array) return value
  const bytes = new Uint8Array(storedSize(type, strsize))
  if (typeof value === 'string') bytes.set(bytesOfText(value).subarray(0, bytes.length))
  else for (let i = 0; i < bytes.length; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn)
  return bytes
}

/** The unsigned integer in `size` bytes from `at` on. */
export function storedUnsigned(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0)
  return value
}

/** The integer of a type at `at`, by the type's sign; of a bit-field its bits, unsigned. */
export function storedInteger(
  bytes: Uint8Array,
  at: number,
  { type, bits }: { readonly type: IntegerDType; readonly bits?: BitField | undefined },
): bigint {
  const whole = storedUnsigned(bytes, at, type.bytes)
  if (bits !== undefined) return (whole >> BigInt(bits.shift)) & ((1n << BigInt(bits.width)) - 1n)
  return cutInteger(whole, type)
}

/** The text up to the first 0, or to the end of the bytes. */
export function storedText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return textOfBytes(end < 0 ? bytes : bytes.subarray(0, end))
}

/** Whether the type is `char`, whose arrays are text: one byte, signed. */
export function isChar(type: DType): type is IntegerDType {
  return type.kind === 'int' && type.bytes === 1 && type.signed && type.enumerators === undefined
}
