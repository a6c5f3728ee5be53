// Floating-point numbers as C prints them: D computes with none, but copies and shows them.
//
//   bytes  ->  mantissa * 2^exponent  ->  %e 1.500000e+00   %f 1.500000   %g 1.5
//
// Holds: digits are those of the exact value, rounded half to even. Source: IEEE 754; the x87's 80
// bits for `long double`; C11 7.21.6.1.
import { storedUnsigned } from './stored.js'

/** A number as it is stored; `finite` is `mantissa * 2^exponent`. */
export type FloatValue =
  | { readonly kind: 'finite'; readonly negative: boolean; mantissa: bigint; exponent: number }
  | { readonly kind: 'inf' | 'nan'; readonly negative: boolean }

/** How a number is printed. */
export interface FloatStyle {
  /** e f g, or their capitals. */
  readonly letter: string
  readonly precision: number
  /** Before a number that is not negative: '+', ' ' or nothing. */
  readonly sign: string
  /** The # flag: %g keeps its zeros. */
  readonly alternate: boolean
}

/** Reads 4 bytes as float, 8 as double, 16 as long double. */
export function readFloat(bytes: Uint8Array): FloatValue {
  if (bytes.length === 16) return readExtended(bytes)
  const [exponentBits, fractionBits] = bytes.length === 4 ? [8, 23] : [11, 52]
  const whole = storedUnsigned(bytes, 0, bytes.length)
  const fraction = whole & ((1n << BigInt(fractionBits)) - 1n)
  const top = (1 << exponentBits) - 1
  const biased = Number(whole >> BigInt(fractionBits)) & top
  const negative = whole >> BigInt(fractionBits + exponentBits) === 1n
  if (biased === top) return { kind: fraction === 0n ? 'inf' : 'nan', negative }
  const hidden = biased === 0 ? 0n : 1n << BigInt(fractionBits)
  const exponent = Math.max(biased, 1) - (top >> 1) - fractionBits
  return { kind: 'finite', negative, mantissa: hidden | fraction, exponent }
}

function readExtended(bytes: Uint8Array): FloatValue {
  const mantissa = storedUnsigned(bytes, 0, 8)
  const head = Number(storedUnsigned(bytes, 8, 2))
  const [negative, biased] = [head >> 15 === 1, head & 0x7fff]
  if (biased !== 0x7fff)
    return { kind: 'finite', negative, mantissa, exponent: Math.max(biased, 1) - 16383 - 63 }
  return { kind: BigInt.asUintN(63, mantissa) === 0n ? 'inf' : 'nan', negative }
}

/** A number as text, sign first, without padding. */
export function formatFloat(value: FloatValue, style: FloatStyle): string {
  const sign = value.negative ? '-' : style.sign
  const letter = style.letter.toLowerCase()
  const digits = value.kind === 'finite' ? digitsOf(value, { ...style, letter }) : value.kind
  return sign + (letter === style.letter ? digits : digits.toUpperCase())
}

type Finite = Extract<FloatValue, { kind: 'finite' }>

function digitsOf(value: Finite, style: FloatStyle): string {
  const { precision } = style
  if (style.letter === 'f') return fixed(value, precision)
  if (style.letter === 'e') return scientific(value, precision)
  const significant = Math.max(precision, 1)
  const { exponent } = rounded(value, significant - 1)
  const isFixed = exponent >= -4 && exponent < significant
  const text = isFixed
    ? fixed(value, significant - 1 - exponent)
    : scientific(value, significant - 1)
  return style.alternate ? text : withoutZeros(text)
}

/** Drops zeros at the end of a fraction, and the point when nothing is left of it. */
function withoutZeros(text: string): string {
  const [mantissa = '', power] = text.split('e')
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  return power === undefined ? short : `${short}e${power}`
}

function fixed(value: Finite, places: number): string {
  const digits = scaled(value, places)
    .toString()
    .padStart(places + 1, '0')
  const point = digits.length - places
  return places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
}

function scientific(value: Finite, places: number): string {
  const { digits, exponent } = rounded(value, places)
  const fraction = places === 0 ? '' : `.${digits.slice(1)}`
  const power = Math.abs(exponent).toString().padStart(2, '0')
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`
}

/** `places` + 1 digits, and the power of ten of the first of them. */
function rounded(value: Finite, places: number): { digits: string; exponent: number } {
  if (value.mantissa === 0n) return { digits: '0'.repeat(places + 1), exponent: 0 }
  const bits = value.mantissa.toString(2).length + value.exponent
  let exponent = Math.floor(bits * Math.LOG10E * Math.LN2)
  // The estimate is at most one too high; rounding up may add a digit again.
  for (;;) {
    const digits = scaled(value, places - exponent).toString()
    if (digits.length === places + 1) return { digits, exponent }
    exponent += digits.length > places + 1 ? 1 : -1
  }
}

/** value * 10^places as an integer, rounded half to even. */
function scaled({ mantissa, exponent }: Finite, places: number): bigint {
  let numerator = mantissa
  let denominator = 1n
  if (exponent >= 0) numerator <<= BigInt(exponent)
  else denominator <<= BigInt(-exponent)
  if (places >= 0) numerator *= 10n ** BigInt(places)
  else denominator *= 10n ** BigInt(-places)
  const quotient = numerator / denominator
  const twice = 2n * (numerator % denominator)
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return up ? quotient + 1n : quotient
}
