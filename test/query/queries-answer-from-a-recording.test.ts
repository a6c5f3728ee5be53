// Queries on a real capture, their numbers counted another way from the capture's own lines.
import { expect, it } from 'vitest'
import { DISPLAY } from '../../src/base/display.js'
import { whyUnknown } from '../../src/dtrace/query/firing-rows.js'
import { createQueries } from '../../src/dtrace/query/queries.js'
import { renderValue } from '../../src/session/render.js'
import { LINES, recordedHost } from './recorded.js'

const { on, d } = createQueries(recordedHost())

interface Line {
  readonly execname: string
  readonly pid: number
  readonly ns: bigint
  readonly what: string
}

/** The capture's lines, read by a pattern of our own. */
const SEEN: readonly Line[] = LINES.flatMap((line) => {
  const m = /^\s*(.+)-(\d+)\s+\[\d+\] \S+\s+(\d+)\.(\d{6}): (\w+: .*)$/.exec(line)
  if (m === null) return []
  const [, execname = '', pid = '', seconds = '', micros = '', what = ''] = m
  return [{ execname, pid: Number(pid), ns: BigInt(seconds + micros) * 1000n, what }]
})

const returns = SEEN.filter((line) => line.what.startsWith('ioctl_ret:'))

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** From the first line of a call to the return on the same thread. */
function nanoseconds(first: Line | undefined): bigint {
  const at = SEEN.indexOf(first as Line)
  const end = SEEN.slice(at).find(
    (line) => line.pid === first?.pid && line.what.startsWith('ioctl_ret:'),
  )
  return (end?.ns ?? 0n) - (first?.ns ?? 0n)
}

const domctl = (command: number) =>
  SEEN.find((line) => line.what.startsWith('domctl:') && line.what.includes(`dcmd=${command} `))

it('counts', () => {
  expect(on('privcmd:::return').count().rows()).toEqual([{ value: returns.length }])
})

it('counts by key, the smallest first as DTrace prints', () => {
  const rows = on('privcmd:::return').by('execname').count().rows()
  const counted = tally(returns.map((line) => line.execname))
  expect(Object.fromEntries(rows.map((r) => [r.execname, r.value]))).toEqual(counted)
  const values = rows.map((r) => r.value)
  expect(values).toEqual(values.toSorted((a, b) => a - b))
})

it('top has the largest first', () => {
  const counted = Object.entries(tally(returns.map((line) => line.execname)))
  const [most] = counted.sort(([, a], [, b]) => b - a)
  const rows = on('privcmd:::return').by('execname').count().top(1).rows()
  expect(rows).toEqual([{ execname: most?.[0], value: most?.[1] }])
  const two = on('privcmd:::return').by('probefunc').count().top(2).rows()
  expect(two.map((r) => r.value)).toEqual(two.map((r) => r.value).toSorted((a, b) => b - a))
})

it('a condition keeps what satisfies it', () => {
  const xl = returns.filter((line) => line.execname === 'xl').length
  const byTerm = on('privcmd:::return')
    .where((e) => e.execname.eq('xl'))
    .count()
  expect(byTerm.rows()).toEqual([{ value: xl }])
  expect(on('privcmd:::return').where('execname == "xl"').count().rows()).toEqual([{ value: xl }])
})

it('latency is from the first line of a call to its return', () => {
  expect(on('xpv:::dom-destroy-start').latency().rows()).toMatchObject([
    { latencyNs: nanoseconds(domctl(2)) },
  ])
  expect(on('xpv:::dom-create-*').latency().max().rows()).toEqual([
    { value: nanoseconds(domctl(1)) },
  ])
})

it('every call that returns has a latency', () => {
  expect(on('privcmd:::entry').latency().count().rows()).toEqual([{ value: returns.length }])
})

it('also the call with which the recording begins, at timestamp 0', () => {
  const header = LINES.filter((line) => line.startsWith('#'))
  const first = LINES.findIndex((line) => line.includes('domctl:') && line.includes('dcmd=1 '))
  const cut = createQueries(recordedHost([...header, ...LINES.slice(first)]))
  expect(cut.on('xpv:::dom-create-start').rows()[0]?.timestampNs).toBe(0)
  expect(cut.on('xpv:::dom-create-start').latency().max().rows()).toEqual([
    { value: nanoseconds(domctl(1)) },
  ])
})

it('a latency knows what the start knew', () => {
  const [row] = on('privcmd:domctl:destroydomain:entry').latency().by('domid', 'result').rows()
  expect(row).toMatchObject({ domid: 3, result: 0n, latencyNs: nanoseconds(domctl(2)) })
})

it('the buckets of a histogram hold all values between their bounds', () => {
  const [row] = on('privcmd:::entry').latency().quantize().rows()
  const all = on('privcmd:::entry').latency().rows()
  const within = (low: bigint, high: bigint) =>
    all.filter((r) => r.latencyNs >= low && r.latencyNs <= high).length
  expect(row?.buckets.length).toBeGreaterThan(5)
  expect(row?.buckets.map((b) => b.count)).toEqual(row?.buckets.map((b) => within(b.low, b.high)))
  expect(row?.buckets.reduce((sum, b) => sum + b.count, 0)).toBe(returns.length)
  const [linear] = on('privcmd:::entry').latency('us').lquantize(100, 900, 100).rows()
  expect(linear?.buckets).toHaveLength(10)
  expect(linear?.buckets.map((b) => b.count)).toEqual(
    linear?.buckets.map((b) => within(b.low * 1000n, b.high * 1000n + 999n)),
  )
})

it('log-linear buckets divide each magnitude evenly', () => {
  const all = on('privcmd:::entry').latency('us').rows()
  const [row] = on('privcmd:::entry').latency('us').llquantize(10, 1, 4, 10).rows()
  const within = (low: bigint, high: bigint) =>
    all.filter((r) => r.latencyUs >= low && r.latencyUs <= high).length
  const buckets = row?.buckets ?? []
  expect(buckets.map((b) => b.count)).toEqual(buckets.map((b) => within(b.low, b.high)))
  expect(buckets.reduce((sum, b) => sum + b.count, 0)).toBe(returns.length)
  const widths = new Set(buckets.slice(1, -1).map((b) => b.high - b.low + 1n))
  expect([10n, 100n, 1000n, 10_000n]).toEqual(expect.arrayContaining([...widths]))
})

it('quantiles are within 1/256 of what sorting says', () => {
  const sorted = on('privcmd:::entry')
    .latency()
    .rows()
    .map((r) => r.latencyNs)
  sorted.sort((a, b) => Number(a - b))
  const [row] = on('privcmd:::entry').latency().quantile(0.5, 0.99).rows()
  expect(row?.quantiles.map((q) => q.share)).toEqual([0.5, 0.99])
  for (const { share, value } of row?.quantiles ?? []) {
    const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0n
    expect(Math.abs(Number(value - exact))).toBeLessThanOrEqual(Number(exact) / 256)
  }
})

it('a series has what a rate counts, and a heat map every value once', () => {
  const rate = on('privcmd:::return').rate('500ms').rows()
  const [line] = on('privcmd:::return')
    .series((_, b) => b.tid.mul(0).add(1), '500ms')
    .rows()
  const busy = rate.filter((r) => r.value > 0)
  expect(line?.points.map((p) => p.timeNs)).toEqual(busy.map((r) => r.timeNs))
  expect(line?.points.map((p) => Number(p.value))).toEqual(busy.map((r) => r.value))
  const latencies = on('privcmd:::entry').latency()
  const [heat] = latencies.heatmap('500ms').rows()
  const cells = heat?.cells ?? []
  expect(cells.reduce((sum, c) => sum + c.count, 0)).toBe(returns.length)
  const histogram = new Map<bigint, number>()
  for (const { low, count } of cells) histogram.set(low, (histogram.get(low) ?? 0) + count)
  const [whole] = latencies.quantize().rows()
  const used = whole?.buckets.filter((b) => b.count > 0) ?? []
  expect(histogram).toEqual(new Map(used.map((b) => [b.low, b.count])))
})

it('tables and charts of what goes by time have a line an interval', () => {
  const series = on('privcmd:::entry').latency('us').series('1s', 'max')
  const { columns, rows } = series.table()
  expect(columns.map((c) => c.name)).toEqual(['time', 'max'])
  expect(rows).toHaveLength(series.rows()[0]?.points.length ?? -1)
  expect(String(series.chart())).not.toBe('')
  const heat = on('privcmd:::entry').latency().heatmap('1s').table()
  expect(heat.columns.map((c) => c.name)).toEqual(['time', 'low', 'high', 'count'])
  const quantiles = on('privcmd:::entry').latency().quantile(0.5, 0.999).table()
  expect(quantiles.columns.map((c) => c.name)).toEqual(['p50', 'p99.9'])
})

it('a rate lists the intervals in which nothing happened', () => {
  const rows = on('privcmd:::return').rate('500ms').rows()
  expect(rows.reduce((sum, r) => sum + r.value, 0)).toBe(returns.length)
  expect(rows.filter((r) => r.value === 0).length).toBeGreaterThan(0)
  const times = rows.map((r) => r.timeNs)
  expect(times).toEqual(times.map((_, i) => (times[0] ?? 0) + i * 500_000_000))
  expect(rows.at(0)?.value).not.toBe(0)
  expect(rows.at(-1)?.value).not.toBe(0)
})

it('a rate by key has a full series for each', () => {
  const rows = on('privcmd:::return').by('execname').rate('1s').rows()
  const lengths = tally(rows.map((r) => r.execname))
  expect(new Set(Object.values(lengths)).size).toBe(1)
})

it('rows hold all arguments; what was not recorded is undefined, with the reason', () => {
  const [start] = on('xpv:::populate-physmap-start').rows()
  expect(start).toMatchObject({ domid: 3, nr_extents: 64n })
  const rows = on('xpv:::populate-physmap-end').rows()
  expect(rows).toHaveLength(1)
  expect(rows[0]).toHaveProperty('result', undefined)
  expect(whyUnknown(rows[0] ?? {})).toEqual({ result: 'arg0 was not recorded' })
  expect(whyUnknown(start ?? {})).toEqual({})
})

it('an aggregation says what it left out', () => {
  const rows = on('xpv:::populate-physmap-end').sum('result').rows()
  expect(rows).toEqual([])
  expect(rows.notes).toEqual(['1 left out at populate-physmap-end: arg0 was not recorded'])
})

it('shows itself as dtrace prints the D it stands for', () => {
  const query = on('privcmd:::entry').by('execname').count()
  const program = d`privcmd:::entry { @[execname] = count(); }`
  expect(query[DISPLAY]()['text/plain']).toBe(program[DISPLAY]()['text/plain'])
  expect(query[DISPLAY]()['text/plain']).toContain('xenstored')
})

it('d has rows too', () => {
  expect(d`privcmd:::return { @[execname] = count(); }`.rows()).toEqual(
    on('privcmd:::return').by('execname').count().rows(),
  )
  expect(
    d`xpv:::populate-physmap-start { trace(args[1]); printf("%s", execname); }`.rows(),
  ).toEqual([expect.objectContaining({ value1: 64n, value2: 'xl' })])
})

it('tables name their columns and units', () => {
  const table = on('privcmd:::entry').by('execname').latency().max().table()
  expect(table.columns).toEqual([{ name: 'execname' }, { name: 'max', unit: 'ns' }])
  expect(table.rows.length).toBeGreaterThan(2)
  const listed = on('xpv:::populate-physmap-end').table()
  expect(listed.columns.map((c) => c.name)).toEqual(['time', 'probe', 'result'])
  expect(listed.rows[0]?.[2]).toBeNull()
  expect(listed.title).toContain('arg0 was not recorded')
})

it('charts are drawn of tables', () => {
  expect(String(on('privcmd:::return').rate('5s').chart())).toMatch(/^line: \[\[0,\d+\],\[5000/)
  expect(String(on('privcmd:::return').by('execname').count().chart())).toMatch(/^bar: .*"xl"/)
})

it.each([
  { what: 'a count', query: on('xpv:::mmu-update-start').count() },
  { what: 'a count by key', query: on('xpv:::mmu-update-start').by('execname').count() },
  { what: 'a rate', query: on('xpv:::mmu-update-start').rate('1s') },
  { what: 'a latency', query: on('xpv:::mmu-update-start').latency() },
  { what: 'a histogram', query: on('xpv:::mmu-update-start').latency().quantize() },
])('$what over what never happened says so', ({ query }) => {
  expect(query[DISPLAY]()['text/plain']).toBe('nothing found')
  expect(query.rows()).toEqual([])
})

it('a D program that has nothing to show shows nothing', () => {
  expect(d`xpv:::mmu-update-start { @ = count(); }`[DISPLAY]()['text/plain'].trim()).toBe('')
})

it('what is taken of rows keeps their columns: hexadecimal, what is not known', () => {
  const rows = on('privcmd:ioctl::return').by('pid', 'probemod').rows()
  const shown = (value: unknown) => String(renderValue(value, 200)?.['text/plain'])
  const lines = shown(rows).split('\n')
  expect(shown(rows.slice(0, 2)).split('\n').slice(2).map(words)).toEqual(
    lines.slice(2, 4).map(words),
  )
  const [last] = rows.toReversed().slice(0, 1)
  expect(last).toBe(rows.at(-1))
  expect(shown(rows.filter(() => false))).toBe('[]')
  expect(rows.map(({ pid }) => pid)).toHaveLength(rows.length)
})

const words = (line: string) => line.trim().split(/ +/)
