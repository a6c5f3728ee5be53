// Instance tree: what an ereport at its place can have to do with: its causes all the way up, and
// all that these can cause.
//
//   ereport.x@strand0  <-  fault.x@core0  ->  ereport.y@strand0, ereport.y@strand1
//
// Holds: event 0 is the ereport. Arrows leave an event in bundles that have an N, and come in by
// bundles that have a K; bundles with N 0 or all, and with K 1, are one. It never changes: what is
// thought about it is elsewhere. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/itree.c (itree_add_bubble).
import type { InstanceArrow, InstanceEvent } from './instance-graph.js'
import { Recollection, Room } from './recollection.js'
import type { RuleStatement } from './rule-set.js'
import { visitExpressions } from './walk.js'

/** Arrows that are counted together. */
export interface Bundle {
  readonly index: number
  /** N or K; -1 is all. */
  readonly count: number
  readonly arrows: readonly number[]
}

/** The tree of one ereport at one place. */
export interface InstanceTree {
  readonly events: readonly InstanceEvent[]
  readonly arrows: readonly InstanceArrow[]
  /** Where each arrow begins and ends, as indices of events. */
  readonly tails: readonly number[]
  readonly heads: readonly number[]
  /** By event. */
  readonly out: readonly (readonly Bundle[])[]
  readonly into: readonly (readonly Bundle[])[]
  /** By event: what it is, as bits. */
  readonly kinds: Uint8Array
  /** Events by class and place. */
  readonly indices: ReadonlyMap<string, number>
  /** Whether the work of another evaluation goes on with it: how the parts stand, to be used again.
   *  */
  readonly scratch: Scratch
  /** What exercises of it came to. */
  readonly recollection: Recollection
  /** Whether constraints ask for globals, or set them. */
  readonly hasGlobals: boolean
}

export const IS_PROBLEM = 1
export const IS_EREPORT = 2
/** One arrow that counts is enough for it. */
export const ANY_CAUSE = 4

/** Room for one evaluation at a time. */
export interface Scratch {
  readonly state: Uint8Array
  readonly delay: Float64Array
  readonly marks: Uint8Array
  readonly bundleMarks: Uint8Array
}

/** Makes the tree of an event. */
export function instanceTree(root: InstanceEvent, room = new Room()): InstanceTree {
  const causes = closure([root], ({ into }) => inOrder(into).map(({ from }) => from))
  const all = closure([...causes], ({ out }) => inOrder(out).map(({ to }) => to))
  const reached = [...all]
  const indices = new Map(reached.map(({ key }, i) => [key, i]))
  const arrows = inOrder(reached.flatMap(({ out }) => out))
  const at = ({ key }: InstanceEvent): number => indices.get(key) ?? -1
  const tails = arrows.map(({ from }) => at(from))
  const heads = arrows.map(({ to }) => at(to))
  const bundler = new Bundler(reached.length)
  for (const [i, arrow] of arrows.entries())
    bundler.add(arrow, i, tails[i] as number, heads[i] as number)
  const { out, into, count } = bundler
  const scratch: Scratch = {
    state: new Uint8Array(reached.length),
    delay: new Float64Array(reached.length),
    marks: new Uint8Array(arrows.length),
    bundleMarks: new Uint8Array(count),
  }
  const recollection = new Recollection(room)
  const kinds = Uint8Array.from(reached, ({ type }, i) => kindOf(type, into[i] ?? []))
  const hasGlobals = arrows.some(({ statement }) => usesGlobals(statement))
  return {
    ...{ events: reached, arrows, tails, heads, out, into, kinds, indices },
    ...{ scratch, recollection, hasGlobals },
  }
}

const USE_GLOBALS = new WeakMap<RuleStatement, boolean>()

function usesGlobals(statement: RuleStatement): boolean {
  const known = USE_GLOBALS.get(statement)
  if (known !== undefined) return known
  let found = false
  visitExpressions(
    statement.classes.flatMap(({ constraints }) => constraints),
    ({ kind }) => {
      if (kind === 'global') found = true
    },
  )
  USE_GLOBALS.set(statement, found)
  return found
}

function kindOf(type: InstanceEvent['type'], into: readonly Bundle[]): number {
  const is = type === 'ereport' ? IS_EREPORT : type === 'error' ? 0 : IS_PROBLEM
  return into.every(({ count }) => count <= 1) ? is | ANY_CAUSE : is
}

/** Statements may have been laid over the topology in any order: what is saved of a tree by number
 *  must not depend on that. */
function inOrder(arrows: readonly InstanceArrow[]): readonly InstanceArrow[] {
  return arrows.length < 2 ? arrows : [...arrows].sort((a, b) => a.order - b.order)
}

function closure(
  from: readonly InstanceEvent[],
  next: (event: InstanceEvent) => readonly InstanceEvent[],
): ReadonlySet<InstanceEvent> {
  const found = new Set(from)
  for (const one of found) for (const other of next(one)) found.add(other)
  return found
}

interface Open {
  readonly index: number
  readonly count: number
  readonly arrows: number[]
  readonly group: number
  generation: number
}

/** Puts arrows into bundles. */
class Bundler {
  readonly out: Open[][]
  readonly into: Open[][]
  count = 0

  constructor(events: number) {
    this.out = Array.from({ length: events }, () => [])
    this.into = Array.from({ length: events }, () => [])
  }

  add(arrow: InstanceArrow, index: number, tail: number, head: number): void {
    const { n, k, group, generation } = arrow
    const leaving = this.out[tail] as Open[]
    const leaves = leaving.find((b) => (n <= 0 ? b.count === n : b.group === group))
    const out = leaves ?? this.#open(leaving, n, n <= 0 ? -1 : group, 0)
    out.arrows.push(index)
    const coming = this.into[head] as Open[]
    const comes = coming.find((b) => b.generation === generation || (k === 1 && b.count === 1))
    const into = comes ?? this.#open(coming, k, -1, generation)
    into.generation = generation
    into.arrows.push(index)
  }

  #open(among: Open[], count: number, group: number, generation: number): Open {
    const made: Open = { index: this.count++, count, arrows: [], group, generation }
    among.push(made)
    return made
  }
}
