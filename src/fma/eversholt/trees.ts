// Trees: the instance tree of each ereport that came, for one topology: made once, kept while there
// is room.
//
//   ereport.x at chip0/core0  ->  its tree, or why there is none
import type { Topology } from '../topo/topology.js'
import { type GraphLimits, InstanceGraph } from './instance-graph.js'
import { type InstanceTree, instanceTree } from './instance-tree.js'
import { Room } from './recollection.js'
import type { RuleSet } from './rule-set.js'
import type { Undiagnosable } from './undiagnosable.js'

/** Arrows of all trees that are kept. */
const MOST_ARROWS = 2_000_000

/** The trees over one topology. */
export class Trees {
  readonly topology: Topology
  readonly graph: InstanceGraph
  readonly #made = new Map<string, InstanceTree | Undiagnosable>()
  #arrows = 0
  readonly #room = new Room()

  constructor(rules: RuleSet, topology: Topology, limits: GraphLimits) {
    this.topology = topology
    this.graph = new InstanceGraph(rules, topology, limits)
  }

  /** The tree of an ereport of a class at a place, or why nothing can be made of it. */
  of(name: string, key: string): InstanceTree | Undiagnosable {
    const id = `${name}@${key}`
    const known = this.#made.get(id)
    if (known !== undefined) return known
    const made = this.#make(name, key)
    const size = typeof made === 'string' ? 1 : made.arrows.length + 1
    if (this.#arrows + size > MOST_ARROWS) this.#made.clear()
    this.#arrows = this.#made.size === 0 ? size : this.#arrows + size
    this.#made.set(id, made)
    return made
  }

  #make(name: string, key: string): InstanceTree | Undiagnosable {
    const place = this.graph.places.at(key)
    if (place === undefined) return 'path-not-in-topology'
    const { index, left } = this.graph
    if (!index.knows(name, place.name)) return 'class-and-path'
    const root = this.graph.event(name, key)
    const statements = index.of(name)
    if (statements.some((statement) => left.has(statement))) return 'too-much-to-consider'
    if (root !== undefined) return instanceTree(root, this.#room)
    const isEmpty = statements.every((statement) => this.graph.instantiate(statement) === 0)
    return isEmpty ? 'empty-tree' : 'not-in-tree'
  }
}
