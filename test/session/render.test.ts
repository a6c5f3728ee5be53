// How values show themselves.
import { expect, it } from 'vitest'
import { XpvError } from '../../src/base/error.js'
import { table } from '../../src/base/table.js'
import { renderValue } from '../../src/session/render.js'

const shown = (value: unknown) => renderValue(value, 80)?.['text/plain']

it.each<[string, unknown, string | undefined]>([
  ['nothing of undefined', undefined, undefined],
  ['null', null, 'null'],
  ['64 bits, as JavaScript writes them', 2n ** 64n, '18446744073709551616n'],
  ['a string, quoted', "it's", `"it's"`],
  ['text of several lines as it stands', 'a\n  b\n', 'a\n  b'],
  ['an object', { a: 1, b: { c: [1n] } }, '{ a: 1, b: { c: [ 1n ] } }'],
  ['plain numbers', [1, 2], '[ 1, 2 ]'],
  ['no rows', [], '[]'],
  [
    'depth that is cut',
    { a: { b: { c: { d: { e: { f: 1 } } } } } },
    '{\n  a: {\n    b: { c: { d: { e: [Object] } } }\n  }\n}',
  ],
  ['an error without its stack', new TypeError('no'), 'TypeError: no'],
  ['a refusal', new XpvError('msr.denied', 'no', 'yes'), 'msr.denied: no\n  try: yes'],
  [
    'a class by its name',
    new (class Vcpu {
      id = 3
    })(),
    'Vcpu { id: 3 }',
  ],
  ['a map', new Map([['a', 1n]]), "Map(1) { 'a' => 1n }"],
])('%s', (_, value, text) => expect(shown(value)).toBe(text))

it('lets a value show itself', () => {
  const bundle = { 'text/plain': 'histogram', 'image/svg+xml': '<svg/>' }
  expect(renderValue({ [Symbol.for('xpv.display')]: () => bundle }, 80)).toBe(bundle)
})

it('shows a table, and rows of plain cells, as the same text', () => {
  const rows = [
    { probe: 'dom-create-start', count: 2n },
    { probe: 'setvcpucontext', count: 10n },
  ]
  const text = shown(rows)
    ?.split('\n')
    .map((line) => line.replace(/ +/g, ' '))
  expect(text?.[0]).toBe('probe count')
  expect(text?.slice(-2)).toEqual(['dom-create-start 2', 'setvcpucontext 10'])
  expect(
    shown(
      table(
        ['probe', 'count'],
        rows.map((row) => [row.probe, row.count]),
      ),
    ),
  ).toBe(shown(rows))
})

it('says that a cell of a row is not known', () => {
  expect(
    shown([{ a: 1 }, { b: 'x' }])
      ?.split('\n')
      .at(-1),
  ).toMatch(/\?\s+x/)
})

it('leaves arrays of other things to be inspected', () => {
  expect(shown([{ a: { b: 1 } }])).toBe('[ { a: { b: 1 } } ]')
  expect(shown([new Date(0)])).toBe('[ 1970-01-01T00:00:00.000Z ]')
})

it('counts the rows it does not show', () => {
  const lines = shown(Array.from({ length: 250 }, (_, n) => ({ n })))?.split('\n') ?? []
  expect(lines.at(-1)).toBe('... 150 more rows')
  expect(lines.at(-2)?.trim()).toBe('99')
})

it('a long text in the last column of plain rows goes on in further lines', () => {
  const why = 'it has to be said at some length '.repeat(4).trim()
  const lines = String(shown([{ a: 1, why }])).split('\n')
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(lines.slice(2).join(' ').replace(/ +/g, ' ').trim()).toBe(`1 ${why}`)
})
