// Instance graph: all events that can happen on a host by some rules, and the arrows between them,
// as far as anybody asked.
//
//   fault.x@chip0/core0  --  N K delay constraint  -->  ereport.x@chip0/core0/strand0
//
// Holds: an event is a class at a place. An arrow whose constraints the topology denies is not
// there. A statement is laid over the topology once, when the first ereport comes that it matters
// to; one that makes more arrows than fit is left out whole, and remembered. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/itree.c (itree_create, generate).

import type { Topology } from '../topo/topology.js'
import type { ClassType } from './class-type.js'
import { type Code, known } from './code.js'
import { both, compileAll, type Scope } from './evaluate.js'
import { matchStatement, type PlacedArrow, TooMuchMatching } from './match-path.js'
import { type Place, Places } from './places.js'
import { RuleIndex } from './rule-index.js'
import type { Declared, RuleSet, RuleStatement } from './rule-set.js'
import { Signatures } from './signatures.js'
import { isTrue } from './value.js'

/** A class at a place. */
export interface InstanceEvent {
  /** `ereport.x@chip0`. */
  readonly key: string
  readonly name: string
  readonly type: ClassType
  readonly place: Place
  readonly declared: Declared
  readonly into: InstanceArrow[]
  readonly out: InstanceArrow[]
  /** What its ereports come to for the constraints of arrows into it. */
  readonly signatures: Signatures
}

/** One arrow between two events. */
export interface InstanceArrow {
  readonly from: InstanceEvent
  readonly to: InstanceEvent
  readonly n: number
  readonly k: number
  readonly minNs: number
  readonly maxNs: number
  /** Arrows of one group leave by one count N; those of one generation come in by one K. */
  readonly group: number
  readonly generation: number
  readonly order: number
  /** What must hold; undefined: nothing. */
  readonly constraint: Code | undefined
  readonly statement: RuleStatement
  readonly placed: PlacedArrow
}

/** How much may be made of rules. */
export interface GraphLimits {
  /** Arrows in all, and of one statement. */
  readonly arrows: number
  readonly arrowsOfStatement: number
  /** Steps of matching in all, and of one statement. */
  readonly steps: number
  readonly stepsOfStatement: number
}

export const USUAL_LIMITS: GraphLimits = {
  arrows: 1_000_000,
  arrowsOfStatement: 250_000,
  steps: 30_000_000,
  stepsOfStatement: 3_000_000,
}

/** The graph of one set of rules over one topology. */
export class InstanceGraph {
  readonly rules: RuleSet
  readonly places: Places
  readonly index: RuleIndex
  /** Statements that would have made too much. */
  readonly left = new Set<RuleStatement>()
  readonly #limits: GraphLimits
  readonly #events = new Map<string, InstanceEvent>()
  readonly #byClass = new Map<string, Map<string, InstanceEvent>>()
  readonly #made = new Map<RuleStatement, number>()
  #arrows = 0
  #steps = 0
  #group = 0
  #generation = 0

  constructor(rules: RuleSet, topology: Topology, limits: GraphLimits = USUAL_LIMITS) {
    this.rules = rules
    this.places = new Places(topology, rules.configs)
    this.index = new RuleIndex(rules)
    this.#limits = limits
  }

  /** An event, if it can happen; undefined when no arrow leads to or from it. */
  event(name: string, key: string): InstanceEvent | undefined {
    for (const statement of this.index.of(name)) this.instantiate(statement)
    return this.#events.get(`${name}@${key}`)
  }

  /** Events that were made so far. */
  events(): Iterable<InstanceEvent> {
    return this.#events.values()
  }

  /** Lays a statement over the topology; how many arrows it makes. */
  instantiate(statement: RuleStatement): number {
    const known = this.#made.get(statement)
    if (known !== undefined) return known
    const arrows = this.#arrowsOf(statement)
    for (const arrow of arrows) this.#add(statement, arrow)
    this.#made.set(statement, arrows.length)
    this.#group += arrows.at(-1)?.[0].group ?? 0
    this.#generation += arrows.at(-1)?.[0].generation ?? 0
    return arrows.length
  }

  #arrowsOf(statement: RuleStatement): readonly (readonly [PlacedArrow, Code | undefined])[] {
    const { arrows, arrowsOfStatement, steps, stepsOfStatement } = this.#limits
    const mostSteps = shareOf(stepsOfStatement, steps - this.#steps)
    const most = shareOf(arrowsOfStatement, arrows - this.#arrows)
    const found: (readonly [PlacedArrow, Code | undefined])[] = []
    const keep = (placed: PlacedArrow): void => {
      const constraint = constraintOf(statement, placed, this.places)
      if (constraint.kind === 'known' && !isTrue(constraint.value)) return
      if (found.length >= most) throw new TooMuchMatching()
      found.push([placed, constraint.kind === 'known' ? undefined : constraint])
    }
    try {
      this.#steps += matchStatement(statement, this.places, keep, mostSteps)
      return found
    } catch (error) {
      if (!(error instanceof TooMuchMatching)) throw error
      this.#steps += mostSteps
      this.left.add(statement)
      return []
    }
  }

  #add(statement: RuleStatement, [placed, constraint]: readonly [PlacedArrow, Code | undefined]) {
    const { from, to, arrow } = placed
    const made: InstanceArrow = {
      from: this.#eventOf(from),
      to: this.#eventOf(to),
      n: arrow.n,
      k: arrow.k,
      minNs: to.of.delay.minNs,
      maxNs: to.of.delay.maxNs,
      group: this.#group + placed.group,
      generation: this.#generation + placed.generation,
      // Statements are made when they are first asked for; their order is that of the rules.
      order: statement.index * ORDERS + this.#arrows,
      constraint,
      statement,
      placed,
    }
    made.from.out.push(made)
    made.to.into.push(made)
    this.#arrows += 1
  }

  #eventOf({ of, chain }: PlacedArrow['from']): InstanceEvent {
    const place = chain[chain.length - 1] as Place
    const { name, type, declared } = of
    let alike = this.#byClass.get(name)
    if (alike === undefined) {
      alike = new Map()
      this.#byClass.set(name, alike)
    }
    const known = alike.get(place.key)
    if (known !== undefined) return known
    const key = `${name}@${place.key}`
    const into: InstanceArrow[] = []
    const signatures = new Signatures(into)
    const made = { key, name, type, place, declared, into, out: [], signatures }
    this.#events.set(key, made)
    alike.set(place.key, made)
    return made
  }
}

/** What a statement may take: as much as it likes while there is enough; a small part of that for
 *  each that comes when others have taken all, since most need no more. */
const shareOf = (most: number, left: number): number =>
  Math.max(Math.ceil(most / 50), Math.min(most, left))

/** More arrows than any graph has. */
const ORDERS = 10_000_000

const HOLDS = known(1n)

/** The constraints of the cause, then those of the effect. */
function constraintOf(
  statement: RuleStatement,
  { from, to, bindings }: PlacedArrow,
  places: Places,
): Code {
  if (from.of.constraints.length === 0 && to.of.constraints.length === 0) return HOLDS
  const scope = { places, statement, bindings }
  const ofCause: Scope = { ...scope, near: from, far: to }
  const ofEffect: Scope = { ...scope, near: to, far: from }
  const first = compileAll(from.of.constraints, ofCause)
  if (first.kind === 'known' && !isTrue(first.value)) return first
  return both(first, compileAll(to.of.constraints, ofEffect))
}
