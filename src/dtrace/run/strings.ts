// D strings are bytes; JavaScript's are 16-bit units. Most are ASCII, where both are the same: only
// others go through UTF-8 (base/byte-text.ts).
//
// Holds: no string holds a 0 but the one that stands for none at all, NULL_STRING.
import { isAscii, isLoneByte } from '../../base/byte-text.js'
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
  if (codePoint < 0x80 || isLoneByte(codePoint)) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
