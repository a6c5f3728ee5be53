// Memory errors as a driver of a memory controller (EDAC) tells of them: no bank, no pcpu, often
// the DIMM by name.
//
//   Corrected, mc 0, label CPU_SrcID#0_MC#0_Chan#1_DIMM#0, address 0x12345680
//     ->  ereport.cpu.generic-x86.mem_ce, hc:///motherboard=0/chip=0/memory-controller=0
//         IA32_MCi_ADDR 0x12345680, resource .../dimm=0/rank=1/physaddr=12345000
//
// Holds: the part is that which the topology says holds the address; without one, the DIMM or the
// channel that the label names, if the topology has it; else the controller. Several errors told of
// at once are one ereport. Source: Linux drivers/edac (labels of sb_edac, skx_edac, i10nm_edac).
import { makeEna } from '../event/ena.js'
import type { Ereport } from '../event/ereport.js'
import { type NvValue, nv } from '../event/nvlist.js'
import type { Topology, TopoNode } from '../topo/topology.js'
import { placeIn } from './memory-payload.js'
import { memoryPlace } from './memory-place.js'
import { placesOf } from './places.js'
import type { MemoryError } from './source.js'

const PAGE_MASK = ~0xfffn

/** The ereport of a memory error. */
export function memoryErrorEreport(
  error: MemoryError,
  at: { readonly topology: Topology; readonly timeNs: bigint; readonly timeAssumed: boolean },
): Ereport {
  const places = placesOf(at.topology)
  const controller = controllerOf(error, at.topology)
  const holders = holdersOf(error, at.topology, controller)
  const payload = new Map<string, NvValue>()
  payload.set('error_uncorrected', nv.boolean(!error.isCorrected))
  payload.set('error_count', nv.uint32(error.count))
  payload.set('label', nv.string(error.label))
  payload.set('error_message', nv.string(error.message))
  if (error.syndrome !== 0n) payload.set('syndrome', nv.uint64(error.syndrome))
  if (error.physaddr !== undefined) payload.set('IA32_MCi_ADDR', nv.uint64(error.physaddr))
  const physaddr = error.physaddr === undefined ? undefined : error.physaddr & PAGE_MASK
  const resources = holders.map((holder) => placeIn(holder, physaddr))
  if (resources.length > 0) payload.set('resource', nv.lists(resources))
  if (at.timeAssumed) payload.set('time_assumed', nv.boolean(true))
  return {
    class: `ereport.cpu.generic-x86.${error.isCorrected ? 'mem_ce' : 'mem_ue'}`,
    ena: makeEna({ format: 2, generation: 0, timeNs: at.timeNs }),
    detector: controller?.resource ?? places.board,
    timeNs: at.timeNs,
    payload,
  }
}

/** Where the address is; else the socket of the label; else drivers number controllers in order. */
function controllerOf(error: MemoryError, topology: Topology): TopoNode | undefined {
  const { physaddr, label } = error
  const found = physaddr === undefined ? undefined : placesOf(topology).controller(physaddr)
  if (found !== undefined) return found
  const controllers = controllersOf(topology)
  const place = memoryPlace(error)
  const numbered = label.includes('SrcID#') ? undefined : controllers[error.controller]
  if (numbered !== undefined) return numbered
  const ofSocket = controllers.filter(({ parent }) => parent?.id === place.chip)
  return ofSocket.find(({ id }) => id === place.controller) ?? ofSocket[0]
}

const CONTROLLERS = new WeakMap<Topology, readonly TopoNode[]>()

function controllersOf(topology: Topology): readonly TopoNode[] {
  const known = CONTROLLERS.get(topology)
  if (known !== undefined) return known
  const found = [...topology.nodes()].filter(({ name }) => name === 'memory-controller')
  CONTROLLERS.set(topology, found)
  return found
}

function holdersOf(
  error: MemoryError,
  topology: Topology,
  controller: TopoNode | undefined,
): readonly TopoNode[] {
  const { physaddr } = error
  const found = physaddr === undefined ? [] : placesOf(topology).memory(physaddr, undefined)
  const isPrecise = found.some(({ name }) => DIMMS.has(name))
  if (isPrecise || controller === undefined) return found
  const { channel, dimm } = memoryPlace(error)
  const inside = childOf(controller, 'dram-channel', channel)
  return [(inside && childOf(inside, 'dimm', dimm)) ?? controller]
}

const childOf = (node: TopoNode, name: string, id: number | undefined): TopoNode | undefined =>
  node.children.find((child) => child.name === name && child.id === id)

/** Whether the DIMM of an error is known. */
export function hasDimm(error: MemoryError, topology: Topology): boolean {
  const controller = controllerOf(error, topology)
  return holdersOf(error, topology, controller).some(({ name }) => DIMMS.has(name))
}

const DIMMS = new Set(['dimm', 'rank', 'chip-select'])
