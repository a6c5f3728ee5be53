// Settling: whether the constraint of an arrow holds for an exercise; what is once known stays.
import type { Moment, ProblemNotes, Watch, World } from './code.js'
import {
  ARROW_FAILS,
  ARROW_HOLDS,
  ARROW_UNKNOWN,
  type Exercise,
  globalsOf,
  notesOf,
  type Observation,
} from './exercise.js'
import { DEFERRED, isTrue, type Value } from './value.js'

/** What the constraint of an arrow says at a moment. */
export function settle(exercise: Exercise, arrow: number, moment: Moment): number {
  const constraint = exercise.tree.arrows[arrow]?.constraint
  if (constraint === undefined) return ARROW_HOLDS
  const value = constraint.kind === 'known' ? constraint.value : constraint.run(moment)
  if (value === DEFERRED) return ARROW_UNKNOWN
  return isTrue(value) ? ARROW_HOLDS : ARROW_FAILS
}

/** What the constraint of an arrow sees. */
export function momentOf(exercise: Exercise, arrow: number, of: Seeing): ArrowMoment {
  return new ArrowMoment(exercise, arrow, of)
}

/** `seen`: the effect, when it was seen; `isCredible`: whether what it requires is known to hold.
 *  */
interface Seeing {
  readonly seen: Observation | undefined
  readonly isCredible: boolean
  readonly world: World
}

class ArrowMoment implements Moment {
  readonly isSeen: boolean
  readonly ereport: Observation['ereport']
  readonly isCredible: boolean
  readonly world: World
  readonly watch: Watch = { isTouched: false }
  readonly #exercise: Exercise
  readonly #tail: number

  constructor(exercise: Exercise, arrow: number, { seen, isCredible, world }: Seeing) {
    this.isSeen = seen !== undefined
    this.ereport = seen?.ereport
    this.isCredible = isCredible
    this.world = world
    this.#exercise = exercise
    this.#tail = exercise.tree.tails[arrow] as number
  }

  notes(): ProblemNotes {
    return notesOf(this.#exercise, this.#tail)
  }

  globals(): Map<string, Value> {
    return globalsOf(this.#exercise)
  }
}
