// The typed objects over recordings: what a recording knows, and, for all it cannot know, why.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openRecording } from '../../src/backend/replay/open.js'
import { DISPLAY } from '../../src/base/display.js'
import { XpvError } from '../../src/base/error.js'
import { hostObjects } from '../../src/machine/host-objects.js'
import { HostSnapshot } from '../../src/machine/host-snapshot.js'
import { NotKnown } from '../../src/machine/not-known.js'

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples', 'recordings')
const open = (name: string, options = {}) => {
  const machine = openRecording(join(EXAMPLES, name), options)
  return { machine, ...hostObjects(() => machine) }
}

it('the hypervisor is what xl info printed, with where that is from', () => {
  const { xen } = open('xl-create')
  expect(xen).toMatchObject({ version: '4.17.7', scheduler: 'credit2', pcpus: 4 })
  expect(xen.memoryBytes).toBe(3071 * 2 ** 20)
  expect(xen.topology).toBe('1 socket x 4 cores x 1 thread')
  expect(xen.facts().scheduler).toMatchObject({ from: 'tool' })
  expect(xen.facts().version).toMatchObject({ from: 'metadata' })
  expect(String(xen.console)).toMatch(/^\(XEN\) Xen version 4\.17\.7/)
})

it('domains, vcpus and pcpus are those it saw, and when', () => {
  const { domains, dom0, pcpus } = open('xl-create')
  expect(domains.ids()).toEqual([0, 1, 3, 4, 8])
  expect(domains.at(8).createdNs).toBeCloseTo(1.182e9, -7)
  expect(dom0.vcpus.map(({ id, pcpu }) => [id, pcpu])).toEqual([
    [0, 0],
    [1, 1],
  ])
  expect(pcpus.map((pcpu) => pcpu.facts().seen?.rows)).toEqual([152187, 38153, 0, 0])
})

it('a vcpu of a recorded scheduler moved as often as its records say', () => {
  const { dom0 } = open('contended')
  expect(dom0.vcpus[0]?.migrations).toBeGreaterThan(600)
})

it.each([
  { name: 'memory of a domain', of: () => open('xl-create').domains[8]?.memoryBytes },
  { name: 'its name', of: () => open('xl-create').domains[8]?.name },
  { name: 'where a vcpu is, heard by dom0 alone', of: () => open('fma-ops').dom0.vcpus[0]?.pcpu },
  { name: 'banks', of: () => open('xl-create').pcpus[1]?.banks },
  { name: 'a scheduler without xl info', of: () => open('idle').xen.scheduler },
  { name: 'cycles of a clock of nanoseconds', of: () => open('fma-ops').xen.clockHz },
])('not known, with the reason: $name', ({ of }) => {
  const value = of()
  expect(value).toBeInstanceOf(NotKnown)
  expect((value as NotKnown).reason).not.toBe('')
  expect(() => Number(value)).toThrow((value as NotKnown).reason)
})

it.each([
  {
    name: 'a register',
    code: 'machine.not-known',
    act: (of: Open) => of.dom0.vcpus[0]?.rdmsr(0x10),
  },
  { name: 'pinning', code: 'machine.read-only', act: (of: Open) => of.dom0.vcpus[0]?.pin(1) },
  { name: 'a pcpu offline', code: 'machine.read-only', act: (of: Open) => of.pcpus[1]?.offline() },
])('$name is refused', ({ code, act }) => {
  const opened = open('xl-create')
  expect(() => act(opened)).toThrow(expect.objectContaining({ code }))
  expect(() => act(opened)).toThrow(XpvError)
})

type Open = ReturnType<typeof open>

it('the hostbridge is the bytes that lspci printed', () => {
  const { hostbridge } = open('xl-create')
  expect(hostbridge.rootPorts.map(({ id }) => id)).toEqual(['00:03.0'])
  expect(hostbridge.at('00:03.0').children.map(({ id, driver }) => [id, driver])).toEqual([
    ['01:00.0', null],
  ])
  expect(open('idle').hostbridge[DISPLAY]().parts[0]).toMatch(/^not known: .*lspci/)
})

it('two looks at one recording are equal', () => {
  const { machine } = open('xl-create')
  const look = () => new HostSnapshot(machine.snapshot(), machine.access)
  expect(look().equals(look())).toBe(true)
})
