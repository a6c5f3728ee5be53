// Every aggregating function, every kind of key, clear, trunc and full tables: generated code and
// the interpreter hold the same. Complements the random programs, which know only DTrace's scalars.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyText } from '../../src/dtrace/aggregate/merge.js'
import { d, ENGINES, type Outcome, type Row, runOn, testCatalog } from './build.js'

const catalog = testCatalog()
const RECORD = 'struct { int32_t low; char tail[7]; } it; struct { uint8_t one; } small;'

const PROGRAMS = [
  '@ = llquantize(arg0, 10, 0, 6, 20); @n[arg1] = llquantize(arg0, 2, 1, 9, 4, arg1)',
  '@ = quantile(arg0, 50, 99); @k[arg1, execname] = quantile(arg0, "12.5")',
  '@ = series(count(), "1us"); @s[arg1] = series(arg0, 1500); @a = series(avg(arg0), "2us")',
  '@ = series(min(arg0), "1us"); @m[execname] = series(max(arg0), 100)',
  '@ = heatmap(arg0, "1us"); @k[arg1] = heatmap(arg0, 700)',
  '@ = quantize(arg0, arg1); @l = lquantize(arg0, -8, 99, 3, arg0)',
  'it.low = arg1; it.tail[2] = arg0; small.one = arg1; @[it] = count(); @[it] = count(); ' +
    '@s[small, arg0] = sum(arg1)',
  '@[stack(), sym(arg1)] = count(); @[ustack(), mod(arg0)] = count()',
  '@ = stddev(arg0); @a[arg1] = avg(arg0)',
] as const

const row = fc.record({
  at: fc.nat(20_000),
  value: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -300n, max: 300n }),
  ),
  key: fc.integer({ min: -2, max: 5 }),
})

// Groups in any order, as text.
function plain({ records, result }: Outcome): unknown {
  const aggregations = result.aggregations.map(({ groups, ...rest }) => {
    const all = groups.map((g) => [keyText(g.key), g.state] as const)
    return { ...rest, groups: all.sort(([a], [b]) => (a < b ? -1 : 1)) }
  })
  return { aggregations, records }
}

function rowsOf(list: readonly { at: number; value: bigint; key: number }[]): Row[] {
  const sorted = [...list].sort((a, b) => a.at - b.at)
  return sorted.map(({ at, value, key }, i) => ({
    ticks: at,
    probe: 100,
    execname: `p${i % 3}`,
    args: [value, key],
  }))
}

describe.each([
  { name: 'as they are', more: '', options: {} },
  { name: 'trunc', more: 'trunc(@, 2);', options: {} },
  { name: 'clear', more: 'clear(@);', options: {} },
  { name: 'a table with room for little', more: '', options: { aggsize: '200' } },
])('$name', ({ more, options }) => {
  it.each(PROGRAMS)('%s', (body) => {
    const rare = `test:::a /arg1 == 5/ { ${more} }`
    const text = `${RECORD} test:::a { ${body}; } ${more === '' ? '' : rare}`
    const program = d(text, catalog)
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (list) => {
        const rows = rowsOf(list)
        const [a, b] = ENGINES.map((engine) =>
          plain(
            runOn(program, rows, { engine, catalog, options: new Map(Object.entries(options)) }),
          ),
        )
        expect(a).toEqual(b)
      }),
      { numRuns: 25 },
    )
  })
})
