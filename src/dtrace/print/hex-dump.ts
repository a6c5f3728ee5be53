// Bytes in hex with their characters beside them: tracemem(), and trace() of what is no text.
//
//             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef
//        0: 64 6f 6d 30 00                                   dom0.
//
// Source: illumos libdtrace dt_consume.c (dt_print_bytes); DTrace for Linux dt_print_rawbytes.

const DIGITS = '0123456789abcdef'
const HEAD = `\n           ${[...DIGITS].map((digit) => `  ${digit}`).join('')}  ${DIGITS}\n`

/** A newline, a head, and a line for every 16 bytes; nothing for no bytes. */
export function hexDump(bytes: Uint8Array): string {
  if (bytes.length === 0) return ''
  let text = HEAD
  for (let at = 0; at < bytes.length; at += 16) text += line(at, bytes.subarray(at, at + 16))
  return text
}

function line(at: number, bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('')
  const shown = Array.from(bytes, (byte) => (isPrintable(byte) ? String.fromCharCode(byte) : '.'))
  return `     ${at.toString(16).padStart(5)}:${hex.padEnd(48)}  ${shown.join('')}\n`
}

/** Whether a byte is a character with a shape, or a blank: C's isprint(). */
export function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e
}

/** Where text in `bytes` ends: at the first of only zeros, or at the end. Undefined when it is no
 *  text: it is empty, or has bytes that neither print nor are white space, bell or backspace. */
export function textEnd(bytes: Uint8Array): number | undefined {
  const end = bytes.findIndex((byte) => !isPrintable(byte) && !(byte >= 7 && byte <= 13))
  if (end < 0) return bytes.length
  return end > 0 && bytes.subarray(end).every((byte) => byte === 0) ? end : undefined
}
