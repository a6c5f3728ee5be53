// dom0's kernel lets a tool go on where it need not wait: one busy vcpu of dom0 holds nobody up.
import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'

const SECOND = 1_000_000_000
/** A kind of happening that nobody waits for. */
const NOTHING = 9_999

describe.each([0, 1])('vcpu %i of dom0 has five seconds of work', (vcpu) => {
  it('each of two lists takes less than one', () => {
    const machine = createSimulator({ era: 'xen-4.17' })
    machine.kernel.on(NOTHING, () => {})
    machine.scheduler.work(0, vcpu, 5 * SECOND, NOTHING)
    for (const _ of [1, 2]) {
      const before = machine.nowNs
      expect(machine.command(['xl', 'list']).status).toBe(0)
      expect(machine.nowNs - before).toBeLessThan(SECOND)
    }
  })
})
