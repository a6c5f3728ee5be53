// Recorded values as JSON: by their types, so that a structure becomes an object.
//
//   struct { int id; char name[8]; } -> {"id": 3, "name": "web1"}
//
// The rule for integers: a JSON number when it is exact there (|v| <= 2^53 - 1), else its decimal
// digits as a string. Signs are those of the D type; an enumerator is its name, an array of char is
// text, bytes without a type are hex digits.
import type { TypedValue } from '../program/record.js'
import type { DType, IntegerDType, Member } from '../program/types.js'
import { formatFloat, readFloat } from './float.js'
import { enumerator } from './print-by-value.js'
import { isChar, storedBytes, storedInteger, storedSize, storedText } from './stored.js'

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER)

/** A number where JSON is exact, else decimal digits. */
export function integerJson(value: bigint): number | string {
  const exact = value >= -MAX_EXACT && value <= MAX_EXACT
  return exact ? Number(value) : value.toString()
}

/** Bytes as hex digits, two each. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A value by its type. */
export function valueJson(value: TypedValue): Json {
  if (typeof value.value === 'string') return value.value
  return placeJson(storedBytes(value), { type: value.type, offset: 0 })
}

type Place = Pick<Member, 'type' | 'offset' | 'bits'>

function placeJson(bytes: Uint8Array, { type, offset, bits }: Place): Json {
  switch (type.kind) {
    case 'int':
      return integerOf(type, storedInteger(bytes, offset, { type, bits }))
    case 'float':
      return floatJson(bytes.subarray(offset, offset + type.bytes))
    case 'string':
      return storedText(bytes.subarray(offset, offset + storedSize(type)))
    case 'array':
      return arrayJson(bytes, type.element, { offset, length: type.length })
    case 'record': {
      const members = type.layout?.members ?? []
      return Object.fromEntries(
        members.map((m) => [m.name, placeJson(bytes, { ...m, offset: offset + m.offset })]),
      )
    }
    case 'void':
    case 'function':
      return null
  }
}

function integerOf(type: IntegerDType, value: bigint): Json {
  return type.enumerators === undefined
    ? integerJson(value)
    : (names(type.enumerators, value) ?? integerJson(value))
}

function names(enumerators: ReadonlyMap<string, bigint>, value: bigint): string | undefined {
  const text = enumerator(enumerators, value)
  return enumerators.has(text) ? text : undefined
}

function arrayJson(
  bytes: Uint8Array,
  element: DType,
  { offset, length }: { readonly offset: number; readonly length: number },
): Json {
  const size = storedSize(element)
  if (isChar(element)) return storedText(bytes.subarray(offset, offset + length))
  return Array.from({ length }, (_, i) =>
    placeJson(bytes, { type: element, offset: offset + i * size }),
  )
}

/** A number with all its digits, or "inf" and "nan", which JSON has no number for. */
function floatJson(bytes: Uint8Array): Json {
  const value = readFloat(bytes)
  const precision = bytes.length === 4 ? 9 : 17
  const text = formatFloat(value, { letter: 'g', precision, sign: '', alternate: false })
  return value.kind === 'finite' ? Number(text) : text
}
