// Traces that do not fit the memory they are read through: large windows, tiny ones, many pcpus;
// and a loss in the middle of a run.
import { expect, it } from 'vitest'
import { encodeXentrace, lostRecordWords } from '../../../src/trace/xentrace/encode.js'
import { open, rowsOf } from './rows.js'

/** `count` records of one pcpu, one each `step` cycles, with 0 to 7 words. */
function records(pcpu: number, count: number, step: number) {
  return Array.from({ length: count }, (_, i) => ({
    code: 0x28004,
    tsc: BigInt(1_000_000 + pcpu + i * step),
    words: Array.from({ length: i % 8 }, (_, n) => i * 10 + n),
  }))
}

const SHAPES = [
  { name: 'one window of a megabyte', pcpus: 1, windows: 1, each: 40_000 },
  { name: 'windows larger than what is held of a pcpu', pcpus: 3, windows: 2, each: 12_000 },
  { name: 'thousands of windows of one record', pcpus: 2, windows: 6000, each: 1 },
  { name: 'more pcpus than are searched one by one', pcpus: 40, windows: 4, each: 300 },
  { name: 'hundreds of pcpus', pcpus: 300, windows: 3, each: 40 },
]

it.each(SHAPES)('$name', ({ pcpus, windows, each }) => {
  const all = Array.from({ length: pcpus }, (_, p) => records(p, windows * each, 7 + (p % 5)))
  const pieces = Array.from({ length: windows }, (_, w) =>
    all.map((own, pcpu) => ({ pcpu, records: own.slice(w * each, (w + 1) * each) })),
  ).flat()
  const stream = open(encodeXentrace(pieces)).observe()
  const rows = rowsOf(stream)
  expect(stream.loss.gaps).toBe(0)
  expect(rows.length).toBe(pcpus * windows * each)
  expect(rows.every((row, i) => row.ticks >= (rows[i - 1]?.ticks ?? 0))).toBe(true)
  const seen = new Array<number>(pcpus).fill(0)
  const wrong = rows.filter((row) => {
    const i = seen[row.pcpu] ?? 0
    seen[row.pcpu] = i + 1
    const record = all[row.pcpu]?.[i]
    const time = Number((record?.tsc ?? 0n) - 1_000_000n)
    return row.ticks !== time || row.words.join() !== record?.words.join()
  })
  expect(wrong).toEqual([])
})

it('a loss is where it began; nobody is known to run until it ended', () => {
  const lost = lostRecordWords({ records: 12, domid: 4, vcpu: 1, firstTsc: 120n })
  const stream = open(
    encodeXentrace([
      {
        pcpu: 0,
        records: [
          { code: 0x21101, tsc: 100n, words: [0x30000] },
          { code: 0x20100d, tsc: 110n, words: [23] },
          { code: 0x1f001, tsc: 200n, words: lost },
          { code: 0x20100d, tsc: 210n, words: [24] },
        ],
      },
      { pcpu: 1, records: [{ code: 0x28004, tsc: 150n, words: [1, 0] }] },
    ]),
  ).observe()
  expect(rowsOf(stream).map((row) => [row.ticks, row.pcpu, row.who, row.code])).toEqual([
    [0, 0, 'd32768v0', 0x21101],
    [10, 0, 'd3v0', 0x20100d],
    [20, 0, 'd3v0', 0x1f001],
    [50, 1, 'd32768v1', 0x28004],
    [110, 0, 'd4v1', 0x20100d],
  ])
  expect(stream.loss).toMatchObject({ records: 12, gaps: 1, bytes: 0 })
})

it('a loss that nobody asked for is still in the account, and who runs is still followed', () => {
  const lost = lostRecordWords({ records: 5, domid: 2, vcpu: 0, firstTsc: 20n })
  const records = [
    { code: 0x1f001, tsc: 30n, words: lost },
    { code: 0x20100d, tsc: 40n, words: [1] },
  ]
  const stream = open(encodeXentrace([{ pcpu: 0, records }])).observe((c) => c === 0x20100d)
  expect(rowsOf(stream)).toEqual([{ ticks: 20, pcpu: 0, who: 'd2v0', code: 0x20100d, words: [1] }])
  expect(stream.loss.records).toBe(5)
})

it('two passes over one file are alike, also when they are read in turns', () => {
  const file = open(
    encodeXentrace([
      { pcpu: 0, records: records(0, 30_000, 3) },
      { pcpu: 1, records: records(1, 30_000, 3) },
    ]),
  )
  const [a, b] = [file.observe(), file.observe()]
  for (let rows = a.next(); rows !== undefined; rows = a.next()) {
    const same = b.next()
    const n = rows.length
    expect(same?.ticks.subarray(0, n)).toEqual(rows.ticks.subarray(0, n))
    expect(same?.pcpu.subarray(0, n)).toEqual(rows.pcpu.subarray(0, n))
  }
  expect(b.next()).toBeUndefined()
})

it('a closed stream gives nothing more', () => {
  const stream = open(encodeXentrace([{ pcpu: 0, records: records(0, 9, 3) }])).observe()
  stream.close()
  expect(stream.next()).toBeUndefined()
})
