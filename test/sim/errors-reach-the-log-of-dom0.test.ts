// What somebody at dom0 sees of PCI Express errors: dmesg, on an era whose root ports interrupt and
// on one whose do not; and that a copy of the machine knows the same.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'

const FAULT = { kind: 'pcie', function: '03:00.0', error: 'CmpltTO' } as const

it('an era with interrupts: the driver tells of it, a copy of the machine goes on alike', () => {
  const machine = createSimulator({ era: 'xen-4.20' })
  machine.run(2e9)
  machine.pci.inject({ ...FAULT, error: 'UnsupReq', header: [0x4000_0001, 0x0500_000f, 0, 0] })
  const copy = machine.fork()
  machine.run(1e9)
  copy.run(1e9)
  const { stdout } = machine.command(['dmesg'])
  expect(stdout).toContain('] pcieport 0000:00:04.0: AER: enabled with IRQ 39\n')
  const told = stdout.split('\n').filter((line) => !line.includes('enabled'))
  expect(told.map((line) => line.replace(/^\[ +2\.\d{6}\] /, ''))).toEqual([
    'pcieport 0000:00:02.0: AER: Uncorrectable (Non-Fatal) error message received from 0000:03:00.0',
    'e1000e 0000:03:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), ' +
      'type=Transaction Layer, (Requester ID)',
    'e1000e 0000:03:00.0:   device [8086:105e] error status/mask=00100000/00000000',
    'e1000e 0000:03:00.0:    [20] UnsupReq               (First)',
    'e1000e 0000:03:00.0: AER:   TLP Header: 40000001 0500000f 00000000 00000000',
    'pcieport 0000:02:00.0: AER: device recovery successful',
    '',
  ])
  expect(copy.command(['dmesg']).stdout).toBe(stdout)
  machine.command(['dmesg', '-C'])
  expect(machine.command(['dmesg']).stdout).toBe('')
  expect(machine.command(['dmesg', '-x'])).toMatchObject({ status: 1 })
})

it('the log keeps so much; the oldest lines go', () => {
  const machine = createSimulator({ era: 'xen-4.17' })
  const times = { times: 2_000, everyNs: 1e6 }
  machine.pci.inject({ ...FAULT, error: 'BadTLP' }, times)
  machine.run(3e9)
  const { stdout } = machine.command(['dmesg'])
  expect(stdout.length).toBeLessThanOrEqual(262_144)
  expect(stdout).toContain('Corrected error message received')
  expect(stdout).not.toContain('enabled')
  expect(stdout.startsWith('[')).toBe(true)
})

it('an era without: nobody is told, whatever happens', () => {
  const machine = createSimulator({ era: 'xvm-3.1' })
  machine.pci.inject(FAULT)
  machine.run(8e9)
  expect(machine.command(['dmesg']).status).toBe(127)
  expect(machine.files.read('/var/log/dmesg')).toBeUndefined()
  expect(machine.pci.poll().map(({ root }) => root?.status !== undefined)).toEqual([true, false])
  // Then dom0 looks.
  machine.run(60e9)
  expect(machine.files.read('/var/log/dmesg')).toBeUndefined()
  expect(machine.pci.poll()).toEqual([])
})
