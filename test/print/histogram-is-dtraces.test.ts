// quantize() and lquantize() blocks. Expected bytes: the public suites' aggs/tst.{quantround,
// lquantround, negquant, neglquant, quantzero, quantlast, lquantnormal, clear*} and
// multiaggs/tst.zero.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { histogramBlock } from '../../src/dtrace/print/histogram.js'
import { lquantize, quantize } from './samples.js'

const HEAD = '           value  ------------- Distribution ------------- count    '

/** A row of bar and count, blanks at the end kept. */
const row = (label: string | number, bar: string, count: number | bigint | string): string =>
  `${String(label).padStart(16)} ${bar} ${String(count).padEnd(9)}`

const up = (marks: number): string => `|${'@'.repeat(marks)}${' '.repeat(40 - marks)}`
const down = (marks: number): string => `${' '.repeat(40 - marks)}${'@'.repeat(marks)}|`
const upHalf = (marks: number): string => `${' '.repeat(20)}|${'@'.repeat(marks).padEnd(20)}`
const downHalf = (marks: number): string => `${'@'.repeat(marks).padStart(20)}|${' '.repeat(20)}`

const block = (...rows: readonly string[]): string => `\n${[HEAD, ...rows].join('\n')}\n`

const QUANTIZE = { kind: 'quantize' } as const
const TEN = { kind: 'lquantize', base: 0, limit: 10, step: 1 } as const
const FOUR = { kind: 'lquantize', base: 0, limit: 4, step: 1 } as const

const lblock = (fn: typeof TEN | typeof FOUR, ...counts: [number, bigint][]): string => {
  const state = lquantize(fn, ...counts)
  return histogramBlock(fn, state.kind === 'lquantize' ? state.buckets : [], 1n)
}

it('27 values of 0, 1 and 2: the bytes of the manual', () => {
  expect(lblock(FOUR, [1, 2n], [2, 6n], [3, 19n])).toBe(`
           value  ------------- Distribution ------------- count    
             < 0 |                                         0        
               0 |@@@                                      2        
               1 |@@@@@@@@@                                6        
               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@             19       
               3 |                                         0        
`)
  expect(histogramBlock(QUANTIZE, quantize([0, 2n], [1, 6n], [2, 19n]).buckets, 1n)).toBe(
    block(
      row(-1, up(0), 0),
      row(0, up(3), 2),
      row(1, up(9), 6),
      row(2, up(28), 19),
      row(4, up(0), 0),
    ),
  )
})

it('counts all below zero draw to the left', () => {
  expect(histogramBlock(QUANTIZE, quantize([1, -123n]).buckets, 1n)).toBe(
    block(row(0, down(0), 0), row(1, down(40), -123), row(2, down(0), 0)),
  )
  expect(histogramBlock(QUANTIZE, quantize([0, -12n]).buckets, 1n)).toBe(
    block(row(-1, down(0), 0), row(0, down(40), -12), row(1, down(0), 0)),
  )
})

it('counts on both sides of zero share 20 columns each', () => {
  expect(histogramBlock(QUANTIZE, quantize([-1, -123n], [0, -123n], [1, 246n]).buckets, 1n)).toBe(
    block(
      row(-2, downHalf(0), 0),
      row(-1, downHalf(5), -123),
      row(0, downHalf(5), -123),
      row(1, upHalf(10), 246),
      row(2, downHalf(0), 0),
    ),
  )
})

it('counts near 2^63 neither overflow nor lose a digit', () => {
  const max = (1n << 63n) - 1n
  expect(
    histogramBlock(QUANTIZE, quantize([1, -max - 1n], [2, max], [8, 400000n]).buckets, 1n),
  ).toBe(
    block(
      row(0, downHalf(0), 0),
      row(1, downHalf(10), '-9223372036854775808'),
      row(2, upHalf(10), '9223372036854775807'),
      row(4, upHalf(0), 0),
      row(8, upHalf(0), 400000),
      row(16, upHalf(0), 0),
    ),
  )
  const sizes = [max, max >> 1n, max >> 2n, max >> 3n] as const
  expect(
    histogramBlock(
      QUANTIZE,
      quantize([1, sizes[0]], [2, sizes[1]], [4, sizes[2]], [8, sizes[3]]).buckets,
      1n,
    ),
  ).toBe(
    block(
      row(0, up(0), 0),
      row(1, up(21), '9223372036854775807'),
      row(2, up(11), '4611686018427387903'),
      row(4, up(5), '2305843009213693951'),
      row(8, up(3), '1152921504606846975'),
      row(16, up(0), 0),
    ),
  )
})

it('rows are clamped at the last bucket', () => {
  expect(histogramBlock(QUANTIZE, quantize([2 ** 62, 1234n]).buckets, 1n)).toBe(
    block(row('2305843009213693952', up(0), 0), row('4611686018427387904', up(40), 1234)),
  )
})

it('without data quantize() shows the rows around zero and lquantize() its first three', () => {
  expect(histogramBlock(QUANTIZE, quantize().buckets, 1n)).toBe(
    block(row(-1, up(0), 0), row(0, up(0), 0), row(1, up(0), 0)),
  )
  expect(lblock(TEN)).toBe(block(row('< 0', up(0), 0), row(0, up(0), 0), row(1, up(0), 0)))
})

it('lquantize() names the buckets outside its range', () => {
  expect(lblock(TEN, [10, 3n], [11, 1n])).toBe(
    block(row(8, up(0), 0), row(9, up(30), 3), row('>= 10', up(10), 1)),
  )
})

it('normalize() divides the counts and leaves the bars', () => {
  const state = lquantize(TEN, ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((b) => [b, 5n] as const))
  const buckets = state.kind === 'lquantize' ? state.buckets : []
  expect(histogramBlock(TEN, buckets, 5n)).toBe(
    block(
      row(0, up(0), 0),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((v) => row(v, up(4), 1)),
      row('>= 10', up(4), 1),
    ),
  )
})

it('each row is as wide as the head, whatever the counts', () => {
  const counts = fc.array(fc.bigInt(-99999n, 999999n), { minLength: 127, maxLength: 127 })
  fc.assert(
    fc.property(counts, (buckets) => {
      const lines = histogramBlock(QUANTIZE, buckets, 1n).split('\n').slice(1, -1)
      expect(
        lines.every((line) => line.length === 68 || line.startsWith('-') || /^\d/.test(line)),
      ).toBe(true)
      expect(lines.length).toBeGreaterThanOrEqual(3)
    }),
  )
})
