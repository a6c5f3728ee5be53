// Units of time that may follow a number, in nanoseconds. A month has 30 days and a year 365.
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/esclex.c (names and sizes).

const SECOND = 1_000_000_000n
const DAY = 86_400n * SECOND

const NAMES: readonly (readonly [ns: bigint, names: string])[] = [
  [1n, 'nanosecond nanoseconds nsec nsecs ns'],
  [1_000n, 'microsecond microseconds usec usecs us'],
  [1_000_000n, 'millisecond milliseconds msec msecs ms'],
  [SECOND, 'second seconds s'],
  [60n * SECOND, 'minute minutes min mins m'],
  [3_600n * SECOND, 'hour hours hr hrs h'],
  [DAY, 'day days d'],
  [7n * DAY, 'week weeks wk wks'],
  [30n * DAY, 'month months'],
  [365n * DAY, 'year years yr yrs'],
]

/** Nanoseconds of each unit. */
export const UNIT_NS: ReadonlyMap<string, bigint> = new Map(
  NAMES.flatMap(([ns, names]) => names.split(' ').map((name) => [name, ns] as const)),
)

const PRINTED: readonly (readonly [unit: string, ns: bigint])[] = [
  ['d', DAY],
  ['h', 3_600n * SECOND],
  ['m', 60n * SECOND],
  ['s', SECOND],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
]

/** A time in the largest unit in which it is a whole number: `3d`, `190s`. */
export function printTime(ns: bigint): string {
  const [unit, size] = PRINTED.find(([, size]) => ns !== 0n && ns % size === 0n) ?? ['s', SECOND]
  return `${ns / size}${unit}`
}
