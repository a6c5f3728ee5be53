// A host of Xen 3.1 has the processors and the board of its time. Oracle: the status of an error
// that FreeBSD printed of an Opteron (2010, MCG_CAP 0x105), its syndrome as mcelog read it.
import { expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { lspci } from '../../src/machine/pci/lspci.js'

const CAPTURED = 0x940c4001fe080813n

it.each(['xvm-3.1', 'xen-3.1-upstream', 'xvm-mca'])('%s: two Opterons behind CK8-04', (era) => {
  const machine = createSimulator({ era })
  expect(machine.registers.read(0, 0x179)).toBe(0x105n)
  const { stdout } = lspci([], machine.pci.listings)
  expect(stdout.match(/K8 \[Athlon64\/Opteron\] DRAM Controller/g)).toHaveLength(2)
  expect(stdout).toContain('00:0b.0 PCI bridge: NVIDIA Corporation CK804 PCIE Bridge (rev a3)\n')
  expect(stdout).not.toMatch(/5000|Non-Volatile/)
})

it("a chip's error is in the northbridge of its node, bit by bit as captured", () => {
  const machine = createSimulator()
  machine.checks.inject({ kind: 'memory', address: 0x7ff6b0n, syndrome: 0xfe18 })
  machine.run(1e6)
  const statuses = [0, 1, 2, 3].map((pcpu) => machine.registers.read(pcpu, 0x411))
  expect(statuses).toEqual([CAPTURED, CAPTURED, 0n, 0n])
  expect(machine.registers.read(0, 0x412)).toBe(0x7ff6b0n)
})

it.each([
  { kind: 'cache', level: 3 } as const,
  { kind: 'internal', what: 'internal-timer' } as const,
])('what no bank of it tells of is refused: $kind', (fault) => {
  const machine = createSimulator()
  expect(() => machine.checks.inject(fault)).toThrow(
    expect.objectContaining({ code: 'sim.fault', message: expect.stringMatching(/^no bank of/) }),
  )
})
