// The library face: a script opens a recording and asks it, in D and in TypeScript, with equal
// numbers.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { builtin, openRecording, queriesOn } from '../../src/index.js'

const RECORDINGS = join(import.meta.dirname, '../../examples/recordings')

const SUMMARY = readFileSync(join(import.meta.dirname, '../oracle/load.summary.txt'), 'utf8')

/** Hypercalls by number over all vcpus, from lines such as `mmu_update [ 1]: 1833`. xenalyze
 *  counts the calls inside multicalls there too, and leaves out what came before it knew which
 *  vcpu runs. */
const XENALYZE = totals(
  [...SUMMARY.matchAll(/^ +\w+ +\[ *(\d+)\]: +(\d+)$/gm)].map((m) => [m[1], m[2]]),
)

function totals(pairs: readonly (readonly unknown[])[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [key, count] of pairs) sums[String(key)] = (sums[String(key)] ?? 0) + Number(count)
  return sums
}

it('asks a hypervisor trace, and counts what xenalyze counts', () => {
  const { on, d } = queriesOn(openRecording(join(RECORDINGS, 'load/load.xt'), { hz: 2.6e9 }))
  const calls = on('xdt:pv::hypercall').where((e) => e.domid.ne(0x8000))
  const subcalls = on('xdt:pv::subcall').where((e) => e.domid.ne(0x8000))
  const rows = [calls, subcalls].flatMap((query) => [...query.by('op').count().rows()])
  expect(totals(rows.map((r) => [r.op, r.value]))).toEqual(XENALYZE)
  const inD = d`xdt:pv::hypercall, xdt:pv::subcall /domid != 0x8000/ { @[arg1] = count(); }`
  expect(totals(inD.rows().map((r) => [r['arg1'], r['value']]))).toEqual(XENALYZE)
})

it('times what vcpus do on pcpus, as pairing its own rows by hand does', () => {
  const { on } = queriesOn(openRecording(join(RECORDINGS, 'load/load.xt'), { hz: 2.6e9 }))
  const moments = (spec: 'xdt:sched::on-cpu' | 'xdt:sched::off-cpu') =>
    on(spec)
      .select(builtin('domid'), builtin('vcpuid'))
      .rows()
      .map((row) => ({ ...row, at: row.timestampNs ?? Number.NaN }))
  const ons = moments('xdt:sched::on-cpu')
  const spells = moments('xdt:sched::off-cpu').flatMap((off) => {
    const began = ons.filter((e) => e.domid === off.domid && e.vcpuid === off.vcpuid)
    const last = began.filter((e) => e.at <= off.at).at(-1)
    return last === undefined
      ? []
      : [{ domid: off.domid, us: Math.floor((off.at - last.at) / 1e3) }]
  })
  const rows = on('xdt:sched::on-cpu').by(builtin('domid')).latency('us').quantize().rows()
  expect(rows.map((row) => row.domid)).toContain(0)
  for (const { domid, buckets } of rows) {
    const own = spells.filter((spell) => spell.domid === domid)
    const counted = buckets.map(
      ({ low, high }) => own.filter(({ us }) => us >= Number(low) && us <= Number(high)).length,
    )
    expect(buckets.map((b) => b.count)).toEqual(counted)
    expect(counted.reduce((a, b) => a + b, 0)).toBe(own.length)
  }
})

it('joins the calls of dom0 and the records of the hypervisor', () => {
  const { on } = queriesOn(openRecording(join(RECORDINGS, 'xl-create')))
  expect(on('privcmd:::return').count().rows()).toEqual([{ value: 166 }])
  expect(on('xdt:dom0op::').by('probename').count().rows()).toContainEqual({
    probename: 'domain-create',
    value: 1,
  })
})
