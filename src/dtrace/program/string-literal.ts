// String literals: C's escapes, both ways.
//
//   readEscapes('a\\tb')  <->  quoteString('a<tab>b')
//
// Holds: readEscapes of what quoteString wrote, without its quotes, is the string again.
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_string.c
// (stresc2chr).
import { fromBytes, loneByte, toBytes } from '../../base/byte-text.js'

const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
}

/** Replaces C's escapes; an unknown one keeps its backslash. Octal and hex digits are a byte:
 *  several may be one character of UTF-8. */
export function readEscapes(text: string): string {
  const replaced = text.replace(
    /\\(x[0-9a-fA-F]+|[0-7]{1,3}|[\s\S])/g,
    (whole: string, code: string): string => {
      if (/^x./.test(code)) return byte(Number.parseInt(code.slice(-2), 16))
      if (/^[0-7]/.test(code)) return byte(Number.parseInt(code, 8))
      return NAMED[code] ?? whole
    },
  )
  return replaced === text ? text : fromBytes(toBytes(replaced))
}

/** Writes a string as a literal that readEscapes reads back. */
export function quoteString(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}\udc80-\udcff]/gu, (c) => {
    const name = Object.entries(NAMED).find(([, value]) => value === c)?.[0]
    if (name !== undefined) return `\\${name}`
    const bytes = Array.from(toBytes(c), (byte) => byte.charCodeAt(0).toString(8))
    return bytes.map((byte) => `\\${byte.padStart(3, '0')}`).join('')
  })
  return `"${escaped}"`
}

function byte(value: number): string {
  const low = value & 0xff
  return low < 0x80 ? String.fromCharCode(low) : loneByte(low)
}
