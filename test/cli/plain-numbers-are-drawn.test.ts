// Charts and hex of what is no table: numbers, named numbers, rows; and what cannot be drawn.
import { expect, it } from 'vitest'
import { chartsIn, hex } from '../../src/cli/pictures.js'
import type { ChartData } from '../../src/cli/prompt-globals.js'
import { createQueries } from '../../src/dtrace/query/queries.js'
import { renderValue } from '../../src/session/render.js'
import { recordedHost } from '../query/recorded.js'

const chart = chartsIn(() => 30)
const text = (value: unknown): string | undefined => renderValue(value, 30)?.['text/plain']

it.each<[string, ChartData, RegExp]>([
  ['numbers', [1, 2, 4], /^0 .*1\n1 .*2\n2 .*█.*4$/m],
  ['big numbers', [1n, 2n], /^1 .*█.*2$/m],
  ['named numbers', { web1: 3, db: 5 }, /^db .*█.*5$/m],
  ['rows', [{ name: 'a', n: 7 }], /^a .*█.*7$/m],
])('a bar for each of %s', (_, data, shown) => expect(text(chart.bar(data))).toMatch(shown))

it.each([[[]], ['xpv:::'], [undefined], [() => 1]])(
  '%j cannot be drawn, and it is said',
  (data) => {
    expect(() => chart.bar(data as ChartData)).toThrow('no numbers to draw')
  },
)

it('a number in hexadecimal, with its sign', () => {
  expect([255, 2n ** 63n, -1].map((value) => text(hex(value)))).toEqual([
    ...['0xff', '0x8000000000000000', '-0x1'],
  ])
  expect(() => hex(1.5)).toThrow('no whole number')
})

it('rows of a query are drawn like the query, a lane for each key', () => {
  const { on } = createQueries(recordedHost())
  const wide = chartsIn(() => 80)
  const calls = on('privcmd:domctl::').latency().by('execname', 'probefunc')
  const columns = { lane: 'execname', kind: 'probefunc' }
  const drawn = text(wide.timeline(calls.rows(), columns))
  expect(drawn).toMatch(/^ *xl │[a-z]/m)
  expect(drawn).toBe(text(wide.timeline(calls, columns)))
  expect(text(wide.timeline(on('privcmd:domctl::').rows()))).toContain('privcmd:domctl:')
})

it('how long it took is in the unit of its name', () => {
  const row = { time: 2_000_000, who: 'a', what: 'b' }
  const drawn = (took: object) => text(chart.timeline([{ ...row, ...took }]))
  expect(drawn({ latencyUs: 1000n })).toBe(drawn({ latencyNs: 1_000_000n }))
  expect(drawn({ latencyMs: 1 })).toMatch(/^ *1ms +2ms$/m)
})
