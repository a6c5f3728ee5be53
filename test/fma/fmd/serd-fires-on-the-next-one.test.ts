// SERD: never on the n-th, always on the n+1st, the window's end included; and against a naive model.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import type { SerdLimits } from '../../../src/fma/fmd/module.js'
import { SerdEngine, type TimedEreport } from '../../../src/fma/fmd/serd.js'
import { SerdEngines } from '../../../src/fma/fmd/serd-engines.js'
import { ereportOf } from './one-host.js'

const at = (timeNs: bigint): TimedEreport => ({ ...ereportOf('mc', 0), timeNs })
const HOUR = 3_600_000_000_000n

/** (N, T) of the rules that everybody has: caches, caches without a level, buses, DIMMs, links. */
const LIMITS: readonly SerdLimits[] = [
  { n: 3, tNs: 72n * HOUR },
  { n: 12, tNs: 72n * HOUR },
  { n: 10, tNs: 72n * HOUR },
  { n: 3, tNs: 24n * HOUR },
  { n: 2, tNs: 168n * HOUR },
  { n: 6, tNs: 2n * HOUR },
  { n: 0, tNs: 0n },
]

it.each(LIMITS)(
  '$n in $tNs ns: silent at n, fires at n + 1 when the last comes at T, not later',
  (limits) => {
    const { n, tNs } = limits
    const times = Array.from({ length: n + 1 }, (_, i) =>
      n === 0 ? 0n : (tNs * BigInt(i)) / BigInt(n),
    )
    const inTime = new SerdEngine('', limits)
    const answers = times.map((time) => inTime.record(at(time)))
    expect(answers).toEqual([...Array(n).fill('pending'), 'fired'])
    expect(inTime.record(at(tNs))).toBe('was-fired')
    if (n === 0) return
    const late = new SerdEngine('', limits)
    const last = times.map((time, i) => late.record(at(i === n ? time + 1n : time))).at(-1)
    expect(last).toBe('pending')
  },
)

/** More than n of the n + 1 newest so far lie within t: nothing kept but all there ever was. */
function naive(times: readonly bigint[], { n, tNs }: SerdLimits): string[] {
  let fired = false
  let seen: bigint[] = []
  return times.map((time) => {
    if (fired) return 'was-fired'
    seen = [...seen, time]
    const newest = seen.slice(-(n + 1))
    const span = (newest.at(-1) ?? 0n) - (newest[0] ?? 0n)
    fired = newest.length > n && span <= tNs
    return fired ? 'fired' : 'pending'
  })
}

it('answers as one that keeps everything, though it is restored in between', () => {
  const gaps = fc.array(fc.bigInt({ min: 0n, max: 8n }), { maxLength: 40 })
  const limits = fc.record({ n: fc.nat(6), tNs: fc.bigInt({ min: 0n, max: 30n }) })
  fc.assert(
    fc.property(gaps, limits, fc.nat(40), (steps, of, when) => {
      let now = 0n
      const times: bigint[] = []
      for (const step of steps) {
        now += step
        times.push(now)
      }
      let engines = new SerdEngines()
      const answers = times.map((time, i) => {
        const before = engines
        if (i === when) engines = new SerdEngines()
        if (i === when) engines.restore(before.facts())
        return engines.record('e', at(time), of)
      })
      expect(answers).toEqual(naive(times, of))
      expect(engines.get('e')?.ereports.length ?? 0).toBeLessThanOrEqual(of.n + 1)
    }),
  )
})

it('an ereport that comes late counts by its own time', () => {
  const engine = new SerdEngine('', { n: 2, tNs: 10n })
  expect([0n, 30n, 25n].map((time) => engine.record(at(time)))).toEqual([
    'pending',
    'pending',
    'pending',
  ])
  expect(engine.record(at(32n))).toBe('fired')
  expect(engine.facts().ereports.map(({ timeNs }) => timeNs)).toEqual([25n, 30n, 32n])
})

it.each([
  { increment: 3, answer: 'pending' },
  { increment: 4, answer: 'fired' },
  { increment: 1_000_000_000, answer: 'fired' },
])('an ereport that counts $increment times: $answer', ({ increment, answer }) => {
  expect(new SerdEngine('', { n: 3, tNs: 0n }).record(at(0n), increment)).toBe(answer)
})

it('begins anew after a reset', () => {
  const engines = new SerdEngines()
  const record = (time: bigint) => engines.record('e', at(time), { n: 1, tNs: HOUR })
  expect([record(1n), record(2n), record(3n)]).toEqual(['pending', 'fired', 'was-fired'])
  expect(engines.reset('e')).toBe(true)
  expect([record(4n), record(5n)]).toEqual(['pending', 'fired'])
})

it('keeps a bounded number of ereports, drops what could not fire first, and counts what could', () => {
  const limits = { n: 3, tNs: 100n }
  const engines = new SerdEngines(1_000)
  for (let i = 0; i < 5_000; i++) engines.record(`page ${i}`, at(BigInt(i)), limits)
  expect(engines.facts().length).toBeLessThanOrEqual(1_000)
  expect(engines.evicted).toBe(0)
  const crowded = new SerdEngines(1_000)
  const many: Ereport[] = []
  for (let i = 0; i < 5_000; i++) crowded.record(`page ${i}`, at(BigInt(i) / 1_000n), limits)
  for (const { ereports } of crowded.facts()) many.push(...ereports)
  expect(many.length).toBeLessThanOrEqual(1_000)
  expect(crowded.evicted).toBeGreaterThanOrEqual(4_000)
  expect(crowded.get('page 4999')?.ereports).toHaveLength(1)
})

it('an engine that fired keeps silent, though others crowd it, and a restart does not lift the bound', () => {
  const limits = { n: 0, tNs: 10n }
  const engines = new SerdEngines(100)
  expect(engines.record('fired', at(0n), limits)).toBe('fired')
  const waiting = { n: 1, tNs: 10n }
  for (let i = 0; i < 90; i++) engines.record(`page ${i}`, at(1n), waiting)
  const next = new SerdEngines(100)
  next.restore(engines.facts())
  for (let i = 0; i < 20; i++) next.record(`later ${i}`, at(100n), waiting)
  expect(next.record('fired', at(101n), limits)).toBe('was-fired')
  expect(next.facts().length).toBeLessThanOrEqual(22)
})

it('once a day drops what could not fire any more, and says the same as one that keeps all', () => {
  const limits = { n: 1, tNs: 72n * HOUR }
  const engines = new SerdEngines()
  for (let hour = 0n; hour < 1_000n; hour++) engines.record(`page ${hour}`, at(hour * HOUR), limits)
  expect(engines.facts().length).toBeLessThanOrEqual(72 + 24)
  expect([engines.evicted, engines.names().at(-1)]).toEqual([0, 'page 999'])
  expect(engines.record('page 950', at(1_001n * HOUR), limits)).toBe('fired')
})
