// MomentText: times and lengths of time as explanations say them, in UTC.
//
//   1197273610000000000  ->  2007-12-10 08:00:10.000      30000000000  ->  30 s

/** Each with how long it is, and from what length on it is used. */
const UNITS = [
  ['h', 3600e9, 7200e9],
  ['min', 60e9, 600e9],
  ['s', 1e9, 0.9995e9],
  ['ms', 1e6, 1e6],
  ['us', 1e3, 1e3],
] as const

/** A time, nanoseconds since 1970, to the millisecond. */
export function momentText(timeNs: bigint): string {
  return new Date(Number(timeNs / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '')
}

/** A length of time, to a thousandth of its unit. */
export function spanText(ns: bigint): string {
  const length = Number(ns)
  const [name, unit] = UNITS.find(([, , least]) => length >= least) ?? ['ns', 1, 0]
  return `${Math.round((length * 1000) / unit) / 1000} ${name}`
}
