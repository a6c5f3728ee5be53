// Several captures on one time line. Expected rows come from sorting all rows at once.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Clock, nanosecondClock } from '../../src/machine/clock.js'
import {
  allocateBatch,
  bookLoss,
  DOM0_CALL_ENTRY,
  DOM0_MARK,
  type Loss,
  noLoss,
  type ObservationBatch,
  type ObservationStream,
} from '../../src/machine/observation.js'
import { mergeStreams } from '../../src/trace/merge.js'

interface Row {
  readonly ticks: number
  readonly code: number
  readonly pcpu?: number
  readonly words?: readonly number[]
}

interface Source {
  readonly rows: readonly Row[]
  readonly strings?: readonly string[]
  readonly clock?: Clock
  readonly loss?: Loss
  /** Rows a batch. */
  readonly size?: number
}

/** A stream of given rows. Reuses one batch and wipes it in between, as a producer may. */
class Given implements ObservationStream {
  readonly clock: Clock
  readonly strings: readonly string[]
  readonly loss: Loss
  closed = false
  readonly #batches: readonly Row[][]
  readonly #batch = allocateBatch(64)
  #at = 0

  constructor({ rows, strings = [], clock, loss = noLoss(), size = 64 }: Source) {
    this.clock = clock ?? nanosecondClock('given')
    this.strings = strings
    this.loss = loss
    this.#batches = Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
      rows.slice(i * size, (i + 1) * size),
    )
  }

  next(): ObservationBatch | undefined {
    const rows = this.#batches[this.#at++]
    const batch = this.#batch
    batch.ticks.fill(-1)
    batch.words.fill(0xdead)
    if (rows === undefined) return undefined
    batch.words = Uint32Array.from(rows.flatMap((row) => row.words ?? []))
    batch.length = rows.length
    let at = 0
    rows.forEach(({ ticks, code, pcpu = 0, words = [] }, i) => {
      batch.ticks[i] = ticks
      batch.code[i] = code
      batch.pcpu[i] = pcpu
      batch.domid[i] = pcpu + 1
      batch.vcpu[i] = pcpu + 2
      batch.at[i] = at
      batch.extra[i] = words.length
      at += words.length
    })
    return batch
  }

  close(): void {
    this.closed = true
  }
}

function rowsOf(stream: ObservationStream): Required<Row>[] {
  const rows: Required<Row>[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    expect(batch.length).toBeGreaterThan(0)
    for (let i = 0; i < batch.length; i++) {
      const at = batch.at[i] ?? 0
      const pcpu = batch.pcpu[i] ?? -1
      expect([batch.domid[i], batch.vcpu[i]]).toEqual([pcpu + 1, pcpu + 2])
      rows.push({
        ticks: batch.ticks[i] ?? -1,
        code: batch.code[i] ?? -1,
        pcpu,
        words: [...batch.words.subarray(at, at + (batch.extra[i] ?? 0))],
      })
    }
  }
  return rows
}

const merged = (...parts: readonly (Source & { readonly offsetNs?: number })[]) =>
  mergeStreams(
    parts.map((part) => ({ stream: new Given(part), offsetNs: part.offsetNs ?? 0 })),
    'merged',
  )

const timesAndCodes = (stream: ObservationStream) => rowsOf(stream).map((r) => [r.ticks, r.code])

const cycles = (hz: number | undefined): Clock => ({ unit: 'cycles', hz, zero: 5n, source: 'a.xt' })

it('rows of all parts come in time order', () => {
  const stream = merged(
    {
      rows: [
        { ticks: 1, code: 11 },
        { ticks: 5, code: 12 },
      ],
    },
    {
      rows: [
        { ticks: 2, code: 21 },
        { ticks: 3, code: 22 },
        { ticks: 9, code: 23 },
      ],
    },
  )
  expect(timesAndCodes(stream)).toEqual([
    [1, 11],
    [2, 21],
    [3, 22],
    [5, 12],
    [9, 23],
  ])
})

it('on a tie the part named first goes first, with all its rows of that time', () => {
  const stream = merged(
    {
      rows: [
        { ticks: 4, code: 11 },
        { ticks: 4, code: 12 },
      ],
    },
    { rows: [{ ticks: 4, code: 21 }] },
    { rows: [{ ticks: 4, code: 31 }] },
  )
  expect(timesAndCodes(stream)).toEqual([
    [4, 11],
    [4, 12],
    [4, 21],
    [4, 31],
  ])
})

it('time is nanoseconds, whatever each part counts', () => {
  const stream = merged(
    {
      rows: [
        { ticks: 2600, code: 1 },
        { ticks: 5201, code: 2 },
      ],
      clock: cycles(2.6e9),
    },
    { rows: [{ ticks: 1500, code: 3 }] },
  )
  expect(stream.clock).toMatchObject({ unit: 'ns', hz: 1e9, source: 'merged' })
  expect(timesAndCodes(stream)).toEqual([
    [1000, 1],
    [1500, 3],
    [2000, 2],
  ])
})

it('each part is moved by its offset', () => {
  const stream = merged(
    { rows: [{ ticks: 10, code: 1 }], offsetNs: 100 },
    {
      rows: [
        { ticks: 0, code: 2 },
        { ticks: 200, code: 3 },
      ],
    },
  )
  expect(timesAndCodes(stream)).toEqual([
    [0, 2],
    [110, 1],
    [200, 3],
  ])
})

it('a part that does not say its clock rate is refused', () => {
  const part = { rows: [{ ticks: 1, code: 1 }], clock: cycles(undefined) }
  expect(() => merged({ rows: [] }, part)).toThrow(
    expect.objectContaining({ code: 'trace.no-clock' }),
  )
})

it('one string has one code, whichever part says it and under which number', () => {
  const first = { strings: ['', 'xl', 'xenstored'] }
  const second = { strings: ['xenstored', 'xl', 'phase one'] }
  const stream = merged(
    { ...first, rows: [{ ticks: 1, code: DOM0_CALL_ENTRY, words: [700, 1, 1, 1] }] },
    {
      ...second,
      rows: [
        { ticks: 2, code: DOM0_CALL_ENTRY, words: [701, 0, 2, 2] },
        { ticks: 3, code: DOM0_MARK, words: [702, 1, 2] },
      ],
    },
  )
  const rows = rowsOf(stream)
  const name = (row: number, word: number) => stream.strings[rows[row]?.words[word] ?? -1]
  expect([name(0, 1), name(1, 1), name(2, 1), name(2, 2)]).toEqual([
    'xl',
    'xenstored',
    'xl',
    'phase one',
  ])
  expect(rows[2]?.words[1]).toBe(rows[0]?.words[1])
  expect(new Set(stream.strings).size).toBe(stream.strings.length)
  // Words that are no strings stay as they are.
  expect([rows[0]?.words[0], rows[0]?.words.slice(2)]).toEqual([700, [1, 1]])
  expect([rows[1]?.words[0], rows[1]?.words.slice(2)]).toEqual([701, [2, 2]])
})

it('a record of the hypervisor has no strings: its words stay', () => {
  const row = { ticks: 1, code: 0x20100d, words: [3, 1, 2] }
  const stream = merged({ rows: [row], strings: ['a', 'b', 'c', 'd'] }, { rows: [] })
  expect(rowsOf(stream)).toEqual([{ ...row, pcpu: 0 }])
})

it('loss is that of all parts together', () => {
  const one = noLoss()
  bookLoss(one, 'a gap', { records: 3 })
  const two = noLoss()
  bookLoss(two, 'garbled', { bytes: 40 })
  bookLoss(two, 'cut', { bytes: 2, records: 1 })
  expect(merged({ rows: [], loss: one }, { rows: [], loss: two }).loss).toEqual({
    records: 4,
    bytes: 42,
    gaps: 3,
    notes: ['a gap', 'garbled', 'cut'],
  })
})

it('of many gaps the first hundred are told and all are counted', () => {
  const many = () => {
    const loss = noLoss()
    for (let i = 0; i < 80; i++) bookLoss(loss, `gap ${i}`, { bytes: 1 })
    return loss
  }
  const { loss } = merged({ rows: [], loss: many() }, { rows: [], loss: many() })
  expect(loss).toMatchObject({ gaps: 160, bytes: 160 })
  expect(loss.notes).toHaveLength(100)
})

it('closing the whole closes every part', () => {
  const parts = [new Given({ rows: [] }), new Given({ rows: [{ ticks: 1, code: 1 }] })]
  mergeStreams(
    parts.map((stream) => ({ stream, offsetNs: 0 })),
    'merged',
  ).close()
  expect(parts.map((p) => p.closed)).toEqual([true, true])
})

it('nothing is lost where one batch of the whole is full', () => {
  const long = (step: number) =>
    Array.from({ length: 5000 }, (_, i) => ({
      ticks: i * step,
      code: step,
      words: Array(7).fill(i),
    }))
  const rows = rowsOf(merged({ rows: long(2) }, { rows: long(3) }))
  expect(rows).toHaveLength(10_000)
  expect(rows.filter((r) => r.words.some((w) => w * r.code !== r.ticks))).toEqual([])
  expect(rows.every((r, i) => r.ticks >= (rows[i - 1]?.ticks ?? 0))).toBe(true)
})

const source = fc
  .array(fc.record({ gap: fc.nat(3), words: fc.array(fc.nat(9), { maxLength: 4 }) }), {
    maxLength: 40,
  })
  .chain((steps) => {
    let ticks = 0
    const rows = steps.map(({ gap, words }) => {
      ticks += gap
      return { ticks, words }
    })
    return fc.record({
      rows: fc.constant(rows),
      size: fc.integer({ min: 1, max: 9 }),
      offsetNs: fc.nat(20),
    })
  })

it('any parts: a stable sort of their rows by time', () => {
  fc.assert(
    fc.property(fc.array(source, { minLength: 1, maxLength: 4 }), (sources) => {
      const parts = sources.map((s, part) => ({
        ...s,
        rows: s.rows.map((row, i) => ({ ...row, code: part * 1000 + i, pcpu: part })),
      }))
      const all = parts.flatMap(({ rows, offsetNs }) =>
        rows.map((row) => ({ ...row, ticks: row.ticks + offsetNs })),
      )
      // Array.prototype.sort is stable: parts stay in the order in which they were named.
      expect(rowsOf(merged(...parts))).toEqual(all.sort((a, b) => a.ticks - b.ticks))
    }),
  )
})
