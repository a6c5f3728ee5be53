// aggpack, agghist, aggzoom, encoding; llquantize() of both dialects; quantile(), series() and
// heatmap(). Bytes of DTrace's own: computed by hand from the rules of dt_consume.c.
import { describe, expect, it } from 'vitest'
import type { GroupState, LogLinearFunction } from '../../src/dtrace/aggregate/aggregation.js'
import { addValue, emptyState } from '../../src/dtrace/aggregate/state.js'
import { formatPrinta, printAggregations } from '../../src/dtrace/print/aggregation.js'
import { aggregation, format, KEY, quantize, sum } from './samples.js'

const on = (...names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => name.split('=') as [string, string]).map(([n, v]) => [n, v ?? '']))

const filled = (
  f: Parameters<typeof emptyState>[0],
  values: readonly (readonly [value: number, times: number])[],
): GroupState =>
  values.reduce<GroupState>(
    (state, [v, times]) => addValue(f, state, BigInt(v), BigInt(times)),
    emptyState(f),
  )

describe('agghist', () => {
  const sums = aggregation(
    'sum',
    [KEY.string],
    [
      [['web'], sum(30)],
      [['db'], sum(10)],
    ],
  )

  it('numbers get bars under one head, by their share of all', () => {
    expect(formatPrinta([sums], undefined, on('agghist'))).toBe(
      `\n\n              key  ------------- Distribution ------------- count    
               db |@@@@@@@@@@                               10       
              web |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@           30       
`,
    )
  })

  it('zoomed, the largest fills 95 %; in UTF-8 by eighths', () => {
    const text = formatPrinta([sums], undefined, on('agghist', 'aggzoom', 'encoding=utf8'))
    const [db, web] = text.split('\n').slice(3)
    expect(db).toBe(`               db |${'█'.repeat(12)}▉${' '.repeat(27)} 10       `)
    expect(web).toBe(`              web |${'█'.repeat(38)}▋${' '.repeat(1)} 30       `)
  })

  it('with both signs a side each', () => {
    const both = aggregation(
      'sum',
      [KEY.string],
      [
        [['down'], sum(-10)],
        [['up'], sum(30)],
      ],
    )
    expect(printAggregations([both], on('agghist')).split('\n').slice(2)).toEqual([
      `             down                @@@@@|${' '.repeat(20)} -10      `,
      `               up ${' '.repeat(20)}|@@@@@@@@@@@@@@@      30       `,
      '',
    ])
  })

  it('what is no number prints as ever, and so does a printa() of several', () => {
    const q = aggregation('quantize', [KEY.int], [[[1], quantize([1, 2n])]])
    expect(printAggregations([q], on('agghist'))).toBe(printAggregations([q]))
    expect(formatPrinta([sums, sums], undefined, on('agghist'))).toBe(
      formatPrinta([sums, sums], undefined),
    )
  })
})

describe('aggpack', () => {
  it('a distribution is one line, as wide as that of all keys together', () => {
    const q = aggregation(
      'quantize',
      [KEY.int],
      [
        [[1], quantize([1, 1n], [2, 7n])],
        [[2], quantize([8, 4n])],
      ],
    )
    expect(printAggregations([q], on('aggpack', 'encoding=ascii'))).toBe(
      `
      key  min .------. max  | count
        1    0 : _X   : 16   | 8
        2    0 :    X : 16   | 4
`,
    )
    expect(printAggregations([q], on('aggpack')).split('\n')[2]).toBe(
      '        1    0 : ▂▇   : 16   | 8',
    )
  })

  it('an lquantize shows all levels, negative counts as v', () => {
    const fn = { kind: 'lquantize', base: 0, limit: 4, step: 1 } as const
    const counts = filled(fn, [
      [-1, 2],
      [0, 2],
      [3, -4],
    ])
    const l = aggregation(fn, [], [[[], counts]])
    expect(printAggregations([l], on('aggpack', 'encoding=ascii'))).toBe(
      `
     min .------. max      | count
     < 0 :xx  v : >= 4     | 0
`,
    )
  })
})

describe('llquantize', () => {
  const of = (dialect: LogLinearFunction['dialect'], low: number, high: number, steps: number) =>
    ({ kind: 'llquantize', dialect, factor: 10, low, high, steps }) as const

  const labels = (f: LogLinearFunction, ...values: readonly number[]): string[] => {
    const state = filled(
      f,
      values.map((v) => [v, 1]),
    )
    const lines = printAggregations([aggregation(f, [], [[[], state]])]).split('\n')
    return lines.slice(2, -2).map((line) => line.slice(0, 16).trim())
  }

  it.each([
    ['illumos, one bucket', of('illumos', 0, 1, 10), [5], ['4', '5', '6']],
    [
      'illumos, below and above',
      of('illumos', 1, 2, 10),
      [-7, 5000],
      [
        ...['< 10', '10', '20', '30', '40', '50', '60', '70', '80', '90'],
        ...['100', '200', '300', '400', '500', '600', '700', '800', '900', '>= 1000'],
      ],
    ],
    ['illumos, no data', of('illumos', 0, 1, 10), [], ['< 1', '1']],
    ['linux, one bucket', of('linux', 0, 1, 10), [5], ['4', '5', '6']],
    [
      'linux, near zero',
      of('linux', 1, 1, 2),
      [3, 50],
      ['-10', 'abs() < 10', '10', '50', '>= 100'],
    ],
    ['linux, only positive', of('linux', 1, 1, 2), [10], ['< 10', '10', '50']],
    [
      'linux, both ends',
      of('linux', 1, 1, 2),
      [-100, 100],
      [...['<= -100', '-50', '-10', 'abs() < 10', '10', '50', '>= 100']],
    ],
    ['linux, no data', of('linux', 0, 1, 10), [], ['0', '1', '2']],
    ['linux, a label for what has no values', of('linux', 0, 1, 20), [9], ['8', '9', '10']],
  ] as const)('%s', (_name, f, values, expected) => {
    expect(labels(f, ...values)).toEqual(expected)
  })
})

it.each([
  ['illumos', '                0\n'],
  ['linux', ' 9223372036854775807\n'],
] as const)('a cleared min() shows what %s leaves', (dialect, line) => {
  const cleared = aggregation('min', [], [[[], emptyState({ kind: 'min' })]])
  expect(printAggregations([cleared], on(), dialect)).toBe(line)
})

describe('beyond DTrace', () => {
  it('quantiles stand in a line, by name', () => {
    const fn = { kind: 'quantile', ranks: [500_000, 999_000] } as const
    const state = filled(
      fn,
      Array.from({ length: 100 }, (_, i) => [i + 1, 1]),
    )
    const q = aggregation(
      fn,
      [KEY.int],
      [
        [[7], state],
        [[8], emptyState(fn)],
      ],
    )
    expect(printAggregations([q])).toBe(
      `        8 p50            - p99.9            -
        7 p50           50 p99.9          100
`,
    )
    expect(formatPrinta([q], format('%d:%@d\n'), on())).toBe(
      '8: p50            - p99.9            -\n7: p50           50 p99.9          100\n',
    )
  })

  it('a series has a bar an interval; a long pause is one row', () => {
    const fn = { kind: 'series', of: 'sum', intervalNs: 250_000_000 } as const
    const s = aggregation(
      fn,
      [],
      [
        [
          [],
          filled(fn, [
            [8, 0],
            [4, 2],
            [2, 9],
          ]),
        ],
      ],
    )
    expect(printAggregations([s])).toBe(
      `
            time  ------------- Distribution ------------- sum      
             0ms |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@   8        
           250ms |                                         0        
           500ms |@@@@@@@@@@@@@@@@@@@                      4        
             ...
          2250ms |@@@@@@@@@@                               2        

`,
    )
  })

  it('what has no value without values says so', () => {
    const fn = { kind: 'series', of: 'min', intervalNs: 1e9 } as const
    const s = aggregation(
      fn,
      [],
      [
        [
          [],
          filled(fn, [
            [-3, 0],
            [5, 2],
          ]),
        ],
      ],
    )
    expect(
      printAggregations([s])
        .split('\n')
        .slice(2, 5)
        .map((l) => l.slice(0, 16).trim()),
    ).toEqual(['0s', '1s', '2s'])
    expect(printAggregations([s]).split('\n')[3]?.trimEnd().slice(-1)).toBe('-')
  })

  it('a heat map has a row of shades an interval, darker for more', () => {
    const fn = { kind: 'heatmap', intervalNs: 1e9 } as const
    const state = filled(fn, [
      ...Array.from({ length: 8 }, () => [2, 0] as const),
      [9, 0],
      [9, 0],
      [9, 0],
      [1, 1],
    ])
    const h = aggregation(fn, [], [[[], state]])
    expect(printAggregations([h])).toBe(
      `
            time     1 .----. 8     | count
              0s       : █ ▒:       | 11
              1s       :░   :       | 1

`,
    )
    expect(printAggregations([h], on('encoding=ascii')).split('\n').slice(2, 4)).toEqual([
      '              0s       : # ::       | 11',
      '              1s       :.   :       | 1',
    ])
  })
})
