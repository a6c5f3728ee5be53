// Strings with their unprintable bytes escaped, for printf's %S and %C.
//
//   tab, NUL, 0xc3  ->  \t  \0  \303
import { bytesOfText } from '../../base/byte-text.js'

const NAMED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
}

/** Escapes as C source would write it; each byte of a character beyond ASCII becomes three octal
 *  digits. A NUL ends the string, and is shown. */
export function escapeString(text: string): string {
  const end = text.indexOf('\0')
  const bytes = bytesOfText(end < 0 ? text : text.slice(0, end + 1))
  return Array.from(bytes, escapeByte).join('')
}

/** Escapes one byte. */
export function escapeByte(byte: number): string {
  const named = NAMED[byte]
  if (named !== undefined) return named
  if (byte >= 0x20 && byte <= 0x7e) return String.fromCharCode(byte)
  return `\\${byte.toString(8).padStart(3, '0')}`
}
