// ImpliedTopology: the parts that a file of telemetry itself speaks of, for a host of which nothing
// else is known: the strands and chips whose banks were read, and the parts that ereports name.
//
//   pcpu 1 on socket 0 with APIC id 1
//     ->  motherboard=0/chip=0/core=1/strand=0, chip=0/memory-controller=0
//   a memory error of mc 0, top layer 1, middle layer 0, labelled DIMM_B1
//     ->  chip=0/memory-controller=0/dram-channel=1/dimm=0, labelled so
//
// Holds: nothing is there that was not spoken of, save a memory controller for each chip. A core's
// number is what its APIC id has below the socket's: right where a core has one thread, which
// nobody has said. Without APIC ids pcpus are numbered in their order.
import type { PcpuId } from '../../machine/ids.js'
import type { HcPair } from '../event/fmri-hc.js'
import { number, partAt, type Site, text } from '../topo/part.js'
import {
  privateGroup,
  type TopoGroup,
  Topology,
  type TopoNode,
  type TopoPart,
} from '../topo/topology.js'
import type { ProcessorVendor } from './memory-ereport.js'
import { memoryPlace } from './memory-place.js'
import type { MemoryError, RecordedPlace } from './source.js'

/** Parts in parts, at most: as many as an FMRI may have. */
const DEEPEST = 20

/** What was spoken of. */
export class ImpliedTopology {
  readonly #root: Branch = { children: new Map(), groups: [], label: undefined }
  readonly #pcpus = new Map<PcpuId, RecordedPlace | undefined>()
  #vendor: ProcessorVendor | undefined

  /** A pcpu, where its place was first told; on the first socket where it never is. */
  addPcpu(pcpu: PcpuId, place: RecordedPlace | undefined): void {
    this.#pcpus.set(pcpu, this.#pcpus.get(pcpu) ?? place)
  }

  /** The part at a path, and those it is in; passes over what is no path of numbered parts. */
  addPath(path: readonly HcPair[]): void {
    if (path.length > DEEPEST) return
    let here = this.#root
    for (const { name, id } of path) {
      if (!/^\d{1,9}$/.test(id)) return
      here = branchOf(here, name, Number(id))
    }
  }

  /** The part that a driver of a memory controller names. */
  addMemory(error: MemoryError): void {
    const { chip, controller, channel, dimm } = memoryPlace(error)
    let here = branchOf(branchOf(this.#root, 'motherboard', 0), 'chip', chip)
    here = branchOf(here, 'memory-controller', controller)
    if (channel !== undefined) here = branchOf(here, 'dram-channel', channel)
    if (channel === undefined || dimm === undefined) return
    here = branchOf(here, 'dimm', dimm)
    here.label ??= error.label
  }

  setVendor(vendor: ProcessorVendor): void {
    this.#vendor ??= vendor
  }

  /** All of it as a topology, together with one of which more is known. */
  topology(known: Topology | undefined): Topology {
    for (const [socket, pcpus] of this.#sockets()) this.#addSocket(socket, coresOf(socket, pcpus))
    const authority = known?.roots[0]?.resource.authority
    const parts = partsOf({ path: [], authority }, this.#root)
    if (known === undefined || parts.length === 0) return known ?? new Topology(parts)
    return new Topology(together(known.roots.map(partOf), parts), authority, known.memory)
  }

  /** APIC ids by pcpu, by socket. */
  #sockets(): ReadonlyMap<number, ReadonlyMap<PcpuId, number | undefined>> {
    const sockets = new Map<number, Map<PcpuId, number | undefined>>()
    for (const [pcpu, place] of this.#pcpus) {
      const socket = place?.socket ?? 0
      const found = sockets.get(socket) ?? new Map<PcpuId, number | undefined>()
      sockets.set(socket, found.set(pcpu, place?.apicId))
    }
    return sockets
  }

  #addSocket(socket: number, cores: ReadonlyMap<PcpuId, number>): void {
    const chip = branchOf(branchOf(this.#root, 'motherboard', 0), 'chip', socket)
    if (this.#vendor !== undefined) {
      const vendor = this.#vendor === 'amd' ? 'AuthenticAMD' : 'GenuineIntel'
      chip.groups = [privateGroup('chip-properties', [text('vendor_id', vendor)])]
    }
    for (const [pcpu, core] of cores) {
      const strand = branchOf(branchOf(chip, 'core', core), 'strand', 0)
      strand.groups = [privateGroup('strand-properties', [number('cpuid', 'int32', pcpu)])]
    }
    branchOf(chip, 'memory-controller', 0)
  }
}

/** The core of each pcpu of a socket: APIC ids without what they have in common with the socket, if
 *  they are as a socket's are; else the order of the pcpus. */
function coresOf(
  socket: number,
  pcpus: ReadonlyMap<PcpuId, number | undefined>,
): ReadonlyMap<PcpuId, number> {
  const ids = [...pcpus.values()].map((id) => id ?? -1)
  const width = WIDTHS.find((bits) => ids.every((id) => id >= 0 && id >>> bits === socket))
  const isDistinct = new Set(ids).size === ids.length
  const ascending = [...pcpus].sort(([a], [b]) => a - b)
  return new Map(
    ascending.map(([pcpu, id = 0], n): [PcpuId, number] => {
      return [pcpu, width === undefined || !isDistinct ? n : id & (2 ** width - 1)]
    }),
  )
}

/** Bits of an APIC id that number the processors of a socket. */
const WIDTHS = Array.from({ length: 16 }, (_, bits) => bits)

/** A part while it grows. */
interface Branch {
  readonly children: Map<string, { readonly name: string; readonly id: number; branch: Branch }>
  groups: readonly TopoGroup[]
  label: string | undefined
}

function branchOf(above: Branch, name: string, id: number): Branch {
  const key = `${name}=${id}`
  const found = above.children.get(key)
  if (found !== undefined) return found.branch
  const branch: Branch = { children: new Map(), groups: [], label: undefined }
  above.children.set(key, { name, id, branch })
  return branch
}

/** A part of a topology without its place, to be put into another one. */
function partOf(node: TopoNode): TopoPart {
  const { name, id, asru, fru, label, serial, part } = node
  const groups = node.groups.filter(
    (group) => group.name !== 'protocol' && group.name !== 'authority',
  )
  return { name, id, asru, fru, label, serial, part, groups, children: node.children.map(partOf) }
}

/** Parts that are known, and behind them and in them those that are implied. */
function together(known: readonly TopoPart[], implied: readonly TopoPart[]): readonly TopoPart[] {
  const isSame = (a: TopoPart, b: TopoPart): boolean => a.name === b.name && a.id === b.id
  const grown = known.map((part) => {
    const more = implied.find((each) => isSame(each, part))
    if (more === undefined) return part
    return { ...part, children: together(part.children ?? [], more.children ?? []) }
  })
  const others = implied.filter((each) => !known.some((part) => isSame(part, each)))
  // Chips go before what is behind hostbridges.
  return [...others, ...grown]
}

/** What is replaced as a whole. Behind a memory controller nobody knows what that would be. */
const UNITS = new Set(['motherboard', 'chip', 'dimm', 'pciexdev', 'pcidev'])

function partsOf(site: Site, { children }: Branch): readonly TopoPart[] {
  return [...children.values()].map(({ name, id, branch }) => {
    const fru = UNITS.has(name) ? true : undefined
    const { groups, label } = branch
    const own = { name, id, fru, asru: 'resource', groups, label } as const
    const above = name === 'memory-controller' ? { ...site, fru: undefined } : site
    return partAt(above, own, (inside) => partsOf(inside, branch))
  })
}
