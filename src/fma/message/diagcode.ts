// Diagcode: the code of a message: GMCA-8000-LF. The dictionary's name, a number, a checksum.
//
//   GMCA, 19  ->  01 | size 00 | 21 bits of 19 | checksum  ->  base 32  ->  GMCA-8000-LF
//
// Holds: the greater the number, the longer the code: 6, 10, 14 or 18 digits. The checksum covers
// the name and all digits: of short codes with one wrong digit, or two swapped, it notices 995 of
// 1,000. There are no digits B, I, O, Z, which look like others. Source: PSARC/2004/601;
// illumos-gate usr/src/lib/fm/libdiagcode.
import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'

/** What a code stands for. */
export interface Diagcode {
  readonly dictionary: string
  readonly value: bigint
}

interface Size {
  readonly dataBits: number
  readonly digits: number
  readonly sumBits: number
  /** The number that zero data bits stand for. */
  readonly offset: bigint
}

/** By the two bits that say which. */
const SIZES: readonly Size[] = [
  { dataBits: 21, digits: 6, sumBits: 5, offset: 0n },
  { dataBits: 38, digits: 10, sumBits: 8, offset: 2_097_152n },
  { dataBits: 55, digits: 14, sumBits: 11, offset: 274_880_004_096n },
  { dataBits: 72, digits: 18, sumBits: 14, offset: 36_029_071_898_968_064n },
]

const DIGITS = '0123456789ACDEFGHJKLMNPQRSTUVWXY'
/** What a code begins with: the only kind there is. */
const KIND = 0b01n
const NAME = /^[A-Z0-9_]+$/

/** The code for a number of a dictionary. Numbers have at most 72 bits and an offset. */
export function printDiagcode({ dictionary, value }: Diagcode): string {
  assert(NAME.test(dictionary) && value >= 0n, `${dictionary} ${value} has a code`)
  const which = SIZES.findIndex(({ offset, dataBits }) => value - offset < 1n << BigInt(dataBits))
  const size = SIZES[which]
  assert(size !== undefined, `${value} fits a code`)
  const head = (KIND << 2n) | BigInt(which)
  const data = (head << BigInt(size.dataBits)) | (value - size.offset)
  const bits = data << BigInt(size.sumBits)
  const sum = checksum(dictionary, digitsOf(bits, size.digits), size.sumBits)
  const letters = digitsOf(bits | BigInt(sum), size.digits).map((digit) => DIGITS[digit])
  return [dictionary, ...(letters.join('').match(/.{1,4}/g) ?? [])].join('-')
}

/** What a code stands for. Throws XpvError `fma.message-code` for what is none, saying so when only
 *  the checksum is wrong. */
export function parseDiagcode(code: string): Diagcode {
  const [dictionary = '', ...groups] = code.split('-')
  const text = groups.join('')
  const shaped = groups.every((group, i) => group.length === (i < groups.length - 1 ? 4 : 2))
  const digits = [...text].map((letter) => DIGITS.indexOf(letter))
  const which = SIZES.findIndex((size) => size.digits === text.length)
  const size = SIZES[which]
  if (!NAME.test(dictionary) || !shaped || size === undefined || digits.includes(-1)) {
    throw new XpvError('fma.message-code', `"${code}" is no code of a message`, 'GMCA-8000-LF')
  }
  const bits = digits.reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n)
  const data = bits >> BigInt(size.sumBits)
  const head = (KIND << 2n) | BigInt(which)
  const bare = digitsOf(data << BigInt(size.sumBits), size.digits)
  const sum = bits & mask(size.sumBits)
  const good = sum === BigInt(checksum(dictionary, bare, size.sumBits))
  if (!good || data >> BigInt(size.dataBits) !== head) {
    throw new XpvError('fma.message-code', `"${code}" is mistyped: its checksum is wrong`)
  }
  return { dictionary, value: (data & mask(size.dataBits)) + size.offset }
}

const mask = (bits: number): bigint => (1n << BigInt(bits)) - 1n

/** Groups of five bits, the highest first. */
function digitsOf(bits: bigint, count: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    Number((bits >> BigInt(5 * (count - 1 - i))) & 31n),
  )
}

/** CRC-32, highest bit first, from zero, over the letters of the name and the digits. */
function checksum(name: string, digits: readonly number[], bits: number): number {
  const bytes = [...name].map((letter) => letter.charCodeAt(0))
  const crc = [...bytes, ...digits].reduce(crcStep, 0)
  return crc & ((1 << bits) - 1)
}

function crcStep(crc: number, byte: number): number {
  let next = crc ^ (byte << 24)
  for (let bit = 0; bit < 8; bit++) next = next < 0 ? (next << 1) ^ 0x04c1_1db7 : next << 1
  return next
}
