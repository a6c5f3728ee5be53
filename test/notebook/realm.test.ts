// The realm of a notebook: time, chance, language and time zone are the same on any computer, and
// everything is as it was once the notebook is closed.
import { afterEach, expect, it } from 'vitest'
import { enterRealm } from '../../src/notebook/realm/realm.js'

let leave = (): void => {}
afterEach(() => leave())

/** A realm on a machine whose time is `at`. */
function enter(at: { ms: number }, seed = 7): void {
  leave()
  leave = enterRealm({ nowMs: () => at.ms, seed })
}

it("time is the machine's, wherever it is asked for", () => {
  const at = { ms: Date.UTC(2008, 8, 15, 8) }
  enter(at)
  expect(new Date().toISOString()).toBe('2008-09-15T08:00:00.000Z')
  at.ms += 90_000
  expect([Math.round(performance.now()), Math.round(process.uptime())]).toEqual([90_000, 90])
  expect(new Date(Date.now())).toBeInstanceOf(Date)
  expect(Date()).toMatch(/^Mon Sep 15 2008 08:01:30 GMT\+0000/)
  expect(process.hrtime.bigint() / 1_000_000_000n).toBe(90n)
  expect(new (new Date(0).constructor as DateConstructor)().getTime()).toBe(at.ms)
  expect(new Date(2007, 11, 10).toISOString()).toBe('2007-12-10T00:00:00.000Z')
})

it('a loop that waits for time to pass ends, after as many turns again', () => {
  const turns = (): number => {
    enter({ ms: 0 })
    let count = 0
    const begin = performance.now()
    while (performance.now() - begin < 1) count += 1
    return count
  }
  expect([turns(), turns()]).toEqual([999, 999])
})

it('chance is that of the seed', () => {
  const drawn = (seed: number) => {
    enter({ ms: 0 }, seed)
    const bytes = [...crypto.getRandomValues(new Uint8Array(4))]
    return [Math.random(), Math.random(), crypto.randomUUID(), bytes]
  }
  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(8)).not.toEqual(drawn(7))
  expect(drawn(7)[2]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

it('numbers of chance lie evenly between 0 and 1', () => {
  enter({ ms: 0 }, 1)
  const tenths = new Array<number>(10).fill(0)
  for (let i = 0; i < 100_000; i++) {
    const at = Math.floor(Math.random() * 10)
    tenths[at] = (tenths[at] ?? 0) + 1
  }
  // Chi squared with 9 degrees of freedom: one seed in a thousand is above 27.9.
  const chi2 = tenths.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)
  expect(chi2).toBeLessThan(27.9)
})

it('language and time zone are American English and UTC, where nobody says which', () => {
  enter({ ms: 0 })
  const moment = new Date(0)
  expect((1234567.5).toLocaleString()).toBe('1,234,567.5')
  expect(1234567n.toLocaleString()).toBe('1,234,567')
  expect([1234.5, 2].toLocaleString()).toBe('1,234.5,2')
  expect(moment.toLocaleDateString()).toBe('1/1/1970')
  expect(moment.getHours()).toBe(0)
  expect(new Intl.NumberFormat().resolvedOptions().locale).toBe('en-US')
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe('UTC')
  expect(['ä', 'z', 'a'].sort((a, b) => a.localeCompare(b))).toEqual(['a', 'ä', 'z'])
  expect((1234.5).toLocaleString('de-DE')).toBe('1.234,5')
  expect(moment.toLocaleString('en-GB', { timeZone: 'Asia/Tokyo' })).toBe('01/01/1970, 09:00:00')
})

it('a cell cannot end the process', () => {
  enter({ ms: 0 })
  expect(() => process.exit(0)).toThrow(/cannot end the process/)
})

it('on a live machine time and chance are real', () => {
  const before = Date.now()
  leave = enterRealm(undefined)
  expect(Date.now()).toBeGreaterThanOrEqual(before)
  expect(Math.random()).not.toBe(Math.random())
  expect(new Intl.NumberFormat().resolvedOptions().locale).toBe('en-US')
})

it('everything is as it was once it is left', () => {
  const seen = () => [
    ...[Date, performance, Math.random, process.exit, process.hrtime, Intl.NumberFormat],
    ...[Number.prototype.toLocaleString, Date.prototype.constructor],
    Object.getOwnPropertyDescriptor(crypto, 'randomUUID'),
    { ...process.env },
  ]
  const before = seen()
  enter({ ms: 0 })
  expect(seen()).not.toEqual(before)
  leave()
  leave = () => {}
  for (const [i, thing] of seen().entries()) {
    if (i < 8) expect(thing).toBe(before[i])
    else expect(thing).toEqual(before[i])
  }
})
