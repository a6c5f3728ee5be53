// Durations as people write them.
//
//   '5s'  '1.5ms'  '250us'  '2h'  ->  nanoseconds

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
}

/** Whole nanoseconds of a text with its unit, or of a number of nanoseconds; undefined for anything
 *  else, and for less than none. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value >= 0 && Number.isFinite(value) ? Math.round(value) : undefined
  }
  if (typeof value !== 'string') return undefined
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?(ns|us|ms|s|m|h|d)$/.exec(value.trim()) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * (UNITS[unit] ?? 1))
}
