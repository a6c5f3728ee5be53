// Text tables, bars, sparklines and CSV.
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { table } from '../../src/base/table.js'
import { barChart, sparkline } from '../../src/chart/bar.js'
import { csvTable } from '../../src/chart/csv.js'
import { textTable } from '../../src/chart/table.js'

const CALLS = table(
  ['hypercall', { name: 'time', unit: 'ns' }, 'note'],
  [
    ['populate-physmap', 128n, null],
    ['domctl', 12345678901234567890n, 'in a multicall'],
  ],
)

it('heads carry units, numbers stand right, what is not known is ?', () => {
  expect(textTable(CALLS)).toBe(
    `hypercall                    time (ns)  note
----------------  --------------------  --------------
populate-physmap                   128  ?
domctl            12345678901234567890  in a multicall`,
  )
})

it('the title comes first, an empty table keeps its heads', () => {
  expect(textTable({ ...table(['a', 'b'], []), title: '@calls' })).toBe('@calls\na  b\n-  -')
})

it('text gives way to a width, numbers never do, then columns from the right', () => {
  expect(textTable(CALLS, { width: 46 })).toBe(
    `hypercall               time (ns)  note
-----------  --------------------  -----------
populate-p…                   128  ?
domctl       12345678901234567890  in a multi…`,
  )
  expect(textTable(CALLS, { width: 30, ascii: true }).split('\n')).toEqual([
    'hyp~             time (ns)  ~',
    '----  --------------------  -',
    'pop~                   128',
    'dom~  12345678901234567890',
  ])
})

it('wide characters count twice and control characters are shown, not sent', () => {
  const names = table(
    ['name', 'n'],
    [
      ['日本', 1],
      ['a\u001b[31m\n', 2],
    ],
  )
  expect(textTable(names).split('\n')).toEqual([
    'name           n',
    '-------------  -',
    '日本           1',
    'a\\x1b[31m\\x0a  2',
  ])
})

it('no line is wider than asked for, as long as a number and a mark fit', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.maxSafeInteger(),
    fc.constant(null),
  )
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 })
  fc.assert(
    fc.property(rows, fc.integer({ min: 30, max: 90 }), (cells, width) => {
      const lines = textTable(table(['a', 'b', 'c'], cells), { width }).split('\n')
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    }),
  )
})

it('bars share one scale; a small value still shows', () => {
  const counts = table(
    ['probe', 'count'],
    [
      ['start', 16n],
      ['end', 8n],
      ['rare', 1n],
      ['none', 0n],
    ],
  )
  expect(barChart(counts, { width: 28, ascii: true }).split('\n')).toEqual([
    '       count',
    'start  #################  16',
    'end    #########           8',
    'rare   #                   1',
    'none                       0',
  ])
  expect(barChart(counts, { width: 28 }).split('\n')[2]).toBe('end    ████████▌           8')
})

it('bars below zero grow to the left', () => {
  const deltas = table(
    ['d', 'ns'],
    [
      ['a', -10],
      ['b', 10],
    ],
  )
  expect(barChart(deltas, { width: 18, ascii: true }).split('\n').slice(1)).toEqual([
    'a  #####       -10',
    'b       #####   10',
  ])
})

it('columns of little priority go first, keys never', () => {
  const wide = table(
    [
      { name: 'id', priority: -1 },
      { name: 'probe', isKey: true },
      { name: 'count', priority: 2 },
      { name: 'share', priority: 1 },
      { name: 'meaning', wraps: true },
    ],
    [[6304, 'populate-physmap-start', 12, 99, 'the guest is given frames of memory']],
  )
  const heads = (width: number) => textTable(wide, { width }).split('\n')[0]?.trim().split(/ +/)
  expect(heads(90)).toEqual(['id', 'probe', 'count', 'share', 'meaning'])
  expect(heads(66)).toEqual(['probe', 'count', 'share', 'meaning', '…'])
  expect(heads(36)).toEqual(['probe', 'count', '…'])
  expect(heads(30)).toEqual(['probe', '…'])
})

it('nothing to draw says so', () => {
  expect(barChart(table(['a'], [['x']]))).toBe('(no data)')
  expect(barChart(table(['a', 'n'], []))).toBe('(no data)')
})

it('sparklines: least to greatest, gaps blank, a constant in the middle', () => {
  expect(sparkline([0n, 7n, null, 3])).toBe('▁█ ▄')
  expect(sparkline([0, 7, Number.NaN, 3], true)).toBe('_@ =')
  expect(sparkline([5, 5])).toBe('▄▄')
  expect(sparkline([])).toBe('')
})

it('CSV quotes what it must and keeps every digit', () => {
  const t = table(
    ['name', { name: 't', unit: 'ns' }],
    [
      ['a "b", c', 9007199254740993n],
      ['x\ny', null],
    ],
  )
  expect(csvTable(t)).toBe('name,t (ns)\n"a ""b"", c",9007199254740993\n"x\ny",\n')
})
