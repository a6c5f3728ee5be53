// A simulated host manages its faults by itself, at its own time: telemetry, diagnosis, acts, and
// what becomes of them; repairs; forks.
import { expect, it } from 'vitest'
import { stringMember } from '../../../src/fma/event/nvlist.js'
import type { PcpuId } from '../../../src/machine/ids.js'
import { fates, managed, managementOf, seconds } from './managed.js'

const L1D = 'cache level=1 pcpu=1 every=10s times=4'
/** A page that no kernel has. */
const PAGE = 'memory address=0x40000000 every=10s times=4'
const PCPU = 1 as PcpuId

it('a cache of a pcpu on metal: silent for three errors, at the fourth it is faulted', () => {
  const { machine, management } = managed({ era: 'metal' })
  machine.checks.plan(L1D)
  seconds(machine, 29)
  expect(fates(management)).toEqual([])
  seconds(machine, 4)
  expect(fates(management)).toEqual(['GMCA-8000-LF closed offline-pcpu=done'])
  const facts = machine.access.pcpu(PCPU)
  expect([facts?.isOnline, facts?.isFaulted]).toEqual([
    { kind: 'known', value: false, from: 'sim' },
    true,
  ])
  expect(facts?.sinceNs).toBeGreaterThan(30e9)
  expect(facts?.sinceNs).toBeLessThan(32e9)
})

it.each([
  { era: 'metal', did: ['GMCA-8000-LF closed offline-pcpu=done'] },
  { era: 'xvm-3.1', did: [] },
  { era: 'xvm-mca', did: ['GMCA-8000-LF closed offline-pcpu=done'] },
  { era: 'xen-4.17', did: [] },
  { era: 'xen-4.20', did: ['GMCA-8000-LF closed offline-pcpu=done'] },
])('four errors of a cache under $era', ({ era, did }) => {
  const { machine, management } = managed({ era, processor: 'westmere' })
  machine.checks.plan(L1D)
  seconds(machine, 60)
  expect(fates(management)).toEqual(did)
})

it.each([
  { era: 'metal', did: ['GMCA-8000-WT closed retire-page=done'] },
  { era: 'xvm-mca', did: ['GMCA-8000-WT solved retire-page=ENOTSUP'] },
  { era: 'xen-4.20', did: ['GMCA-8000-WT closed retire-page=done'] },
])('four errors of one page under $era', ({ era, did }) => {
  const { machine, management } = managed({ era, processor: 'westmere' })
  machine.checks.plan(PAGE)
  seconds(machine, 80)
  expect(fates(management)).toEqual(did)
  const isOut = machine.hypervisor.frames.ownerOf(0x40000).kind === 'retired'
  expect(isOut).toBe(era !== 'xvm-mca')
})

it('what is repaired comes back, and its case is resolved', () => {
  const { machine, management } = managed({ era: 'metal' })
  machine.checks.plan(L1D)
  seconds(machine, 60)
  const [only] = management.manager.cases()
  management.take({ kind: 'repaired', what: { kind: 'case', uuid: only?.uuid ?? '' } })
  expect(fates(management)).toEqual(['GMCA-8000-LF resolved offline-pcpu=done online-pcpu=done'])
  expect(machine.access.pcpu(PCPU)?.isFaulted).toBe(false)
  const changes = management.log('fault').map((each) => stringMember(each.event, 'class'))
  expect(changes).toEqual(['list.suspect', 'list.isolated', 'list.repaired', 'list.resolved'])
})

it('the pcpu that the host booted on stays: ten tries, a second apart', () => {
  const { machine, management } = managed({ era: 'metal' })
  machine.checks.plan('cache level=1 pcpu=0 every=10s times=4')
  seconds(machine, 120)
  const asked = management.acts.filter(({ what }) => what.kind === 'offline-pcpu')
  const gaps = asked.slice(1).map(({ timeNs }, i) => timeNs - (asked[i]?.timeNs ?? 0n))
  expect(asked.map(({ outcome }) => outcome?.kind === 'refused' && outcome.error)).toEqual(
    Array(10).fill('EBUSY'),
  )
  expect(gaps).toEqual(Array(9).fill(1_000_000_000n))
})

it('a page that a guest has is asked for again until it is given back', () => {
  const { machine, management } = managed({ era: 'xen-4.20' })
  machine.command(['xl', 'create', 'web1'])
  const domid = [...machine.hypervisor.domains.keys()].at(-1) ?? 0
  const frame = machine.hypervisor.frames.frameOf(domid, 5000) ?? 0
  machine.checks.plan(`memory address=${frame * 4096} every=10s times=5`)
  seconds(machine, 120)
  const waits = management.acts.filter(({ what }) => what.kind === 'retire-page')
  expect(waits.length).toBeGreaterThan(3)
  expect(waits.every(({ outcome }) => outcome?.kind === 'pending')).toBe(true)
  machine.command(['xl', 'destroy', String(domid)])
  seconds(machine, 300)
  expect(fates(management).at(-1)).toMatch(/^GMCA-8000-WT closed .*retire-page=done$/)
})

it('time in one piece or in many, the logs are the same; a fork goes on as its origin', () => {
  const [whole, pieces] = [managed({ era: 'xen-4.20' }), managed({ era: 'xen-4.20' })]
  for (const { machine } of [whole, pieces]) machine.checks.plan(`${L1D}\n${PAGE}`)
  seconds(whole.machine, 100)
  for (let i = 0; i < 20; i++) seconds(pieces.machine, 1)
  const fork = pieces.machine.fork()
  seconds(fork, 80)
  seconds(pieces.machine, 80)
  const logs = [whole.management, pieces.management, managementOf(fork)].map((management) =>
    (['error', 'fault', 'resource', 'info'] as const).map((name) => management.log(name)),
  )
  expect(logs[1]).toEqual(logs[0])
  expect(logs[2]).toEqual(logs[0])
  expect(logs[0]?.[1]?.length).toBeGreaterThan(2)
})

it('what nobody looked at costs nothing: a host without errors makes no manager', () => {
  const { machine, management } = managed({ era: 'xen-4.20' })
  const before = machine.kernel.save().queue.length
  seconds(machine, 60)
  expect(management.save().fmd).toBeUndefined()
  expect(machine.kernel.save().queue.length).toBeLessThanOrEqual(before + 2)
})

it('a host that has stopped is diagnosed by what it left, and nothing is done to it', () => {
  const { machine, management } = managed({ era: 'metal' })
  machine.checks.plan('memory address=0x40000000 severity=uncorrected')
  seconds(machine, 60)
  expect(machine.checks.halted).toBeDefined()
  expect(fates(management)).toEqual(['GMCA-8001-09 solved', 'GMCA-8000-X9 solved retire-page=EIO'])
})

it('an address in no memory of the host: nothing is done, and that is accounted for', () => {
  const { machine, management } = managed({ era: 'metal' })
  machine.checks.plan(
    'raw pcpu=0 bank=8 status=0x9c00004000010092 address=0xfffffffffff000 misc=0x8c ' +
      'every=10s times=4',
  )
  seconds(machine, 60)
  expect(fates(management)).toEqual(['GMCA-8000-WT solved'])
  expect(management.account).toMatchObject([
    {
      unknown: [
        { what: 'dimm', count: 4, reason: 'an address is in no memory that this host has' },
      ],
    },
  ])
})
