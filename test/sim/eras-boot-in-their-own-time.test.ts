// Hosts boot in the time of their era, unless told when; the same faults elsewhere happen when they
// did.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { rerun } from '../../src/cli/rerun.js'

const dayOf = (bootedAt: bigint): string =>
  new Date(Number(bootedAt / 1_000_000n)).toISOString().slice(0, 10)

it.each([
  { era: 'xvm-3.1', day: '2007-12-10' },
  { era: 'xen-3.1-upstream', day: '2007-12-10' },
  { era: 'xvm-mca', day: '2008-09-15' },
  { era: 'xen-4.17', day: '2023-03-06' },
  { era: 'xen-4.20', day: '2025-06-02' },
  { era: 'metal', day: '2009-04-06' },
])('$era: $day', ({ era, day }) => {
  const { host, access } = createSimulator({ era })
  expect([dayOf(host.bootedAt), access.bootedNs()]).toEqual([
    ...[day, { kind: 'known', value: host.bootedAt, from: 'sim' }],
  ])
})

it('a time that is said goes before that, and what happens again happens then', () => {
  const bootedAt = 1_000_000_000_000_000_000n
  const machine = createSimulator({ era: 'metal', bootedAt })
  machine.run(60e9)
  expect(machine.host.bootedAt).toBe(bootedAt)
  const again = rerun(machine, { era: 'xen-4.20' })
  expect(again.nowNs).toBe(bootedAt + 60_000_000_000n)
})
