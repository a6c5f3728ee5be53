// What xl and xm tell of the host follows it: claims, the processor.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { parseSimSpec } from '../../src/backend/sim/sim-spec.js'

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

it.each([
  ['xen-4.20,processor=westmere', 'xl', '178bfbfd:82982203:20100800:00000001'],
  ['xen-4.20,processor=skylake', 'xl', 'bfebfbff:77fef3ff:2c100800:00000121'],
  ['xvm-3.1', 'xm', '178bfbff:ebd3fbff:00000000:00000010:00002001'],
  ['xvm-3.1,processor=barcelona', 'xm', '178bfbff:efd3fbff:00000000:00000010:00802009'],
])('hw_caps of %s are those of its processor', (spec, tool, words) => {
  const { stdout } = createSimulator(parseSimSpec(`sim:${spec}`)).command([tool, 'info'])
  expect(stdout).toMatch(new RegExp(`^hw_caps +: ${words}`, 'm'))
})

it.each(['xm', 'xl'])('%s create is followed by the configurations that dom0 has', (tool) => {
  const machine = createSimulator({ era: tool === 'xm' ? 'xvm-3.1' : 'xen-4.20' })
  expect(machine.toolCommands(tool, ['create'])).toContain('web1')
  machine.files.write('/etc/xen/mine', '')
  expect(machine.toolCommands(tool, ['create'])).toContain('mine')
})
