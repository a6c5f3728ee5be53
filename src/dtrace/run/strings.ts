// D strings are bytes; JavaScript's are 16-bit units. Most are ASCII, where both are the same: only
// others go through UTF-8, where a byte that is not valid becomes a lone surrogate (U+DC80 to
// U+DCFF) and comes back as that byte.
//
// Holds: no string holds a 0 but the one that stands for none at all, NULL_STRING.
import { compareStrings } from '../aggregate/text-order.js'
import { invalidAddress } from './engine.js'

/** What a string expression yields where D has the address 0: an unset `self->` variable, what
 *  strchr() does not find. */
export const NULL_STRING = '\0'

/** A string that is one: what is recorded, or a key. Throws "invalid address" for NULL. */
export function present(text: string): string {
  if (text === NULL_STRING) throw invalidAddress(0)
  return text
}

/** Orders two strings, either of which may be NULL: on illumos that is as good as "", on Linux
 *  less than any string. */
export function compareNullable(a: string, b: string, dialect: 'illumos' | 'linux'): number {
  if (a !== NULL_STRING && b !== NULL_STRING) return compareStrings(a, b)
  if (dialect === 'linux') return Number(a !== NULL_STRING) - Number(b !== NULL_STRING)
  return compareStrings(orEmpty(a), orEmpty(b))
}

const orEmpty = (text: string): string => (text === NULL_STRING ? '' : text)

/** Cuts a string to so many bytes of UTF-8, at a character's border. */
export function cutString(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text
  if (isAscii(text)) return text.slice(0, bytes)
  let used = 0
  let kept = ''
  for (const c of text) {
    used += utf8Length(c.codePointAt(0) ?? 0)
    if (used > bytes) break
    kept += c
  }
  return kept
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80 || isEscape(codePoint)) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

const ESCAPE = 0xdc00
const isEscape = (unit: number): boolean => unit >= ESCAPE + 0x80 && unit <= ESCAPE + 0xff

/** The bytes of a string, one character each. */
export function toBytes(text: string): string {
  if (isAscii(text)) return text
  let bytes = ''
  for (const c of text) {
    const codePoint = c.codePointAt(0) ?? 0
    bytes += isEscape(codePoint)
      ? String.fromCharCode(codePoint - ESCAPE)
      : String.fromCharCode(...new TextEncoder().encode(c))
  }
  return bytes
}

/** A string of bytes read as UTF-8. */
export function fromBytes(bytes: string): string {
  if (isAscii(bytes)) return bytes
  return decoded(bytes) ?? piecewise(bytes)
}

function piecewise(bytes: string): string {
  let text = ''
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes.charCodeAt(i)
    const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const c = decoded(bytes.slice(i, i + length))
    text += c ?? String.fromCharCode(ESCAPE + lead)
    i += c === undefined ? 1 : length
  }
  return text
}

/** Undefined when it is not UTF-8. */
function decoded(bytes: string): string | undefined {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)))
  } catch {
    return undefined
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
