// Several lines over one x: a letter or a colour each, a legend, powers of ten where asked for.
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { asciiText } from '../../src/base/ascii.js'
import { table } from '../../src/base/table.js'
import { picture } from '../../src/chart/picture.js'

/** A law of squares, and what was measured: one of it is not known. */
const LAW = table(
  ['n', 'law', 'measured'],
  Array.from({ length: 12 }, (_, i) => [i + 1, (i + 1) ** 2, i === 5 ? null : (i + 1) ** 2 + i]),
)

const KEYED = table(
  ['execname', { name: 'time', unit: 'ns' }, 'count'],
  [
    ...[1, 10, 100, 1000].map((count, i) => ['xl', i * 1e9, count]),
    ...[5, 0, 50].map((count, i) => ['xenstored', i * 1e9, count]),
  ],
)

it.each([
  { name: 'curves', data: LAW, options: { x: 'n', y: ['law', 'measured'] } },
  { name: 'curves.log', data: KEYED, options: { by: 'execname', log: true } },
] as const)('$name', async ({ name, data, options }) => {
  const drawn = picture(data, 'line', { ...options, width: 60 })
  const plain = drawn['text/plain']
  await expect(`${plain}\n\n${asciiText(plain)}\n`).toMatchFileSnapshot(`${name}.txt`)
  await expect(`${drawn['image/svg+xml']}\n`).toMatchFileSnapshot(`${name}.svg.txt`)
})

it('powers of ten stand at even distances, and what is not above zero is a gap', () => {
  const svg = String(
    picture(KEYED, 'line', { by: 'execname', log: true, width: 60 })['image/svg+xml'],
  )
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, , y]) => Number(y))
  const [a = 0, b = 0, c = 0, d = 0] = dots
  expect(dots).toHaveLength(6)
  expect([b - a, c - b, d - c].map((step) => step.toFixed(0))).toEqual(
    Array.from({ length: 3 }, () => (b - a).toFixed(0)),
  )
  expect(b).toBeLessThan(a)
})

it('one column over another is one line, as ever', () => {
  const drawn = picture(LAW, 'line', { y: 'measured', width: 40 })
  const [first] = drawn['text/plain'].split('\n')
  expect(first).toBe('measured')
  expect(drawn['text/plain']).toMatch(/1 n +12$/)
})

it('a column that there is not is named, with those there are', () => {
  const wrong = () => picture(LAW, 'line', { y: ['law', 'messured'], width: 60 })
  expect(wrong).toThrow('no column messured')
  expect(() => picture(LAW, 'line', { y: 'lore', width: 60 })).toThrow('no column lore')
})

it('any numbers fit: no line is wider than asked for, no coordinate is no number', () => {
  const cell = fc.oneof(fc.double(), fc.bigInt(-(1n << 63n), 1n << 63n), fc.constant(null))
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 40 })
  fc.assert(
    fc.property(rows, fc.boolean(), fc.integer({ min: 30, max: 120 }), (found, log, width) => {
      const data = table(['x', 'a', 'b'], found)
      const drawn = picture(data, 'line', { x: 'x', y: ['a', 'b'], log, width })
      const lines = drawn['text/plain'].split('\n')
      expect(lines.filter((line) => stringWidth(line) > width)).toEqual([])
      expect(drawn['image/svg+xml']).not.toMatch(/NaN|Infinity|undefined/)
    }),
    { numRuns: 100 },
  )
})
