// Judging: what an exercise comes to, by what one like it came to before where there was one.
//
//   tree, what was seen, time waited  ->  constraints as they were settled then  ->  its judgement
//
// Holds: it says what `hypothesise` says. Two exercises of one tree that saw the same and waited as
// long differ only in what their constraints come to: those that decided are settled in the same
// order, and once one comes out differently the whole is thought through. Rules with globals are
// always thought through: what is settled may depend on them.
import type { World } from './evaluate.js'
import type { Exercise } from './exercise.js'
import { hypothesise, type Judgement, type Settings } from './hypothesise.js'
import type { InstanceTree } from './instance-tree.js'
import { settle } from './settle.js'

/** One constraint that was asked for, and what was known of it then. */
interface Settled {
  readonly arrow: number
  readonly isCredible: boolean
  readonly state: number
}

interface Judged {
  readonly settled: readonly Settled[]
  readonly judgement: Judgement
}

/** What is kept of one tree: situations, ways they came out, constraints of a way. */
const MOST_SITUATIONS = 64
const MOST_WAYS = 4
const MOST_SETTLED = 500

const KNOWN = new WeakMap<InstanceTree, Map<string, Judged[]>>()

/** Judges an exercise. Throws `TooManySteps`. */
export function judge(exercise: Exercise, world: World, settings: Settings): Judgement {
  if (exercise.globals !== undefined) return hypothesise(exercise, world, settings)
  const ways = waysOf(exercise, settings)
  for (const { settled, judgement } of ways)
    if (comesOut(exercise, settled, world)) return judgement
  const settled = new Map<number, Settled>()
  const judgement = hypothesise(exercise, world, settings, {
    settled: (arrow, isCredible, state) => {
      const id = 2 * arrow + (isCredible ? 1 : 0)
      if (!settled.has(id)) settled.set(id, { arrow, isCredible, state })
    },
  })
  const isPlain = exercise.globals === undefined && settled.size <= MOST_SETTLED
  if (isPlain && ways.length < MOST_WAYS) ways.push({ settled: [...settled.values()], judgement })
  return judgement
}

function waysOf({ tree, observations, waitedNs }: Exercise, { hesitateNs }: Settings): Judged[] {
  let known = KNOWN.get(tree)
  if (known === undefined) {
    known = new Map()
    KNOWN.set(tree, known)
  }
  let situation = `${waitedNs} ${hesitateNs}`
  for (const observation of observations) situation += ` ${observation.event}`
  const ways = known.get(situation)
  if (ways !== undefined) return ways
  if (known.size >= MOST_SITUATIONS) known.clear()
  const made: Judged[] = []
  known.set(situation, made)
  return made
}

function comesOut(exercise: Exercise, settled: readonly Settled[], world: World): boolean {
  for (const { arrow, isCredible, state } of settled)
    if (settle(exercise, arrow, isCredible, world) !== state) return false
  return true
}
