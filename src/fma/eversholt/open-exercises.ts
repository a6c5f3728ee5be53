// Open exercises: those that wait for more, found by the ereports that may belong to them.
//
//   ereport.x@chip0  ->  exercises whose trees have it, in the order in which they began
//
// Holds: exercises of one tree are found together, so that many open ones cost what few do.
import type { Exercise } from './exercise.js'
import type { InstanceTree } from './instance-tree.js'

/** Trees that are indexed though none of their exercises is open. */
const MOST_IDLE = 1000

/** Exercises that are not over. */
export class OpenExercises {
  readonly #byCase = new Map<string, Exercise>()
  readonly #byTree = new Map<InstanceTree, Set<Exercise>>()
  /** Trees that have an ereport. */
  readonly #holding = new Map<string, Set<InstanceTree>>()
  /** The one that takes what is too much. */
  #overflow: Exercise | undefined

  /** How many there are. */
  get size(): number {
    return this.#byCase.size
  }

  get overflow(): Exercise | undefined {
    return this.#overflow
  }

  /** In the order in which they began. */
  all(): Iterable<Exercise> {
    return this.#byCase.values()
  }

  get(uuid: string): Exercise | undefined {
    return this.#byCase.get(uuid)
  }

  add(exercise: Exercise): void {
    this.#byCase.set(exercise.uuid, exercise)
    if (exercise.isOverflow) this.#overflow = exercise
    else this.#ofTree(exercise.tree).add(exercise)
  }

  delete(uuid: string): void {
    const exercise = this.#byCase.get(uuid)
    if (exercise === undefined) return
    this.#byCase.delete(uuid)
    this.#byTree.get(exercise.tree)?.delete(exercise)
    if (exercise === this.#overflow) this.#overflow = undefined
  }

  clear(): void {
    this.#byCase.clear()
    this.#byTree.clear()
    this.#holding.clear()
    this.#overflow = undefined
  }

  /** Those whose trees have an ereport. */
  of(key: string): readonly Exercise[] {
    if (this.#byCase.size === 0) return []
    const found: Exercise[] = []
    for (const tree of this.#holding.get(key) ?? [])
      for (const exercise of this.#byTree.get(tree) ?? []) found.push(exercise)
    return found.length < 2 ? found : found.sort((a, b) => a.id - b.id)
  }

  #ofTree(tree: InstanceTree): Set<Exercise> {
    const known = this.#byTree.get(tree)
    if (known !== undefined) return known
    if (this.#byTree.size > 2 * this.#byCase.size + MOST_IDLE) this.#dropIdle()
    const made = new Set<Exercise>()
    this.#byTree.set(tree, made)
    for (const { key, type } of tree.events) if (type === 'ereport') this.#hold(key, tree)
    return made
  }

  #hold(key: string, tree: InstanceTree): void {
    const holding = this.#holding.get(key)
    if (holding === undefined) this.#holding.set(key, new Set([tree]))
    else holding.add(tree)
  }

  #dropIdle(): void {
    for (const [tree, open] of this.#byTree) if (open.size === 0) this.#byTree.delete(tree)
    this.#holding.clear()
    for (const tree of this.#byTree.keys())
      for (const { key, type } of tree.events) if (type === 'ereport') this.#hold(key, tree)
  }
}
