// What whoever diagnoses a host gets to see of PCI Express errors: at the interrupt, at dom0's next
// look, or never; and what of it is not new.
import { expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { parseSimSpec } from '../../src/backend/sim/sim-spec.js'
import { CE_STATUS, ROOT_ERROR_STATUS, UE_STATUS } from '../../src/machine/pci/aer-registers.js'
import { capability, EXT_AER } from '../../src/machine/pci/capability.js'
import { type PciRegister, readRegister } from '../../src/machine/pci/register.js'
import { printRequesterId } from '../../src/machine/pci/requester-id.js'
import type { PciErrorRecord } from '../../src/machine/telemetry.js'

const NIC = { kind: 'pcie', function: '03:00.0', error: 'CmpltTO' } as const
const SSD = { kind: 'pcie', function: '04:00.0', error: 'BadTLP' } as const
const HBA = { kind: 'pcie', function: '05:00.0', error: 'CmpltTO' } as const

const WAY = ['00:02.0', '01:00.0', '02:00.0', '03:00.0']
const host = (spec: string): SimMachine => createSimulator(parseSimSpec(spec))
const seen = (machine: SimMachine, from = 0): readonly PciErrorRecord[] =>
  machine.access.telemetry.pciErrors(from)
const who = ({ functions }: PciErrorRecord): string[] =>
  functions.map(({ id }) => printRequesterId(id))

/** A register of one of the functions of a record. */
function raw(record: PciErrorRecord | undefined, at: string, register: PciRegister): number {
  const found = record?.functions.find(({ id }) => printRequesterId(id) === at)
  const aer = found && capability(found.bytes, EXT_AER, true)?.at
  if (found === undefined || aer === undefined) throw new Error(`${at} is not in the record`)
  return readRegister(found.bytes, aer, register).raw
}

it.each(['sim:metal', 'sim:xen-4.17', 'sim:xen-4.20', 'sim:xvm-mca,processor=nehalem,msi=on'])(
  '%s: at the interrupt, as it was before it was served',
  (spec) => {
    const machine = host(spec)
    machine.pci.inject(NIC, { atNs: 5e9 })
    machine.run(6e9)
    const [record, ...more] = seen(machine)
    expect(more).toEqual([])
    expect(record?.cause).toBe('interrupt')
    expect(printRequesterId(record?.root ?? (0 as never))).toBe('00:02.0')
    expect(record?.atNs).toBeGreaterThan(5e9)
    expect(record?.atNs).toBeLessThan(5.001e9)
    expect(who(record as PciErrorRecord)).toEqual(WAY)
    expect(raw(record, '03:00.0', UE_STATUS)).toBe(1 << 14)
    expect(raw(record, '00:02.0', ROOT_ERROR_STATUS) & 0x7f).toBe(0x24)
    // Served since: the registers are clean.
    expect(machine.pci.poll()).toEqual([])
    expect(machine.access.telemetry.gaps.filter(({ kind }) => kind === 'pci')).toEqual([])
  },
)

it.each(['sim:xvm-3.1', 'sim:xen-3.1-upstream', 'sim:xvm-mca'])(
  "%s: at dom0's next look, once however often it happened",
  (spec) => {
    const machine = host(`${spec},processor=nehalem`)
    machine.pci.inject(SSD, { atNs: 11e9, everyNs: 1e9, times: 5 })
    machine.pci.inject(HBA, { atNs: 12e9 })
    machine.run(19e9)
    expect(seen(machine)).toEqual([])
    machine.run(60e9)
    const [record, ...more] = seen(machine)
    expect(more).toEqual([])
    expect(record).toMatchObject({ atNs: 20e9, cause: 'poll' })
    expect(record?.root).toBeUndefined()
    const ssd = ['00:02.0', '01:00.0', '02:01.0', '04:00.0']
    expect(who(record as PciErrorRecord).sort()).toEqual([...ssd, '00:04.0', '05:00.0'].sort())
    expect(raw(record, '04:00.0', CE_STATUS)).toBe(1 << 6)
    // The root port kept the first source and that there were more.
    expect(raw(record, '00:02.0', ROOT_ERROR_STATUS) & 0x7f).toBe(3)
    expect(machine.access.telemetry.gaps).toContainEqual(
      expect.objectContaining({ kind: 'pci', extent: 'some' }),
    )
  },
)

it.each(['sim:xen-4.17,msi=off', 'sim:xen-4.20,msi=off', 'sim:metal,msi=off'])(
  '%s: nobody looks',
  (spec) => {
    const machine = host(spec)
    machine.pci.inject(NIC, { atNs: 1e9 })
    machine.run(60e9)
    expect(seen(machine)).toEqual([])
    expect(machine.pci.poll().map(({ uncorrectable }) => uncorrectable)).toContain(1 << 14)
    expect(machine.access.telemetry.gaps).toContainEqual(
      expect.objectContaining({ kind: 'pci', extent: 'all' }),
    )
  },
)

it('several at once: sources are lost, so all below is looked at', () => {
  const machine = host('sim:xen-4.20')
  for (const fault of [SSD, { ...SSD, function: '03:00.1' }, { ...SSD, function: '03:00.0' }]) {
    machine.pci.inject(fault)
  }
  machine.run(1e9)
  const [record] = seen(machine)
  expect(raw(record, '00:02.0', ROOT_ERROR_STATUS) & 0x7f).toBe(3)
  expect(who(record as PciErrorRecord)).toEqual([
    '00:02.0',
    '01:00.0',
    '02:00.0',
    '02:01.0',
    '03:00.0',
    '03:00.1',
    '04:00.0',
  ])
})

it('Linux does not clear the conventional status: what it left is not new', () => {
  const machine = host('sim:xen-4.20')
  machine.pci.inject(NIC)
  machine.run(1e9)
  machine.pci.inject(NIC)
  machine.run(1e9)
  const [first, second] = seen(machine)
  const status = (bytes: Uint8Array | undefined): number => (bytes?.[7] ?? 0) & 0x40
  const nic = (record?: PciErrorRecord) =>
    record?.functions.find(({ id }) => printRequesterId(id) === '03:00.0')
  expect(nic(first)?.left).toBeUndefined()
  expect(status(nic(second)?.left)).toBe(status(nic(first)?.bytes))
  expect(raw(second, '03:00.0', UE_STATUS)).toBe(1 << 14)
})

it('a storm of one error takes little room', () => {
  const machine = host('sim:xen-4.20')
  machine.pci.inject(NIC, { everyNs: 1e6, times: 500 })
  machine.run(1e9)
  const records = seen(machine)
  expect(records).toHaveLength(500)
  const bytes = records.flatMap(({ functions }) => functions.flatMap((f) => [f.bytes, f.left]))
  expect(new Set(bytes).size).toBeLessThan(20)
})

it('a feed only grows, and a fork has it too', () => {
  const machine = host('sim:xvm-3.1,processor=nehalem')
  machine.pci.inject(NIC)
  machine.run(11e9)
  machine.pci.inject(HBA)
  const other = machine.fork()
  for (const each of [machine, other]) each.run(10e9)
  expect(seen(machine)).toHaveLength(2)
  expect(seen(other)).toEqual(seen(machine))
  expect(seen(machine, 1)).toEqual(seen(machine).slice(1))
})
