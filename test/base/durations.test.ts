// Durations as people type them.
import { expect, it } from 'vitest'
import { parseDuration } from '../../src/base/duration.js'

it.each([
  ['5s', 5e9],
  ['1.5ms', 1.5e6],
  ['2 h', 7200e9],
  ['1h27m', 87 * 60e9],
  ['1h 27m', 87 * 60e9],
  ['1m30.5s', 90.5e9],
  ['2d1ms', 2 * 86_400e9 + 1e6],
  ['1 min 55 s', 115e9],
  ['2 hours', 7200e9],
  ['30min', 1800e9],
  ['3usec', 3000],
  ['3 µs', 3000],
  [17, 17],
])('%s is a time', (text, ns) => expect(parseDuration(text)).toBe(ns))

it.each([
  '',
  '5',
  's',
  '1h27',
  '27m1h',
  '5s5s',
  '1h27mx',
  '1h-2m',
  '5 seconds5',
  'min',
  '1mi',
  '1e3s',
  -1,
  Number.NaN,
  null,
])('%s is none', (text) => expect(parseDuration(text)).toBeUndefined())
