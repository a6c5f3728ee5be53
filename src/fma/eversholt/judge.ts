// Judging: what an exercise comes to, by what one like it came to before where there was one.
//
//   tree, what was seen, time waited  ->  what the world is asked  ->  judgement
//
// Holds: it says what `hypothesise` says, and leaves the exercise as that does. Exercises of one
// tree in one situation differ only in what constraints ask of the world: each is asked again, in
// the same order, and once one answers as never before all is thought through. Rules with globals
// are always thought through: what is asked may set them, and what comes later may depend on them.
import type { Ereport } from '../event/ereport.js'
import type { World } from './code.js'
import { type Exercise, observed } from './exercise.js'
import { hypothesise, type Judgement, type Settings } from './hypothesise.js'
import type { InstanceTree } from './instance-tree.js'
import type { Asked, Situation, Stand } from './recollection.js'
import { momentOf, settle } from './settle.js'

/** What is asked on one way, at most. */
const MOST_ASKED = 500

/** Judges an exercise. Throws `TooManySteps`. */
export function judge(exercise: Exercise, world: World, settings: Settings): Judgement {
  if (exercise.tree.hasGlobals) return hypothesise(exercise, world, settings)
  const { recollection } = exercise.tree
  const situation = situationOf(exercise)
  const key = recollection.key(standOf(exercise), exercise.waitedNs)
  let way = situation.ways.get(key)
  while (way?.kind === 'ask') {
    const { arrow, isCredible } = way
    const head = exercise.tree.heads[arrow]
    const seen = exercise.observations.find(({ event }) => event === head)
    const moment = momentOf(exercise, arrow, { seen, isCredible, world })
    way = way.next[settle(exercise, arrow, moment)]
  }
  if (way === undefined) return think(exercise, world, settings, { situation, key })
  exercise.stand = way.stand
  exercise.arrows = way.stand.arrows
  return way.judgement
}

/** Adds what was seen. */
export function observe(exercise: Exercise, event: number, ereport: Ereport | undefined): void {
  const { tree, situation, observations } = exercise
  exercise.observations = observed(observations, event, ereport)
  exercise.situation = undefined
  if (situation === undefined || !tree.recollection.isCurrent(situation)) return
  exercise.situation = tree.recollection.with(situation, event, signed(tree, event, ereport))
}

function think(
  exercise: Exercise,
  world: World,
  settings: Settings,
  { situation, key }: { readonly situation: Situation; readonly key: number },
): Judgement {
  const { recollection } = exercise.tree
  const asked = new Map<number, Asked>()
  const judgement = hypothesise(exercise, world, settings, {
    asked(arrow, isCredible, state) {
      const id = 2 * arrow + (isCredible ? 1 : 0)
      if (!asked.has(id)) asked.set(id, { arrow, isCredible, state })
    },
  })
  const stand = recollection.stand(exercise.arrows)
  exercise.stand = stand
  exercise.arrows = stand.arrows
  if (asked.size <= MOST_ASKED)
    recollection.keep(situation, key, [...asked.values()], { kind: 'end', judgement, stand })
  return judgement
}

function situationOf(exercise: Exercise): Situation {
  const { tree, observations, situation } = exercise
  const { recollection } = tree
  if (situation !== undefined && recollection.isCurrent(situation)) return situation
  const seen = observations.map(({ event, ereport }): [number, number] => {
    return [event, signed(tree, event, ereport)]
  })
  const made = recollection.situation(new Map(seen))
  exercise.situation = made
  return made
}

const signed = ({ events }: InstanceTree, event: number, ereport: Ereport | undefined): number =>
  events[event]?.signatures.of(ereport) ?? 0

function standOf({ tree, stand, arrows }: Exercise): Stand {
  const { recollection } = tree
  const isKnown = stand !== undefined && stand.arrows === arrows && recollection.isCurrent(stand)
  return isKnown ? stand : recollection.stand(arrows)
}
