// trace() of what lies in memory, tracemem(), stacks and symbols: rows as illumos dt_consume.c and
// DTrace for Linux make them.
import { expect, it } from 'vitest'
import { hexDump } from '../../src/dtrace/print/hex-dump.js'
import { formatPrintf } from '../../src/dtrace/print/printf.js'
import { stackText } from '../../src/dtrace/print/stack.js'
import { type TraceStyle, traceValue } from '../../src/dtrace/print/trace-value.js'
import type { TypedValue } from '../../src/dtrace/program/record.js'
import {
  arrayOf,
  CHAR,
  integerType,
  STRING,
  SYMBOL_ADDRESS,
} from '../../src/dtrace/program/types.js'
import { format } from './samples.js'

const HEAD = '\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n'
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const chars = (text: string): TypedValue => ({
  type: arrayOf(CHAR, text.length),
  value: bytesOf(text),
})
const style = (more: Partial<TraceStyle> = {}): TraceStyle => ({
  dialect: 'illumos',
  quiet: false,
  raw: false,
  strsize: 16,
  ...more,
})

it('a dump has sixteen bytes a line and their characters beside them', () => {
  expect(hexDump(bytesOf('Xen version 4.17\0!'))).toBe(
    `${HEAD}         0: 58 65 6e 20 76 65 72 73 69 6f 6e 20 34 2e 31 37  Xen version 4.17\n` +
      `        10: 00 21                                            .!\n`,
  )
  expect(hexDump(new Uint8Array())).toBe('')
})

it('illumos: text with zeros after it prints as text, anything else as bytes', () => {
  expect(traceValue(chars('abc\0\0'), style())).toBe(`  ${'abc'.padEnd(33)}`)
  expect(traceValue(chars('abc\0\0'), style({ quiet: true }))).toBe('abc')
  expect(traceValue(chars('abc\0x'), style())).toBe(
    `${HEAD}         0: 61 62 63 00 78                                   abc.x\n`,
  )
  expect(traceValue({ type: STRING, value: '\u0001' }, style())).toContain('0: 01 00 00 00')
})

it('illumos: four and eight bytes are an integer, whatever their type', () => {
  expect(traceValue(chars('\u0001\0\0\0'), style())).toBe('        1')
  expect(traceValue(chars('\u0002\0\0\0\0\0\0\0'), style({ quiet: true }))).toBe('2')
})

it('illumos: text that fills its bytes has its columns even with -q', () => {
  expect(traceValue(chars('abc'), style({ quiet: true }))).toBe(`  ${'abc'.padEnd(33)}`)
})

it('Linux: only a string is text', () => {
  const linux = style({ dialect: 'linux' })
  expect(traceValue({ type: STRING, value: 'a\u0001' }, linux)).toBe(`  ${'a\u0001'.padEnd(33)}`)
  expect(traceValue({ type: STRING, value: '' }, style({ dialect: 'linux', quiet: true }))).toBe('')
  expect(traceValue(chars('abcd'), linux)).toContain('         0: 61 62 63 64 ')
})

it('rawbytes dumps text in both dialects, and integers on Linux', () => {
  const one: TypedValue = { type: integerType('int', 4, true), value: 1n }
  expect(traceValue({ type: STRING, value: 'abc' }, style({ raw: true }))).toContain('0: 61 62 63')
  expect(traceValue(one, style({ raw: true }))).toBe('        1')
  expect(traceValue(one, style({ raw: true, dialect: 'linux' }))).toContain('0: 01 00 00 00')
})

it('a stack is a newline and its frames; without frames the newline alone', () => {
  expect(stackText(['xen`do_domctl', '0x10'], 4)).toBe('\n    xen`do_domctl\n    0x10\n')
  expect(stackText([], 14)).toBe('\n')
})

it('a symbol address fills 50 columns', () => {
  const symbol: TypedValue = { type: SYMBOL_ADDRESS, value: 0xffff82d040200000n }
  expect(traceValue(symbol, style())).toBe(`  ${'0xffff82d040200000'.padEnd(50)}`)
})

it('%s and %S take arrays of char, %ws arrays of wide ones, %k stacks', () => {
  const wide = arrayOf(integerType('wchar_t', 4, true), 3)
  const value = Uint8Array.of(0x78, 0, 0, 0, 0xe9, 0, 0, 0, 0, 0, 0, 0)
  expect(
    formatPrintf(format('%s|%5s|%ws|'), [chars('a\0b'), chars('abc'), { type: wide, value }]),
  ).toBe('a|  abc|x\u00e9|')
  const stack: TypedValue = { type: { ...STRING, frames: true }, value: 'f\ng' }
  expect(formatPrintf(format('%k'), [stack])).toBe('\nf\ng\n')
  expect(formatPrintf(format('%-3k'), [stack])).toBe('\n   f\n   g\n')
  expect(formatPrintf(format('%3k'), [stack])).toBe('\n  f\n  g\n')
})
