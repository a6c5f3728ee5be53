// OpteronBoard: the PCI Express hierarchy of a server of 2006 with AMD's processors: memory is
// behind them, so each is a host bridge of four functions; devices are behind nVidia's CK8-04.
//
//   00:00.0 memory controller of the CK8-04: nothing is behind it
//   00:01.0 ISA bridge, 00:01.1 SMBus
//   00:0b.0 root port ---- 01:00.0 switch ---- 02:00.0 ---- 03:00.0 NIC, 03:00.1 NIC
//                                         \--- 02:01.0 ---- 04:00.0 Fibre Channel HBA
//   00:0d.0 root port ---- 05:00.0 SAS HBA
//   00:0e.0 root port ---- (empty slot)
//   00:18.0 to .3, 00:19.0 to .3 ...: a processor each
//
// Source: numbers, classes and capabilities of the CK8-04 and the processors as lspci lists them
// of such boards; ids and names as the PCI id database has them. Not modelled: HyperTransport
// capabilities, and what function 3 of a processor repeats of its machine-check bank.
import { requesterId } from '../../../machine/pci/requester-id.js'
import type { HostConfig } from '../host-config.js'
import type { CapabilitySpec, FunctionSpec } from './function-spec.js'
import { TOPOLOGY } from './topology.js'

const NVIDIA = 0x10de
const AMD = 0x1022
const PLX = 0x10b5
const QLOGIC = 0x1077
const MEMORY_CONTROLLER = 0x058000
const HOST_BRIDGE = 0x060000
const FIBRE_CHANNEL = 0x0c0400
/** Device number of the first processor on bus 0, and how many there can be. */
const FIRST_NODE = 0x18
const MAX_NODES = 8

/** Where CK8-04's parts are, by where those of the other board are, and what they are. */
const PLATFORM: readonly (readonly [
  from: FunctionSpec['id'],
  to: FunctionSpec['id'],
  device: number,
])[] = [
  [requesterId(0, 0, 0), requesterId(0, 0, 0), 0x005e],
  [requesterId(0, 0x1f, 0), requesterId(0, 1, 0), 0x0051],
  [requesterId(0, 0x1f, 3), requesterId(0, 1, 1), 0x0052],
  [requesterId(0, 2, 0), requesterId(0, 0x0b, 0), 0x005d],
  [requesterId(0, 4, 0), requesterId(0, 0x0d, 0), 0x005d],
  [requesterId(0, 6, 0), requesterId(0, 0x0e, 0), 0x005d],
]
/** The solid state disk's place. */
const HBA_SLOT = requesterId(4, 0, 0)

/** The functions of a host, in the order of their ids. */
export function opteronBoard({ sockets }: HostConfig): readonly FunctionSpec[] {
  const nodes = Array.from({ length: Math.min(sockets, MAX_NODES) }, (_, n) =>
    node(FIRST_NODE + n),
  ).flat()
  return [...TOPOLOGY.map(onThisBoard), ...nodes].sort((a, b) => a.id - b.id)
}

function onThisBoard(spec: FunctionSpec): FunctionSpec {
  const part = PLATFORM.find(([from]) => from === spec.id)
  if (part !== undefined) return ofCk804(spec, part[1], part[2])
  if (spec.id === HBA_SLOT) return fibreChannel(spec)
  return spec.bridge === undefined ? spec : ofSwitch(spec)
}

function ofCk804(spec: FunctionSpec, id: FunctionSpec['id'], device: number): FunctionSpec {
  const isFirst = id === requesterId(0, 0, 0)
  return {
    ...spec,
    id,
    vendor: NVIDIA,
    device,
    revision: 0xa3,
    classCode: isFirst ? MEMORY_CONTROLLER : spec.classCode,
    capabilities: spec.capabilities.flatMap(placed),
  }
}

/** Capabilities of a root port, where CK8-04 has them; it does not name its board. */
function placed(capability: CapabilitySpec): readonly CapabilitySpec[] {
  switch (capability.kind) {
    case 'power':
      return [{ ...capability, at: 0x40 }]
    case 'msi':
      return [{ ...capability, at: 0x48 }]
    case 'express':
      return [{ ...capability, at: 0x80 }]
    default:
      return []
  }
}

/** A port of the switch: all of them are one chip. */
function ofSwitch(spec: FunctionSpec): FunctionSpec {
  return { ...spec, vendor: PLX, device: 0x8532, revision: 0xaa, subsystem: [PLX, 0x8532] }
}

function fibreChannel(spec: FunctionSpec): FunctionSpec {
  const { serial: _, ...rest } = spec
  return {
    ...rest,
    vendor: QLOGIC,
    device: 0x2432,
    classCode: FIBRE_CHANNEL,
    revision: 3,
    subsystem: [QLOGIC, 0x0138],
    capabilities: spec.capabilities.map((each) =>
      each.kind === 'express' ? { ...each, version: 1, link: { speed: 1, width: 4 } } : each,
    ),
    aer: 1,
    listing: { driver: 'qla2xxx' },
  }
}

/** HyperTransport, address map, memory controller and the rest of one processor. */
function node(device: number): readonly FunctionSpec[] {
  return [0, 1, 2, 3].map((inDevice) => ({
    id: requesterId(0, device, inDevice),
    vendor: AMD,
    device: 0x1100 + inDevice,
    classCode: HOST_BRIDGE,
    multifunction: true,
    capabilities: [],
  }))
}
