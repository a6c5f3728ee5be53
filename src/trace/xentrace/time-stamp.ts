// The time stamps of records in the arena, as 64-bit numbers: for where one must be judged.
//
// Holds: LOST_RECORDS counts with the stamp of the first record that was lost, as it is ordered.
import { CODE_MASK, CPU_CHANGE, isEventCode, LOST_RECORDS, recordWords } from './layout.js'

/** The function found no stamp. */
export const NO_STAMP = -1n
/** No recording spans this much (a day at 3 GHz): a first stamp so far before the second is
 *  garbled. */
const LONGEST_START = 1n << 48n

/** The stamp by which the record at `at` is ordered; undefined when it carries none. */
export function stampAt(words: Uint32Array, at: number): bigint | undefined {
  const header = words[at] ?? 0
  if (header >>> 31 === 0) return undefined
  const lost = (header & CODE_MASK) === LOST_RECORDS && ((header >>> 28) & 7) === 4
  const place = lost ? at + 5 : at + 1
  return (BigInt(words[place + 1] ?? 0) << 32n) | BigInt(words[place] ?? 0)
}

/** The next stamp after the record at `at` and before `end`, or NO_STAMP. */
export function stampInPiece(words: Uint32Array, at: number, end: number): bigint {
  let next = at + recordWords(words[at] ?? 0)
  while (next < end && next + recordWords(words[next] ?? 0) <= end) {
    const stamp = stampAt(words, next)
    if (stamp !== undefined) return stamp
    next += recordWords(words[next] ?? 0)
  }
  return NO_STAMP
}

/** The first stamp from the record at `at` on that its successor does not belie; undefined if none
 *  comes before `end` or before what is no record. */
export function firstStamp(words: Uint32Array, at: number, end: number): bigint | undefined {
  for (let here = at; here < end; here += recordWords(words[here] ?? 0)) {
    const code = (words[here] ?? 0) & CODE_MASK
    if (!isEventCode(code) || code === CPU_CHANGE) return undefined
    const stamp = stampAt(words, here)
    if (stamp === undefined) continue
    const following = stampInPiece(words, here, end)
    if (following === NO_STAMP) return stamp
    if (following >= stamp && following - stamp < LONGEST_START) return stamp
  }
  return undefined
}
