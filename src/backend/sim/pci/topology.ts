// The PCI Express hierarchy of a simulated host with Intel's processors: a hostbridge, three root
// ports, a switch, a network card, a SAS host bus adapter and a solid state disk.
//
//   00:00.0 hostbridge
//   00:02.0 root port ---- 01:00.0 switch ---- 02:00.0 ---- 03:00.0 NIC, 03:00.1 NIC
//                                         \--- 02:01.0 ---- 04:00.0 NVMe
//   00:04.0 root port ---- 05:00.0 SAS HBA
//   00:06.0 root port ---- (empty slot)
//   00:1f.0 ISA bridge, 00:1f.3 SMBus
//
// Source: ids and names as the PCI id database has them; sizes and capabilities as such devices
// have them, simplified.
import {
  DOWNSTREAM_PORT,
  ENDPOINT,
  ROOT_PORT,
  UPSTREAM_PORT,
} from '../../../machine/pci/express-registers.js'
import { requesterId } from '../../../machine/pci/requester-id.js'
import type { BridgeSpec, CapabilitySpec, FunctionSpec, LinkSpec } from './function-spec.js'

const INTEL = 0x8086
const HOST_BRIDGE = 0x060000
const ISA_BRIDGE = 0x060100
const PCI_BRIDGE = 0x060400
const SMBUS = 0x0c0500
const ETHERNET = 0x020000
const SAS = 0x010700
const NVME = 0x010802
const SUN = 0x108e

interface PortSpec {
  readonly device: number
  readonly type: number
  readonly link: LinkSpec
  readonly slot?: number
  readonly line: number
}

function portCapabilities(port: PortSpec): readonly CapabilitySpec[] {
  const { type, link } = port
  const slot = port.slot === undefined ? {} : { slot: port.slot }
  return [
    { kind: 'power', at: 0x50 },
    { kind: 'msi', at: 0x58, maskable: false },
    { kind: 'express', at: 0x6c, type, version: 1, link, ...slot },
    { kind: 'subsystem', at: 0xb0 },
  ]
}

function port(id: FunctionSpec['id'], spec: PortSpec, bridge: BridgeSpec): FunctionSpec {
  const { device, line } = spec
  return {
    id,
    vendor: INTEL,
    device,
    classCode: PCI_BRIDGE,
    revision: 0xb1,
    subsystem: [INTEL, device],
    bridge,
    pin: 1,
    line,
    capabilities: portCapabilities(spec),
    aer: 1,
    listing: { driver: 'pcieport' },
    recovers: true,
  }
}

const X8: LinkSpec = { speed: 1, width: 8 }
const X4: LinkSpec = { speed: 1, width: 4 }

function nic(inDevice: number): FunctionSpec {
  const at = 0xfc00_0000 + 0x4_0000 * inDevice
  return {
    id: requesterId(3, 0, inDevice),
    vendor: INTEL,
    device: 0x105e,
    classCode: ETHERNET,
    revision: 6,
    multifunction: true,
    subsystem: [INTEL, 0x115e],
    regions: [
      { region: 0, kind: 'memory', address: at, sizeBytes: 0x2_0000 },
      { region: 1, kind: 'memory', address: at + 0x2_0000, sizeBytes: 0x2_0000 },
      { region: 2, kind: 'io', address: 0xd000 + 0x20 * inDevice, sizeBytes: 0x20 },
    ],
    pin: inDevice + 1,
    line: 10,
    capabilities: [
      { kind: 'power', at: 0xc8 },
      { kind: 'msi', at: 0xd0 },
      { kind: 'express', at: 0xe0, type: ENDPOINT, version: 1, link: X4 },
    ],
    aer: 1,
    serial: [0x0014_4fff, 0xff12_3450 + inDevice],
    listing: { driver: 'e1000e' },
    recovers: true,
  }
}

const SSD: FunctionSpec = {
  id: requesterId(4, 0, 0),
  vendor: INTEL,
  device: 0x0953,
  classCode: NVME,
  revision: 1,
  subsystem: [INTEL, 0x3702],
  regions: [{ region: 0, kind: 'memory64', address: 0xfc10_0000, sizeBytes: 0x4000 }],
  pin: 1,
  line: 11,
  capabilities: [
    { kind: 'power', at: 0x40 },
    { kind: 'msix', at: 0x50, count: 32, region: 0, pendingAt: 0x3000 },
    {
      kind: 'express',
      at: 0x60,
      type: ENDPOINT,
      version: 2,
      link: { speed: 3, width: 4, trained: { speed: 1, width: 4 } },
    },
  ],
  aer: 2,
  serial: [0x55cd_2e41, 0x4d2c_0a01],
  listing: { driver: 'nvme' },
  recovers: true,
}

const HBA: FunctionSpec = {
  id: requesterId(5, 0, 0),
  vendor: 0x1000,
  device: 0x0058,
  classCode: SAS,
  revision: 8,
  subsystem: [0x1000, 0x3150],
  regions: [
    { region: 0, kind: 'io', address: 0xe000, sizeBytes: 0x100 },
    { region: 1, kind: 'memory64', address: 0xfc40_0000, sizeBytes: 0x4000 },
    { region: 3, kind: 'memory64', address: 0xfc41_0000, sizeBytes: 0x1_0000 },
  ],
  rom: { address: 0xfc60_0000, sizeBytes: 0x20_0000 },
  pin: 1,
  line: 11,
  capabilities: [
    { kind: 'power', at: 0x50 },
    { kind: 'express', at: 0x68, type: ENDPOINT, version: 1, link: X8 },
    { kind: 'msi', at: 0x98 },
    { kind: 'msix', at: 0xb0, count: 1, region: 1, pendingAt: 0x3800 },
  ],
  aer: 1,
  listing: { driver: 'mptsas' },
  recovers: true,
}

function simple(id: FunctionSpec['id'], device: number, classCode: number): FunctionSpec {
  return {
    id,
    vendor: INTEL,
    device,
    classCode,
    revision: classCode === HOST_BRIDGE ? 0xb1 : 9,
    subsystem: [SUN, 0x4848],
    capabilities: [],
  }
}

/** The functions of the host, in the order of their ids. */
export const TOPOLOGY: readonly FunctionSpec[] = [
  simple(requesterId(0, 0, 0), 0x25d8, HOST_BRIDGE),
  port(
    requesterId(0, 2, 0),
    { device: 0x25f7, type: ROOT_PORT, link: { ...X8, port: 2 }, line: 10 },
    {
      primary: 0,
      secondary: 1,
      subordinate: 4,
      memory: [0xfc00_0000, 0xfc1f_ffff],
      io: [0xd000, 0xdfff],
    },
  ),
  port(
    requesterId(0, 4, 0),
    { device: 0x25e4, type: ROOT_PORT, link: { ...X8, port: 4 }, slot: 1, line: 11 },
    {
      primary: 0,
      secondary: 5,
      subordinate: 5,
      memory: [0xfc40_0000, 0xfc7f_ffff],
      io: [0xe000, 0xefff],
    },
  ),
  port(
    requesterId(0, 6, 0),
    { device: 0x25e6, type: ROOT_PORT, link: { ...X4, port: 6 }, slot: 2, line: 10 },
    { primary: 0, secondary: 6, subordinate: 6 },
  ),
  { ...simple(requesterId(0, 0x1f, 0), 0x2670, ISA_BRIDGE), multifunction: true },
  {
    ...simple(requesterId(0, 0x1f, 3), 0x269b, SMBUS),
    regions: [{ region: 4, kind: 'io', address: 0x400, sizeBytes: 0x20 }],
    pin: 2,
    line: 10,
  },
  port(
    requesterId(1, 0, 0),
    { device: 0x3500, type: UPSTREAM_PORT, link: X8, line: 10 },
    {
      primary: 1,
      secondary: 2,
      subordinate: 4,
      memory: [0xfc00_0000, 0xfc1f_ffff],
      io: [0xd000, 0xdfff],
    },
  ),
  port(
    requesterId(2, 0, 0),
    { device: 0x3510, type: DOWNSTREAM_PORT, link: { ...X4, port: 0 }, line: 10 },
    {
      primary: 2,
      secondary: 3,
      subordinate: 3,
      memory: [0xfc00_0000, 0xfc0f_ffff],
      io: [0xd000, 0xdfff],
    },
  ),
  port(
    requesterId(2, 1, 0),
    { device: 0x3514, type: DOWNSTREAM_PORT, link: { ...X4, port: 1 }, slot: 3, line: 10 },
    { primary: 2, secondary: 4, subordinate: 4, memory: [0xfc10_0000, 0xfc1f_ffff] },
  ),
  nic(0),
  nic(1),
  SSD,
  HBA,
]
