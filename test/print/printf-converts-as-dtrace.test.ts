// printf(): every conversion and flag. Expected values are those of the public DTrace test suites
// (Apple: test/tst/common/printf; Oracle: test/unittest/printf, actions/printf) and of printf(3).
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatPrintf } from '../../src/dtrace/print/printf.js'
import { format, value } from './samples.js'

const print = (text: string, ...args: readonly ReturnType<typeof value>[]): string =>
  formatPrintf(format(text), args)

it.each([
  { letter: 'c', text: 'a' },
  { letter: 'd', text: '97' },
  { letter: 'hd', text: '97' },
  { letter: 'ho', text: '141' },
  { letter: 'lX', text: '61' },
  { letter: 'i', text: '97' },
  { letter: 'lc', text: 'a' },
  { letter: 'o', text: '141' },
  { letter: 'p', text: '61' },
  { letter: 'u', text: '97' },
  { letter: 'x', text: '61' },
])('%$letter of 97 is $text', ({ letter, text }) => {
  expect(print(`%${letter}`, value(97))).toBe(text)
})

it.each([
  { cast: 'char', bytes: 1, signed: true, d: '-17', u: '239', x: 'ef', o: '357' },
  { cast: 'short', bytes: 2, signed: true, d: '-12817', u: '52719', x: 'cdef', o: '146757' },
  {
    cast: 'int',
    bytes: 4,
    signed: true,
    d: '-1867788817',
    u: '2427178479',
    x: '90abcdef',
    o: '22052746757',
  },
  { cast: 'uchar', bytes: 1, signed: false, d: '239', u: '239', x: 'ef', o: '357' },
  { cast: 'ushort', bytes: 2, signed: false, d: '52719', u: '52719', x: 'cdef', o: '146757' },
  {
    cast: 'long long',
    bytes: 8,
    signed: true,
    d: '1311768467294899695',
    u: '1311768467294899695',
    x: '1234567890abcdef',
    o: '110642547422052746757',
  },
] as const)('size and sign come from the type: 0x1234567890abcdef as $cast', (c) => {
  const bits = 0x1234567890abcdefn
  const cut = (c.signed ? BigInt.asIntN : BigInt.asUintN)(c.bytes * 8, bits)
  const v = value(cut, c.bytes, c.signed)
  expect(print('%d %u %x %o', v, v, v, v)).toBe(`${c.d} ${c.u} ${c.x} ${c.o}`)
})

it('on illumos %i is always signed and %d follows the type; on Linux both follow it', () => {
  const x = value(0xffff, 2, false)
  const y = value(-1, 2, true)
  const all = format('%d %i %u')
  expect(formatPrintf(all, [x, x, x], 'illumos')).toBe('65535 -1 65535')
  expect(formatPrintf(all, [y, y, y], 'illumos')).toBe('-1 -1 65535')
  expect(formatPrintf(all, [x, x, x], 'linux')).toBe('65535 65535 65535')
})

it.each([
  ['# %#8x', 0x123, '#    0x123'],
  ['0 %08x', 0x123, '0 00000123'],
  ['- %-8x|', 0x123, '- 123     |'],
  ['+ %+8d', 123, '+     +123'],
  ['  % 8d', 123, '       123'],
  ['%0d', 1, '1'],
  ['%5d', 1, '    1'],
  ['%?d', 3, '               3'],
  ['%#o', 8, '010'],
  ['%#x', 0, '0'],
  ['%#010x', 255, '0x000000ff'],
  ['%+06d', -42, '-00042'],
  ['%.5d', -42, '-00042'],
  ['%-05d|', 42, '00042|'],
  ['%0-5d|', 42, '42   |'],
  ["%'d", -1234567, '-1,234,567'],
  ["%'u", 999, '999'],
] as const)('flags: %s of %s', (text, v, expected) => {
  expect(print(text, value(v))).toBe(expected)
})

it('a width from an argument: zero is none, a negative one aligns left', () => {
  const widths = [0, 1, 2, 3].map((w) => print('%*d|', value(w), value(1)))
  expect(widths).toEqual(['1|', '1|', ' 1|', '  1|'])
  expect(print('%*d|', value(-4), value(7))).toBe('7   |')
})

it('a precision cuts strings, and a precision of 0 does not', () => {
  const cut = [0, 1, 2, 5, 8].map((p) => print('%.*s', value(p), value('hello')))
  expect(cut).toEqual(['hello', 'h', 'he', 'hello', 'hello'])
  expect(print('%.0s %1.1s %7.7s|', value('hello'), value('hello'), value('hello'))).toBe(
    'hello h   hello|',
  )
})

it('a width of seven digits works', () => {
  expect(print('%9999999d', value(1))).toBe(`${' '.repeat(9999998)}1`)
  expect(print('%09999999d', value(1))).toBe(`${'0'.repeat(9999998)}1`)
})

it('%S escapes what is not printable, byte for byte', () => {
  expect(print('%S', value('a\t"\\\u0001\u00e9'))).toBe('a\\t\\"\\\\\\001\\303\\251')
  expect(print('%C%C', value(10, 1), value(65, 1))).toBe('\\nA')
})

it('%a is an address in hex, aligned as a string', () => {
  expect(print('%-12a|', value(0xfeedn, 8, false))).toBe('0xfeed      |')
})

it.each([
  { ns: 0n, y: '1970 Jan  1 00:00:00', t: 'Thu, 01 Jan 1970 00:00:00 UTC' },
  { ns: 1062609821n, y: '2003 Sep  3 17:23:41', t: 'Wed, 03 Sep 2003 17:23:41 UTC' },
  { ns: 2147483647n, y: '2038 Jan 19 03:14:07', t: 'Tue, 19 Jan 2038 03:14:07 UTC' },
  { ns: 1104537600n, y: '2005 Jan  1 00:00:00', t: 'Sat, 01 Jan 2004 00:00:00 UTC' },
])('%Y and %T of second $ns, in UTC, %T with the year of the ISO week', ({ ns, y, t }) => {
  const v = value(ns * 1_000_000_000n + 999_999_999n, 8)
  expect(print('%Y|%T', v, v)).toBe(`${y}|${t}`)
})

it('text around conversions and %% stay as they are', () => {
  expect(print('hello world from BEGIN')).toBe('hello world from BEGIN')
  expect(print('%d%% of %s', value(50), value('web1'))).toBe('50% of web1')
})

it('a field is never narrower than asked for, and reads back as the number it was', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-(1n << 63n), (1n << 63n) - 1n),
      fc.integer({ min: 0, max: 60 }),
      (v, w) => {
        const text = print('%*d', value(w), value(v, 8))
        expect(text.length).toBe(Math.max(w, v.toString().length))
        expect(BigInt(text.trim())).toBe(v)
      },
    ),
  )
})
