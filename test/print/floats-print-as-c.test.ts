// Floating-point conversions. Expected values: C11 7.21.6.1 and IEEE 754's own examples.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatPrintf } from '../../src/dtrace/print/printf.js'
import type { TypedValue } from '../../src/dtrace/program/record.js'
import { format } from './samples.js'

const double = (v: number): TypedValue => ({
  type: { kind: 'float', name: 'double', bytes: 8 },
  value: new Uint8Array(Float64Array.of(v).buffer),
})
const float = (v: number): TypedValue => ({
  type: { kind: 'float', name: 'float', bytes: 4 },
  value: new Uint8Array(Float32Array.of(v).buffer),
})
const print = (text: string, value: TypedValue): string => formatPrintf(format(text), [value])

it.each([
  ['%e', 0, '0.000000e+00'],
  ['%E', 0, '0.000000E+00'],
  ['%f', 0, '0.000000'],
  ['%g', 0, '0'],
  ['%e', 12345.678, '1.234568e+04'],
  ['%f', -12345.678, '-12345.678000'],
  ['%g', 12345.678, '12345.7'],
  ['%g', 1e10, '1e+10'],
  ['%g', 100000, '100000'],
  ['%g', 1000000, '1e+06'],
  ['%g', 0.0001, '0.0001'],
  ['%G', 0.00001, '1E-05'],
  ['%#g', 1.5, '1.50000'],
  ['%+f', 1.5, '+1.500000'],
  ['% f', 1.5, ' 1.500000'],
  ['%010.2f|', -1.5, '-000001.50|'],
  ['%-10.2f|', -1.5, '-1.50     |'],
  ['%12.3e|', 1e100, '  1.000e+100|'],
  ['%.2f', 0.125, '0.12'],
  ['%.2f', 0.375, '0.38'],
  ['%.1f', 9.96, '10.0'],
  ['%.1e', 9.96, '1.0e+01'],
  ['%f', Number.POSITIVE_INFINITY, 'inf'],
  ['%010G|', Number.NEGATIVE_INFINITY, '      -INF|'],
  ['%f', Number.NaN, 'nan'],
  ['%e', 5e-324, '4.940656e-324'],
  ['%.20f', 0.1, '0.10000000000000000555'],
  ['%f', -0, '-0.000000'],
] as const)('%s of %d is %s', (text, value, expected) => {
  expect(print(text, double(value))).toBe(expected)
})

it('17 digits give a double back, 9 a float', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (v) => {
      expect(Number(print('%.16e', double(v)))).toBe(v)
      expect(Number(print('%.17g', double(v)))).toBe(v)
    }),
  )
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (v) => {
      expect(Math.fround(Number(print('%.9g', float(v))))).toBe(v)
    }),
  )
})

it('a long double has the 64-bit mantissa of the x87', () => {
  const bytes = new Uint8Array(16)
  // 1.5: mantissa 1.1000..., exponent 16383.
  bytes.set([0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0x3f])
  const value: TypedValue = {
    type: { kind: 'float', name: 'long double', bytes: 16 },
    value: bytes,
  }
  expect(print('%Lf', value)).toBe('1.500000')
})
