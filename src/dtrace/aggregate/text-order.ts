// How strings compare in D: byte by byte, as UTF-8 lies in memory. JavaScript compares 16-bit
// units, which differs only where one string has a character beyond U+FFFF.

const SURROGATE = /[\ud800-\udfff]/

/** Negative, zero or positive, as strcmp() of the UTF-8 forms would be. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1
  const left = [...a]
  const right = [...b]
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const x = left[i]?.codePointAt(0) ?? 0
    const y = right[i]?.codePointAt(0) ?? 0
    if (x !== y) return x - y
  }
  return left.length - right.length
}
