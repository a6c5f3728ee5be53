// How strings compare in D: byte by byte, as they lie in memory. JavaScript compares 16-bit units,
// which differs only where one string has a surrogate: a character beyond U+FFFF, or a byte that is
// no UTF-8.
import { toBytes } from '../../base/byte-text.js'

const SURROGATE = /[\ud800-\udfff]/

/** Negative, zero or positive, as strcmp() of the bytes would be. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1
  return toBytes(a) < toBytes(b) ? -1 : 1
}
