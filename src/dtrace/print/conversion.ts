// One printf conversion of one value: `%-8x` and an int32 become eight bytes.
//
//   conversion + width + precision + typed value  ->  text
//
// Holds: size and sign come from the value's D type, never from `h`, `l` or `ll`. A precision of 0
// counts as none. No width is too wide. Source: illumos libdtrace dt_printf.c; D language guide,
// "Output Formatting".
import { assert } from '../../base/assert.js'
import type { Conversion } from '../program/format.js'
import type { TypedValue } from '../program/record.js'
import { calendarTime, mailTime } from './calendar.js'
import { escapeByte, escapeString } from './escape.js'
import { formatFloat, readFloat } from './float.js'
import { cutBytes, pad } from './pad.js'
import { stackText } from './stack.js'
import { storedBytes, storedText, storedUnsigned } from './stored.js'
import { addressText } from './symbol.js'

/** Whose bytes: illumos (and Solaris, Apple, FreeBSD), or Oracle's DTrace for Linux. */
export type Dialect = 'illumos' | 'linux'

/** A conversion with its stars filled in. `width` and `precision` are 0 when there is none. */
export interface Field {
  readonly conversion: Conversion
  readonly left: boolean
  readonly width: number
  readonly precision: number
}

/** Whether `%d`-like `conversion` reads its 64-bit argument as signed: what aggregation values
 *  divide by. */
export function readsSigned(conversion: Conversion, type: TypedValue['type'], dialect: Dialect) {
  const { letter, size } = conversion
  if (letter === 'c' || letter === 'C') return true
  if (letter !== 'd' && letter !== 'i') return false
  const followsType = size === '' && (letter === 'd' || dialect === 'linux')
  return followsType ? type.kind === 'int' && type.signed : true
}

/** Fixes side, width and precision of a conversion. A negative width from an argument aligns
 *  left; a negative precision is none. */
export function field(conversion: Conversion, width: number, precision: number): Field {
  const flags = conversion.flags
  const left = flags.lastIndexOf('-') > flags.lastIndexOf('0') || width < 0
  const pointer = conversion.width === undefined && flags.includes('?')
  return {
    conversion,
    left,
    width: pointer ? 16 : Math.abs(width),
    precision: Math.max(0, precision),
  }
}

/** Formats one value. The checker has matched letter and type: a mismatch is our bug. */
export function convert(f: Field, value: TypedValue, dialect: Dialect): string {
  const { letter } = f.conversion
  switch (letter) {
    case 'd':
    case 'i':
      return readsSigned(f.conversion, value.type, dialect)
        ? signedText(f, asSigned(value))
        : unsignedText(f, asUnsigned(value), 10)
    case 'u':
      return unsignedText(f, asUnsigned(value), 10)
    case 'o':
      return unsignedText(f, asUnsigned(value), 8)
    case 'x':
    case 'p':
      return unsignedText(f, asUnsigned(value), 16)
    case 'X':
      return unsignedText(f, asUnsigned(value), 16).toUpperCase()
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      return floatText(f, value)
    case 'k':
      return framesText(f, value)
    default:
      return aligned(f, textOf(letter, f.conversion.size, value), letter)
  }
}

function floatText(f: Field, value: TypedValue): string {
  const { letter, flags } = f.conversion
  const number = readFloat(storedBytes(value))
  const text = formatFloat(number, {
    letter,
    precision: f.precision > 0 ? f.precision : 6,
    sign: positiveSign(flags),
    alternate: flags.includes('#'),
  })
  if (!flags.includes('0') || f.left || number.kind !== 'finite')
    return pad(text, f.width, f.left ? 'left' : 'right')
  const sign = /^[-+ ]?/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(f.width - sign.length, '0')
}

/** %k: frames, a line each. Aligned left, a width is the indent of all; else it pads each. */
function framesText(f: Field, { value }: TypedValue): string {
  assert(typeof value === 'string', '%k of what is no stack')
  const frames = value === '' ? [] : value.split('\n')
  if (f.left) return stackText(frames, f.width)
  return stackText(
    frames.map((frame) => aligned(f, frame, 's')),
    0,
  )
}

function textOf(letter: string, size: string, value: TypedValue): string {
  switch (letter) {
    case 'c':
      return size === ''
        ? String.fromCodePoint(Number(asUnsigned(value) & 0xffn))
        : wideCharacter(asUnsigned(value))
    case 'C':
      return escapeByte(Number(asUnsigned(value) & 0xffn))
    case 's':
      return size === '' ? cString(value) : wideString(value)
    case 'S':
      return escapeString(cString(value))
    case 'a':
    case 'A':
      return addressText(asUnsigned(value))
    case 'Y':
      return calendarTime(asSigned(value))
    case 'T':
      return mailTime(asSigned(value))
    default:
      throw new Error(`xpv bug: no conversion %${letter}`)
  }
}

/** Strings and arrays of char end at their NUL, as in C. */
function cString({ value }: TypedValue): string {
  assert(typeof value !== 'bigint', '%s of an integer')
  if (typeof value !== 'string') return storedText(value)
  const end = value.indexOf('\0')
  return end < 0 ? value : value.slice(0, end)
}

/** An array of wchar_t, up to a 0. */
function wideString(value: TypedValue): string {
  const bytes = storedBytes(value)
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const code = storedUnsigned(bytes, at, 4)
    if (code === 0n) break
    text += wideCharacter(code)
  }
  return text
}

/** A wide character; what is none in Unicode shows as its replacement. */
function wideCharacter(code: bigint): string {
  return code > 0x10ffffn ? '\ufffd' : String.fromCodePoint(Number(code))
}

function aligned(f: Field, text: string, letter: string): string {
  const cut = f.precision > 0 && letter !== 'c' ? cutBytes(text, f.precision) : text
  return pad(cut, f.width, f.left ? 'left' : 'right')
}

function bitsOf(value: TypedValue): number {
  return value.type.kind === 'int' ? value.type.bytes * 8 : 64
}

function asSigned(value: TypedValue): bigint {
  assert(typeof value.value === 'bigint', 'an integer conversion of a string')
  return BigInt.asIntN(bitsOf(value), value.value)
}

function asUnsigned(value: TypedValue): bigint {
  assert(typeof value.value === 'bigint', 'an integer conversion of a string')
  return BigInt.asUintN(bitsOf(value), value.value)
}

function signedText(f: Field, value: bigint): string {
  const { flags } = f.conversion
  const digits = grouped(f, (value < 0n ? -value : value).toString())
  return number(f, value < 0n ? '-' : positiveSign(flags), digits)
}

/** What stands before a number that is not negative. */
function positiveSign(flags: string): string {
  if (flags.includes('+')) return '+'
  return flags.includes(' ') ? ' ' : ''
}

function unsignedText(f: Field, value: bigint, radix: 8 | 10 | 16): string {
  const digits = value.toString(radix)
  const alternate = f.conversion.flags.includes('#')
  if (radix === 10) return number(f, '', grouped(f, digits))
  if (radix === 8) return number(f, '', alternate && value !== 0n ? `0${digits}` : digits)
  return number(f, alternate && value !== 0n ? '0x' : '', digits)
}

/** The ' flag: thousands apart by commas (C takes the locale's). */
function grouped(f: Field, digits: string): string {
  if (!f.conversion.flags.includes("'")) return digits
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Sign, digits, and the padding between or around them. */
function number(f: Field, sign: string, digits: string): string {
  const exact = digits.padStart(f.precision, '0')
  const { flags } = f.conversion
  const zeros = flags.includes('0') && !f.left && f.precision === 0
  if (zeros) return sign + exact.padStart(f.width - sign.length, '0')
  return pad(sign + exact, f.width, f.left ? 'left' : 'right')
}
