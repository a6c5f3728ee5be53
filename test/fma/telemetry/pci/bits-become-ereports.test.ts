// Each bit of each status register is the ereport that illumos makes of it; only the first error
// has a source; what was there before makes none.
import { expect, it } from 'vitest'
import { simFunction } from '../../../../src/backend/sim/pci/function-spec.js'
import { TOPOLOGY } from '../../../../src/backend/sim/pci/topology.js'
import { createSimulator } from '../../../../src/backend/sim/sim-machine.js'
import type { NvValue } from '../../../../src/fma/event/nvlist.js'
import { pciEreports } from '../../../../src/fma/telemetry/pci/pci-ereports.js'
import { hostTopology } from '../../../../src/fma/topo/host-topology.js'
import { Topology } from '../../../../src/fma/topo/topology.js'
import { putConfig } from '../../../../src/machine/pci/config-space.js'
import { parseRequesterId, type RequesterId } from '../../../../src/machine/pci/requester-id.js'
import type { PciErrorFunction } from '../../../../src/machine/telemetry.js'
import { errors, said } from './said.js'

const topology = hostTopology(createSimulator({ era: 'metal' }).access)
const id = (text: string): RequesterId => parseRequesterId(text) as RequesterId

/** Writes to a function of the simulated host: offset, bytes, value. */
type Write = readonly [offset: number, bytes: 1 | 2 | 4, value: number]
const AER = 0x100
const NIC_EXPRESS = 0xe0

function withErrors(at: string, writes: readonly Write[]): PciErrorFunction {
  const spec = TOPOLOGY.find((each) => each.id === id(at))
  if (spec === undefined) throw new Error(`no function ${at}`)
  const bytes = simFunction(spec).booted.slice()
  for (const [offset, size, value] of writes) putConfig(bytes, offset, size, value)
  return { id: id(at), bytes }
}

const ereports = (functions: readonly PciErrorFunction[], of: Topology | undefined = topology) =>
  pciEreports({ atNs: 5e9, cause: 'interrupt', functions }, { topology: of, bootNs: 1000n })

it.each([
  [0, 'pl.te'],
  [4, 'dl.dllp'],
  [5, 'dl.sd'],
  [12, 'tl.ptlp'],
  [13, 'tl.fcp'],
  [14, 'tl.cto'],
  [15, 'tl.ca'],
  [16, 'tl.uc'],
  [17, 'tl.rof'],
  [18, 'tl.mtlp'],
  [19, 'tl.ecrc'],
  [20, undefined],
  [21, undefined],
  [22, undefined],
])('UESta bit %i', (bit, leaf) => {
  const found = errors(ereports([withErrors('03:00.0', [[AER + 4, 4, 1 << bit]])]), topology)
  expect(found).toEqual(leaf === undefined ? [] : [`pciex.${leaf} 03:00.0`])
})

it.each([
  [0, 'pl.re'],
  [6, 'dl.btlp'],
  [7, 'dl.bdllp'],
  [8, 'dl.rnr'],
  [12, 'dl.rto'],
  [13, 'a-nonfatal'],
  [14, undefined],
  [15, undefined],
])('CESta bit %i', (bit, leaf) => {
  const found = errors(ereports([withErrors('03:00.0', [[AER + 0x10, 4, 1 << bit]])]), topology)
  expect(found).toEqual(leaf === undefined ? [] : [`pciex.${leaf} 03:00.0`])
})

it.each([
  [8, 'mdpe', 'sec-mdpe'],
  [11, 'sta', 'sec-sta'],
  [12, 'rta', 'sec-rta'],
  [13, 'ma', undefined],
  [14, 'sserr', 'sec-rserr'],
  [15, 'dpe', 'sec-dpe'],
])('Status and Secondary Status bit %i', (bit, own, below) => {
  const bridge = withErrors('00:02.0', [[0x1e, 2, 1 << bit]])
  const nic = withErrors('03:00.0', [[0x06, 2, (1 << bit) | 0x10]])
  expect(errors(ereports([bridge, nic]), topology)).toEqual([
    ...(below === undefined ? [] : [`pci.${below} 00:02.0`]),
    `pci.${own} 03:00.0`,
  ])
})

it('a discard timer expired', () => {
  const found = errors(ereports([withErrors('01:00.0', [[0x3e, 2, 0x402]])]), topology)
  expect(found).toEqual(['pci.dto 01:00.0'])
})

/** A bridge to PCI in the place of the disk. */
const bridgeToPci = (writes: readonly Write[]): PciErrorFunction =>
  withErrors('04:00.0', [[0x62, 2, 0x71], ...writes])

it.each([
  [0, 'sec-ta-sc'],
  [1, 'sec-ma-sc'],
  [2, 'sec-rta'],
  [3, undefined],
  [5, 'usc'],
  [6, 'uscmd'],
  [7, 'sec-ude'],
  [8, 'sec-uat'],
  [9, 'sec-uadr'],
  [10, 'sec-tex'],
  [11, 'sec-perr'],
  [12, 'sec-serr'],
  [13, 'sec-interr'],
])('bit %i of the PCI side of a bridge', (bit, leaf) => {
  const found = errors(ereports([bridgeToPci([[AER + 0x2c, 4, 1 << bit]])]), topology)
  expect(found).toEqual(leaf === undefined ? [] : [`pciex.bdg.${leaf} 04:00.0`])
})

it.each([
  { status: 0x01, source: [0x0300, 0], told: ['rc.ce-msg 00:02.0 from 03:00.0'] },
  {
    status: 0x03,
    source: [0x0300, 0],
    told: ['rc.ce-msg 00:02.0 from 03:00.0', 'rc.mce-msg 00:02.0'],
  },
  { status: 0x24, source: [0, 0x0301], told: ['rc.nfe-msg 00:02.0 from 03:00.1'] },
  { status: 0x54, source: [0, 0x0400], told: ['rc.fe-msg 00:02.0 from 04:00.0'] },
  // Both came; the first decides which is told.
  {
    status: 0x7c,
    source: [0, 0x0400],
    told: ['rc.fe-msg 00:02.0 from 04:00.0', 'rc.mue-msg 00:02.0'],
  },
  {
    status: 0x6c,
    source: [0, 0x0400],
    told: ['rc.nfe-msg 00:02.0 from 04:00.0', 'rc.mue-msg 00:02.0'],
  },
  { status: 0x24, source: [0, 0], told: ['rc.nfe-msg 00:02.0'] },
])('RootSta $status', ({ status, source: [low = 0, high = 0], told }) => {
  const writes: Write[] = [
    [AER + 0x30, 4, status],
    [AER + 0x34, 2, low],
    [AER + 0x36, 2, high],
  ]
  const found = errors(ereports([withErrors('00:02.0', writes)]), topology)
  expect(found).toEqual(told.map((each) => `pciex.${each}`))
})

it('only the first has a source, and is followed to whom it was about', () => {
  const nic = withErrors('03:00.0', [
    [AER + 4, 4, (1 << 15) | (1 << 14)],
    [AER + 0x18, 4, 15],
    // A read by 03:00.1.
    [AER + 0x1c, 4, 0x0000_0001],
    [AER + 0x20, 4, 0x0301_000f],
    [AER + 0x24, 4, 0xfee0_0000],
  ])
  expect(errors(ereports([nic]), topology)).toEqual([
    'pciex.tl.cto 03:00.0',
    'pci.target-rta 03:00.1',
    'pciex.tl.ca 03:00.0 from 03:00.1',
  ])
})

it.each([
  ['a function that is not there', [0x0100_0004, 0x0f22_0000, 0x0701, 0]],
  ['no packet', [0, 0, 0, 0]],
  ['an address alone', [0x0000_0001, 0x0000_000f, 0xfc00_0000, 0]],
])('a header that names %s gives no source', (_, words) => {
  const header = words.map((word, n): Write => [AER + 0x1c + 4 * n, 4, word])
  const nic = withErrors('03:00.0', [[AER + 4, 4, 1 << 12], [AER + 0x18, 4, 12], ...header])
  expect(errors(ereports([nic]), topology)).toEqual(['pciex.tl.ptlp 03:00.0'])
})

it('nobody is blamed for a card that was taken out', () => {
  const port = (status: number): PciErrorFunction =>
    withErrors('00:06.0', [
      [AER + 4, 4, (1 << 14) | (1 << 12)],
      [AER + 0x18, 4, 14],
      [0x6c + 0x14, 4, 0x0008_0040],
      [0x6c + 0x1a, 2, status],
    ])
  expect(errors(ereports([port(0)]), topology)).toEqual(['pciex.tl.ptlp 00:06.0'])
  expect(errors(ereports([port(0x40)]), topology)).toEqual([
    'pciex.tl.cto 00:06.0',
    'pciex.tl.ptlp 00:06.0',
  ])
})

it('a function without Advanced Error Reporting says how bad it was', () => {
  const nic = withErrors('03:00.0', [
    [AER, 4, 0x0001_0003],
    [NIC_EXPRESS + 0x0a, 2, 0b0111],
  ])
  expect(errors(ereports([nic]), topology)).toEqual([
    'pciex.fatal 03:00.0',
    'pciex.nonfatal 03:00.0',
    'pciex.correctable 03:00.0',
  ])
})

it('where no root port tells of messages, they are made up in the name of the root', () => {
  const [board] = topology.roots
  const bare = new Topology([{ name: 'motherboard', id: board?.id ?? 0 }])
  const nic = withErrors('03:00.0', [[NIC_EXPRESS + 0x0a, 2, 1]])
  const found = ereports([nic], bare).filter(({ class: name }) => name.includes('.rc.'))
  expect(found.map((each) => said(each))).toEqual([
    'pciex.rc.ce-msg dev:////sys/bus/pci/devices/0000:03:00.0 from 03:00.0',
  ])
  expect(errors(ereports([nic]), topology)).toEqual([])
})

it('what was latched when somebody looked before is not new', () => {
  const now = withErrors('03:00.0', [
    [0x06, 2, 0x4010],
    [AER + 4, 4, (1 << 12) | (1 << 14)],
    [AER + 0x18, 4, 12],
  ])
  const left = withErrors('03:00.0', [
    [0x06, 2, 0x4010],
    [AER + 4, 4, 1 << 12],
  ])
  expect(errors(ereports([{ ...now, left: left.bytes }]), topology)).toEqual([
    'pciex.tl.cto 03:00.0',
  ])
})

it('a function that does not answer', () => {
  const gone = { id: id('05:00.0'), bytes: new Uint8Array(4096).fill(0xff) }
  expect(ereports([gone]).map((each) => said(each, topology))).toEqual(['pci.nr 05:00.0'])
})

it('the registers of a whole function, in their order and with their types', () => {
  const nic = withErrors('03:00.0', [
    [AER + 4, 4, 1 << 4],
    [AER + 0x18, 4, 4],
  ])
  const root = withErrors('00:02.0', [[AER + 0x30, 4, 0x54]])
  const [first, , second] = ereports([nic, root])
  expect([first, second].map((each) => each && said(each, topology))).toEqual([
    'pci.fabric 00:02.0',
    'pci.fabric 03:00.0',
  ])
  const members = [...(second?.payload ?? [])].map(([name, { kind }]) => `${name}:${kind}`)
  expect(members.join(' ')).toBe(
    'bdf:uint16 device_id:uint16 vendor_id:uint16 rev_id:uint8 dev_type:uint16 pcie_off:uint16 ' +
      'pcix_off:uint16 aer_off:uint16 ecc_ver:uint16 pci_status:uint16 pci_command:uint16 ' +
      'pcie_status:uint16 pcie_command:uint16 pcie_dev_cap:uint32 pcie_adv_ctl:uint32 ' +
      'pcie_ue_status:uint32 pcie_ue_mask:uint32 pcie_ue_sev:uint32 pcie_ue_hdr0:uint32 ' +
      'pcie_ue_hdr1:uint32 pcie_ue_hdr2:uint32 pcie_ue_hdr3:uint32 pcie_ce_status:uint32 ' +
      'pcie_ce_mask:uint32 pcie_ue_tgt_trans:uint32 pcie_ue_tgt_addr:uint64 ' +
      'pcie_ue_tgt_bdf:uint16 remainder:uint32 severity:uint32',
  )
  const value = (name: string): NvValue | undefined => second?.payload.get(name)
  expect(value('bdf')).toEqual({ kind: 'uint16', value: 0x300 })
  expect(value('pcie_ue_tgt_bdf')).toEqual({ kind: 'uint16', value: 0xffff })
  expect(value('remainder')).toEqual({ kind: 'uint32', value: 0 })
  // A kernel would panic on it.
  expect(value('severity')).toEqual({ kind: 'uint32', value: 0x40 })
  expect(first?.payload.get('dev_type')).toEqual({ kind: 'uint16', value: 0x40 })
  expect(second?.ena).toBe(first?.ena)
  expect(second?.timeNs).toBe(5_000_001_000n)
})
