// quantile(): a sketch answers to within 1/256 of what sorting says, split and merged anyhow.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GroupState, QuantileFunction } from '../../src/dtrace/aggregate/aggregation.js'
import {
  sketchBucket,
  sketchBucketOf,
  sketchQuantile,
  sketchValue,
} from '../../src/dtrace/aggregate/sketch.js'
import { addValue, emptyState, mergeStates } from '../../src/dtrace/aggregate/state.js'

const RANKS = [1, 250_000, 500_000, 900_000, 990_000, 999_999]
const QUANTILE: QuantileFunction = { kind: 'quantile', ranks: RANKS }

const value = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 0n, max: 100_000n }),
  fc.constantFrom(0n, 255n, 256n, 257n, -256n, -(2n ** 63n), 2n ** 63n - 1n),
)

const sketch = (values: readonly bigint[]): GroupState =>
  values.reduce<GroupState>((state, v) => addValue(QUANTILE, state, v), emptyState(QUANTILE))

const cells = (state: GroupState) => (state.kind === 'quantile' ? state.cells : [])

// The smallest value that at least rank/1e6 of all do not exceed.
function bySorting(values: readonly bigint[], rank: number): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const at = Math.ceil((sorted.length * rank) / 1e6) - 1
  return sorted[Math.max(0, at)] ?? 0n
}

const size = (v: bigint): bigint => (v < 0n ? -v : v)

it('is within 1/256 of the exact quantile, and exact below 256', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
      const found = cells(sketch(values))
      for (const rank of RANKS) {
        const exact = bySorting(values, rank)
        const error = size((sketchQuantile(found, rank) ?? 0n) - exact)
        expect(error * 256n <= size(exact)).toBe(true)
        if (size(exact) < 256n) expect(error).toBe(0n)
      }
    }),
  )
})

it('parts merge to the whole, in any order', () => {
  const part = fc.array(value, { maxLength: 60 })
  fc.assert(
    fc.property(part, part, part, (x, y, z) => {
      const [a, b, c] = [sketch(x), sketch(y), sketch(z)]
      const whole = sketch([...x, ...y, ...z])
      expect(mergeStates(mergeStates(a, b), c)).toEqual(whole)
      expect(mergeStates(c, mergeStates(b, a))).toEqual(whole)
      expect(sketch([...z, ...x, ...y])).toEqual(whole)
    }),
  )
})

it('buckets are in the order of their values, and hold their own middle', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [x, y] = [sketchBucketOf(a), sketchBucketOf(b)]
      if (a <= b) expect(x <= y).toBe(true)
      expect(sketchBucketOf(sketchValue(x))).toBe(x)
    }),
  )
})

it('doubles and bigints agree on the bucket', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(20), (n, shift) => {
      const wide = n * 2 ** shift
      expect(sketchBucket(wide)).toBe(sketchBucketOf(BigInt(wide)))
    }),
  )
})

it('of nothing there are none', () => {
  expect(sketchQuantile([], 500_000)).toBeUndefined()
})
