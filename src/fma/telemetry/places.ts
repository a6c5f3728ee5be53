// Places: where on a host the numbers of a machine check point, as FMRIs ready for an ereport.
//
//   pcpu 5              ->  motherboard=0/chip=1/core=0/strand=1, id 0x41 of an ENA
//   address, of pcpu 5  ->  the rank, on AMD's processors its chip select too; where nobody knows
//                           the memory, the memory controller of that pcpu's chip, or the only one
//
// Holds: a topology is asked once for each pcpu.
import type { PcpuId } from '../../machine/ids.js'
import { strandEnaId } from '../event/ena.js'
import type { HcFmri } from '../event/fmri-hc.js'
import { memoryAt, strandOf } from '../topo/resolve.js'
import { type Topology, type TopoNode, topoProperty } from '../topo/topology.js'

/** A strand as ereports name it. */
export interface StrandPlace {
  readonly node: TopoNode
  readonly fmri: HcFmri
  readonly enaId: number
}

const BOARD: HcFmri = { scheme: 'hc', path: [{ name: 'motherboard', id: '0' }] }
const CACHE = new WeakMap<Topology, Places>()

/** The places of a topology: the same ones each time. */
export function placesOf(topology: Topology): Places {
  const found = CACHE.get(topology) ?? new Places(topology)
  CACHE.set(topology, found)
  return found
}

/** Where a host's numbers point. */
export class Places {
  /** What stands for the whole host. */
  readonly board: HcFmri
  readonly #topology: Topology
  /** Of a host that has but one. */
  readonly #onlyController: TopoNode | undefined
  readonly #strands = new Map<PcpuId, StrandPlace | undefined>()

  constructor(topology: Topology) {
    this.#topology = topology
    this.board = topology.roots[0]?.resource ?? BOARD
    const controllers = [...topology.nodes()].filter(({ name }) => name === 'memory-controller')
    this.#onlyController = controllers.length === 1 ? controllers[0] : undefined
  }

  /** The strand of a pcpu; undefined where it is not known. */
  strand(pcpu: PcpuId | undefined): StrandPlace | undefined {
    if (pcpu === undefined) return undefined
    const found = this.#strands.get(pcpu)
    if (found !== undefined || this.#strands.has(pcpu)) return found
    const node = strandOf(this.#topology, pcpu)
    const place = node === undefined ? undefined : placeOf(node)
    this.#strands.set(pcpu, place)
    return place
  }

  /** What holds an address, the most precise part first; nothing where nobody knows even the
   *  controller. */
  memory(physaddr: bigint, pcpu: PcpuId | undefined): readonly TopoNode[] {
    const rank = memoryAt(this.#topology, physaddr)
    if (rank === undefined) {
      const strand = this.strand(pcpu)
      const chip = strand && above(strand.node, 'chip')
      const controller = chip?.children.find(({ name }) => name === 'memory-controller')
      const found = controller ?? this.#onlyController
      return found === undefined ? [] : [found]
    }
    const select = topoProperty(rank, 'csnum')?.value
    const channel = above(rank, 'dram-channel')
    const chipSelect = channel?.children.find(
      ({ name, id }) => name === 'chip-select' && BigInt(id) === select,
    )
    return chipSelect === undefined ? [rank] : [rank, chipSelect]
  }

  /** The memory controller of an address; undefined where nobody knows it. */
  controller(physaddr: bigint): TopoNode | undefined {
    const rank = memoryAt(this.#topology, physaddr)
    return rank === undefined ? this.#onlyController : above(rank, 'memory-controller')
  }
}

function placeOf(node: TopoNode): StrandPlace {
  const idOf = (name: string): number => above(node, name)?.id ?? 0
  const enaId = strandEnaId({ chip: idOf('chip'), core: idOf('core'), strand: node.id })
  return { node, fmri: node.resource, enaId }
}

/** The part of a name that a part is in. */
function above(node: TopoNode, name: string): TopoNode | undefined {
  let here: TopoNode | undefined = node
  while (here !== undefined && here.name !== name) here = here.parent
  return here
}
