import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Clock, nanosecondClock, tickToNs } from '../../src/machine/clock.js'

const SECOND = 1_000_000_000n
const cycles = (hz: number | undefined): Clock => ({
  unit: 'cycles',
  hz,
  zero: 0n,
  source: 'x.xt',
})

const exactNs = (ticks: number, hz: number): bigint => (BigInt(ticks) * SECOND) / BigInt(hz)

/** Rates that share factors with 10^9 and rates that share none, up to ten gigahertz. */
const rate = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((mhz) => mhz * 1e6),
  fc.integer({ min: 1, max: 10_000_000 }).map((khz) => khz * 1000),
  fc.integer({ min: 1, max: 10_000_000_000 }),
  fc.constantFrom(1, 3, 1e9 - 1, 1e9 + 1, 2_599_999_999, 2_600_000_001, 999_999_937),
)

/** A rate, and ticks of it: any that yield less than 2^53 nanoseconds, and those beside a
 *  second. */
const moment = rate.chain((hz) => {
  const most = Number((BigInt(Number.MAX_SAFE_INTEGER) * BigInt(hz)) / SECOND)
  const max = Math.min(most, Number.MAX_SAFE_INTEGER)
  const beside = fc
    .tuple(fc.integer({ min: 1, max: 9 * 10 ** 5 }), fc.integer({ min: -2, max: 2 }))
    .map(([s, d]) => Math.min(max, Math.max(0, s * hz + d)))
  const ticks = fc.oneof(
    fc.maxSafeNat().map((n) => n % (max + 1)),
    beside,
  )
  return fc.record({ hz: fc.constant(hz), ticks })
})

it('nanoseconds are exact for every tick and rate', () => {
  fc.assert(
    fc.property(moment, ({ hz, ticks }) => {
      expect(BigInt(tickToNs(cycles(hz))(ticks))).toBe(exactNs(ticks, hz))
    }),
    { numRuns: 3000 },
  )
})

it('a later tick is never earlier in nanoseconds', () => {
  fc.assert(
    fc.property(rate, fc.nat(2 ** 40), fc.nat(1000), (hz, tick, more) => {
      const toNs = tickToNs(cycles(hz))
      expect(toNs(tick + more)).toBeGreaterThanOrEqual(toNs(tick))
    }),
  )
})

it.each([
  { name: 'a second at 2.6 GHz', hz: 2.6e9, ticks: 2.6e9, ns: 1e9 },
  { name: 'one cycle before it', hz: 2.6e9, ticks: 2.6e9 - 1, ns: 999_999_999 },
  { name: 'one cycle at 2.6 GHz is less than a nanosecond', hz: 2.6e9, ticks: 1, ns: 0 },
  { name: 'three cycles are one', hz: 2.6e9, ticks: 3, ns: 1 },
  {
    name: 'a day at 2.4 GHz, where xenalyze is 17 s ahead',
    hz: 2.4e9,
    ticks: 2.4e9 * 86400,
    ns: 864e11,
  },
])('$name', ({ hz, ticks, ns }) => expect(tickToNs(cycles(hz))(ticks)).toBe(ns))

it('a clock of nanoseconds is taken as it is', () => {
  expect(tickToNs(nanosecondClock('x.txt'))(123_456_789)).toBe(123_456_789)
})

it('a clock without a rate refuses nanoseconds, and says what to type', () => {
  expect(() => tickToNs(cycles(undefined))).toThrow(
    expect.objectContaining({
      code: 'trace.no-clock',
      message: expect.stringContaining('x.xt'),
      hint: expect.stringMatching(/^--hz/),
    }),
  )
})

it.each([0, -1, 0.5, 2.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no clock rate', (hz) => {
  expect(() => tickToNs(cycles(hz))).toThrow(
    expect.objectContaining({ code: 'trace.clock-rate', message: expect.stringContaining('x.xt') }),
  )
})
