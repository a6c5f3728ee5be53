// Without a hypervisor the operating system has every pcpu and all memory, and tells of machine
// checks in its own log.
import { describe, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { parseSimSpec } from '../../src/backend/sim/sim-spec.js'
import { hostObjects } from '../../src/machine/host-objects.js'

const metal = (spec = ''): SimMachine => createSimulator(parseSimSpec(`sim:metal${spec}`))
const objects = (machine: SimMachine) => hostObjects(() => machine)
const log = (machine: SimMachine): readonly string[] =>
  machine
    .command(['dmesg'])
    .stdout.split('\n')
    .flatMap((line) => /mce.*/.exec(line) ?? [])

describe.each([
  ['', 4, 8192],
  [',pcpus=16,memory=64G', 16, 65_536],
  [',memory=512M', 4, 512],
])('sim:metal%s', (spec, pcpus, memoryMiB) => {
  it('has all pcpus, each its own, and all memory', () => {
    const machine = metal(spec)
    const { dom0 } = objects(machine)
    machine.run(1e9)
    expect(dom0.memoryBytes).toBe(memoryMiB * 2 ** 20)
    expect(dom0.vcpus.map((vcpu) => [vcpu.pcpu, vcpu.affinity])).toEqual(
      Array.from({ length: pcpus }, (_, n) => [n, [n]]),
    )
  })
})

it('the share of a dom0 that is not there is refused', () => {
  expect(() => parseSimSpec('sim:metal,dom0-vcpus=2')).toThrow(/has all of the host/)
  expect(metal(',pcpus=8').spec).toBe('sim:metal,pcpus=8')
})

it('a pcpu that goes out of service takes its processor with it, and comes back with it', () => {
  const machine = metal()
  const { pcpus, dom0 } = objects(machine)
  pcpus[2]?.offline()
  machine.run(1e9)
  expect(dom0.vcpus[2]?.state).toBe('offline')
  expect(machine.command(['sleep', '1']).status).toBe(0)
  pcpus[2]?.online()
  machine.run(1e9)
  expect(dom0.vcpus[2]).toMatchObject({ pcpu: 2, affinity: [2] })
})

it('a corrected error is in the log as Linux writes it', () => {
  const machine = metal()
  machine.checks.run('cache level=1 pcpu=2 address=0x2345040')
  machine.run(12e9)
  const [record] = machine.checks.log
  const tsc = record?.banks[0]?.tsc.toString(16)
  expect(log(machine)).toEqual([
    'mce: [Hardware Error]: Machine check events logged',
    'mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 2: 9c20004000000135',
    `mce: [Hardware Error]: TSC ${tsc} ADDR 2345040 MISC 86 `,
    'mce: [Hardware Error]: PROCESSOR 0:106a5 TIME 1239004800 SOCKET 1 APIC 2 microcode 11',
  ])
})

it('that there is something is said twice a minute, what it is each time', () => {
  const machine = metal()
  machine.checks.run('cache level=1 pcpu=2 every=15s times=8')
  machine.run(120e9)
  const lines = log(machine)
  expect(machine.checks.log).toHaveLength(8)
  expect(lines.filter((line) => line.includes('CPU 2: Machine Check:'))).toHaveLength(8)
  expect(lines.filter((line) => line.includes('events logged'))).toHaveLength(4)
  expect(lines.filter((line) => line.includes('callbacks suppressed'))).toEqual([
    'mce_notify_irq: 3 callbacks suppressed',
  ])
})
