// Topology: what a host is made of, as a tree of parts with names and numbers, and for each what
// can be taken out of service (ASRU) and what can be replaced (FRU).
//
//   motherboard=0/chip=0/core=1/strand=0    motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1/...
//
// Holds: siblings of one name have different ids; a node never changes. Source: illumos-gate
// usr/src/lib/fm/topo (scheme hc).
import { DISPLAY } from '../../base/display.js'
import type { Page, ShownAsPage } from '../../base/page.js'
import type { MemoryMap } from '../../machine/memory-map.js'
import type { Fmri } from '../event/fmri.js'
import type { HcFmri, HcPair } from '../event/fmri-hc.js'

import { topologyPage } from './topology-page.js'

/** A property of a part, with the type that fmtopo prints. */
export interface TopoProperty {
  readonly name: string
  readonly type:
    | 'int32'
    | 'uint32'
    | 'int64'
    | 'uint64'
    | 'string'
    | 'fmri'
    | 'string[]'
    | 'uint32[]'
    | 'uint64[]'
  readonly value: string | bigint | Fmri | readonly string[] | readonly bigint[]
}

/** Properties that belong together: `pci`, `io`, `dimm-properties`. */
export interface TopoGroup {
  readonly name: string
  readonly version: number
  readonly nameStability: string
  readonly dataStability: string
  readonly properties: readonly TopoProperty[]
}

/** A part without its place, from which a topology is made. */
export interface TopoPart {
  readonly name: string
  readonly id: number
  readonly asru?: Fmri | undefined
  readonly fru?: Fmri | undefined
  readonly label?: string | undefined
  /** Of it and of what is below it, where it is not that of what is above. */
  readonly authority?: HcFmri['authority']
  readonly serial?: string | undefined
  readonly part?: string | undefined
  readonly revision?: string | undefined
  readonly groups?: readonly TopoGroup[] | undefined
  readonly children?: readonly TopoPart[] | undefined
}

/** A part in its place. */
export interface TopoNode extends Omit<TopoPart, 'children' | 'groups'> {
  /** From the root to here. */
  readonly path: readonly HcPair[]
  readonly resource: HcFmri
  readonly parent: TopoNode | undefined
  readonly children: readonly TopoNode[]
  readonly groups: readonly TopoGroup[]
}

/** The parts of one host. */
export class Topology implements ShownAsPage {
  readonly roots: readonly TopoNode[]
  /** Which address is on which DIMM; undefined where nobody knows. */
  readonly memory: MemoryMap | undefined
  readonly #byPath = new Map<string, TopoNode>()
  /** By property `dev` of group `io`. */
  readonly #byDevice = new Map<string, TopoNode>()

  /** Parts that have nothing above them. `authority` goes into every resource. */
  constructor(parts: readonly TopoPart[], authority?: HcFmri['authority'], memory?: MemoryMap) {
    this.memory = memory
    this.roots = parts.map((part) => this.#place(part, undefined, authority))
  }

  /** Every part, each before what is below it. */
  *nodes(): Generator<TopoNode> {
    yield* this.#byPath.values()
  }

  /** The part of an hc FMRI, of a dev FMRI (by `io/dev`) or of a path, exactly; undefined when
   *  there is none. */
  node(at: Fmri | readonly HcPair[]): TopoNode | undefined {
    if (!('scheme' in at)) return this.#byPath.get(keyOf(at))
    if (at.scheme === 'dev') return this.#byDevice.get(at.path)
    return at.scheme === 'hc' ? this.node(at.path) : undefined
  }

  [DISPLAY](): Page {
    return topologyPage(this.roots)
  }

  #place(part: TopoPart, parent: TopoNode | undefined, from: HcFmri['authority']): TopoNode {
    const { authority = from } = part
    const { name, id, serial, part: number, revision, children = [] } = part
    const path = [...(parent?.path ?? []), { name, id: String(id) }]
    const ids = { serial, part: number, revision }
    const resource: HcFmri = { scheme: 'hc', authority, ...ids, path }
    const below: TopoNode[] = []
    const groups = [...commonGroups(part, resource), ...(part.groups ?? [])]
    const node: TopoNode = { ...part, path, resource, parent, groups, children: below }
    this.#byPath.set(keyOf(path), node)
    const device = topoProperty(node, 'dev')?.value
    if (typeof device === 'string') this.#byDevice.set(device, node)
    for (const child of children) below.push(this.#place(child, node, authority))
    return node
  }
}

/** Groups that every node has: `protocol`, and `authority` where there is one. */
function commonGroups(part: TopoPart, resource: HcFmri): readonly TopoGroup[] {
  const { label, fru, asru } = part
  const properties: TopoProperty[] = [{ name: 'resource', type: 'fmri', value: resource }]
  if (label !== undefined) properties.push({ name: 'label', type: 'string', value: label })
  if (fru !== undefined) properties.push({ name: 'FRU', type: 'fmri', value: fru })
  if (asru !== undefined) properties.push({ name: 'ASRU', type: 'fmri', value: asru })
  const authority = [...(resource.authority ?? [])].map(
    ([name, value]): TopoProperty => ({ name, type: 'string', value }),
  )
  const protocol = privateGroup('protocol', properties)
  return authority.length === 0 ? [protocol] : [protocol, privateGroup('authority', authority)]
}

/** A group as all those of hardware are: version 1, private. */
export function privateGroup(name: string, properties: readonly TopoProperty[]): TopoGroup {
  return { name, version: 1, nameStability: 'Private', dataStability: 'Private', properties }
}

const keyOf = (path: readonly HcPair[]): string =>
  path.map(({ name, id }) => `${name}=${id}`).join('/')

/** A property of a part, from whichever group has it; undefined when none does. */
export function topoProperty(node: TopoNode, name: string): TopoProperty | undefined {
  for (const { properties } of node.groups) {
    const found = properties.find((property) => property.name === name)
    if (found !== undefined) return found
  }
  return undefined
}

/** A group of a part; undefined when it has none of that name. */
export function topoGroup(node: TopoNode, name: string): TopoGroup | undefined {
  return node.groups.find((group) => group.name === name)
}
