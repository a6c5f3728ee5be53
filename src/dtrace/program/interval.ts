// Intervals of heatmap() and series(), as D text has them: "100ms", or nanoseconds.
//
//   "100ms"  <->  100000000

import { arithmetic, literal } from './build.js'
import type { Expr } from './program.js'
import { UINT64 } from './types.js'

const UNITS: readonly (readonly [name: string, ns: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
]

/** Nanoseconds in the largest unit that counts them whole. */
export function printInterval(ns: number): string {
  return intervalTimes(ns, 1)
}

/** `count` intervals, in the unit of one. */
export function intervalTimes(ns: number, count: number): string {
  const [name, unit] = UNITS.find(([, size]) => ns % size === 0) ?? ['ns', 1]
  return `${(ns / unit) * count}${name}`
}

/** `timestamp / ns`: the number of the interval in which it is evaluated. */
export function intervalNumber(ns: number): Expr {
  const timestamp = { kind: 'builtin', name: 'timestamp', type: UINT64 } as const
  return arithmetic('/', timestamp, literal(BigInt(ns)))
}
