// heatmap() and series(): columns hold what plain states hold, parts merge to the whole, and what
// finds no room is counted.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type {
  AggregatingFunction,
  AggregationDecl,
  GroupState,
} from '../../src/dtrace/aggregate/aggregation.js'
import { StringPool } from '../../src/dtrace/aggregate/key-layout.js'
import { mergeSnapshots } from '../../src/dtrace/aggregate/merge.js'
import { truncateGroups } from '../../src/dtrace/aggregate/sort.js'
import { addValue, emptyState } from '../../src/dtrace/aggregate/state.js'
import { AggregationTable } from '../../src/dtrace/aggregate/table.js'

const FUNCTIONS: readonly AggregatingFunction[] = [
  { kind: 'heatmap', intervalNs: 1000 },
  ...(['count', 'sum', 'avg', 'min', 'max'] as const).map(
    (of): AggregatingFunction => ({ kind: 'series', of, intervalNs: 1000 }),
  ),
]

const INT = { kind: 'int', bytes: 4, signed: true } as const

interface Seen {
  readonly key: number
  readonly value: bigint
  readonly slot: number
}

const seen: fc.Arbitrary<Seen> = fc.record({
  key: fc.integer({ min: 0, max: 4 }),
  value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  slot: fc.oneof(fc.nat(20), fc.constantFrom(2 ** 31, 2 ** 32 + 1, 2 ** 45)),
})

const declOf = (f: AggregatingFunction): AggregationDecl => ({
  id: 0,
  name: '_',
  keys: [INT],
  function: f,
})

function tableOf(f: AggregatingFunction, values: readonly Seen[], limit = 1000): AggregationTable {
  const table = new AggregationTable(declOf(f), new StringPool(), limit)
  for (const { key, value, slot } of values) {
    table.column.addTimes(table.keys.add1(key), value, BigInt(slot))
  }
  return table
}

function plainOf(f: AggregatingFunction, values: readonly Seen[]): Map<bigint, GroupState> {
  const states = new Map<bigint, GroupState>()
  for (const { key, value, slot } of values) {
    const before = states.get(BigInt(key)) ?? emptyState(f)
    states.set(BigInt(key), addValue(f, before, value, BigInt(slot)))
  }
  return states
}

const byKey = (table: AggregationTable) =>
  new Map(table.snapshot().groups.map((g) => [g.key[0], g.state]))

it.each(FUNCTIONS)('$kind $of: columns equal plain states, also after trunc and clear', (f) => {
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 80 }), fc.array(seen, { maxLength: 20 }), (a, b) => {
      const table = tableOf(f, a)
      expect(byKey(table)).toEqual(plainOf(f, a))
      const kept = new Map(truncateGroups(table.snapshot(), 2n).map((g) => [g.key[0], g.state]))
      table.trunc(2n)
      expect(byKey(table)).toEqual(kept)
      table.clear()
      for (const { key, value, slot } of b) {
        table.column.addTimes(table.keys.add1(key), value, BigInt(slot))
      }
      const empty = new Map([...kept.keys()].map((key) => [key, emptyState(f)]))
      expect(byKey(table)).toEqual(new Map([...empty, ...plainOf(f, b)]))
    }),
    { numRuns: 60 },
  )
})

it.each(FUNCTIONS)('$kind $of: parts merge to the whole, in any order', (f) => {
  const part = fc.array(seen, { maxLength: 30 })
  const states = (s: ReturnType<AggregationTable['snapshot']>) =>
    new Map(s.groups.map((g) => [g.key[0], g.state]))
  fc.assert(
    fc.property(part, part, (x, y) => {
      const [a, b] = [tableOf(f, x).snapshot(), tableOf(f, y).snapshot()]
      const whole = byKey(tableOf(f, [...x, ...y]))
      expect(states(mergeSnapshots(a, b))).toEqual(whole)
      expect(states(mergeSnapshots(b, a))).toEqual(whole)
    }),
    { numRuns: 60 },
  )
})

it('intervals beyond the limit are dropped and counted, those there are go on', () => {
  const f: AggregatingFunction = { kind: 'series', of: 'sum', intervalNs: 1 }
  const values = [0, 1, 2, 1].map((slot) => ({ key: 0, value: 5n, slot }))
  const table = tableOf(f, values, 2)
  expect(table.lost).toBe(1)
  expect(byKey(table).get(0n)).toEqual({
    kind: 'series',
    slots: [
      [0, { kind: 'sum', sum: 5n }],
      [1, { kind: 'sum', sum: 10n }],
    ],
  })
})

it('series of different functions or intervals do not merge', () => {
  const of = (f: AggregatingFunction) => tableOf(f, []).snapshot()
  const [sum, count] = [FUNCTIONS[2], FUNCTIONS[1]] as [AggregatingFunction, AggregatingFunction]
  expect(() => mergeSnapshots(of(sum), of(count))).toThrowError(/series\(sum.*series\(count/)
})
