// The library face: a script opens a recording and asks it, in D and in TypeScript, with equal numbers.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openRecording, queriesOn } from '../../src/index.js'

const RECORDINGS = join(import.meta.dirname, '../../examples/recordings')

const SUMMARY = readFileSync(join(import.meta.dirname, '../oracle/load.summary.txt'), 'utf8')

/** Hypercalls by number over all vcpus, from lines such as `mmu_update [ 1]: 1833`. */
function xenalyzeHypercalls(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, op = '', count] of SUMMARY.matchAll(/^ +\w+ +\[ *(\d+)\]: +(\d+)$/gm)) {
    counts[op] = (counts[op] ?? 0) + Number(count)
  }
  return counts
}

it('asks a hypervisor trace, and counts what xenalyze counts', () => {
  const { on, d } = queriesOn(openRecording(join(RECORDINGS, 'load/load.xt'), { hz: 2.6e9 }))
  const rows = on('xdt:pv::hypercall').by('op').count().rows()
  expect(Object.fromEntries(rows.map((r) => [r.op, r.value]))).toEqual(xenalyzeHypercalls())
  const inD = d`xdt:pv::hypercall { @[arg1] = count(); }`.rows()
  expect(Object.fromEntries(inD.map((r) => [r['arg1'], r['value']]))).toEqual(xenalyzeHypercalls())
})

it('times what vcpus do on pcpus', () => {
  const { on } = queriesOn(openRecording(join(RECORDINGS, 'load/load.xt'), { hz: 2.6e9 }))
  const [row] = on('xdt:sched::on-cpu').by('domid').latency('us').quantize().rows()
  expect(row?.buckets.length).toBeGreaterThan(0)
})

it('joins the calls of dom0 and the records of the hypervisor', () => {
  const { on } = queriesOn(openRecording(join(RECORDINGS, 'xl-create')))
  expect(on('privcmd:::return').count().rows()).toEqual([{ value: 166 }])
  expect(on('xdt:dom0op::').by('probename').count().rows()).toContainEqual({
    probename: 'domain-create',
    value: 1,
  })
})
