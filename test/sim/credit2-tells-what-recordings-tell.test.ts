// Which records credit2 writes, and how many of each: laws that hold in recordings and here, and
// the mix of a host on which dom0 and three guests want more pcpus than there are.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRecording } from '../../src/backend/replay/open.js'
import { CREDIT2, type Row, schedulerHost } from './scheduler-host.js'

const IDLE = join(import.meta.dirname, '../../examples/recordings/idle')

/** Rows of each code. */
interface Counts {
  readonly of: (code: number) => number
  /** Vcpus that got credit in one reset. */
  readonly vcpus: number
  /** Pcpus that began to idle. */
  readonly idled: number
}

type Told = Pick<Row, 'code' | 'words'>

function countsOf(rows: readonly Told[], vcpus: number): Counts {
  const found = new Map<number, number>()
  for (const { code } of rows) found.set(code, (found.get(code) ?? 0) + 1)
  const idled = rows.filter(({ code, words }) => code === 0x2800a && words[2] === 0x7fff).length
  return { of: (code) => found.get(code) ?? 0, vcpus, idled }
}

/** xenalyze's counts of six seconds of credit2 on Xen 4.20: four pcpus, dom0 and three guests of
 *  two vcpus each, all busy. */
const CONTENDED_4_20: Readonly<Record<number, number>> = {
  135170: 3568,
  135185: 11129,
  135201: 195,
  135425: 11324,
  139778: 11323,
  139779: 25370,
  139781: 9250,
  139782: 680,
  139783: 2456,
  139785: 3958,
  139787: 3958,
  139788: 4265,
  139789: 11323,
  139796: 14739,
  139797: 14892,
  139798: 153,
  139799: 19301,
  163844: 195,
  163846: 195,
  163850: 11324,
  163854: 11324,
  163857: 3568,
}
const SECONDS = 6
const contended: Counts = { of: (code) => CONTENDED_4_20[code] ?? 0, vcpus: 8, idled: 0 }

function recordedIdle(): Counts {
  const stream = openRecording(IDLE).observe()
  const rows: Told[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      const at = batch.at[i] ?? 0
      const words = [...batch.words.subarray(at, at + (batch.extra[i] ?? 0))]
      rows.push({ code: batch.code[i] ?? 0, words })
    }
  }
  stream.close()
  return countsOf(rows, 2)
}

function simulatedIdle(): Counts {
  const host = schedulerHost({ pcpus: 4, era: CREDIT2, listens: true })
  host.add(0, 2, {})
  host.seconds(10)
  return countsOf(host.taken(), 2)
}

/** Dom0 that works and waits in turn, guests that only work. */
function simulatedContended(): Row[] {
  const host = schedulerHost({ pcpus: 4, era: 'xen-4.20', listens: true })
  host.add(0, 2, { guest: 'bursty' })
  for (let d = 1; d <= 3; d++) host.add(d, 2, { guest: 'busy' })
  host.seconds(3)
  host.taken()
  host.seconds(SECONDS)
  return host.taken()
}

const CONTENDED_ROWS = simulatedContended()

describe.each([
  ['a recorded host that does nothing', recordedIdle()],
  ['a recorded host that has too much to do', contended],
  ['a simulated host that does nothing', simulatedIdle()],
  ['a simulated host that has too much to do', countsOf(CONTENDED_ROWS, 8)],
])('%s', (_name, { of, vcpus, idled }) => {
  // At the edges of a recording something has begun of which the end is not in it.
  const same = (a: number, b: number): void => expect(Math.abs(a - b), `${a} ${b}`).toBeLessThan(3)

  it('who looks for somebody to run switches, or goes on', () => {
    same(of(0x22215), of(0x2800a) + of(0x28011))
    same(of(0x22214), of(0x22215) - of(0x22216))
    same(of(0x2800e), of(0x2800a))
    same(of(0x21002), of(0x28011))
  })

  it('load is updated when one wakes, blocks, or goes on, and when a pcpu goes idle', () => {
    same(of(0x2220b), of(0x28004) + of(0x28006) + of(0x28011))
    same(of(0x22209), of(0x2220b) + idled)
    same(of(0x2220c), of(0x22209) + of(0x22207) / vcpus)
  })

  it('one that wakes or makes room is queued, and its pcpu told of', () => {
    same(of(0x22202), of(0x21011) - idled + of(0x28004))
    same(of(0x2220d), of(0x22202))
  })

  it('credit burns when a pcpu looks, is considered, or all get some', () => {
    const busyLooks = of(0x22215) - idled
    const least = busyLooks + of(0x22205)
    expect(of(0x22203)).toBeGreaterThanOrEqual(least - 1)
    expect(of(0x22203)).toBeLessThanOrEqual(least + of(0x22207))
  })
})

describe('more vcpus than pcpus, against a recording of Xen 4.20', () => {
  const simulated = countsOf(CONTENDED_ROWS, 8)

  it.each(
    Object.keys(CONTENDED_4_20)
      .map(Number)
      .filter((code) => code !== 0x22216)
      .map((code) => [code.toString(16), code] as const),
  )('%s is told as often, for each switch', (_name, code) => {
    const real = contended.of(code) / contended.of(0x2800a)
    const ours = simulated.of(code) / simulated.of(0x2800a)
    // Waking and blocking are dom0's own doing, of which the recording had less.
    const factor = [0x21021, 0x28004, 0x28006].includes(code) ? 6 : 2.2
    expect(ours / real).toBeGreaterThan(1 / factor)
    expect(ours / real).toBeLessThan(factor)
  })

  it('nothing is told of which the recording has nothing', () => {
    const known = new Set([...Object.keys(CONTENDED_4_20).map(Number), 0x21211, 0x2800f])
    const others = CONTENDED_ROWS.filter(({ code }) => code >>> 12 < 0x201 && !known.has(code))
    expect(new Set(others.map(({ code }) => code))).toEqual(new Set())
  })

  it('one after another: who looks burns credit, checks who waits, and chooses', () => {
    const looks = CONTENDED_ROWS.findIndex(({ code }) => code === 0x22215)
    const { pcpu } = CONTENDED_ROWS[looks] as Row
    const next = CONTENDED_ROWS.slice(looks, looks + 60).filter((row) => row.pcpu === pcpu)
    const codes = next.slice(0, 6).map(({ code }) => code.toString(16))
    expect(codes.slice(0, 3)).toEqual(['22215', '22203', '22217'])
    expect(codes).toContain('22214')
  })

  it('a turn lasts a millisecond at least, a few at most; many go on elsewhere', () => {
    const { turnsNs, moved } = turnsOf(CONTENDED_ROWS)
    const middle = turnsNs[Math.floor(turnsNs.length / 2)] ?? 0
    // 1.17 ms in the recording.
    expect(middle / 1e6).toBeGreaterThan(0.9)
    expect(middle / 1e6).toBeLessThan(1.6)
    // 2.13 ms on average there, in which its own emulator takes part.
    const mean = turnsNs.reduce((a, b) => a + b, 0) / turnsNs.length
    expect(mean / 1e6).toBeGreaterThan(1)
    expect(mean / 1e6).toBeLessThan(3)
    // 43 of 100 there.
    expect(moved / turnsNs.length).toBeGreaterThan(0.25)
    expect(moved / turnsNs.length).toBeLessThan(0.65)
  })
})

it.each([0, 1])('who looks 40 times where vcpu %i of dom0 runs finds it all over the host', (v) => {
  const host = schedulerHost({ pcpus: 4, era: 'xen-4.20' })
  host.add(0, 2, { guest: 'bursty' })
  for (let d = 1; d <= 3; d++) host.add(d, 2, { guest: 'busy' })
  const seen: number[] = []
  for (let n = 0; n < 40; n++) {
    host.seconds(0.15)
    seen.push(host.scheduler.state(0, v).pcpu)
  }
  expect(new Set(seen)).toEqual(new Set([0, 1, 2, 3]))
  // Of the recorded 39 pairs, 28 and 30 were on two pcpus.
  const moved = seen.filter((pcpu, n) => n > 0 && pcpu !== seen[n - 1]).length
  expect(moved).toBeGreaterThan(20)
})

it('with room for all, nobody moves: eight readings of a recorded host show one place', () => {
  const host = schedulerHost({ pcpus: 4, era: 'xen-4.20' })
  host.add(0, 2, {})
  const places = Array.from({ length: 8 }, () => {
    host.seconds(0.5)
    return [0, 1].map((v) => host.scheduler.state(0, v).pcpu).join(' ')
  })
  expect(new Set(places).size).toBe(1)
})

it('the average of a load moves towards it by the formula of the recording', () => {
  let last: { readonly unit: number; readonly load: number; readonly average: number } | undefined
  const rows = CONTENDED_ROWS.filter(({ code }) => code === 0x2220c)
  for (const { ns, words } of rows) {
    const [average = 0, , , , state = 0] = words
    const unit = Math.floor(ns / 1024)
    if (last !== undefined) {
      const delta = BigInt(unit - last.unit)
      const part = (of: bigint): bigint => (delta * of) >> 20n
      const was = BigInt(last.average)
      const expected = was + part(BigInt(last.load) << 18n) - part(was)
      expect(BigInt(average)).toBe(expected)
    }
    expect(state >>> 24).toBe(18)
    last = { unit, load: state & 0xffff, average }
  }
  // Between six that always want a pcpu and eight.
  expect((last?.average ?? 0) / 2 ** 18).toBeGreaterThan(6)
  expect((last?.average ?? 0) / 2 ** 18).toBeLessThan(8)
})

/** How long each turn of a vcpu on a pcpu lasted, ascending, and how many began elsewhere. */
function turnsOf(rows: readonly Row[]): { turnsNs: number[]; moved: number } {
  const turnsNs: number[] = []
  const ranOn = new Map<number, number>()
  let moved = 0
  for (const { code, words, pcpu } of rows) {
    if (code === 0x2800e && words[0] !== 0x7fff) turnsNs.push(words[2] ?? 0)
    if (code !== 0x2800a || words[2] === 0x7fff) continue
    const next = ((words[2] ?? 0) << 16) | (words[3] ?? 0)
    const before = ranOn.get(next)
    if (before !== undefined && before !== pcpu) moved += 1
    ranOn.set(next, pcpu)
  }
  return { turnsNs: turnsNs.sort((a, b) => a - b), moved }
}
