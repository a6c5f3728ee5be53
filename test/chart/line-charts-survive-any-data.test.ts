// Line charts: what asciichart cannot take, and what must be seen whatever the data.
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { table } from '../../src/base/table.js'
import { lineChart } from '../../src/chart/line.js'
import { siText } from '../../src/chart/si.js'
import { barSvg, lineSvg } from '../../src/chart/svg.js'

it('a line over an axis with both ends of x', () => {
  const chart = lineChart(
    [
      { x: 0, y: 0 },
      { x: 10, y: 30 },
    ],
    { width: 30, height: 4 },
  )
  expect(chart).toBe(
    ` 30 ┤                     ╭───
 20 ┤            ╭────────╯
 10 ┤   ╭────────╯
  0 ┤───╯
    └─────────────────────────
    0                       10`,
  )
})

it('the same in ASCII', () => {
  const chart = lineChart(
    [
      { x: 0, y: 3n },
      { x: 1, y: 0n },
    ],
    { width: 30, height: 2, ascii: true },
  )
  expect(chart).toBe(
    `  3 |------------.
  0 |            '------------
    +-------------------------
    0                        1`,
  )
})

it('a table names both axes and times get a scale', () => {
  const t = table(
    [
      { name: 'time', unit: 'ns' },
      { name: 'rate', unit: '1/s' },
    ],
    [
      [0n, 1000n],
      [2_500_000_000n, 3000n],
    ],
  )
  const lines = lineChart(t, { width: 40, height: 3 }).split('\n')
  expect(lines[0]).toBe('rate (1/s)')
  expect(lines.slice(1, 4).map((l) => l.slice(0, 5))).toEqual([' 3k ┤', ' 2k ┤', ' 1k ┤'])
  expect(lines.at(-1)).toMatch(/^ +0ns time +2\.5s$/)
})

it('unknown values are a gap', () => {
  const points = Array.from({ length: 12 }, (_, x) => ({ x, y: x > 3 && x < 8 ? null : x % 2 }))
  const row = lineChart(points, { width: 40, height: 2 }).split('\n').slice(0, 2)
  const middle = row.map((line) => line.slice(20, 26))
  expect(middle).toEqual(['      ', '      '])
  expect(row.map((l) => l.slice(5, 12).trim()).join('')).not.toBe('')
})

it('one high sample among many stays visible', () => {
  const points = Array.from({ length: 10_000 }, (_, x) => ({ x, y: x === 7777 ? 1000 : 1 }))
  const [top] = lineChart(points, { width: 50, height: 6 }).split('\n')
  expect(top).toMatch(/[╭╮]/)
})

it.each([
  { data: 'none', points: [] },
  {
    data: 'only unknown ones',
    points: [
      { x: 1, y: null },
      { x: 2, y: Number.NaN },
    ],
  },
])('$data: no data', ({ points }) => expect(lineChart(points)).toBe('(no data)'))

it('one value all the time is one line with its label', () => {
  const [line] = lineChart(
    [
      { x: 0, y: 5 },
      { x: 9, y: 5 },
    ],
    { width: 30 },
  ).split('\n')
  expect(line).toBe(`  5 ┤${'─'.repeat(25)}`)
})

it('values that differ by one near 2^62 are told from their origin', () => {
  const base = 1n << 62n
  const chart = lineChart(
    [
      { x: 0, y: base },
      { x: 1, y: base + 3n },
    ],
    { width: 30, height: 4 },
  )
  const lines = chart.split('\n')
  expect(lines[0]).toBe('above 4611686018427387904')
  expect(lines[1]?.trim()).toMatch(/^\+3/)
  expect(lines[4]?.trim()).toMatch(/^\+0/)
})

it('any data gives a chart within its width and height', () => {
  const y = fc.oneof(
    fc.double(),
    fc.bigInt(-(1n << 63n), (1n << 64n) - 1n),
    fc.integer(),
    fc.constant(null),
  )
  const x = fc.oneof(fc.integer(), fc.bigInt(0n, 1n << 63n))
  const size = fc.record({
    width: fc.integer({ min: 30, max: 120 }),
    height: fc.integer({ min: 2, max: 20 }),
    ascii: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(fc.record({ x, y }), { maxLength: 200 }), size, (points, o) => {
      const lines = lineChart(points, o).split('\n')
      expect(lines.length).toBeLessThanOrEqual(o.height + 3)
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(o.width)
    }),
  )
})

it.each([
  [0, '', '0'],
  [999, '', '999'],
  [1280, '', '1.28k'],
  [0.002, '', '2m'],
  [-4_200_000, 'B', '-4.2MB'],
  [35_100, 'ns', '35.1µs'],
  [2_500_000_000, 'ns', '2.5s'],
] as const)('%s %s is %s', (v, unit, text) => expect(siText(v, unit)).toBe(text))

it('an SVG line breaks at a gap and escapes its names', () => {
  const t = table(
    ['x', { name: 'a<b & c', unit: 'MiB' }],
    [
      [0, 1],
      [1, 3],
      [2, null],
      [3, 2],
    ],
  )
  const svg = lineSvg(t)
  expect(svg).toContain('a&lt;b &amp; c (MiB)')
  expect(svg).toContain('<path d="M64 212L250.7 24M624 118"')
  expect(lineSvg(t)).toBe(svg)
  expect(lineSvg([])).toContain('no data')
})

it('an SVG bar is as long as its share', () => {
  const svg = barSvg(
    table(
      ['d', 'n'],
      [
        ['web1', 10n],
        ['web2', 5n],
      ],
    ),
    { width: 500 },
  )
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((m) => Number(m[1]))
  expect(widths).toEqual([230, 115])
  expect(svg).toContain('>web2</text>')
})
