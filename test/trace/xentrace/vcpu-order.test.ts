// The order of vcpus: each vcpu's rows come as they come in time order, and each pcpu's; on hosts
// whose vcpus move between pcpus, and on traces no host can have written.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeXentrace, type XentraceWindow } from '../../../src/trace/xentrace/encode.js'
import { CAPTURES, openCapture } from './captures.js'
import { open, type Row, rowsOf } from './rows.js'

const HYPERCALL = 0x20100d
const WAKE = 0x28004
const STARTS = 0x21101
const STOPS = 0x21021
const CONTINUES = 0x21002
const LOST = 0x1f001
const CODES = [HYPERCALL, WAKE, STARTS, STOPS, CONTINUES, LOST]

/** Rows by the vcpu or pcpu they belong to. An unknown domain is the same one whatever its id. */
function grouped(rows: readonly Row[], by: (row: Row) => string): Record<string, Row[]> {
  const groups: Record<string, Row[]> = {}
  for (const row of rows) {
    const group = groups[by(row)] ?? []
    groups[by(row)] = group
    group.push(row)
  }
  return groups
}

const byVcpu = ({ who }: Row): string => {
  const [, domid, vcpu] = /^d(\d+)v(\d+)$/.exec(who) ?? []
  return Number(domid) > 0x7fff ? `unknown v${vcpu}` : who
}

function expectSameByVcpu(file: ReturnType<typeof open>, wanted: readonly number[]): void {
  const wants = (code: number): boolean => wanted.includes(code)
  const byTime = file.observe(wants)
  const merged = rowsOf(byTime)
  const stream = file.observe(wants, { order: 'vcpu' })
  const stinted = rowsOf(stream)
  expect(stinted.length).toBe(merged.length)
  expect(grouped(stinted, byVcpu)).toEqual(grouped(merged, byVcpu))
  const byPcpu = ({ pcpu }: Row): string => String(pcpu)
  expect(grouped(stinted, byPcpu)).toEqual(grouped(merged, byPcpu))
  expect(stream.loss.records).toBe(byTime.loss.records)
  expect(stream.loss.bytes).toBe(byTime.loss.bytes)
}

const subset = fc.subarray(CODES, { minLength: 1 })

/** A host: two to four pcpus, each step gives a pcpu a vcpu that no other has, with some calls. */
const host: fc.Arbitrary<XentraceWindow[]> = fc
  .tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.array(
      fc.record({
        pcpu: fc.nat(3),
        vcpu: fc.nat(5),
        calls: fc.nat(6),
        gap: fc.nat(3),
        isStamped: fc.boolean(),
      }),
      { maxLength: 40 },
    ),
    fc.integer({ min: 1, max: 30 }),
  )
  .map(([pcpus, steps, size]) => hostTrace(pcpus, steps, size))

interface Step {
  readonly pcpu: number
  readonly vcpu: number
  readonly calls: number
  readonly gap: number
  readonly isStamped: boolean
}

function hostTrace(pcpus: number, steps: readonly Step[], size: number): XentraceWindow[] {
  const tapes = Array.from({ length: pcpus }, (): XentraceWindow['records'][number][] => [])
  const running = new Map<number, number>()
  let tsc = 1_000_000n
  for (const { pcpu: number, vcpu, calls, gap, isStamped } of steps) {
    const pcpu = number % pcpus
    const tape = tapes[pcpu] ?? []
    tsc += BigInt(gap)
    const before = running.get(pcpu)
    const isTaken = [...running].some(([other, runs]) => other !== pcpu && runs === vcpu)
    if (before !== undefined && before !== vcpu) {
      tape.push({ code: STOPS, words: [before], tsc })
      running.delete(pcpu)
    }
    if (!isTaken && before !== vcpu) {
      tape.push({ code: STARTS, words: [vcpu], tsc: tsc + BigInt(gap) })
      running.set(pcpu, vcpu)
    }
    tsc += BigInt(gap)
    for (let call = 0; call < calls; call++) {
      tsc += BigInt(gap)
      tape.push({ code: HYPERCALL, words: [call], ...(isStamped || call === 0 ? { tsc } : {}) })
    }
  }
  return inWindows(tapes, size)
}

/** Cuts each tape into windows of `size` records, in turn. */
function inWindows(tapes: readonly XentraceWindow['records'][], size: number): XentraceWindow[] {
  const windows: XentraceWindow[] = []
  const longest = Math.max(...tapes.map((tape) => tape.length))
  for (let from = 0; from < longest; from += size) {
    tapes.forEach((tape, pcpu) => {
      const records = tape.slice(from, from + size)
      if (records.length > 0) windows.push({ pcpu, records })
    })
  }
  return windows
}

/** What no host writes: a vcpu on two pcpus, losses, stamps that go back or far ahead. */
const wild: fc.Arbitrary<XentraceWindow[]> = fc
  .array(
    fc.record({
      pcpu: fc.nat(2),
      code: fc.constantFrom(...CODES, HYPERCALL, HYPERCALL),
      words: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
      step: fc.option(fc.constantFrom(0, 0, 1, 2, 5, 50, -3, 2 ** 34), { nil: undefined, freq: 5 }),
    }),
    { maxLength: 60 },
  )
  .chain((drafts) => fc.tuple(fc.constant(drafts), fc.integer({ min: 1, max: 30 })))
  .map(([drafts, size]) => {
    const tapes: XentraceWindow['records'][number][][] = [[], [], []]
    const times = [1_000_000n, 1_000_000n, 1_000_000n]
    for (const { pcpu, code, words, step } of drafts) {
      const tsc = (times[pcpu] ?? 0n) + BigInt(step ?? 0)
      if (step !== undefined && step < 1000) times[pcpu] = tsc
      const losing = [3, 0x0001_0000 | pcpu, Number(times[pcpu] ?? 0n), 0]
      if (code === LOST) tapes[pcpu]?.push({ code, words: losing, tsc })
      else tapes[pcpu]?.push(step === undefined ? { code, words } : { code, words, tsc })
    }
    return inWindows(tapes, size)
  })

it.each([
  { name: 'a host whose vcpus move', traces: host },
  { name: 'anything', traces: wild },
])('each vcpu in time order: $name', ({ traces }) => {
  fc.assert(
    fc.property(traces, subset, (windows, wanted) => {
      if (windows.length > 0) expectSameByVcpu(open(encodeXentrace(windows)), wanted)
    }),
    { numRuns: 1000 },
  )
})

it.each(CAPTURES)('each vcpu in time order: $name', ({ path }) => {
  const file = openCapture(path)
  expectSameByVcpu(file, [HYPERCALL])
  expectSameByVcpu(file, CODES)
})

it('a stint is played whole', () => {
  const call = (tsc: bigint) => ({ code: HYPERCALL, words: [1], tsc })
  const starts = (tsc: bigint, who: number) => ({ code: STARTS, words: [who], tsc })
  const windows = [
    { pcpu: 0, records: [starts(10n, 0x10000), call(20n), call(40n), call(60n)] },
    { pcpu: 1, records: [starts(11n, 0x20000), call(30n), call(50n), call(70n)] },
  ]
  const file = open(encodeXentrace(windows))
  const rows = rowsOf(file.observe((code) => code === HYPERCALL, { order: 'vcpu' }))
  expect(rows.map(({ pcpu }) => pcpu)).toEqual([0, 0, 0, 1, 1, 1])
})
