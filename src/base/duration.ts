// Durations as people write them.
//
//   '5s'  '1.5ms'  '250us'  '2h'  '1h27m'  '1 min 55 s'  ->  nanoseconds
//
// Holds: of several units each comes once, the longer one first. What is printed can be typed, and
// so can D's names of its units.

const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'd day days': 86_400e9,
    'h hour hours': 3600e9,
    'm min minute minutes': 60e9,
    's sec second seconds': 1e9,
    'ms msec': 1e6,
    'us usec µs μs': 1e3,
    'ns nsec': 1,
  }).flatMap(([names, ns]) => names.split(' ').map((name): [string, number] => [name, ns])),
)

/** One number with its unit, and all of them. */
const NAMES = [...UNITS.keys()].sort((a, b) => b.length - a.length).join('|')
const ONE = String.raw`(\d+(?:\.\d+)?) ?(${NAMES})`
const PART = new RegExp(ONE, 'g')
const PARTS = new RegExp(`^${ONE}(?: ?${ONE})*$`)

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
