// PciPlace: where PCI ereports are noticed: the device path of a function, as illumos names it.
//
//   03:00.1  ->  dev:////pci@0,0/pci8086,25f7@2/pci8086,3500@0/pci8086,3510@0/pci8086,115e@0,1
//
// Holds: a function that the topology does not have is named by its place in Linux' device tree,
// which no part of a topology has: nobody else is blamed. Source: illumos-gate pcie_fault.c
// (pf_ereport_setup), fabric-xlate/fx_subr.c.
import { printRequesterId, type RequesterId } from '../../../machine/pci/requester-id.js'
import type { Fmri } from '../../event/fmri.js'
import { functionOf } from '../../topo/resolve.js'
import { type Topology, type TopoNode, topoProperty } from '../../topo/topology.js'
import { BY_DEVICE, OF_CONFIGURATION, type TlpTarget } from './tlp-target.js'

/** The detector of a function's ereports. */
export function detectorOf(topology: Topology | undefined, id: RequesterId): Fmri {
  const node = topology && functionOf(topology, id)
  if (node !== undefined) return deviceOf(node)
  return { scheme: 'dev', path: `/sys/bus/pci/devices/0000:${printRequesterId(id)}` }
}

function deviceOf(node: TopoNode): Fmri {
  const path = topoProperty(node, 'dev')?.value
  return typeof path === 'string' ? { scheme: 'dev', path } : node.resource
}

/** The detector of messages told in the name of the root of a function's hierarchy. */
export function rootOf(topology: Topology, id: RequesterId): Fmri {
  const node = functionOf(topology, id)
  const own = node && topoProperty(node, 'dev')?.value
  const path = typeof own === 'string' ? /^\/[^/]+/.exec(own)?.[0] : undefined
  return path === undefined ? detectorOf(topology, id) : { scheme: 'dev', path }
}

const MADE_UP = new WeakMap<Topology, boolean>()

/** Whether no root port of a host is one that tells of messages. */
export function isRootMadeUp(topology: Topology): boolean {
  const known = MADE_UP.get(topology)
  if (known !== undefined) return known
  const isMadeUp = [...topology.nodes()].every(({ name }) => name !== 'pciexrc')
  MADE_UP.set(topology, isMadeUp)
  return isMadeUp
}

/** Whether a host has a function of this number; without a topology, any may be. */
export function isThere(topology: Topology | undefined, id: number): boolean {
  return topology === undefined || functionOf(topology, id as RequesterId) !== undefined
}

/** Whom an error was about; undefined where that cannot be told: an address does not say whose it
 *  is. */
export function targetPlace(topology: Topology, { way, id }: TlpTarget): Fmri | undefined {
  if (id === undefined || (way !== BY_DEVICE && way !== OF_CONFIGURATION)) return undefined
  const node = functionOf(topology, id as RequesterId)
  return node && deviceOf(node)
}
