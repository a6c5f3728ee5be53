// SpanText: lengths of time as people say them, to a thousandth.
//
//   30000000000 -> 30 s     59999998800 -> 60 s     5400000000000 -> 90 min     1500000 -> 1.5 ms

/** Each with how long it is, and from what length on it is used. */
const UNITS = [
  ['h', 3600e9, 7200e9],
  ['min', 60e9, 600e9],
  ['s', 1e9, 1e9],
  ['ms', 1e6, 1e6],
  ['us', 1e3, 1e3],
] as const

/** A length of time, to a thousandth of its unit; from a second on to a millisecond. */
export function spanText(ns: bigint): string {
  const exact = Number(ns)
  const length = exact < 0.9995e9 ? exact : Math.round(exact / 1e6) * 1e6
  const [name, unit] = UNITS.find(([, , least]) => length >= least) ?? ['ns', 1]
  return `${Math.round((length * 1000) / unit) / 1000} ${name}`
}
