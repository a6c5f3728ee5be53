// Places: a topology as rules see it: parts by name, each with its path and its properties as text.
//
//   motherboard0/chip0/core1/strand0      { "extended-capabilities": "pciexdev", "BDF": "0x1a0" }
//
// Holds: parts of one name come from the root down, as a walk meets them. Of properties of one name
// in several groups the last counts; whole numbers are hexadecimal, lists are joined by spaces.
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/{platform,config,ipath}.c.
import { type Fmri, printFmri } from '../event/fmri.js'
import type { HcPair } from '../event/fmri-hc.js'
import type { Topology, TopoNode, TopoProperty } from '../topo/topology.js'
import type { ConfigStatement } from './tree.js'

/** One part of a host. */
export interface Place {
  readonly name: string
  readonly id: number
  /** Its path: `motherboard0/chip0`. */
  readonly key: string
  readonly node: TopoNode
  readonly parent: Place | undefined
  readonly children: readonly Place[]
}

/** The path of some pairs, as rules print it. */
export function pathText(pairs: readonly HcPair[]): string {
  let text: string | undefined
  for (const { name, id } of pairs) text = text === undefined ? name + id : `${text}/${name}${id}`
  return text ?? ''
}

/** The parts of one topology. */
export class Places {
  readonly topology: Topology
  readonly #byName = new Map<string, Place[]>()
  readonly #byKey = new Map<string, Place>()
  readonly #byCpu = new Map<number, Place>()
  readonly #configs = new Map<string, ReadonlyMap<string, string>>()
  readonly #properties = new Map<Place, ReadonlyMap<string, string>>()

  /** `configs` are properties that rules state of parts themselves. */
  constructor(topology: Topology, configs: readonly ConfigStatement[]) {
    this.topology = topology
    for (const { parts, properties } of configs) {
      const key = parts.map(({ name, instance }) => `${name}${instance}`).join('/')
      const known = this.#configs.get(key) ?? new Map<string, string>()
      const stated = properties.flatMap(({ name, value }): [string, string][] =>
        value.kind === 'string' ? [[name, value.text]] : [],
      )
      this.#configs.set(key, new Map([...known, ...stated]))
    }
    for (const root of topology.roots) this.#add(root, undefined)
  }

  /** Parts of a name, wherever they are. */
  named(name: string): readonly Place[] {
    return this.#byName.get(name) ?? []
  }

  /** The part at a path such as `motherboard0/chip0`. */
  at(key: string): Place | undefined {
    return this.#byKey.get(key)
  }

  /** The path of whatever detected something; the part is undefined where the topology has none.
   *  Undefined when no path can be known. */
  of(fmri: Fmri): { readonly key: string; readonly place: Place | undefined } | undefined {
    const place = this.#placeOf(fmri)
    if (place !== undefined) return { key: place.key, place }
    return fmri.scheme === 'hc' ? { key: pathText(fmri.path), place: undefined } : undefined
  }

  /** A property of a part, as text. */
  property(place: Place, name: string): string | undefined {
    let known = this.#properties.get(place)
    if (known === undefined) {
      known = new Map([...flattened(place.node), ...(this.#configs.get(place.key) ?? [])])
      this.#properties.set(place, known)
    }
    return known.get(name) ?? (name === 'class-code' ? known.get('CLASS-CODE') : undefined)
  }

  #placeOf(fmri: Fmri): Place | undefined {
    switch (fmri.scheme) {
      case 'hc':
        return this.#byKey.get(pathText(fmri.path))
      case 'cpu':
        return this.#byCpu.get(fmri.cpuid)
      case 'dev': {
        const node = this.topology.node(fmri)
        return node && this.#byKey.get(pathText(node.path))
      }
      default:
        return undefined
    }
  }

  #add(node: TopoNode, parent: Place | undefined): Place {
    const key = pathText(node.path)
    const children: Place[] = []
    const place: Place = { name: node.name, id: node.id, key, node, parent, children }
    this.#byKey.set(key, place)
    const alike = this.#byName.get(node.name)
    if (alike === undefined) this.#byName.set(node.name, [place])
    else alike.push(place)
    if (node.asru?.scheme === 'cpu') this.#byCpu.set(node.asru.cpuid, place)
    for (const child of node.children) children.push(this.#add(child, place))
    return place
  }
}

function* flattened({ groups }: TopoNode): Generator<[string, string]> {
  for (const { properties } of groups)
    for (const property of properties) {
      const text = textOf(property)
      if (text !== undefined) yield [property.name, text]
    }
}

/** Lists of numbers have no text. */
function textOf({ value }: TopoProperty): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return `0x${BigInt.asUintN(64, value).toString(16)}`
  if (!Array.isArray(value)) return printFmri(value as Fmri)
  return value.every((one) => typeof one === 'string') ? value.join(' ') : undefined
}

/** The part that a path of names ends at, on the way from the root to `place`: the lowest one. */
export function placeAbove(place: Place, names: readonly string[]): Place | undefined {
  for (let here: Place | undefined = place; here !== undefined; here = here.parent) {
    let up: Place | undefined = here
    let left = names.length
    while (left > 0 && up?.name === names[left - 1]) {
      up = up?.parent
      left -= 1
    }
    if (left === 0) return here
  }
  return undefined
}
