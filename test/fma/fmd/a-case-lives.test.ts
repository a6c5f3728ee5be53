// A case from its first ereport to its end: states, what is logged, what is asked for.
import { expect, it } from 'vitest'
import { faultStatusWords } from '../../../src/fma/event/fault-status.js'
import { stringMember } from '../../../src/fma/event/nvlist.js'
import type { FmdAction, FmdInput } from '../../../src/fma/fmd/input.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { Counting, ereportOf, Retiring, SECOND, strand, TOPOLOGY } from './one-host.js'

const manager = () =>
  new FaultManager({ topology: TOPOLOGY, modules: [new Counting(), new Retiring()], seed: 1 })

/** Actions in short: what is logged and asked for. */
function short(actions: readonly FmdAction[]): string[] {
  return actions.map((action) => {
    if (action.kind === 'act') return `${action.request} ${action.what.kind}`
    const { log, number, event } = action.record
    return `${log} ${number} ${stringMember(event, 'class')}`
  })
}

const error = (at: number): FmdInput => {
  const timeNs = BigInt(at) * SECOND
  return { kind: 'ereport', timeNs, ereport: ereportOf('l1dcache', 1, { timeNs }) }
}

it('three corrected errors are silent, the fourth offlines the strand, a repair brings it back', () => {
  const fmd = manager()
  for (const at of [1, 2, 3]) {
    expect(short(fmd.take(error(at)))).toEqual([`error ${at} ereport.cpu.generic-x86.l1dcache`])
    expect(fmd.cases()).toEqual([])
  }
  expect(short(fmd.take(error(4)))).toEqual([
    'error 4 ereport.cpu.generic-x86.l1dcache',
    'resource 1 resource.fm.asru.degraded',
    'fault 1 list.suspect',
    '1 offline-pcpu',
  ])
  const [solved] = fmd.cases()
  expect(solved).toMatchObject({ state: 'solved', code: 'GMCA-8000-LF', severity: 'Major' })
  expect(solved?.ereports.map(({ timeNs }) => timeNs)).toHaveLength(4)
  const timeNs = 5n * SECOND
  const acted = { kind: 'acted', outcome: { kind: 'done' } } as const
  expect(short(fmd.take({ ...acted, timeNs, request: 1 }))).toEqual([
    'info 5 ireport.fmd.acted',
    'resource 2 resource.fm.asru.faulted',
    'fault 2 list.isolated',
  ])
  expect(fmd.resources()).toMatchObject([{ state: 'faulted', suspects: [{ status: 3 }] }])
  const what = { kind: 'resource', fmri: strand(1) } as const
  expect(short(fmd.take({ kind: 'repaired', timeNs, what }))).toEqual([
    'info 6 ireport.fmd.repaired',
    'resource 3 resource.fm.asru.unknown',
    'fault 3 list.repaired',
    '2 online-pcpu',
  ])
  expect(short(fmd.take({ ...acted, timeNs, request: 2 }))).toEqual([
    'info 7 ireport.fmd.acted',
    'resource 4 resource.fm.asru.ok',
    'fault 4 list.resolved',
    'resource 5 resource.fm.asru.ok',
  ])
  expect(fmd.cases()).toMatchObject([{ state: 'resolved' }])
  expect(fmd.statistics('counting')).toMatchObject({ received: 4, accepted: 7, solved: 1, open: 0 })
  fmd.take({ kind: 'time', timeNs: timeNs + 31n * 86_400n * SECOND })
  expect(fmd.cases()).toEqual([])
  expect(fmd.resources()).toEqual([])
})

it('a resolved case stays as it is, whatever becomes of the same resource later', () => {
  const fmd = manager()
  const timeNs = 20n * SECOND
  const isDone = (request: number): void => {
    fmd.take({ kind: 'acted', timeNs, request, outcome: { kind: 'done' } })
  }
  const say = (kind: 'repaired' | 'replaced' | 'acquitted'): readonly string[] =>
    short(fmd.take({ kind, timeNs, what: { kind: 'resource', fmri: strand(1) } }))
  const words = (from: FaultManager): string[] =>
    from.cases().map((each) => {
      const suspects = each.state === 'unsolved' ? [] : each.suspects
      return suspects.map(({ status }) => faultStatusWords(status).join(' ')).join()
    })
  for (const at of [1, 2, 3, 4]) fmd.take(error(at))
  isDone(1)
  say('acquitted')
  isDone(2)
  expect(words(fmd)).toEqual(['acquitted'])
  expect(say('replaced')).toEqual(['info 8 ireport.fmd.replaced'])
  for (const at of [21, 22, 23, 24]) fmd.take(error(at))
  const out = fmd.take({ kind: 'acted', timeNs, request: 3, outcome: { kind: 'done' } })
  expect(short(out).filter((line) => line.startsWith('resource'))).toHaveLength(1)
  expect(words(fmd)).toEqual(['acquitted', 'faulty unusable'])
  expect(fmd.resources()).toMatchObject([{ state: 'faulted' }])
  const restored = manager()
  restored.restore(fmd.save())
  expect(words(restored)).toEqual(words(fmd))
})
