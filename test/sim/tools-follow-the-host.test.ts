// What xl and xm tell of the host follows it: claims, the processor.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'

it('claims of domains are in xl claims and in xl info', () => {
  const machine = createSimulator({ era: 'xen-4.20' })
  const told = (...argv: string[]) => machine.command(['xl', ...argv]).stdout
  machine.command(['xl', 'create', 'web1'])
  const domain = machine.hypervisor.domains.get(1)
  const owned = machine.hypervisor.frames.ownedBy(domain?.domid ?? 0)
  const free = Number(/free_memory +: (\d+)/.exec(told('info'))?.[1])
  expect(machine.hypervisor.frames.claim(1, owned + 64 * 256)).toBe(true)
  expect(told('claims')).toMatch(/^web1 .* +64$/m)
  expect(told('claims')).toMatch(/^Domain-0 .* +0$/m)
  expect(told('info')).toMatch(/outstanding_claims +: 64$/m)
  expect(Number(/free_memory +: (\d+)/.exec(told('info'))?.[1])).toBe(free - 64)
})
