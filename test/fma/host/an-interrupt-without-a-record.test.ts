// Xen 4.17 tells dom0 of an exception whose banks nobody read: dom0 is interrupted, and fetches
// nothing. The account of the telemetry says so.
import { expect, it } from 'vitest'
import { notSeenLines } from '../../../src/fma/explain/unseen.js'
import { managed, managementOf, seconds } from './managed.js'

const EXCEPTION = 'memory channel=1 dimm=0 rank=1 row=0x123 severity=srao at=5s every=10s times=2'

function host(era: string, faults: string) {
  const made = managed({ era, processor: 'westmere', seed: 7 })
  made.machine.checks.plan(faults)
  seconds(made.machine, 40)
  return made
}

it('each interrupt that had no record is counted', () => {
  const { machine, management } = host('xen-4.17', EXCEPTION)
  const lines = machine.hypervisor.ring.text().split('\n')
  const sent = lines.filter((line) => line.includes('send MCE# to DOM0 through virq')).length
  expect(sent).toBeGreaterThan(0)
  expect(management.log('error')).toEqual([])
  const [account] = management.account
  expect(account?.unknown).toEqual([
    { what: 'record', count: sent, reason: expect.stringContaining('VIRQ_MCA') },
  ])
  expect(notSeenLines(management).join('\n')).toContain('had no record of one')
})

it('a fork has met what its past has met', () => {
  const { machine, management } = host('xen-4.17', EXCEPTION)
  expect(managementOf(machine.fork()).account).toEqual(management.account)
})

it.each([
  { era: 'xen-4.20', faults: EXCEPTION, why: 'each interrupt has its record' },
  { era: 'xen-4.17', faults: 'cache level=1 pcpu=1 every=1s times=20', why: 'nobody interrupts' },
])('$era: $why', ({ era, faults }) => {
  const [account] = host(era, faults).management.account
  expect(account?.unknown.filter(({ reason }) => reason.includes('VIRQ_MCA'))).toEqual([])
})
