// MomentText: times and lengths of time as explanations say them, in UTC.
//
//   1197273610000000000  ->  2007-12-10 08:00:10.000      30000000000  ->  30 s

const UNITS = [
  ['h', 3_600_000_000_000n],
  ['min', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
] as const

/** A time, nanoseconds since 1970, to the millisecond. */
export function momentText(timeNs: bigint): string {
  return new Date(Number(timeNs / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '')
}

/** A length of time, in the largest unit of which there is at least one. */
export function spanText(ns: bigint): string {
  const [name, unit] = UNITS.find(([, each]) => ns >= each) ?? ['ns', 1n]
  const value = Number((ns * 1000n) / unit) / 1000
  return `${value} ${name}`
}
