// What everything stands on: 64-bit integers, seeded numbers, places in a text, refusals as text.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Diagnostic, printDiagnostic } from '../../src/base/diagnostic.js'
import { printError, XpvError } from '../../src/base/error.js'
import { INT64_MAX, INT64_MIN, int64, UINT64_MAX, uint64 } from '../../src/base/int64.js'
import { prng } from '../../src/base/prng.js'
import { positionOf } from '../../src/base/span.js'
import { table } from '../../src/base/table.js'

it.each([
  [0x8000_0000_0000_0000n, -9_223_372_036_854_775_808n, 9_223_372_036_854_775_808n],
  [0xffff_ffff_ffff_ffffn, -1n, 18_446_744_073_709_551_615n],
  [0x1_0000_0000_0000_0007n, 7n, 7n],
  [-1n, -1n, 18_446_744_073_709_551_615n],
])('%s is %s signed and %s unsigned', (value, signed, unsigned) => {
  expect([int64(value), uint64(value)]).toEqual([signed, unsigned])
})

it('both readings of any integer are 64 bits of it', () => {
  fc.assert(
    fc.property(fc.bigInt(-(1n << 130n), 1n << 130n), (value) => {
      const [signed, unsigned] = [int64(value), uint64(value)]
      expect(signed >= INT64_MIN && signed <= INT64_MAX).toBe(true)
      expect(unsigned >= 0n && unsigned <= UINT64_MAX).toBe(true)
      expect((signed - value) % (1n << 64n)).toBe(0n)
      expect((unsigned - value) % (1n << 64n)).toBe(0n)
    }),
  )
})

// As other implementations of mulberry32 are tested.
it.each([
  { seed: 0, numbers: [1_144_304_738, 1_416_247, 958_946_056, 627_933_444] },
  { seed: 1985, numbers: [3_527_837_133, 3_112_574_143] },
])('seed $seed yields $numbers', ({ seed, numbers }) => {
  const next = prng(seed)
  expect(numbers.map(() => next())).toEqual(numbers)
})

it.each([
  { source: '', offset: 0, at: [1, 1] },
  { source: 'ab', offset: 1, at: [1, 2] },
  { source: 'ab\ncd', offset: 2, at: [1, 3] },
  { source: 'ab\ncd', offset: 3, at: [2, 1] },
  { source: 'ab\n', offset: 3, at: [2, 1] },
  { source: 'ab\ncd', offset: 99, at: [2, 3] },
])('offset $offset of $source is at $at', ({ source, offset, at }) => {
  const { line, column } = positionOf(source, offset)
  expect([line, column]).toEqual(at)
})

it('the place of an offset leads back to it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', '\n', '\t')), fc.nat(), (chars, n) => {
      const source = chars.join('')
      const offset = n % (source.length + 1)
      const { line, column } = positionOf(source, offset)
      const before = source.split('\n').slice(0, line - 1)
      expect(before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1).toBe(offset)
    }),
  )
})

const mistake = (start: number, end: number): Diagnostic => ({
  code: 'd.syntax',
  severity: 'error',
  message: 'no',
  span: { start, end },
})

it.each([
  { name: 'under the place', span: [4, 7], caret: '    ^^^' },
  { name: 'for a place without width', span: [4, 4], caret: '    ^' },
  { name: 'to the end of the line only', span: [4, 99], caret: '    ^^^^' },
  { name: 'after a tab', span: [10, 12], caret: '\t^^' },
])('carets stand $name', ({ span: [start = 0, end = 0], caret }) => {
  const lines = printDiagnostic('one two;\n\ttwo', mistake(start, end)).split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[2]).toBe(`  ${caret}`)
})

it('a mistake shows its line, and its hint on a line of its own', () => {
  expect(printDiagnostic('one\ntwo', { ...mistake(4, 7), hint: 'type three' })).toBe(
    'd.syntax: line 2:1: no\n  two\n  ^^^\n  type three',
  )
})

it('a mistake without a place is told all the same', () => {
  expect(printDiagnostic('one', { code: 'd.syntax', severity: 'error', message: 'no' })).toBe(
    'd.syntax: no',
  )
})

it('a refusal says its code, what was seen, and what to type', () => {
  expect(printError(new XpvError('trace.empty', 'x is empty'))).toBe('trace.empty: x is empty')
  expect(printError(new XpvError('trace.no-clock', 'x counts cycles', '--hz 2.6G'))).toBe(
    'trace.no-clock: x counts cycles\n  try: --hz 2.6G',
  )
})

it('a column given by name alone has that heading and no unit', () => {
  expect(table(['probe', { name: 'time', unit: 'ns' }], [['a', 1n]])).toEqual({
    kind: 'table',
    columns: [{ name: 'probe' }, { name: 'time', unit: 'ns' }],
    rows: [['a', 1n]],
  })
})
