// Matching: a propagation laid over a topology: every way in which the paths of its classes can be
// places, and for each way its arrows.
//
//   prop fault.x@chip -> ereport.x@chip/core<>     chip0: one arrow to each core of chip0
//
// Holds: a path begins anywhere in the topology and goes on from parent to child. An iterator is
// one number all over a propagation. Paths that begin alike begin at one place. A class that finds
// no place is passed over, and with it its arrows. `<>` stands for all siblings, at the start of a
// path for all parts of that name. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/itree.c (vmatch, hmatch).
import type { Place, Places } from './places.js'
import type { RuleArrow, RuleClass, RuleStatement, RuleStep } from './rule-set.js'
import type { Expression } from './tree.js'
import { operate } from './value.js'

/** A class in its place: a part for each step. */
export interface PlacedClass {
  readonly of: RuleClass
  readonly chain: readonly Place[]
}

/** One arrow in its place. */
export interface PlacedArrow {
  readonly arrow: RuleArrow
  readonly from: PlacedClass
  readonly to: PlacedClass
  /** What each iterator of the statement is; undefined: nothing. */
  readonly bindings: Bindings
  /** Arrows of one place of a cause, and of one way of all classes. */
  readonly group: number
  readonly generation: number
}

/** By the index of an iterator in its statement. */
type Bindings = readonly (number | undefined)[]

/** More matching than anybody waits for. */
export class TooMuchMatching extends Error {}

/** Yields every arrow of a statement to `found`; how many steps that took. Throws
 *  `TooMuchMatching` after `most` steps. */
export function matchStatement(
  statement: RuleStatement,
  places: Places,
  found: (arrow: PlacedArrow) => void,
  most: number,
): number {
  const matcher = new Matcher(statement, places, found, most)
  matcher.match(0)
  return most - matcher.left
}

/** A place that was found for a class, for others whose paths begin as its does. */
interface Start {
  steps: readonly RuleStep[]
  chain: readonly Place[]
}

class Matcher {
  readonly #statement: RuleStatement
  readonly #places: Places
  readonly #found: (arrow: PlacedArrow) => void
  readonly #order: readonly RuleClass[]
  readonly #bindings: (number | undefined)[]
  readonly #starts: Start[] = []
  readonly #matched = new Map<RuleClass, readonly Place[]>()
  /** Steps that it may still take. */
  left: number
  #group = 0
  #generation = 0

  constructor(
    statement: RuleStatement,
    places: Places,
    found: (arrow: PlacedArrow) => void,
    most: number,
  ) {
    this.#statement = statement
    this.#places = places
    this.#found = found
    this.left = most
    this.#bindings = new Array<undefined>(statement.iterators.size).fill(undefined)
    const [first] = statement.arrows
    const sides = [first?.causes ?? [], ...statement.arrows.map(({ effects }) => effects)]
    this.#order = sides.flatMap((side) => [...side].reverse())
  }

  /** Finds places for the classes from the i-th on. */
  match(i: number): void {
    this.#step()
    const of = this.#order[i]
    if (of === undefined) {
      this.#emit()
      return
    }
    const start = this.#starts.findLast((s) => sharedSteps(s.steps, of.steps) > 0)
    if (start === undefined) this.#matchAnywhere(of, i)
    else this.#matchFrom(start, of, i)
  }

  #matchAnywhere(of: RuleClass, i: number): void {
    const start: Start = { steps: of.steps, chain: [] }
    const any = this.#walk(of.steps, [], (chain) => {
      start.chain = chain
      this.#starts.push(start)
      this.#go(of, chain, i)
      this.#starts.pop()
    })
    if (!any) this.match(i + 1)
  }

  #matchFrom(start: Start, of: RuleClass, i: number): void {
    const { steps, chain } = start
    const shared = sharedSteps(steps, of.steps)
    const any = this.#walk(of.steps, chain.slice(0, shared), (found) => {
      start.steps = of.steps
      start.chain = found
      this.#go(of, found, i)
      start.steps = steps
      start.chain = chain
    })
    if (!any) this.match(i + 1)
  }

  #go(of: RuleClass, chain: readonly Place[], i: number): void {
    this.#matched.set(of, chain)
    this.match(i + 1)
    this.#matched.delete(of)
  }

  /** Goes on with a path from the places it has so far; whether any way led to its end. */
  #walk(
    steps: readonly RuleStep[],
    chain: readonly Place[],
    done: (chain: readonly Place[]) => void,
  ): boolean {
    this.#step()
    const step = steps[chain.length]
    if (step === undefined) {
      done(chain)
      return true
    }
    let any = false
    for (const place of this.#candidates(step, chain)) {
      const went = this.#bound(step.isHorizontal ? undefined : step, place, () =>
        this.#walk(steps, [...chain, place], done),
      )
      any = went || any
      if (any && step.isHorizontal) break
    }
    return any
  }

  /** Parts that a step may be, but for its iterator. */
  #candidates(step: RuleStep, chain: readonly Place[]): readonly Place[] {
    const parent = chain.at(-1)
    const alike =
      parent === undefined
        ? this.#places.named(step.name)
        : parent.children.filter(({ name }) => name === step.name)
    if (step.instance === undefined) return alike
    const wanted = this.#instance(step.instance)
    return alike.filter(({ id }) => wanted === BigInt(id))
  }

  /** Does something while a step's iterator is the number of a place; not when it is another. */
  #bound(step: RuleStep | undefined, place: Place, work: () => boolean): boolean {
    const { iterators } = this.#statement
    const index = step?.iterator === undefined ? undefined : iterators.get(step.iterator)
    if (index === undefined) return work()
    const before = this.#bindings[index]
    if (before !== undefined) return before === place.id && work()
    this.#bindings[index] = place.id
    const went = work()
    this.#bindings[index] = undefined
    return went
  }

  #instance(e: Expression): bigint | undefined {
    return instanceOf(e, (name) => {
      const index = this.#statement.iterators.get(name)
      return index === undefined ? undefined : this.#bindings[index]
    })
  }

  /** All classes have places, or none: the arrows of that. */
  #emit(): void {
    for (const arrow of this.#statement.arrows.toReversed()) {
      this.#generation += 1
      for (const cause of arrow.causes)
        this.#expand(cause, (from) => {
          this.#group += 1
          for (const effect of arrow.effects)
            this.#expand(effect, (to) => this.#found(this.#placed(arrow, from, to)))
        })
    }
  }

  #placed(arrow: RuleArrow, from: PlacedClass, to: PlacedClass): PlacedArrow {
    const [group, generation] = [this.#group, this.#generation]
    return { arrow, from, to, bindings: [...this.#bindings], group, generation }
  }

  /** Every place that a class has when its `<>` stand for all. */
  #expand(of: RuleClass, found: (placed: PlacedClass) => void): void {
    const matched = this.#matched.get(of)
    if (matched === undefined) return
    if (!of.steps.some(isHorizontal)) {
      for (let i = 0; i <= of.steps.length; i++) this.#step()
      found({ of, chain: matched })
    } else this.#expandFrom(of, matched, [], (chain) => found({ of, chain }))
  }

  #expandFrom(
    of: RuleClass,
    matched: readonly Place[],
    chain: readonly Place[],
    found: (chain: readonly Place[]) => void,
  ): void {
    this.#step()
    const step = of.steps[chain.length]
    const original = matched[chain.length]
    if (step === undefined || original === undefined) {
      found(chain)
      return
    }
    const on = (place: Place): boolean => {
      this.#expandFrom(of, matched, [...chain, place], found)
      return true
    }
    if (step.isHorizontal)
      for (const place of this.#candidates(step, chain)) this.#bound(step, place, () => on(place))
    else {
      const parent = chain.at(-1)
      const isMoved = parent !== undefined && original.parent !== parent
      const place = isMoved ? twin(original, parent) : original
      if (place !== undefined) on(place)
    }
  }

  #step(): void {
    this.left -= 1
    if (this.left < 0) throw new TooMuchMatching()
  }
}

const isHorizontal = (step: RuleStep): boolean => step.isHorizontal

/** How many steps two paths begin with alike. */
export function sharedSteps(a: readonly RuleStep[], b: readonly RuleStep[]): number {
  let n = 0
  for (;;) {
    const [left, right] = [a[n], b[n]]
    if (left === undefined || right === undefined || !isSameStep(left, right)) return n
    n += 1
  }
}

function isSameStep(a: RuleStep, b: RuleStep): boolean {
  if (a.name !== b.name || a.iterator !== b.iterator) return false
  if (a.instance === b.instance) return true
  if (a.instance?.kind !== 'number' || b.instance?.kind !== 'number') return false
  return a.instance.value === b.instance.value
}

/** The child of another parent with the name and number of a part. */
const twin = ({ name, id }: Place, parent: Place): Place | undefined =>
  parent.children.find((child) => child.name === name && child.id === id)

/** The number of an instance that is said or computed; undefined while an iterator in it is not
 *  bound. */
export function instanceOf(
  e: Expression,
  bound: (iterator: string) => number | undefined,
): bigint | undefined {
  if (e.kind === 'number') return e.value
  if (e.kind === 'name') {
    const number = bound(e.name)
    return number === undefined ? undefined : BigInt(number)
  }
  if (e.kind === 'conditional') {
    const condition = instanceOf(e.condition, bound)
    const branch = condition === undefined || condition === 0n ? e.otherwise : e.then
    return branch && instanceOf(branch, bound)
  }
  if (e.kind !== 'binary') return undefined
  const value = operate(e.operator, instanceOf(e.left, bound), instanceOf(e.right, bound))
  return typeof value === 'bigint' ? value : undefined
}
