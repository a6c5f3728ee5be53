// print() as illumos has it: a value with its type, members one a line.
//
//   xen_domctl_t {
//       uint32_t cmd = 0x1
//       char [16] name = [ "web1" ]
//       struct flags = {
//           int hvm :1 = 0x1
//       }
//   }
//
// Holds: integers are hex; a single member ends its line, the last brace of a record does not.
// Source: illumos libdtrace dt_print.c.
import type { TypedValue } from '../program/record.js'
import {
  type ArrayDType,
  CHAR,
  type DType,
  type IntegerDType,
  type Member,
  type RecordDType,
} from '../program/types.js'
import { formatFloat, readFloat } from './float.js'
import { isPrintable } from './hex-dump.js'
import {
  isChar,
  STRING_BYTES,
  storedBytes,
  storedInteger,
  storedSize,
  storedText,
} from './stored.js'

/** A value that print() recorded, as text. Strings take `strsize` bytes. */
export function printByValue(value: TypedValue, strsize = STRING_BYTES): string {
  const shown = new ShownValue(storedBytes(value, strsize), strsize)
  const line = shown.line('', { type: value.type, offset: 0 }, 0)
  return value.type.kind === 'record' ? line : `${line}\n`
}

type Place = Pick<Member, 'type' | 'offset' | 'bits'>

class ShownValue {
  readonly #bytes: Uint8Array
  readonly #strsize: number

  constructor(bytes: Uint8Array, strsize: number) {
    this.#bytes = bytes
    this.#strsize = strsize
  }

  /** Type, name and value, `level` steps in; without a name the value follows the type. */
  line(name: string, place: Place, level: number): string {
    const type = typeText(place.type)
    const gap = /[* ]$/.test(type) ? '' : ' '
    const bits = place.bits === undefined ? '' : ` :${place.bits.width}`
    const named = name === '' ? '' : `${gap}${name}${bits} =`
    return `${indent(level)}${type}${named} ${this.#value(place, level, name === '')}`
  }

  /** `alone`: at the top or in an array, where text has no brackets. */
  #value(place: Place, level: number, alone: boolean): string {
    const { type, offset } = place
    switch (type.kind) {
      case 'int':
        return integer(type, storedInteger(this.#bytes, offset, { type, bits: place.bits }), place)
      case 'float':
        return float(this.#bytes.subarray(offset, offset + type.bytes))
      case 'string':
        return this.#array({ element: CHAR, length: this.#strsize }, offset, { level, alone })
      case 'array':
        return this.#array(type, offset, { level, alone })
      case 'record':
        return this.#record(type, offset, level)
      case 'function':
      case 'void':
        return '<unknown encoding>'
    }
  }

  #record(type: RecordDType, offset: number, level: number): string {
    if (type.layout === undefined) return '<forward decl>'
    const lines = type.layout.members.map(
      (m) => `${this.line(m.name, { ...m, offset: offset + m.offset }, level + 1)}\n`,
    )
    return `{\n${lines.join('')}${indent(level)}}`
  }

  #array(type: ArrayOf, offset: number, at: { level: number; alone: boolean }): string {
    const text = isChar(type.element) ? this.#text(offset, type.length) : undefined
    if (text !== undefined) return at.alone ? `"${text}"` : `[ "${text}" ]`
    const size = storedSize(type.element, this.#strsize)
    const elements = Array.from({ length: type.length }, (_, i) => ({
      type: type.element,
      offset: offset + i * size,
    }))
    const level = at.level + 1
    if (type.element.kind === 'record') {
      const records = elements.map((e) => `\n${this.line('', e, level)}`)
      return `[ ${records.join(', ')}\n${indent(at.level)}]`
    }
    return `[ ${elements.map((e) => this.#value(e, level, true)).join(', ')} ]`
  }

  /** Characters up to a 0; undefined when some do not print or no 0 comes. */
  #text(offset: number, length: number): string | undefined {
    const bytes = this.#bytes.subarray(offset, offset + length)
    const end = bytes.findIndex((byte) => !isPrintable(byte))
    return end >= 0 && bytes[end] === 0 ? storedText(bytes) : undefined
  }
}

type ArrayOf = Pick<ArrayDType, 'element' | 'length'>

/** A type as C's debug format names it: that of a record without a name ends in a blank. */
function typeText({ kind, name }: DType): string {
  return kind === 'record' && (name === 'struct' || name === 'union') ? `${name} ` : name
}

const indent = (level: number): string => '    '.repeat(level)

function integer(type: IntegerDType, value: bigint, { bits }: Place): string {
  if (type.enumerators !== undefined) return enumerator(type.enumerators, value)
  if (isChar(type) && bits === undefined) return character(Number(value))
  const unsigned = BigInt.asUintN(type.bytes * 8, value)
  return unsigned === 0n ? '0' : `0x${unsigned.toString(16)}`
}

/** The first name with that value, else the number. */
export function enumerator(names: ReadonlyMap<string, bigint>, value: bigint): string {
  const signed = BigInt.asIntN(32, value)
  for (const [name, number] of names) if (BigInt.asIntN(32, number) === signed) return name
  return signed.toString()
}

/** C prints a char as an int: a negative one has eleven octal digits. */
function character(code: number): string {
  if (isPrintable(code)) return `'${String.fromCharCode(code)}'`
  return code === 0 ? "'\\0'" : `'\\${(code >>> 0).toString(8).padStart(3, '0')}'`
}

function float(bytes: Uint8Array): string {
  const precision = bytes.length === 16 ? 16 : 7
  const letter = bytes.length === 16 ? 'E' : 'e'
  return formatFloat(readFloat(bytes), { letter, precision, sign: '+', alternate: false })
}
