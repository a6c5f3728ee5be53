// Columns of state hold what the plain states hold; buckets, scalars, merges and orders keep their
// laws.
//
// Expected buckets: powers of two by their definition (2^k <= v < 2^(k+1)); lquantize as illumos
// cuts to int32.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  AggregatingFunction,
  AggregationDecl,
  AggregationSnapshot,
  GroupState,
  KeyPart,
} from '../../src/dtrace/aggregate/aggregation.js'
import {
  linearBucketOf,
  quantizeBucket,
  quantizeBucketOf,
  quantizeValue,
} from '../../src/dtrace/aggregate/buckets.js'
import { StringPool } from '../../src/dtrace/aggregate/key-layout.js'
import { KeyTable } from '../../src/dtrace/aggregate/key-table.js'
import { keyText, mergeSnapshots } from '../../src/dtrace/aggregate/merge.js'
import {
  bundleGroups,
  compareKeys,
  sortGroups,
  sortOrder,
  truncateGroups,
} from '../../src/dtrace/aggregate/sort.js'
import { addValue, emptyState } from '../../src/dtrace/aggregate/state.js'
import { AggregationTable } from '../../src/dtrace/aggregate/table.js'
import { scalarValue, squareRoot } from '../../src/dtrace/aggregate/value.js'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const FUNCTIONS: readonly AggregatingFunction[] = [
  { kind: 'count' },
  { kind: 'sum' },
  { kind: 'avg' },
  { kind: 'min' },
  { kind: 'max' },
  { kind: 'stddev' },
  { kind: 'quantize' },
  { kind: 'lquantize', base: -5, limit: 25, step: 3 },
  { kind: 'lquantize', base: -5, limit: 25, step: 3, wide: true },
  { kind: 'llquantize', dialect: 'illumos', factor: 10, low: 0, high: 6, steps: 20 },
  { kind: 'llquantize', dialect: 'linux', factor: 10, low: 0, high: 6, steps: 20 },
  { kind: 'quantile', ranks: [500_000, 990_000] },
]

const value = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc.constantFrom(MIN, MAX, 2n ** 52n, 2n ** 53n, -(2n ** 52n), 2n ** 31n, -(2n ** 31n) - 1n),
)

function fill(table: AggregationTable, row: number, v: bigint): void {
  const isSmall = v <= 2n ** 52n && v >= -(2n ** 52n)
  if (isSmall) table.column.add(row, Number(v))
  else table.column.addBig(row, v)
}

describe('quantize buckets', () => {
  it.each(Array.from({ length: 63 }, (_, k) => k))('2^%i opens a bucket, 2^k - 1 does not', (k) => {
    const power = 2n ** BigInt(k)
    expect(quantizeBucketOf(power)).toBe(64 + k)
    expect(quantizeBucketOf(-power)).toBe(62 - k)
    expect(quantizeValue(64 + k)).toBe(power)
    expect(quantizeValue(62 - k)).toBe(-power)
    if (k > 0) expect(quantizeBucketOf(power - 1n)).toBe(63 + k)
    if (k > 0) expect(quantizeBucketOf(1n - power)).toBe(63 - k)
    if (k <= 52) {
      expect(quantizeBucket(Number(power))).toBe(64 + k)
      expect(quantizeBucket(-Number(power))).toBe(62 - k)
    }
    if (k > 0 && k <= 53) expect(quantizeBucket(Number(power - 1n))).toBe(63 + k)
  })

  it('zero has its own, and the ends hold everything beyond', () => {
    expect(quantizeBucketOf(0n)).toBe(63)
    expect(quantizeBucketOf(MAX)).toBe(126)
    expect(quantizeBucketOf(MIN)).toBe(0)
    expect(quantizeBucketOf(MIN + 1n)).toBe(0)
  })
})

it.each([
  ['below the base', -6n, 0],
  ['the base', -5n, 1],
  ['the last of a step', -3n, 1],
  ['the next step', -2n, 2],
  ['the last level', 24n, 10],
  ['the limit', 25n, 11],
  ['far above', 2n ** 31n - 1n, 11],
  ['2^31 is cut to the smallest int', 2n ** 31n, 0],
  ['2^32 + 1 is cut to 1', 2n ** 32n + 1n, 3],
] as const)('lquantize: %s', (_name, v, bucket) => {
  expect(linearBucketOf({ kind: 'lquantize', base: -5, limit: 25, step: 3 }, v)).toBe(bucket)
})

it.each(FUNCTIONS)(
  '$kind $dialect $wide: columns equal plain states, also after clear and trunc',
  (f) => {
    const steps = fc.array(fc.tuple(fc.integer({ min: -3, max: 40 }), value), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (list) => {
        const decl: AggregationDecl = { id: 0, name: '_', keys: [INT], function: f }
        const table = new AggregationTable(decl, new StringPool(), 1000)
        let plain = new Map<number, GroupState>()
        for (const [key, v] of list) {
          if (key === -1) {
            table.clear()
            for (const k of plain.keys()) plain.set(k, emptyState(f))
          } else if (key < -1) {
            const kept = truncateGroups(table.snapshot(), v % 8n).map((g) => Number(g.key[0]))
            table.trunc(v % 8n)
            plain = new Map(kept.map((k) => [k, plain.get(k) ?? emptyState(f)]))
          } else {
            fill(table, table.keys.add1(key), v)
            plain.set(key, addValue(f, plain.get(key) ?? emptyState(f), v))
          }
        }
        const groups = table.snapshot().groups.map((g) => [Number(g.key[0]), g.state] as const)
        expect(new Map(groups)).toEqual(plain)
      }),
      { numRuns: 60 },
    )
  },
)

const INT = { kind: 'int', bytes: 4, signed: true } as const

it('a key table finds what was added and not removed', () => {
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 60 }), fc.constantFrom(1, 2, 3, 5))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const tables = new Map([1, 2, 3, 5].map((n) => [n, new KeyTable(n)]))
      const rows = new Map<string, number>()
      for (const [adds, key, arity] of steps) {
        const table = tables.get(arity) ?? new KeyTable(arity)
        const words = Array.from({ length: arity }, (_, i) => (key * (i + 7)) | 0)
        table.key.set(words)
        const name = `${arity}:${key}`
        expect(table.find()).toBe(rows.get(name) ?? -1)
        if (arity === 1) expect(table.find1(words[0] ?? 0)).toBe(table.find())
        if (arity === 2) expect(table.find2(words[0] ?? 0, words[1] ?? 0)).toBe(table.find())
        if (adds) rows.set(name, table.add())
        else if (rows.delete(name)) table.remove(table.find())
      }
      for (const [arity, table] of tables) {
        expect(table.size).toBe([...rows.keys()].filter((n) => n.startsWith(`${arity}:`)).length)
      }
    }),
    { numRuns: 100 },
  )
})

describe('scalars', () => {
  it.each([
    ['avg truncates toward zero', { kind: 'avg', count: 2n, sum: -901n }, 1n, -450n],
    ['avg of nothing is 0', { kind: 'avg', count: 0n, sum: 0n }, 1n, 0n],
    ['avg divides by the normal first', { kind: 'avg', count: 2n, sum: 15n }, 4n, 1n],
    ['sum over a normal', { kind: 'sum', sum: -7n }, 2n, -3n],
    ['stddev of 1, 2, 3, 4, 5', { kind: 'stddev', count: 5n, sum: 15n, sumSquares: 55n }, 1n, 1n],
    [
      'stddev of 0 and 1000',
      { kind: 'stddev', count: 2n, sum: 1000n, sumSquares: 10n ** 6n },
      1n,
      500n,
    ],
  ] as const)('%s', (_name, state, normal, expected) => {
    expect(scalarValue(state, normal)).toBe(expected)
  })

  it('the square root is the largest whole number whose square fits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (v) => {
        const root = squareRoot(v)
        expect(root * root <= v && (root + 1n) * (root + 1n) > v).toBe(true)
      }),
    )
  })
})

function snapshotOf(f: AggregatingFunction, values: readonly (readonly [bigint, bigint])[]) {
  const decl: AggregationDecl = { id: 0, name: '_', keys: [INT], function: f }
  const states = new Map<bigint, GroupState>()
  for (const [key, v] of values) states.set(key, addValue(f, states.get(key) ?? emptyState(f), v))
  const groups = [...states].map(([key, state]) => ({ key: [key], state }))
  return { decl, normal: 1n, groups } satisfies AggregationSnapshot
}

const inOrder = (s: AggregationSnapshot) => ({
  ...s,
  groups: [...s.groups].sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1)),
})

it.each(FUNCTIONS)('merges of $kind $dialect $wide: split anyhow, the whole comes out', (f) => {
  const part = fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 9n }), value), { maxLength: 30 })
  fc.assert(
    fc.property(part, part, part, (x, y, z) => {
      const [a, b, c] = [snapshotOf(f, x), snapshotOf(f, y), snapshotOf(f, z)]
      const whole = inOrder(snapshotOf(f, [...x, ...y, ...z]))
      expect(inOrder(mergeSnapshots(mergeSnapshots(a, b), c))).toEqual(whole)
      expect(inOrder(mergeSnapshots(a, mergeSnapshots(b, c)))).toEqual(whole)
      expect(inOrder(mergeSnapshots(b, a))).toEqual(inOrder(mergeSnapshots(a, b)))
    }),
    { numRuns: 50 },
  )
})

it('snapshots of different aggregations are refused', () => {
  const sum = snapshotOf({ kind: 'sum' }, [])
  const count = snapshotOf({ kind: 'count' }, [])
  expect(() => mergeSnapshots(sum, count)).toThrowError(/sum.*count/)
})

describe('printing order', () => {
  const keys = (s: readonly { key: readonly KeyPart[] }[]) => s.map((g) => g.key[0])
  const snapshot = snapshotOf({ kind: 'sum' }, [
    [-1n, 5n],
    [2n, 5n],
    [7n, -9n],
  ])

  it('by value, then by key as unsigned of its size', () => {
    expect(keys(sortGroups(snapshot))).toEqual([7n, 2n, -1n])
  })

  it.each([
    [{ aggsortkey: '' }, [2n, 7n, -1n]],
    [{ aggsortrev: '' }, [-1n, 2n, 7n]],
    [{ aggsortkey: '', aggsortrev: '' }, [-1n, 7n, 2n]],
  ])('%j', (options, expected) => {
    expect(keys(sortGroups(snapshot, sortOrder(new Map(Object.entries(options)))))).toEqual(
      expected,
    )
  })

  it('aggsortkeypos begins with a later part and wraps around', () => {
    const types = [INT, { kind: 'string' }] as const
    expect(compareKeys(types, [2n, 'a'], [1n, 'b'], 1)).toBeLessThan(0)
    expect(compareKeys(types, [2n, 'a'], [1n, 'a'], 1)).toBeGreaterThan(0)
  })

  it('several aggregations are joined by key; a missing one is zero', () => {
    const other = snapshotOf({ kind: 'min' }, [[2n, 1n]])
    const order = sortOrder(new Map([['aggsortpos', '1']]))
    const bundles = bundleGroups([snapshot, other], order)
    expect(keys(bundles)).toEqual([7n, -1n, 2n])
    expect(bundles[0]?.states[1]).toEqual({ kind: 'min', min: 0n })
  })
})
