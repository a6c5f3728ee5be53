// PartName: a part of a host as people call it: by its number, by its label, by its address on the
// bus; where it has none of these, by its path as rules write it.
//
//   .../chip=0/core=1/strand=0           ->  pcpu 1 (chip0/core1/strand0)
//   .../dimm=0/rank=1/physaddr=42460040  ->  page 0x42460000 (CPU 0 DIMM B0, rank1)
//   .../pciexbus=3/pciexdev=0/pciexfn=0  ->  03:00.0 (pciexbus3/pciexdev0/pciexfn0)
//
// Holds: an address is that of its page: some rules name what they were told, to the byte.
import type { Fmri } from '../event/fmri.js'
import type { HcFmri } from '../event/fmri-hc.js'
import { pcpuOf, requesterOf } from '../topo/resolve.js'
import type { Topology, TopoNode } from '../topo/topology.js'
import { pathText, placeText } from './place-text.js'

const PAGE_BYTES = 4096n

/** The name; of what is in no topology as `placeText` has it. */
export function partName(fmri: Fmri | undefined, topology: Topology): string {
  const node = fmri === undefined ? undefined : topology.node(fmri)
  if (fmri === undefined || node === undefined) return placeText(fmri)
  const page = pageOf(fmri)
  const name = nodeName(node)
  return page === undefined ? name : `page 0x${page.toString(16)} (${name})`
}

/** What two diagnoses that blame the same part say alike. */
export function partKey(fmri: Fmri): string {
  const physaddr = pageOf(fmri)
  if (physaddr === undefined) return placeText(fmri)
  const { asruPhysaddr: _, asruOffset: __, offset: ___, ...place } = fmri as HcFmri
  return placeText({ ...place, physaddr })
}

/** Where its page begins; undefined of what has no address. */
function pageOf(fmri: Fmri): bigint | undefined {
  const address = fmri.scheme === 'hc' ? (fmri.asruPhysaddr ?? fmri.physaddr) : undefined
  return address === undefined ? undefined : address - (address % PAGE_BYTES)
}

/** `pcpu 1` of `pcpu 1 (chip0/core1/strand0)`. */
export const withoutPath = (name: string): string => name.replace(/ \(.*\)$/, '')

function nodeName(node: TopoNode): string {
  const path = pathOf(node)
  const pcpu = pcpuOf(node)
  if (pcpu !== undefined) return `pcpu ${pcpu} (${path})`
  const id = requesterOf(node)
  if (id !== undefined) return `${busAddress(id)} (${path})`
  if (node.name === 'rank' && node.parent?.label !== undefined)
    return `${node.parent.label}, rank${node.path.at(-1)?.id ?? ''}`
  return node.label ?? path
}

const pathOf = ({ path }: TopoNode): string =>
  pathText(path.map(({ name, id }) => `${name}${id}`).join('/'))

function busAddress(id: number): string {
  const two = (value: number): string => value.toString(16).padStart(2, '0')
  return `${two(id >> 8)}:${two((id >> 3) & 31)}.${id & 7}`
}
