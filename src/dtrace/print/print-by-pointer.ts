// print() as DTrace for Linux has it: an address, and what lies there, one member a line.
//
//   0xffff88810000 = *
//                                               (struct domain) {
//                                                .domain_id = (domid_t)3,
//                                               }
//
// Holds: members that are zero are left out; where `printsize` bytes are over stands "..."; no more
// than ten levels. Source: DTrace for Linux dt_printf.c (dt_print_type, dt_print_visit). DTrace
// forgets the members of records in an array: here they are shown.
import type { TypedValue } from '../program/record.js'
import type { ArrayDType, DType, IntegerDType, Member } from '../program/types.js'
import { enumerator } from './print-by-value.js'
import { isChar, storedBytes, storedInteger, storedSize } from './stored.js'
import { addressText } from './symbol.js'

const INDENT = 44
const LEVELS = 10

/** What lies at `address`, as text of several lines. */
export function printByPointer(value: TypedValue, address: bigint, printsize: number): string {
  const dump = new PointedDump(storedBytes(value), printsize)
  return `${addressText(address)} = *\n${dump.text(value.type)}`
}

class PointedDump {
  readonly #bytes: Uint8Array
  readonly #limit: number
  readonly #lines: string[] = []
  /** Level of what was shown last: the records it lies in are open, and close when something
   *  further out is shown. */
  #last = 0

  constructor(bytes: Uint8Array, limit: number) {
    this.#bytes = bytes
    this.#limit = Math.min(limit, bytes.length)
  }

  text(type: DType): string {
    this.#show('', { type, offset: 0 }, 0)
    if (type.kind === 'record') this.#last = Math.max(this.#last, 1)
    this.#close(0)
    return this.#lines.join('')
  }

  /** Shows one place; false once the bytes are over. */
  #show(name: string, place: Place, level: number): boolean {
    const { type, offset } = place
    if (offset >= this.#limit || level >= LEVELS) {
      this.#line(level, '...')
      return false
    }
    this.#close(level)
    if (level > 0 && this.#isZero(offset, storedSize(type))) return true
    this.#last = level
    const label = name === '' || level === 0 ? '' : `.${name} = `
    const head = `${label}(${type.name})`
    switch (type.kind) {
      case 'record':
        this.#line(level, `${head} {`)
        return (type.layout?.members ?? []).every((m) =>
          this.#show(m.name, { ...m, offset: offset + m.offset }, level + 1),
        )
      case 'array':
        return this.#array(type, { head, offset, level })
      case 'int':
        this.#integer(type, head, place, level)
        return true
      default:
        return true
    }
  }

  #array(type: ArrayDType, at: { head: string; offset: number; level: number }): boolean {
    const { head, offset, level } = at
    this.#line(level, `${head} [${type.length === 0 ? '],' : ''}`)
    if (type.length === 0) return true
    const size = storedSize(type.element)
    for (let i = 0; i < type.length; i++) {
      const start = offset + i * size
      if (isChar(type.element) && (this.#bytes[start] ?? 0) === 0) break
      if (!this.#show('', { type: type.element, offset: start }, level + 1)) return false
    }
    this.#close(level + 1)
    this.#line(level, '],')
    this.#last = level
    return true
  }

  #integer(type: IntegerDType, head: string, place: Place, level: number): void {
    const value = storedInteger(this.#bytes, place.offset, { type, bits: place.bits })
    // Of a bit-field the integer around it may be anything: only now it shows to be zero.
    if (place.bits !== undefined && value === 0n) return
    this.#line(level, `${head}${integerText(type, value)},`)
  }

  /** Closes the records that are open further in than `level`. */
  #close(level: number): void {
    for (; this.#last > level; this.#last--) this.#line(this.#last - 1, this.#last > 1 ? '},' : '}')
  }

  #isZero(offset: number, size: number): boolean {
    return this.#bytes.subarray(offset, offset + size).every((byte) => byte === 0)
  }

  #line(level: number, text: string): void {
    this.#lines.push(`${' '.repeat(INDENT + level)}${text}\n`)
  }
}

type Place = Pick<Member, 'type' | 'offset' | 'bits'>

function integerText(type: IntegerDType, value: bigint): string {
  if (type.enumerators !== undefined) return enumerator(type.enumerators, value)
  if (type.pointee !== undefined) return addressText(value)
  if (type.name !== 'char') return value.toString()
  return `'${String.fromCharCode(Number(BigInt.asUintN(8, value)))}'`
}
