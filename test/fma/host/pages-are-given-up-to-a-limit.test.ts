// One page in a thousand is given up and no more: on metal the kernel keeps the others, under a Xen
// that takes pages, which has no limit, the agent's host does; each page that stays is counted.
import { expect, it } from 'vitest'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import { nv } from '../../../src/fma/event/nvlist.js'
import { EreportRecord } from '../../../src/fma/fmd/input-record.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { type Managed, managed, managementOf, seconds } from './managed.js'

/** A thousandth of 160 MiB. */
const MOST = 40

/** One corrected error of the first page, as the host tells it. */
function firstOf(management: FaultManagement): Ereport {
  const record = management.log('error').at(-1)
  if (record instanceof EreportRecord) return record.ereport
  throw new Error('no error came')
}

/** So many frames that nobody has. */
function freeFrames({ hypervisor }: Managed['machine'], count: number): readonly number[] {
  const all = Array.from({ length: hypervisor.frames.last }, (_, mfn) => mfn)
  return all.filter((mfn) => hypervisor.frames.ownerOf(mfn).kind === 'free').slice(0, count)
}

/** Four errors of one page, two seconds apart. */
function tellOf({ machine, management }: Managed, like: Ereport, mfn: number): void {
  const address = nv.uint64(0x1000n * BigInt(mfn))
  const ereport = { ...like, payload: new Map([...like.payload, ['IA32_MCi_ADDR', address]]) }
  for (let n = 0; n < 4; n++) {
    management.take({ kind: 'ereport', ereport })
    seconds(machine, 2)
  }
}

it.each([
  { era: 'metal', why: 'the kernel keeps it: 40 pages are out, 0.1 % of memory' },
  { era: 'xen-4.20', why: '40 pages are out, 0.1 % of memory; Xen has no limit' },
])('under $era', ({ era, why }) => {
  const memory = { memoryMiB: 160, dom0MemoryMiB: 64 }
  const made = managed({ era, processor: 'westmere', ...memory })
  const { machine, management } = made
  machine.checks.run('memory address=0x8000000 times=1')
  seconds(machine, 20)
  const like = { ...firstOf(management), timeNs: undefined }
  for (const mfn of freeFrames(machine, MOST + 3)) tellOf(made, like, mfn)
  seconds(machine, 10)
  const asked = management.acts.filter(({ what }) => what.kind === 'retire-page')
  expect(asked.map(({ outcome }) => outcome?.kind)).toEqual([
    ...Array(MOST).fill('done'),
    ...Array(3).fill('refused'),
  ])
  expect(asked.at(-1)?.outcome).toEqual({ kind: 'refused', error: 'ENOSPC', why })
  const { own } = management.manager.statistics('cpumem-retire')
  expect(own.find(({ name }) => name === 'page_limit')?.value).toBe(3)
  expect(machine.hypervisor.frames.retired).toBe(MOST)
  const fork = machine.fork()
  const { manager } = managementOf(fork)
  expect([management.manager.pagesOut, manager.pagesOut]).toEqual([MOST, MOST])
  const uuid = manager.cases().find(({ state }) => state === 'closed')?.uuid ?? ''
  managementOf(fork).take({ kind: 'repaired', what: { kind: 'case', uuid } })
  seconds(fork, 10)
  expect([management.manager.pagesOut, manager.pagesOut]).toEqual([MOST, MOST - 1])
})
