// Topology: what a host is made of, as a tree of parts with names and numbers, and for each what
// can be taken out of service (ASRU) and what can be replaced (FRU).
//
//   motherboard=0/chip=0/core=1/strand=0    motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1/...
//
// Holds: siblings of one name have different ids; a node never changes. Source: illumos-gate
// usr/src/lib/fm/topo (scheme hc).
import type { Fmri } from '../event/fmri.js'
import type { HcFmri, HcPair } from '../event/fmri-hc.js'

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
  readonly serial?: string | undefined
  readonly part?: string | undefined
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
export class Topology {
  readonly roots: readonly TopoNode[]
  readonly #byPath = new Map<string, TopoNode>()

  /** Parts that have nothing above them. `authority` goes into every resource. */
  constructor(parts: readonly TopoPart[], authority?: HcFmri['authority']) {
    this.roots = parts.map((part) => this.#place(part, undefined, authority))
  }

  /** Every part, each before what is below it. */
  *nodes(): Generator<TopoNode> {
    yield* this.#byPath.values()
  }

  /** The part of an hc FMRI or a path, exactly; undefined when there is none. */
  node(at: Fmri | readonly HcPair[]): TopoNode | undefined {
    if ('scheme' in at) return at.scheme === 'hc' ? this.node(at.path) : undefined
    return this.#byPath.get(keyOf(at))
  }

  #place(part: TopoPart, parent: TopoNode | undefined, authority: HcFmri['authority']): TopoNode {
    const { name, id, serial, part: number, groups = [], children = [] } = part
    const path = [...(parent?.path ?? []), { name, id: String(id) }]
    const resource: HcFmri = { scheme: 'hc', authority, serial, part: number, path }
    const below: TopoNode[] = []
    const node: TopoNode = { ...part, path, resource, parent, groups, children: below }
    this.#byPath.set(keyOf(path), node)
    for (const child of children) below.push(this.#place(child, node, authority))
    return node
  }
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
