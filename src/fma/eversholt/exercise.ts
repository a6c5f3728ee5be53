// Exercise: one problem that is being thought about: an ereport, what else was seen that goes with
// it, and what is known by now of the arrows between (illumos: fault management exercise).
//
// Holds: an observation is an event of the tree, seen once or more; its last ereport is the one
// that constraints see. An arrow that is known to hold, or to fail, stays so.
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/fme.c (struct fme).
import type { Ereport } from '../event/ereport.js'
import type { ProblemNotes } from './code.js'
import type { InstanceTree } from './instance-tree.js'
import type { Situation, Stand } from './recollection.js'
import type { Value } from './value.js'

/** One event that was seen. */
export interface Observation {
  readonly event: number
  readonly count: number
  /** Its last; undefined for what a SERD engine made. */
  readonly ereport: Ereport | undefined
}

/** What is known of an arrow. */
export const ARROW_UNKNOWN = 0
export const ARROW_HOLDS = 1
export const ARROW_FAILS = 2

/** One exercise. */
export interface Exercise {
  readonly id: number
  /** Of its case. */
  readonly uuid: string
  readonly tree: InstanceTree
  /** When it began, and the ereport it began with. */
  readonly startNs: bigint
  readonly first: Ereport
  /** Latest first. */
  observations: readonly Observation[]
  /** How long it has waited, and for what it waits now, in nanoseconds since its start. */
  waitedNs: number
  timer: { readonly id: number; readonly atNs: number } | undefined
  /** By arrow, never changed but by who thinks; undefined until one is known. */
  arrows: Uint8Array | undefined
  /** What was seen and what is known of arrows, as others like it came to it; undefined where that
   *  is still to be found. */
  situation: Situation | undefined
  stand: Stand | undefined
  /** By problem; undefined until one is noted, and so for globals. */
  notes: Map<number, ProblemNotes> | undefined
  globals: Map<string, Value> | undefined
  /** Takes what comes when there are too many. */
  readonly isOverflow: boolean
}

/** One that has seen nothing yet. */
export function newExercise(
  of: Pick<Exercise, 'id' | 'uuid' | 'tree' | 'startNs' | 'first' | 'isOverflow'>,
): Exercise {
  return {
    id: of.id,
    uuid: of.uuid,
    tree: of.tree,
    startNs: of.startNs,
    first: of.first,
    isOverflow: of.isOverflow,
    observations: [],
    waitedNs: 0,
    timer: undefined,
    arrows: undefined,
    situation: of.tree.recollection.nothing,
    stand: undefined,
    notes: undefined,
    globals: undefined,
  }
}

/** What was noted of a problem. */
export function notesOf(exercise: Exercise, event: number): ProblemNotes {
  const known = exercise.notes?.get(event)
  if (known !== undefined) return known
  const made: ProblemNotes = { serd: new Map(), payload: new Map() }
  exercise.notes ??= new Map()
  exercise.notes.set(event, made)
  return made
}

/** Its globals. */
export function globalsOf(exercise: Exercise): Map<string, Value> {
  exercise.globals ??= new Map()
  return exercise.globals
}

/** Some observations with one more: a new one comes first, one seen before keeps its place. */
export function observed(
  observations: readonly Observation[],
  event: number,
  ereport: Ereport | undefined,
): readonly Observation[] {
  const at = observations.findIndex((o) => o.event === event)
  const before = observations[at]
  if (before === undefined) return [{ event, count: 1, ereport }, ...observations]
  return observations.with(at, { event, count: before.count + 1, ereport })
}
