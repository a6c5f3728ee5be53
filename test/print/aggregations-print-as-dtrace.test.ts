// Default lines, sorting, printa() and bundles. Expected bytes: the public suites' aggs/,
// multiaggs/ and printa/ directories; the test beside each group of lines is named.
import { expect, it } from 'vitest'
import type { AggregationSnapshot } from '../../src/dtrace/aggregate/aggregation.js'
import { formatPrinta, printAggregations } from '../../src/dtrace/print/aggregation.js'
import { aggregation, count, format, KEY, lquantize, quantize, stddev, sum } from './samples.js'

const options = (...pairs: readonly [string, string][]): ReadonlyMap<string, string> =>
  new Map(pairs)

const printa = (
  text: string,
  aggregations: readonly AggregationSnapshot[],
  ...set: readonly [string, string][]
): string => formatPrinta(aggregations, format(text), options(...set))

const sums = (id: number, name: string, ...pairs: readonly [number, number][]) =>
  aggregation(
    'sum',
    [KEY.int],
    pairs.map(([key, v]) => [[key], sum(v)] as const),
    { id, name },
  )

it('keys print by type and size and sort as unsigned (aggs/tst.signedkeys)', () => {
  const values = [-2, -1, 0, 1, 2]
  const of = (id: number, type: (typeof KEY)[keyof typeof KEY]) =>
    aggregation(
      'sum',
      [type],
      values.map((v) => [[v], sum(v)] as const),
      { id },
    )
  const all = [of(0, KEY.int8), of(1, KEY.int16), of(2, KEY.int), of(3, KEY.int64)]
  expect(printAggregations(all, options(['aggsortkey', '']))).toBe(
    `   0                0
   1                1
   2                2
 254               -2
 255               -1
     0                0
     1                1
     2                2
 65534               -2
 65535               -1
        0                0
        1                1
        2                2
       -2               -2
       -1               -1
                0                0
                1                1
                2                2
               -2               -2
               -1               -1
`,
  )
})

it('values sort before keys, keys from aggsortkeypos on (aggs/tst.valsortkeypos)', () => {
  const a = aggregation(
    'sum',
    [KEY.int, KEY.int],
    [
      [[1, 3], sum(0)],
      [[2, 2], sum(0)],
      [[3, 1], sum(0)],
    ],
  )
  expect(printAggregations([a], options(['aggsortkeypos', '1']))).toBe(
    `        3        1                0
        2        2                0
        1        3                0
`,
  )
})

it('aggsortrev turns variables, keys and all round (aggs/tst.signedkeyspos)', () => {
  const of = (id: number, type: (typeof KEY)[keyof typeof KEY], cat: number) =>
    aggregation(
      'sum',
      [KEY.string, type],
      [
        [['cat', -1], sum(cat)],
        [['mouse', 2], sum(2)],
        [['cat', 2], sum(222)],
      ],
      { id },
    )
  const set = options(['aggsortkey', ''], ['aggsortkeypos', '1'], ['aggsortrev', ''])
  expect(printAggregations([of(0, KEY.int16, -1), of(1, KEY.int, -111)], set)).toBe(
    `  cat                                                      -1             -111
  mouse                                                     2                2
  cat                                                       2              222
  cat                                                65535               -1
  mouse                                                  2                2
  cat                                                    2              222
`,
  )
})

const TOUR = aggregation(
  'sum',
  [KEY.string, KEY.int, KEY.int],
  (
    [
      ['Ghent', 0, 0],
      ['Berlin', 1, 1],
      ['London', 2, 2],
      ['Dublin', 3, 2],
      ['Zurich', 5, 4],
      ['Prague', 12, 6],
      ['London', 13, 6],
      ['Amsterdam', 17, 8],
    ] as const
  ).map(([city, i, j]) => [[city, i, j], sum(5 - j)] as const),
)

it.each([
  {
    by: 'value',
    set: [['aggsortkey', 'false']],
    cities: 'Amsterdam London Prague Zurich Dublin London Berlin Ghent',
  },
  {
    by: 'key',
    set: [['aggsortkey', '']],
    cities: 'Amsterdam Berlin Dublin Ghent London London Prague Zurich',
  },
  {
    by: 'key, position 1',
    set: [
      ['aggsortkey', ''],
      ['aggsortkeypos', '1'],
    ],
    cities: 'Ghent Berlin London Dublin Zurich Prague London Amsterdam',
  },
  {
    by: 'key, position 2',
    set: [
      ['aggsortkey', ''],
      ['aggsortkeypos', '2'],
    ],
    cities: 'Ghent Berlin Dublin London Zurich London Prague Amsterdam',
  },
  {
    by: 'value, reversed',
    set: [['aggsortrev', '']],
    cities: 'Ghent Berlin London Dublin Zurich Prague London Amsterdam',
  },
] as const)('sorted by $by (aggs/tst.keysort)', ({ set, cities }) => {
  const text = printa('%s ', [TOUR], ...set.map(([k, v]) => [k, v] as [string, string]))
  expect(text.trim()).toBe(cities)
})

it('histograms sort by their weight (aggs/tst.negquant)', () => {
  const a = aggregation(
    'quantize',
    [KEY.string],
    [
      [['n-judah'], quantize([1, 123n], [2, 247n])],
      [['j-church'], quantize()],
      [['l-taraval'], quantize([-1, -123n], [0, -123n], [1, 246n])],
      [['k-ingleside'], quantize([1, -123n])],
    ],
  )
  const lines = printAggregations([a]).split('\n')
  expect(
    lines.filter((line) => /[a-z]-/.test(line) && !line.includes('value')).map((l) => l.trim()),
  ).toEqual(['k-ingleside', 'j-church', 'l-taraval', 'n-judah'])
  expect(lines[0]).toBe('  k-ingleside                                       ')
})

it('a histogram line: key, head, rows, an empty line (aggs/tst.lquantround)', () => {
  const fn = { kind: 'lquantize', base: 0, limit: 4, step: 1 } as const
  const a = aggregation(fn, [KEY.int], [[[7], lquantize(fn, [1, 2n], [2, 6n], [3, 19n])]])
  expect(printAggregations([a])).toBe(
    `        7
           value  ------------- Distribution ------------- count    
             < 0 |                                         0        
               0 |@@@                                      2        
               1 |@@@@@@@@@                                6        
               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@             19       
               3 |                                         0        

`,
  )
})

it('averages cut towards zero, deviations are integer roots (aggs/tst.avg_neg, tst.stddev)', () => {
  const average = aggregation('avg', [], [[[], { kind: 'avg', count: 2n, sum: -900n }]])
  expect(printAggregations([average])).toBe('             -450\n')
  const tens = (sign: bigint) =>
    Array.from({ length: 10 }, (_, i) => sign * (5000000000n + 100n * BigInt(i)))
  for (const sign of [1n, -1n]) {
    const deviation = aggregation('stddev', [], [[[], stddev(...tens(sign))]])
    expect(printAggregations([deviation])).toBe('              287\n')
  }
})

it.each([0n, 0x8n, 0x80n, 0x8000n, 0x800000n, 0x80000000n])(
  'stddev through %%@x: half of 0x10 to 0x20 scaled, %s (aggs/tst.stddev2)',
  (half) => {
    const a = aggregation('stddev', [], [[[], stddev(2n * half, 4n * half)]])
    expect(printa('%9@x\n', [a])).toBe(`${half.toString(16).padStart(9)}\n`)
  },
)

it('normalize() divides what prints (aggs/tst.fmtnormalize)', () => {
  const totals = [3000, 3400, 3800, 4200, 4600]
  const a = aggregation(
    'sum',
    [KEY.int],
    totals.map((v, i) => [[i], sum(v)] as const),
    {
      normal: 5n,
    },
  )
  expect(printa('%u %@u\n', [a])).toBe('0 600\n1 680\n2 760\n3 840\n4 920\n')
  expect(printAggregations([a]).split('\n')[1]).toBe('        1              680')
})

it('as in DTrace, a normalized negative sum is right through %@d and not without format', () => {
  const a = aggregation('sum', [], [[[], sum(-10)]], { normal: 2n })
  expect(printa('%@d', [a])).toBe('-5')
  expect(printAggregations([a])).toBe(' 9223372036854775803\n')
})

it('printa() without a format starts with a newline (printa/tst.def)', () => {
  expect(formatPrinta([aggregation('count', [], [[[], count(1)]])], undefined)).toBe(
    '\n                1\n',
  )
})

it('printa() formats keys from the left, as many as it names (printa/tst.tuple)', () => {
  const a = aggregation('count', Array(5).fill(KEY.int), [[[1, 2, 3, 4, 5], count(1)]])
  expect(printa('%@u: -\n', [a])).toBe('1: -\n')
  expect(printa('%@u: %d %d\n', [a])).toBe('1: 1 2\n')
  expect(printa('%@u: %d %d %d %d %d\n', [a])).toBe('1: 1 2 3 4 5\n')
})

it('a width may come from a key (printa/tst.dynwidth)', () => {
  const a = aggregation(
    'sum',
    [KEY.int, KEY.int],
    [
      [[10, 100], sum(1)],
      [[-10, 200], sum(2)],
    ],
  )
  expect(printa('-->%-*d<--\n', [a])).toBe('-->100       <--\n-->200       <--\n')
  expect(printa('-->%*d<--\n', [a])).toBe('-->       100<--\n-->200       <--\n')
})

it('more %@ than aggregations repeat the last (printa/tst.manyval, multiaggs/tst.same)', () => {
  const one = aggregation('count', [], [[[], count(1)]])
  expect(printa('%@u %@u %@u\n', [one])).toBe('1 1 1\n')
  const a = aggregation('sum', [], [[[], sum(90904)]])
  expect(printa('%@d %@d %@d\n', [a, a, a])).toBe('90904 90904 90904\n')
})

it('several aggregations share a line a key, zero where there is none (multiaggs/tst.zero)', () => {
  const foo = sums(2, 'foo', [123, 123], [789, 789])
  const bar = sums(3, 'bar', [456, 456], [789, 789])
  const bop = aggregation('quantize', [KEY.int], [], { id: 0 })
  expect(printa('%10d %@10d %@10d\n', [foo, bar])).toBe(
    `       456          0        456
       123        123          0
       789        789        789
`,
  )
  expect(printa('%10d %@10d %@10d %@10d\n', [foo, bar, bop]).split('\n').slice(0, 6)).toEqual([
    '       456          0        456 ',
    '           value  ------------- Distribution ------------- count    ',
    '              -1 |                                         0        ',
    '               0 |                                         0        ',
    '               1 |                                         0        ',
    '',
  ])
  expect(formatPrinta([foo, bar], undefined)).toBe(
    `
      456                0              456
      123              123                0
      789              789              789
`,
  )
})

it('eleven aggregations, one of them twice, bundle by value (multiaggs/tst.many)', () => {
  const of = (n: number) => sums(n, `agg${n}`, [n, n])
  const absent = (id: number, kind: 'count' | 'min') => aggregation(kind, [KEY.int], [], { id })
  const text = '%4d %4@d %4@d %4@d %4@d %4@d %4@d %4@d %4@d %4@d %4@d %4@d\n'
  const all = [
    of(12),
    of(3),
    of(73),
    absent(997, 'count'),
    of(9),
    of(9),
    of(4),
    absent(998, 'min'),
    of(11),
    of(23),
    of(69),
  ]
  expect(printa(text, all)).toBe(
    `  69    0    0    0    0    0    0    0    0    0    0   69
  23    0    0    0    0    0    0    0    0    0   23    0
  11    0    0    0    0    0    0    0    0   11    0    0
   4    0    0    0    0    0    0    4    0    0    0    0
   9    0    0    0    0    9    9    0    0    0    0    0
  73    0    0   73    0    0    0    0    0    0    0    0
   3    0    3    0    0    0    0    0    0    0    0    0
  12   12    0    0    0    0    0    0    0    0    0    0
`,
  )
})

it('aggsortpos names the aggregation that sorts a bundle (multiaggs/tst.sortpos)', () => {
  const shifted = (id: number, by: number) =>
    sums(id, 'x', ...[1, 30, 60, 90].map((i) => [i, (by + i) % 100] as [number, number]))
  const all = [shifted(0, 0), shifted(1, 25), shifted(2, 50), shifted(3, 75)]
  const keys = (position: string) => printa('%d ', all, ['aggsortpos', position]).trim()
  expect(keys('0')).toBe('1 30 60 90')
  expect(keys('1')).toBe('90 1 30 60')
  expect(keys('2')).toBe('60 90 1 30')
  expect(keys('3')).toBe('30 60 90 1')
  expect(keys('9')).toBe('1 30 60 90')
})

it('strings sort by their UTF-8 bytes', () => {
  const names = ['\u{1F600}', '\uFF21', 'b', 'B', 'ba', '']
  const a = aggregation(
    'sum',
    [KEY.string],
    names.map((n) => [[n], sum(0)] as const),
  )
  expect(printa('%s,', [a])).toBe(',B,b,ba,\uFF21,\u{1F600},')
})
