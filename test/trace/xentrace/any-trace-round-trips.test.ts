// Properties over random traces: what was encoded is decoded; no damage, however placed, does more
// than lose what it touches.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { XpvError } from '../../../src/base/error.js'
import {
  encodeXentrace,
  type XentraceRecord,
  type XentraceWindow,
} from '../../../src/trace/xentrace/encode.js'
import { open, type Row, rowsOf } from './rows.js'
import { hasXenalyze, xenalyze } from './xenalyze-run.js'
import { parseDump } from './xenalyze-text.js'

const CODES = [0x20100d, 0x201104, 0x28004, 0x22202, 0x802008, 0x8200c, 0x41001, 0x10f004, 0x40f101]
/** Sixty days at 2.4 GHz: beyond what a double counts exactly. */
const BOOT = 12_441_600_000_000_000n

interface Draft {
  readonly code: number
  readonly gap: number | undefined
  readonly words: readonly number[]
}

const draft: fc.Arbitrary<Draft> = fc.record({
  code: fc.constantFrom(...CODES),
  gap: fc.option(fc.nat(3000), { nil: undefined, freq: 4 }),
  words: fc.array(fc.nat(0xffff_ffff), { maxLength: 7 }),
})

/** Windows of some pcpus in turn. Each pcpu's time ascends; some records have no stamp of their
 *  own. */
const trace: fc.Arbitrary<XentraceWindow[]> = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 2, 300), fc.array(draft, { maxLength: 12 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((drafts) => {
    const times = new Map<number, bigint>()
    return drafts.map(([pcpu, records]) => ({
      pcpu,
      records: records.map(({ code, gap, words }): XentraceRecord => {
        if (gap === undefined && times.has(pcpu)) return { code, words }
        const tsc = (times.get(pcpu) ?? BOOT) + BigInt(gap ?? 0)
        times.set(pcpu, tsc)
        return { code, words, tsc }
      }),
    }))
  })

/** Rows of each pcpu as they must come out: a record without a stamp has the last one. */
function expected(windows: readonly XentraceWindow[]): Map<number, Omit<Row, 'who'>[]> {
  const all = windows.flatMap((window) => window.records.map((r) => r.tsc ?? undefined))
  const stamps = all.filter((tsc) => tsc !== undefined)
  const zero = [...stamps].sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n
  const rows = new Map<number, Omit<Row, 'who'>[]>()
  for (const { pcpu, records } of windows) {
    const own = rows.get(pcpu) ?? []
    rows.set(pcpu, own)
    for (const { code, tsc, words } of records) {
      const ticks = tsc === undefined ? (own.at(-1)?.ticks ?? 0) : Number(tsc - zero)
      own.push({ pcpu, code, ticks, words })
    }
  }
  return rows
}

it('what was encoded is decoded, each pcpu in order and all in time order', () => {
  fc.assert(
    fc.property(trace, (windows) => {
      const stream = open(encodeXentrace(windows)).observe()
      const rows = rowsOf(stream)
      for (const [pcpu, own] of expected(windows)) {
        const found = rows.filter((row) => row.pcpu === pcpu).map(({ who: _, ...row }) => row)
        expect(found).toEqual(own)
      }
      expect(rows.length).toBe(windows.reduce((sum, w) => sum + w.records.length, 0))
      expect(rows.every((row, i) => row.ticks >= (rows[i - 1]?.ticks ?? 0))).toBe(true)
      expect(stream.loss).toEqual({ records: 0, bytes: 0, gaps: 0, notes: [] })
    }),
    { numRuns: 200 },
  )
})

it('a filter leaves the other rows as they are', () => {
  fc.assert(
    fc.property(trace, fc.subarray(CODES), (windows, wanted) => {
      const file = open(encodeXentrace(windows))
      const all = rowsOf(file.observe()).filter((row) => wanted.includes(row.code))
      expect(rowsOf(file.observe((code) => wanted.includes(code)))).toEqual(all)
    }),
    { numRuns: 100 },
  )
})

it('any order leaves the rows of each pcpu as they are', () => {
  fc.assert(
    fc.property(trace, fc.subarray(CODES), (windows, wanted) => {
      const file = open(encodeXentrace(windows))
      const wants = (code: number): boolean => wanted.includes(code)
      const merged = rowsOf(file.observe(wants))
      const free = rowsOf(file.observe(wants, { order: 'any' }))
      expect(free.length).toBe(merged.length)
      for (const { pcpu } of windows) {
        const own = (rows: readonly Row[]): Row[] => rows.filter((row) => row.pcpu === pcpu)
        expect(own(free)).toEqual(own(merged))
      }
    }),
    { numRuns: 100 },
  )
})

it('a cut file yields the records before the cut', () => {
  fc.assert(
    fc.property(trace, fc.nat(), (windows, at) => {
      const bytes = encodeXentrace(windows)
      const whole = expected(windows)
      const cut = bytes.subarray(0, at % bytes.length)
      const rows = survivors(cut)
      for (const [pcpu, own] of whole) {
        const found = rows.filter((row) => row.pcpu === pcpu)
        expect(found.map((row) => row.words)).toEqual(
          own.slice(0, found.length).map((row) => row.words),
        )
      }
    }),
    { numRuns: 200 },
  )
})

it('overwritten bytes never crash it, hang it or make it invent records', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(trace, damage, (windows, changes) => {
      const bytes = encodeXentrace(windows)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      survivors(bytes)
    }),
    { numRuns: 500 },
  )
})

it('no bytes at all make it crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      survivors(bytes)
      survivors(new Uint8Array([3, 0xf0, 1, 0x20, 0, 0, 0, 0, 0xd0, 7, 0, 0, ...bytes]))
    }),
    { numRuns: 300 },
  )
})

/** The rows of a damaged file, which are plausible; none when it is refused, with a reason. */
function survivors(bytes: Uint8Array): Row[] {
  try {
    const file = open(bytes)
    const rows = rowsOf(file.observe())
    const size = rows.reduce(
      (sum, row) => sum + 4 + 4 * (row.code === 0x1f001 ? 4 : row.words.length),
      0,
    )
    expect(size).toBeLessThanOrEqual(bytes.length)
    expect(rows.every((row, i) => row.ticks >= (rows[i - 1]?.ticks ?? 0))).toBe(true)
    expect(file.survey().records).toBeGreaterThanOrEqual(rows.length)
    return rows
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    return []
  }
}

it.runIf(hasXenalyze)('records of the same cycle come in the order of xenalyze', () => {
  const wakes = fc.array(fc.nat(2), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(fc.array(wakes, { minLength: 2, maxLength: 4 }), (gaps) => {
      let id = 0
      const windows = gaps.map((own, pcpu) => {
        let tsc = 1000n
        return {
          pcpu,
          records: own.map((gap) => {
            tsc += BigInt(gap)
            return { code: 0x28004, tsc, words: [id++, pcpu] }
          }),
        }
      })
      const bytes = encodeXentrace(windows)
      const ours = rowsOf(open(bytes).observe()).map((row) => `vcpu_wake d${row.words.join('v')}`)
      expect(ours).toEqual(parseDump(xenalyze(bytes, '--dump-all')).map((line) => line.text))
    }),
    { numRuns: 25 },
  )
})
