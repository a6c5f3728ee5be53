// What dom0 can do about bad hardware by hypercall, era by era.
import { describe, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'

const BY = { domid: 0, vcpu: 0 }

function ask(
  machine: SimMachine,
  [hypercall, operation]: readonly [string, string],
  args: Record<string, number | bigint> = {},
  more?: unknown,
) {
  const step = { kind: 'call', hypercall, operation, args, more } as const
  return machine.hypervisor.call(BY, step).reply
}

const ENOSYS = -38
const hotplug = (pcpu: number, operation: number): Record<string, bigint> => ({
  u0: BigInt(pcpu) | (BigInt(operation) << 32n),
})

it.each([
  { era: 'xvm-3.1', mca: ENOSYS, hotplug: ENOSYS, offline: ENOSYS, resource: ENOSYS },
  { era: 'xen-3.1-upstream', mca: ENOSYS, hotplug: ENOSYS, offline: ENOSYS, resource: ENOSYS },
  { era: 'xvm-mca', mca: 0, hotplug: 0, offline: ENOSYS, resource: ENOSYS },
  { era: 'xen-4.17', mca: 0, hotplug: 0, offline: 0, resource: 0 },
  { era: 'xen-4.20', mca: 0, hotplug: 0, offline: 0, resource: 0 },
])('$era has what its time had', ({ era, mca, hotplug: taken, offline, resource }) => {
  const machine = createSimulator({ era })
  expect(ask(machine, ['mca', 'fetch'], { u0: 1 }).result).toBe(mca)
  expect(ask(machine, ['sysctl', 'cpu_hotplug'], hotplug(3, 1)).result).toBe(taken)
  const page = { command: 1, start: 0x60000, end: 0x60000 }
  expect(ask(machine, ['sysctl', 'page_offline_op'], {}, page).result).toBe(offline)
  const tsc = { pcpu: 1, msr: 0x10 }
  expect(ask(machine, ['platform_op', 'resource_op'], {}, tsc).result).toBe(resource)
})

describe('mca', () => {
  it('fetch gives the oldest record until it is acknowledged, then there is no data', () => {
    const machine = createSimulator({ era: 'xen-4.20' })
    machine.scheduler.pause(0)
    machine.checks.run('cache level=1 pcpu=2 every=17s times=2')
    machine.run(60e9)
    const fetch = () => ask(machine, ['mca', 'fetch'], { u0: 1 }).out
    const first = fetch()
    expect(first).toMatchObject({ flags: 0, banks: 1 })
    expect(fetch()).toEqual(first)
    ask(machine, ['mca', 'fetch'], { u0: 5 }, { id: first['fetch_id'] })
    expect(fetch()['fetch_id']).not.toBe(first['fetch_id'])
    expect(ask(machine, ['mca', 'fetch'], { u0: 2 }).out).toEqual({ flags: 2 })
  })

  it('physcpuinfo tells how many pcpus there are', () => {
    const machine = createSimulator({ era: 'xvm-mca' })
    expect(ask(machine, ['mca', 'physcpuinfo']).out['ncpus']).toBe(4)
  })

  it.each([
    ['westmere', -22],
    ['broadwell', 0],
  ])(
    '%s: an interrupt for corrected errors is injected where there is one',
    (processor, result) => {
      const machine = createSimulator({ era: 'xen-4.20', processor })
      const args = { u0: 1n | (2n << 32n) }
      expect(ask(machine, ['mca', 'inject_v2'], args).result).toBe(result)
    },
  )
})

describe('a pcpu that is offline', () => {
  it('is not polled; what its bank holds is found once it is back', () => {
    const machine = createSimulator({ era: 'xen-4.20' })
    ask(machine, ['sysctl', 'cpu_hotplug'], hotplug(2, 1))
    machine.checks.inject({ kind: 'cache', level: 1, pcpu: 2 })
    machine.run(60e9)
    expect(machine.checks.log).toEqual([])
    ask(machine, ['sysctl', 'cpu_hotplug'], hotplug(2, 0))
    machine.run(60e9)
    expect(machine.checks.log.map(({ pcpu }) => pcpu)).toEqual([2])
  })

  it('runs no vcpu: a guest reads elsewhere, a hypercall that names it is refused', () => {
    const machine = createSimulator({ era: 'xen-4.20' })
    const at = machine.registers.guestRead({ domid: 0, vcpu: 1, msr: 0x10 }).executedOn
    const other = at === 0 ? 1 : at
    ask(machine, ['sysctl', 'cpu_hotplug'], hotplug(other, 1))
    const again = machine.registers.guestRead({ domid: 0, vcpu: 1, msr: 0x10 }).executedOn
    expect(again).not.toBe(other)
    const tsc = { pcpu: other, msr: 0x10 }
    expect(ask(machine, ['platform_op', 'resource_op'], {}, tsc).result).toBe(-22)
  })
})
