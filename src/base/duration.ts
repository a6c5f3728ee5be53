// Durations as people write them.
//
//   '5s'  '1.5ms'  '250us'  '2h'  '1h27m'  ->  nanoseconds
//
// Holds: of several units each comes once, the longer one first.

const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400e9],
  ['h', 3600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
])

/** One number with its unit, and all of them. */
const PART = /(\d+(?:\.\d+)?) ?(ns|us|ms|s|m|h|d)/g
const PARTS = /^\d+(?:\.\d+)? ?(?:ns|us|ms|s|m|h|d)(?: ?\d+(?:\.\d+)? ?(?:ns|us|ms|s|m|h|d))*$/

/** Whole nanoseconds of a text with its unit, or of a number of nanoseconds; undefined for anything
 *  else, and for less than none. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value >= 0 && Number.isFinite(value) ? Math.round(value) : undefined
  }
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (!PARTS.test(text)) return undefined
  let [sum, last] = [0, Number.POSITIVE_INFINITY]
  for (const [, number, name = ''] of text.matchAll(PART)) {
    const unit = UNITS.get(name) ?? 0
    if (unit >= last) return undefined
    sum += Number(number) * unit
    last = unit
  }
  return Math.round(sum)
}
