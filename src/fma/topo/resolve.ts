// Resolve: from the numbers that telemetry has to the parts they are about.
//
//   pcpu 5  ->  chip=1/core=0/strand=1        requester 0x0301  ->  .../pciexbus=3/.../pciexfn=1
//   address 0x12345000  ->  .../dram-channel=1/dimm=0/rank=0
//
// Holds: what no part of the topology has is undefined, never a neighbour. A topology is indexed
// once.
import type { PcpuId } from '../../machine/ids.js'
import { type RequesterId, requesterId } from '../../machine/pci/requester-id.js'
import { type Topology, type TopoNode, topoProperty } from './topology.js'

interface Index {
  readonly strands: ReadonlyMap<number, TopoNode>
  readonly functions: ReadonlyMap<number, TopoNode>
  /** By their place: `0/1/0/1` is chip, channel, DIMM, rank. */
  readonly ranks: ReadonlyMap<string, TopoNode>
}

const INDICES = new WeakMap<Topology, Index>()

/** The strand that a pcpu is. */
export function strandOf(topology: Topology, pcpu: PcpuId): TopoNode | undefined {
  return indexOf(topology).strands.get(pcpu)
}

/** The pcpu of a strand, by its property or its ASRU; undefined for what is none. */
export function pcpuOf(node: TopoNode): PcpuId | undefined {
  if (node.name !== 'strand') return undefined
  const cpuid = topoProperty(node, 'cpuid')?.value
  if (typeof cpuid === 'bigint') return Number(cpuid) as PcpuId
  return node.asru?.scheme === 'cpu' ? (node.asru.cpuid as PcpuId) : undefined
}

/** The function of a requester id: `pciexfn`, `pcifn`, or `pciexrc` for a root port. */
export function functionOf(topology: Topology, id: RequesterId): TopoNode | undefined {
  return indexOf(topology).functions.get(id)
}

/** The requester id of a function or a root port; undefined for what is none. */
export function requesterOf(node: TopoNode): RequesterId | undefined {
  if (node.name === 'pciexrc') {
    const bdf = topoProperty(node, 'BDF')?.value
    return typeof bdf === 'string' ? (Number(bdf) as RequesterId) : undefined
  }
  const device = node.parent
  if ((node.name !== 'pciexfn' && node.name !== 'pcifn') || device?.parent === undefined)
    return undefined
  return device.id > 31 ? undefined : requesterId(device.parent.id, device.id, node.id)
}

/** The rank that holds a physical address; undefined where there is no memory, or nobody knows
 *  which. */
export function memoryAt(topology: Topology, physaddr: bigint): TopoNode | undefined {
  const { memory } = topology
  if (memory === undefined || physaddr < 0n || physaddr > BigInt(Number.MAX_SAFE_INTEGER))
    return undefined
  const address = Number(physaddr)
  if (!memory.holds(address)) return undefined
  const { socket, channel, dimm, rank } = memory.placeOf(address)
  return indexOf(topology).ranks.get(`${socket}/${channel}/${dimm}/${rank}`)
}

function indexOf(topology: Topology): Index {
  const found = INDICES.get(topology)
  if (found !== undefined) return found
  const strands = new Map<number, TopoNode>()
  const functions = new Map<number, TopoNode>()
  const ranks = new Map<string, TopoNode>()
  for (const node of topology.nodes()) {
    const pcpu = pcpuOf(node)
    if (pcpu !== undefined) strands.set(pcpu, node)
    const requester = requesterOf(node)
    if (requester !== undefined) functions.set(requester, node)
    if (node.name === 'rank') ranks.set(placeKey(topology, node), node)
  }
  const index = { strands, functions, ranks }
  INDICES.set(topology, index)
  return index
}

function placeKey({ memory }: Topology, { path }: TopoNode): string {
  const idOf = (name: string): number => Number(path.find((pair) => pair.name === name)?.id ?? 0)
  const first = idOf('memory-controller') * (memory?.channelsPerController ?? 0)
  const channel = first + idOf('dram-channel')
  return `${idOf('chip')}/${channel}/${idOf('dimm')}/${idOf('rank')}`
}
