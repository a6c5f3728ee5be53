// --format csv and table: firings in one table, aggregations in one each.
import { expect, it } from 'vitest'
import { RunTables } from '../../src/dtrace/print/run-tables.js'
import type { OutputRecord, RecordItem, RunResult } from '../../src/dtrace/program/record.js'
import { arrayOf, CHAR, INT, RecordDType } from '../../src/dtrace/program/types.js'
import { aggregation, BEGIN, count, firing, format, KEY, quantize, value } from './samples.js'

const NOTHING: RunResult = {
  status: 0,
  exited: false,
  interrupted: false,
  aggregations: [],
  unprinted: [],
  firings: 0,
}

function tables(records: readonly OutputRecord[], result: Partial<RunResult> = {}) {
  const run = new RunTables({ dialect: 'illumos', options: new Map() })
  for (const record of records) run.record(record)
  return run.finish({ ...NOTHING, ...result }).map(({ title, columns, rows }) => ({
    title,
    columns: columns.map((c) => c.name),
    rows,
  }))
}

const traced = (...args: Parameters<typeof value>): RecordItem => ({
  kind: 'trace',
  value: value(...args),
})

it('firings of all shapes make one table, as wide as the widest', () => {
  const printed: RecordItem = {
    kind: 'printf',
    format: format('%d and %s\n'),
    args: [value(3), value('web1')],
  }
  expect(tables([firing(BEGIN, [printed]), firing(BEGIN, [traced(-1n, 8, false)])])).toEqual([
    {
      title: undefined,
      columns: ['time', 'cpu', 'probe', 'text', 'value1', 'value2'],
      rows: [
        [0, 0, 'dtrace:::BEGIN', '3 and web1', 3n, 'web1'],
        [0, 0, 'dtrace:::BEGIN', null, (1n << 64n) - 1n, null],
      ],
    },
  ])
})

it('without printf() there is no text, and one value is called value', () => {
  const [only] = tables([firing(BEGIN, [traced(7)])])
  expect(only).toMatchObject({ columns: ['time', 'cpu', 'probe', 'value'] })
})

it('what the end prints is the aggregation itself; what printa() prints has a time', () => {
  const a = aggregation('count', [KEY.string], [[['web1'], count(2)]])
  const b = aggregation('quantize', [], [[[], quantize([1, 2n])]], { id: 1, name: 'q' })
  const end = tables([], { aggregations: [a], unprinted: [0] })
  expect(end).toEqual([{ title: '@', columns: ['key', 'count'], rows: [['web1', 2n]] }])
  const printa: RecordItem = { kind: 'printa', aggregations: [b] }
  const [first, second] = tables(
    [
      { ...firing(BEGIN, [printa]), timeNs: 10 },
      { ...firing(BEGIN, [printa]), timeNs: 20 },
    ],
    { aggregations: [a, b], unprinted: [0] },
  )
  expect(first?.title).toBe('@')
  expect(second).toEqual({
    title: '@q',
    columns: ['time', 'bucket', 'count'],
    rows: [10, 20].flatMap((t) => [
      [t, 0n, 0n],
      [t, 1n, 2n],
      [t, 2n, 0n],
    ]),
  })
})

it('structures are JSON, arrays of char are text', () => {
  const type = new RecordDType('struct', 'domain')
  type.complete({
    bytes: 8,
    align: 4,
    members: [
      { name: 'id', type: INT, offset: 0 },
      { name: 'name', type: arrayOf(CHAR, 4), offset: 4 },
    ],
  })
  const bytes = Uint8Array.of(3, 0, 0, 0, 119, 49, 0, 0)
  const [only] = tables([firing(BEGIN, [{ kind: 'print', value: { type, value: bytes } }])])
  expect(only?.rows[0]?.[3]).toBe('{"id":3,"name":"w1"}')
})
