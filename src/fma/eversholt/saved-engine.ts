// Saved engine: all that an engine knows, as data, and back.
//
// Holds: an exercise that comes back goes on where it was: what it saw, how long it waited, which
// timer it waits for, what is known of its arrows. One that cannot come back is given up, and its
// case says why. Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/fme.c (fme_restart).
import { XpvError } from '../../base/error.js'
import type { Ereport } from '../event/ereport.js'
import { parseData, printData } from '../fmd/data-text.js'
import type { FmdContext } from '../fmd/module.js'
import type { ProblemNotes } from './code.js'
import type { Engine } from './engine.js'
import type { Exercise, Observation } from './exercise.js'
import type { SavedTallies } from './tallies.js'
import type { Undiagnosable } from './undiagnosable.js'
import type { Value } from './value.js'

/** An engine as data. */
export interface SavedEngine {
  readonly nextId: number
  readonly tallies: SavedTallies
  /** Each as a text, with its case. */
  readonly exercises: readonly SavedText[]
}

type SavedText = readonly [uuid: string, text: string]

interface SavedExercise {
  readonly id: number
  readonly uuid: string
  readonly startNs: bigint
  readonly first: Ereport | undefined
  readonly observations: readonly {
    readonly key: string
    readonly count: number
    /** `first` is the ereport that the exercise began with. */
    readonly ereport: Ereport | 'first' | undefined
  }[]
  readonly waitedNs: number
  readonly timer: Exercise['timer']
  /** One digit an arrow. */
  readonly arrows: string
  readonly notes: readonly (readonly [event: number, notes: ProblemNotes])[]
  readonly globals: ReadonlyMap<string, Value>
  readonly isOverflow: boolean
}

/** All that an engine knows. */
export function saveEngine({ nextId, tallies, exercises }: Engine): SavedEngine {
  const texts = [...exercises.all()].map((exercise): SavedText => {
    return [exercise.uuid, printData(saved(exercise))]
  })
  return { nextId, tallies: tallies.save(), exercises: texts }
}

function saved(exercise: Exercise): SavedExercise {
  const { id, uuid, startNs, first, waitedNs, timer, globals, isOverflow, tree } = exercise
  const observations = exercise.observations.map(({ event, count, ereport }) => {
    const same = ereport === first ? ('first' as const) : ereport
    return { key: tree.events[event]?.key ?? '', count, ereport: same }
  })
  const arrows = [...(exercise.arrows ?? [])].join('')
  const notes = [...(exercise.notes ?? [])].map(([problem, { serd, payload }]) => {
    return [problem, { serd: plain(serd), payload: plain(payload) }] as const
  })
  return {
    ...{ id, uuid, startNs, first, observations, waitedNs, timer, arrows, notes },
    ...{ globals: plain(globals ?? new Map()), isOverflow },
  }
}

/** Paths without their parts, which are of a topology and not of what is known. */
function plain<K extends string>(values: ReadonlyMap<K, Value>): Map<K, Value> {
  const entries = [...values].map(([name, value]): [K, Value] =>
    typeof value === 'object' ? [name, { key: value.key, place: undefined }] : [name, value],
  )
  return new Map(entries)
}

/** Makes an engine know what was saved; exercises come back with the first context. */
export function restoreCounts(engine: Engine, { nextId, tallies }: SavedEngine): void {
  engine.nextId = nextId
  engine.exercises.clear()
  engine.tallies.restore(tallies)
}

/** Brings exercises back that were saved, those whose cases are still open. */
export function restoreExercises(
  engine: Engine,
  fmd: FmdContext,
  texts: SavedEngine['exercises'],
): void {
  const open = new Set(fmd.openCases().map(({ uuid }) => uuid))
  for (const [uuid, text] of texts) {
    if (!open.has(uuid)) continue
    const data = readExercise(text)
    const made = data === undefined ? 'saved-case-damaged' : exerciseOf(engine, fmd, data)
    if (typeof made === 'string') engine.giveUp(fmd, uuid, made, uuid, [])
    else engine.exercises.add(made)
  }
}

/** Undefined when it is damaged. */
function readExercise(text: string): SavedExercise | undefined {
  try {
    const data = parseData(text) as SavedExercise
    return Array.isArray(data.observations) && typeof data.uuid === 'string' ? data : undefined
  } catch (error) {
    if (error instanceof XpvError || error instanceof TypeError) return undefined
    throw error
  }
}

function exerciseOf(
  engine: Engine,
  fmd: FmdContext,
  data: SavedExercise,
): Exercise | Undiagnosable {
  const { first, observations, arrows } = data
  if (first === undefined) return 'saved-first-missing'
  const root = data.observations.at(-1)
  if (root === undefined)
    return data.isOverflow ? 'too-many-exercises' : 'saved-observation-missing'
  const [name, key] = split(root.key)
  if (name === undefined || key === undefined) return 'saved-path-bad'
  const tree = engine.trees(fmd).of(name, key)
  if (typeof tree === 'string') return 'saved-topology-differs'
  const found = observations.map(({ key: at, count, ereport }): Observation | undefined => {
    const index = tree.indices.get(at)
    if (index === undefined) return undefined
    return { event: index, count, ereport: ereport === 'first' ? first : ereport }
  })
  if (found.includes(undefined)) return 'saved-observation-unknown'
  if (arrows !== '' && arrows.length !== tree.arrows.length) return 'saved-topology-differs'
  return {
    ...data,
    ...{ first, tree, timer: data.timer },
    observations: found.filter((one) => one !== undefined),
    arrows: arrows === '' ? undefined : Uint8Array.from(arrows, Number),
    ...{ situation: undefined, stand: undefined },
    notes: new Map(data.notes),
    globals: new Map(data.globals),
  }
}

function split(key: string): readonly (string | undefined)[] {
  const at = key.indexOf('@')
  return at < 0 ? [] : [key.slice(0, at), key.slice(at + 1)]
}
