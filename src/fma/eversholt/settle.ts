// Settling: whether the constraint of an arrow holds for an exercise; what is once known stays.
import { type Moment, type World, yieldOf } from './evaluate.js'
import {
  ARROW_FAILS,
  ARROW_HOLDS,
  ARROW_UNKNOWN,
  type Exercise,
  globalsOf,
  notesOf,
  type Observation,
} from './exercise.js'
import { DEFERRED, isTrue } from './value.js'

/** What is known of an arrow now. `isCredible`: what its effect requires is known to hold. */
export function settle(
  exercise: Exercise,
  arrow: number,
  isCredible: boolean,
  world: World,
): number {
  const { tree } = exercise
  const constraint = tree.arrows[arrow]?.constraint
  if (constraint === undefined) return ARROW_HOLDS
  exercise.arrows ??= new Uint8Array(tree.arrows.length)
  const known = exercise.arrows[arrow] ?? ARROW_UNKNOWN
  if (known !== ARROW_UNKNOWN) return known
  const head = tree.heads[arrow] as number
  const seen = exercise.observations.find(({ event }) => event === head)
  const value = yieldOf(constraint, momentOf(exercise, arrow, seen, isCredible, world))
  if (value === DEFERRED) return ARROW_UNKNOWN
  const settled = isTrue(value) ? ARROW_HOLDS : ARROW_FAILS
  exercise.arrows[arrow] = settled
  return settled
}

/** What the constraint of an arrow sees. */
export function momentOf(
  exercise: Exercise,
  arrow: number,
  seen: Observation | undefined,
  isCredible: boolean,
  world: World,
): Moment {
  const tail = exercise.tree.tails[arrow] as number
  return {
    isSeen: seen !== undefined,
    ereport: seen?.ereport,
    isCredible,
    notes: () => notesOf(exercise, tail),
    globals: () => globalsOf(exercise),
    world,
  }
}
