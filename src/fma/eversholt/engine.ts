// Engine: takes ereports to the exercises that they belong to, and exercises to their end.
//
//   ereport  ->  an exercise that explains it, or a new one  ->  credible: suspects, or nothing yet
//                                                               waiting: a timer
//                                                               disproved: undiagnosable
//
// Holds: an exercise ends with its case. What SERD engines still count closes a case silently; what
// people are to be told and what not are two cases. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/fme.c (fme_receive_report, fme_eval, upsets_eval).
import type { Ereport } from '../event/ereport.js'
import type { Fmri } from '../event/fmri.js'
import type { SuspectList } from '../event/suspect-list.js'
import type { FmdContext } from '../fmd/module.js'
import type { Reason } from '../fmd/reason.js'
import type { World } from './code.js'
import { SerdEngines, type SerdOverrides, statKey } from './engines.js'
import { type Exercise, newExercise } from './exercise.js'
import { type Judgement, type Settings, TooManySteps } from './hypothesise.js'
import type { GraphLimits } from './instance-graph.js'
import type { InstanceTree } from './instance-tree.js'
import { judge, observe } from './judge.js'
import { OpenExercises } from './open-exercises.js'
import { pathText } from './places.js'
import { reasonOf, type SerdRecord, type Walked } from './reasoning.js'
import type { RuleSet } from './rule-set.js'
import { faultsOf, isSilent, type Problem } from './suspects.js'
import { Tallies } from './tallies.js'
import { Trees } from './trees.js'
import { type Undiagnosable, undiagnosableFaults, undiagnosableReason } from './undiagnosable.js'

/** How an engine works. */
export interface EngineSettings extends Settings {
  readonly serdOverrides: SerdOverrides
  /** Exercises at once; 0: as many as come. */
  readonly mostExercises: number
  readonly limits: GraphLimits
  /** Functions that rules may `call`. */
  readonly calls: ReadonlyMap<string, (args: readonly string[]) => string | undefined>
}

/** An ereport in its place. */
interface Report {
  readonly name: string
  readonly key: string
  /** Undefined for one that a SERD engine made. */
  readonly ereport: Ereport | undefined
  /** The one that came from outside. */
  readonly by: Ereport
  /** What made that engine fire. */
  readonly fired?: readonly Ereport[] | undefined
}

/** Ereports that SERD engines make of one from outside, at most: they may trip each other. */
const MOST_TRIPS = 100

/** All exercises of one set of rules. */
export class Engine {
  readonly rules: RuleSet
  readonly settings: EngineSettings
  readonly exercises = new OpenExercises()
  readonly tallies = new Tallies()
  nextId = 0
  #trips = 0
  #trees: Trees | undefined
  #serdEngines: SerdEngines | undefined
  #worldOf: { readonly fmd: FmdContext; readonly world: World } | undefined

  constructor(rules: RuleSet, settings: EngineSettings) {
    this.rules = rules
    this.settings = settings
  }

  /** Trees over the topology of the day. */
  trees(fmd: FmdContext): Trees {
    const before = this.#trees
    if (before?.topology === fmd.topology) return before
    const made = new Trees(this.rules, fmd.topology, this.settings.limits)
    this.#trees = made
    this.#serdEngines = undefined
    const { places } = made.graph
    if (before !== undefined) this.tallies.forget(fmd, (key) => places.at(key) === undefined)
    return made
  }

  #serds(fmd: FmdContext): SerdEngines {
    const { places } = this.trees(fmd).graph
    this.#serdEngines ??= new SerdEngines(this.rules, places, this.settings.serdOverrides)
    return this.#serdEngines
  }

  /** An ereport from outside. */
  receive(fmd: FmdContext, ereport: Ereport): void {
    this.#trips = 0
    const at = this.trees(fmd).graph.places.of(ereport.detector)
    if (at !== undefined) {
      this.#report(fmd, { name: ereport.class, key: at.key, ereport, by: ereport })
    } else if (!this.rules.discardable.has(ereport.class)) {
      const uuid = fmd.openCase()
      fmd.addEreport(uuid, ereport)
      this.giveUp(fmd, uuid, 'no-path', ereport.class, [ereport.detector])
    }
  }

  /** The time that an exercise waited for has come. */
  wake(fmd: FmdContext, uuid: string): void {
    const exercise = this.exercises.get(uuid)
    if (exercise?.timer === undefined) return
    exercise.waitedNs = exercise.timer.atNs
    exercise.timer = undefined
    this.#trips = 0
    this.#evaluate(fmd, exercise, exercise.first)
  }

  /** A case was closed: its exercise is over, and with it maybe that there are too many. */
  drop(fmd: FmdContext, uuid: string): void {
    const { exercises, settings } = this
    const exercise = exercises.get(uuid)
    if (exercise?.timer !== undefined) fmd.cancelTimer(exercise.timer.id)
    exercises.delete(uuid)
    const { overflow, size } = exercises
    if (overflow === undefined || size > settings.mostExercises) return
    exercises.delete(overflow.uuid)
    fmd.closeCase(overflow.uuid)
  }

  /** What was repaired is counted from nothing. */
  repaired(fmd: FmdContext, { suspects }: SuspectList): void {
    for (const { fault } of suspects) {
      if (fault.resource?.scheme !== 'hc') continue
      const key = pathText(fault.resource.path)
      this.tallies.forget(fmd, (at) => at === key)
    }
  }

  /** Solves and closes a case that comes to nothing. */
  giveUp(
    fmd: FmdContext,
    uuid: string,
    why: Undiagnosable,
    what: string,
    resources: readonly (Fmri | undefined)[],
  ): void {
    fmd.count('undiagnosable')
    const suspects = undiagnosableFaults(why, what, resources)
    fmd.solveCase(uuid, { suspects, reason: undiagnosableReason(why, what) })
    fmd.closeCase(uuid)
  }

  #report(fmd: FmdContext, report: Report): void {
    let isExplained = false
    for (const exercise of this.exercises.of(`${report.name}@${report.key}`))
      if (this.#explains(fmd, exercise, report)) isExplained = true
    if (isExplained) return
    const { overflow } = this.exercises
    if (overflow !== undefined) this.#add(fmd, overflow.uuid, report)
    else this.#begin(fmd, report)
  }

  /** Whether an exercise that is open explains an ereport too; then it goes on with it. */
  #explains(fmd: FmdContext, exercise: Exercise, report: Report): boolean {
    const { name, key, ereport, by } = report
    const index = exercise.tree.indices.get(`${name}@${key}`)
    if (index === undefined || this.exercises.get(exercise.uuid) === undefined) return false
    const { observations, situation, arrows, stand } = exercise
    observe(exercise, index, ereport)
    if (this.#judge(fmd, exercise)?.outcome === 'disproved') {
      exercise.observations = observations
      exercise.situation = situation
      exercise.arrows = arrows
      exercise.stand = stand
      return false
    }
    this.#add(fmd, exercise.uuid, report)
    this.#evaluate(fmd, exercise, by)
    return true
  }

  #add(fmd: FmdContext, uuid: string, { by, fired }: Report): void {
    fmd.addEreport(uuid, by)
    if (fired !== undefined) fmd.addFired(uuid, fired)
  }

  #begin(fmd: FmdContext, report: Report): void {
    const { name, key, ereport, by } = report
    const uuid = fmd.openCase()
    const tree = this.trees(fmd).of(name, key)
    const place = this.trees(fmd).graph.places.at(key)
    if (typeof tree === 'string') {
      if (tree === 'path-not-in-topology' && this.rules.discardable.has(name)) {
        fmd.closeCase(uuid)
        return
      }
      this.#add(fmd, uuid, report)
      const resource = place?.node.resource ?? by.detector
      this.giveUp(fmd, uuid, tree, `${name}@${key}`, [resource])
      return
    }
    const { mostExercises } = this.settings
    const isOverflow = mostExercises > 0 && this.exercises.size >= mostExercises
    const exercise = this.#open(fmd, uuid, tree, by, isOverflow)
    this.#add(fmd, uuid, report)
    if (isOverflow) {
      const suspects = undiagnosableFaults('too-many-exercises', name, [])
      const reason = undiagnosableReason('too-many-exercises', `${name}@${key}`)
      fmd.solveCase(uuid, { suspects, reason })
      return
    }
    observe(exercise, 0, ereport)
    this.#evaluate(fmd, exercise, by)
  }

  #open(
    fmd: FmdContext,
    uuid: string,
    tree: InstanceTree,
    first: Ereport,
    isOverflow: boolean,
  ): Exercise {
    const id = this.nextId++
    const exercise = newExercise({ id, uuid, tree, startNs: fmd.nowNs, first, isOverflow })
    this.exercises.add(exercise)
    fmd.count('exercises')
    return exercise
  }

  /** Judges an exercise; undefined when its rules have it think without end. */
  #judge(fmd: FmdContext, exercise: Exercise): Judgement | undefined {
    try {
      return judge(exercise, this.#world(fmd), this.settings)
    } catch (error) {
      if (error instanceof TooManySteps) return undefined
      throw error
    }
  }

  #world(fmd: FmdContext): World {
    if (this.#worldOf?.fmd === fmd) return this.#worldOf.world
    const world: World = {
      hasFault: (resource, pattern) => fmd.hasFault(resource, pattern === '' ? '*' : pattern),
      counted: (key) => this.tallies.counted(key),
      call: (name, args) => this.settings.calls.get(name)?.(args),
    }
    this.#worldOf = { fmd, world }
    return world
  }

  #evaluate(fmd: FmdContext, exercise: Exercise, by: Ereport): void {
    const judgement = this.#judge(fmd, exercise)
    if (judgement === undefined || judgement.outcome === 'disproved')
      this.#disprove(fmd, exercise, judgement)
    else if (judgement.outcome === 'waiting') this.#wait(fmd, exercise, judgement.waitNs)
    else {
      this.#countUpsets(fmd, exercise, judgement, by)
      // An ereport that an engine made may have ended the exercise already.
      if (this.exercises.get(exercise.uuid) === exercise)
        this.#conclude(fmd, exercise, judgement, by)
    }
  }

  #wait(fmd: FmdContext, exercise: Exercise, atNs: number): void {
    const { timer, uuid, startNs, waitedNs } = exercise
    if (atNs <= waitedNs || atNs === Number.POSITIVE_INFINITY) return
    if (timer !== undefined && atNs >= timer.atNs) return
    if (timer !== undefined) fmd.cancelTimer(timer.id)
    const leftNs = startNs + BigInt(atNs) - fmd.nowNs
    exercise.timer = { id: fmd.setTimer(leftNs > 0n ? leftNs : 0n, uuid), atNs }
  }

  /** Gives an exercise up; without a judgement since its rules make too much of it. */
  #disprove(fmd: FmdContext, exercise: Exercise, judgement: Judgement | undefined): void {
    const why = judgement === undefined ? 'too-much-to-consider' : 'all-disproved'
    const { uuid, tree, observations } = exercise
    if (this.exercises.get(uuid) !== exercise) return
    this.drop(fmd, uuid)
    fmd.count('undiagnosable')
    const seen = observations.flatMap(({ event }) => tree.events[event] ?? [])
    const what = tree.events[0]?.key ?? ''
    const resources = seen.map(({ place }) => place.node.resource)
    const walk = judgement && this.#walk(fmd, { exercise, serds: [] })
    const reason = undiagnosableReason(why, what, walk === undefined ? [] : [walk])
    fmd.solveCase(uuid, { suspects: undiagnosableFaults(why, what, resources), reason })
    fmd.closeCase(uuid)
  }

  /** The SERD engine of a problem, with an ereport recorded in it; undefined when it has none. */
  #record(fmd: FmdContext, exercise: Exercise, event: number, by: Ereport): SerdRecord | undefined {
    const of = exercise.tree.events[event]
    if (of === undefined) return undefined
    const engine = this.#serds(fmd).of(of, exercise.notes?.get(event), exercise.globals)
    if (engine === undefined) return undefined
    const { name, counting } = engine
    const answer = fmd.recordSerd(name, by, counting)
    if (answer !== 'fired') return { event, engine, isFired: false, ereports: undefined }
    const ereports = fmd.serd(name)?.ereports ?? []
    fmd.resetSerd(name)
    fmd.addFired(exercise.uuid, ereports)
    return { event, engine, isFired: true, ereports }
  }

  /** Counts upsets; an engine that fires makes an ereport of its own. */
  #countUpsets(fmd: FmdContext, exercise: Exercise, { suspects }: Judgement, by: Ereport): void {
    const { tree } = exercise
    const upsets = suspects.filter((event) => tree.events[event]?.type === 'upset')
    const records = upsets.map((event) => this.#record(fmd, exercise, event, by))
    for (const record of records) {
      const trip = record?.isFired === true ? record.engine.trip : undefined
      if (record === undefined || trip === undefined) continue
      if (++this.#trips > MOST_TRIPS) {
        this.#disprove(fmd, exercise, undefined)
        return
      }
      const made: Report = { ...trip, ereport: undefined, by, fired: record.ereports }
      if (!this.#explainsTrip(fmd, exercise, made)) this.#report(fmd, made)
    }
  }

  /** Whether all that an exercise saw, and the ereport of an engine, are explained together; then
   *  that is a case of its own. */
  #explainsTrip(fmd: FmdContext, exercise: Exercise, { name, key, by, fired }: Report): boolean {
    const index = exercise.tree.indices.get(`${name}@${key}`)
    if (index === undefined) return false
    const { tree, observations, waitedNs } = exercise
    const uuid = fmd.openCase()
    const other = this.#open(fmd, uuid, tree, by, false)
    other.waitedNs = waitedNs
    other.observations = observations
    observe(other, index, undefined)
    if (this.#judge(fmd, other)?.outcome === 'disproved') {
      this.drop(fmd, uuid)
      fmd.closeCase(uuid)
      return false
    }
    this.#addAll(fmd, uuid, exercise, [by, ...(fired ?? [])])
    this.#evaluate(fmd, other, by)
    return true
  }

  #addAll(fmd: FmdContext, uuid: string, { observations }: Exercise, by: readonly Ereport[]): void {
    fmd.addFired(uuid, [...by, ...observations.flatMap(({ ereport }) => ereport ?? [])])
  }

  /** Publishes the suspects of a credible exercise. */
  #conclude(fmd: FmdContext, exercise: Exercise, judgement: Judgement, by: Ereport): void {
    const { uuid, tree, notes } = exercise
    this.drop(fmd, uuid)
    const serds: SerdRecord[] = []
    const problems: Problem[] = []
    for (const suspect of judgement.suspects) {
      const of = tree.events[suspect]
      if (of === undefined || of.type === 'upset') continue
      const record = this.#record(fmd, exercise, suspect, by)
      if (record !== undefined) serds.push(record)
      if (record?.isFired !== false) problems.push({ event: of, notes: notes?.get(suspect) })
    }
    const lists = [false, true].map((silent) =>
      problems.filter((p) => isSilent(p.event) === silent),
    )
    const full = lists.filter((list) => list.length > 0)
    if (full.length === 0) fmd.closeCase(uuid)
    for (const [i, list] of full.entries()) {
      const target = i === 0 ? uuid : fmd.openCase()
      const fired = serds.flatMap(({ ereports }) => ereports ?? [])
      if (i > 0) this.#addAll(fmd, target, exercise, [by, ...fired])
      this.#solve(fmd, target, list, { exercise, serds })
    }
  }

  #walk(fmd: FmdContext, of: Pick<Walked, 'exercise' | 'serds' | 'problems'>): Reason {
    const { places } = this.trees(fmd).graph
    return reasonOf({ ...of, world: this.#world(fmd), settings: this.settings, places, fmd })
  }

  #solve(
    fmd: FmdContext,
    uuid: string,
    problems: readonly Problem[],
    of: { exercise: Exercise; serds: readonly SerdRecord[] },
  ): void {
    const suspects = faultsOf(problems, this.trees(fmd).graph.places)
    const walk = (): Reason => this.#walk(fmd, { ...of, problems })
    const isNews = suspects.some(({ asru }) => asru === undefined || !fmd.hasFault(asru, '*'))
    fmd.count('diagnoses')
    // Nobody reads the reason of a diagnosis that is there already.
    fmd.solveCase(uuid, {
      suspects,
      get reason() {
        return walk()
      },
    })
    if (!isNews) return
    for (const { event } of problems) {
      const key = statKey(event)
      if (key !== undefined) this.tallies.countUp(key)
    }
  }
}
