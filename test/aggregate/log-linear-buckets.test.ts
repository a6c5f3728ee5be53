// llquantize(): every value falls between the bounds of its bucket, in both dialects. Expected
// bounds: written out by the rule of the manual, steps of each power of the factor.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogLinearFunction } from '../../src/dtrace/aggregate/aggregation.js'
import {
  logLinearBounds,
  logLinearBucketOf,
  logLinearCount,
} from '../../src/dtrace/aggregate/log-linear.js'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

const make = (
  dialect: LogLinearFunction['dialect'],
  [factor = 10, low = 0, high = 0, steps = 10]: readonly number[],
): LogLinearFunction => ({ kind: 'llquantize', dialect, factor, low, high, steps })

const from = (f: LogLinearFunction): string[] =>
  logLinearBounds(f).flatMap((b) => (b === undefined ? [] : [`${b.kind} ${b.bound}`]))

it.each([
  {
    name: 'illumos, ten steps of ten',
    f: make('illumos', [10, 0, 1, 10]),
    bounds: [
      'under 1',
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `from ${n}`),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `from ${10 * n}`),
      'over 100',
    ],
  },
  {
    name: 'illumos, powers of two',
    f: make('illumos', [2, 0, 3, 2]),
    bounds: ['under 1', 'from 1', 'from 2', 'from 4', 'from 8', 'over 16'],
  },
  {
    name: 'linux, two steps of ten: negative ones mirrored',
    f: make('linux', [10, 1, 1, 2]),
    bounds: ['over -100', 'from -50', 'from -10', 'under 10', 'from 10', 'from 50', 'over 100'],
  },
  {
    name: 'linux, twice as many steps as the factor: the lowest power has only whole numbers',
    f: make('linux', [2, 0, 1, 4]),
    bounds: ['over -4', 'from -3', 'from -2', 'from -1', 'under 1', 'from 1', 'from 2'].concat([
      'from 3',
      'over 4',
    ]),
  },
])('$name', ({ f, bounds }) => {
  expect(from(f)).toEqual(bounds)
})

const FUNCTIONS = [
  make('illumos', [10, 0, 6, 20]),
  make('illumos', [2, 3, 20, 8]),
  make('illumos', [10, 0, 16, 10]),
  make('linux', [10, 0, 6, 20]),
  make('linux', [10, 2, 6, 5]),
  make('linux', [2, 0, 62, 2]),
  make('linux', [3, 1, 30, 9]),
]

const value = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.integer({ min: 0, max: 62 }).map((bits) => 2n ** BigInt(bits)),
  fc.integer({ min: 0, max: 18 }).map((digits) => 10n ** BigInt(digits) - 1n),
)

// The bucket whose bound is the nearest at or below the value; of negative ones the mirror image.
function byBounds(f: LogLinearFunction, v: bigint): number {
  const bounds = logLinearBounds(f)
  const size = f.dialect === 'linux' && v < 0n ? -v : v
  const holds = (i: number): boolean => {
    const bound = bounds[i]
    return bound !== undefined && (bound.kind === 'under' || bound.bound <= size)
  }
  const middle = f.dialect === 'linux' ? (bounds.length - 1) / 2 : 0
  let found = middle
  for (let i = middle; i < bounds.length; i++) if (holds(i)) found = i
  return f.dialect === 'linux' && v < 0n ? 2 * middle - found : found
}

describe.each(FUNCTIONS)('$dialect: $factor, $low, $high, $steps', (f) => {
  it('a value is in the bucket whose bounds it lies between', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(logLinearBucketOf(f, v)).toBe(byBounds(f, v))
      }),
      { numRuns: 300 },
    )
  })

  it('there are as many buckets as bounds', () => {
    expect(logLinearCount(f)).toBe(logLinearBounds(f).length)
  })
})

it('illumos puts all above 10^17 into one bucket where the next power overflows', () => {
  const f = make('illumos', [10, 0, 17, 10])
  const last = logLinearCount(f) - 1
  expect(logLinearBounds(f)[last]).toEqual({ kind: 'from', bound: 9n * 10n ** 17n })
  for (const v of [10n ** 17n, 2n * 10n ** 17n, MAX]) expect(logLinearBucketOf(f, v)).toBe(last)
})
