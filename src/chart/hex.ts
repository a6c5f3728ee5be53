// Hex dumps: bytes sixteen a line, with what they say beside or below.
//
//   000000  de 10 5d 00 06 04 10 00  a2 00 04 06 08 00 01 00  |..].............|
//   000  10de  Vendor ID
//
// Holds: lines that are all the same as the one above are one `*`; a field that lies beyond the
// bytes says so.
import { type Table, table } from '../base/table.js'

/** What some of the bytes say. */
export interface HexField {
  readonly name: string
  readonly offset: number
  readonly bytes: number
  readonly doc?: string
}

const PER_LINE = 16

/** The dump as lines joined by newlines; `(no bytes)` for none. `from` is the address of the first
 *  byte. */
export function hexDump(bytes: Uint8Array, from = 0): string {
  if (bytes.length === 0) return '(no bytes)'
  const lines: string[] = []
  let last = ''
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const text = lineOf(bytes.subarray(at, at + PER_LINE))
    if (text !== last) lines.push(`${address(from + at)}  ${text}`)
    else if (lines.at(-1) !== '*') lines.push('*')
    last = text
  }
  if (lines.at(-1) === '*') lines.push(address(from + bytes.length))
  return lines.join('\n')
}

const address = (at: number): string => at.toString(16).padStart(6, '0')

function lineOf(bytes: Uint8Array): string {
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
  const halves = [pairs.slice(0, 8), pairs.slice(8)].map((half) => half.join(' '))
  const text = [...bytes].map((byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
  )
  return `${halves.join('  ').padEnd(3 * PER_LINE)}  |${text.join('')}|`
}

/** What the bytes say, field by field, as little-endian numbers. */
export function hexFields(bytes: Uint8Array, fields: readonly HexField[]): Table {
  const rows = fields.map(({ name, offset, bytes: size, doc = '' }) => {
    const isThere = offset >= 0 && offset + size <= bytes.length
    const value = isThere ? [...bytes.subarray(offset, offset + size)].reverse() : undefined
    const text = value?.map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return [`0x${offset.toString(16)}`, text ?? 'not among the bytes', name, doc]
  })
  const columns = [
    { name: 'at', align: 'right' as const },
    { name: 'value', align: 'right' as const },
    { name: 'field', isKey: true },
    { name: 'meaning', wraps: true },
  ]
  return table(columns, rows)
}
