// JSON and tables carry the same data as the text, exactly.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { recordJson, resultJson } from '../../src/dtrace/print/json.js'
import { snapshotJson, snapshotTable } from '../../src/dtrace/print/snapshot.js'
import { integerJson, valueJson } from '../../src/dtrace/print/value-json.js'
import type { RecordItem } from '../../src/dtrace/program/record.js'
import {
  arrayOf,
  CHAR,
  type DType,
  INT,
  pointerTo,
  RecordDType,
} from '../../src/dtrace/program/types.js'
import {
  aggregation,
  BEGIN,
  firing,
  format,
  KEY,
  lquantize,
  quantize,
  sum,
  value,
} from './samples.js'

it('an integer is a number while that is exact, else decimal digits', () => {
  expect(integerJson((1n << 53n) - 1n)).toBe(9007199254740991)
  expect(integerJson(1n << 53n)).toBe('9007199254740992')
  expect(integerJson(-(1n << 63n))).toBe('-9223372036854775808')
  fc.assert(
    fc.property(fc.bigInt(-(1n << 63n), (1n << 64n) - 1n), (v) => {
      expect(BigInt(JSON.parse(JSON.stringify(integerJson(v))))).toBe(v)
    }),
  )
})

it('a firing says where and when, and what was recorded', () => {
  const record = firing(BEGIN, [
    { kind: 'trace', value: value(-1n, 8, false) },
    { kind: 'trace', value: value('web1') },
    { kind: 'printf', format: format('%x|'), args: [value(-1, 2)] },
  ])
  expect(recordJson(record)).toEqual({
    kind: 'firing',
    timeNs: 0,
    cpu: 0,
    id: 1,
    probe: 'dtrace:::BEGIN',
    items: [
      { kind: 'trace', value: '18446744073709551615' },
      { kind: 'trace', value: 'web1' },
      { kind: 'printf', text: 'ffff|', args: [-1] },
    ],
  })
  expect(recordJson({ ...record, timeNs: undefined, items: [] })).toHaveProperty('timeNs', null)
})

it('faults and drops keep what is known of them', () => {
  expect(
    recordJson({
      kind: 'fault',
      epid: 2,
      probe: BEGIN,
      fault: 4,
      action: 1,
      text: 'divide-by-zero',
    }),
  ).toEqual({
    kind: 'fault',
    epid: 2,
    probe: 'dtrace:::BEGIN',
    fault: 4,
    action: 1,
    text: 'divide-by-zero',
  })
  expect(recordJson({ kind: 'drop', what: 'records-lost', count: 3 })).toEqual({
    kind: 'drop',
    what: 'records-lost',
    count: 3,
    cpu: null,
    text: null,
  })
})

const SUMS = aggregation(
  'sum',
  [KEY.string, KEY.int],
  [
    [['b', -1], sum(5)],
    [['a', 7], sum(-30)],
  ],
  { name: 'ns', normal: 5n },
)

it('an aggregation is a table in printing order, divided as signed', () => {
  const t = snapshotTable(SUMS)
  expect(t.title).toBe('@ns')
  expect(t.columns.map((c) => c.name)).toEqual(['key1', 'key2', 'sum'])
  expect(t.rows).toEqual([
    ['a', 7n, -6n],
    ['b', -1n, 1n],
  ])
  expect(snapshotTable(SUMS, new Map([['aggsortrev', '']])).rows[0]?.[0]).toBe('b')
})

it('a histogram is a row for each bucket that DTrace shows', () => {
  const a = aggregation('quantize', [KEY.string], [[['x'], quantize([1, 2n], [4, 3n])]])
  expect(snapshotTable(a).rows).toEqual([
    ['x', 0n, 0n],
    ['x', 1n, 2n],
    ['x', 2n, 0n],
    ['x', 4n, 3n],
    ['x', 8n, 0n],
  ])
  const fn = { kind: 'lquantize', base: 0, limit: 4, step: 2 } as const
  const b = aggregation(fn, [], [[[], lquantize(fn, [0, 1n], [3, 4n])]])
  expect(snapshotTable(b).rows).toEqual([
    ['< 0', 1n],
    [0n, 0n],
    [2n, 0n],
    ['>= 4', 4n],
  ])
  expect(snapshotJson(b)).toEqual({
    name: '_',
    function: 'lquantize',
    groups: [
      {
        key: [],
        buckets: [
          ['< 0', 1],
          ['>= 4', 4],
        ],
      },
    ],
  })
})

it('a result holds every aggregation and survives JSON', () => {
  const result = {
    status: 3,
    exited: true,
    interrupted: false,
    firings: 12,
    aggregations: [SUMS],
    unprinted: [],
  }
  expect(JSON.parse(JSON.stringify(resultJson(result)))).toEqual({
    kind: 'result',
    status: 3,
    exited: true,
    interrupted: false,
    firings: 12,
    aggregations: [
      {
        name: 'ns',
        function: 'sum',
        groups: [
          { key: ['a', 7], value: -6 },
          { key: ['b', -1], value: 1 },
        ],
      },
    ],
  })
})

it('what lies in memory is told by its type', () => {
  const type = new RecordDType('struct', 'domain')
  const state: DType = {
    kind: 'int',
    name: 'enum state',
    bytes: 4,
    signed: true,
    enumerators: new Map([['RUNNING', 1n]]),
  }
  type.complete({
    bytes: 24,
    align: 8,
    members: [
      { name: 'low', type: INT, offset: 0, bits: { shift: 0, width: 4 } },
      { name: 'name', type: arrayOf(CHAR, 4), offset: 4 },
      { name: 'state', type: state, offset: 8 },
      { name: 'load', type: { kind: 'float', name: 'float', bytes: 4 }, offset: 12 },
      { name: 'next', type: pointerTo(type), offset: 16 },
    ],
  })
  const bytes = new Uint8Array(24)
  bytes.set([0xf3, 0, 0, 0, 119, 49, 0, 0, 1, 0, 0, 0, 0, 0, 0xc0, 0x3f, 0xff])
  expect(valueJson({ type, value: bytes })).toEqual({
    low: 3,
    name: 'w1',
    state: 'RUNNING',
    load: 1.5,
    next: 255,
  })
  const items: RecordItem[] = [
    { kind: 'tracemem', bytes: Uint8Array.of(1, 0xab) },
    { kind: 'stack', frames: ['f'] },
    { kind: 'print', value: value(-1), address: 0x10n },
    { kind: 'setopt', option: 'quiet' },
  ]
  expect(recordJson(firing(BEGIN, items))).toHaveProperty('items', [
    { kind: 'tracemem', bytes: '01ab' },
    { kind: 'stack', frames: ['f'] },
    { kind: 'print', type: 't', value: -1, address: 16 },
    { kind: 'setopt', option: 'quiet', value: null },
  ])
})
