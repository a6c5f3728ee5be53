// Hypothesise: which causes explain all that was seen, by the arrows of an instance tree.
//
//   requirements   what a cause says must appear has appeared, or may still
//   effects        a problem explains every observation
//   causes         an error has enough causes that hold
//
//   ereport, observations, time waited  ->  credible | disproved | waiting until then
//
// Holds: it ends: every event is settled once, and what is settled anew each time it is reached is
// bounded by `mostSteps`. Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/fme.c
// (hypothesise, requirements_test, effects_test, causes_test, mark_arrows).
import type { World } from './code.js'
import { ARROW_FAILS, ARROW_UNKNOWN, type Exercise, type Observation } from './exercise.js'
import { ANY_CAUSE, type InstanceTree, IS_EREPORT, IS_PROBLEM } from './instance-tree.js'
import { momentOf, settle } from './settle.js'

/** What became of a hypothesis. Deferred: as far as this path goes; another may settle it. */
export type Outcome = 'credible' | 'disproved' | 'waiting' | 'deferred'

/** Why an event is disproved. */
type Objection = 'requirements' | 'effects' | 'causes'

/** What an evaluation says. */
export interface Judgement {
  readonly outcome: Exclude<Outcome, 'deferred'>
  /** Until when to wait, since the start of the exercise. */
  readonly waitNs: number
  /** Problems that are credible or may become so, the last one found first. */
  readonly suspects: readonly number[]
}

/** What was found out about one hypothesis. */
export interface Finding {
  readonly outcome: Outcome
  readonly objection?: Objection
  /** An observation that the problem does not explain. */
  readonly unexplained?: number
}

/** Rules that have it think without end. */
export class TooManySteps extends Error {}

/** How an evaluation is done. */
export interface Settings {
  /** How long an ereport may take that no rule says the time of. */
  readonly hesitateNs: number
  readonly mostSteps: number
  readonly deepest: number
}

// What is known of an event.
const CREDIBLE_EFFECT = 1
const WAIT_EFFECT = 2
const PARENT_WAIT = 4
const REQUIRED_CREDIBLE = 8
const REQUIRED_DISPROVED = 16
const REQUIRED_WAIT = 32
const CAUSES_TESTED = 64
const IS_SEEN = 128
const EFFECTS = CREDIBLE_EFFECT | WAIT_EFFECT | PARENT_WAIT

// What is known of an arrow, and of a bundle.
const COUNTS_AS_EFFECT = 1
const COUNTS_AS_REQUIRED = 2
const IS_MARKED = 4
const BUNDLE_ELIDED = 1
const BUNDLE_OK = 2

/** Who is told what on the way. */
export interface Told {
  /** Of each event that was a hypothesis. */
  readonly findings?: Map<number, Finding>
  /** Each constraint that asked or set more than what was seen, and what is known of it. */
  asked?(arrow: number, isCredible: boolean, state: number): void
}

/** Judges an exercise. Throws `TooManySteps`. */
export function hypothesise(
  exercise: Exercise,
  world: World,
  settings: Settings,
  told: Told = {},
): Judgement {
  return new Evaluation(exercise, world, settings, told).judge()
}

class Evaluation {
  readonly #exercise: Exercise
  readonly #tree: InstanceTree
  readonly #world: World
  readonly #settings: Settings
  readonly #suspects: number[] = []
  readonly #told: Told
  readonly #seen = new Map<number, Observation>()
  #arrows: Uint8Array | undefined
  /** The time that goes with the last outcome that was `waiting`. */
  #waitNs = Number.POSITIVE_INFINITY
  #steps = 0
  #depth = 0

  constructor(exercise: Exercise, world: World, settings: Settings, told: Told) {
    this.#told = told
    this.#exercise = exercise
    this.#tree = exercise.tree
    this.#world = world
    this.#settings = settings
    const { state, marks, bundleMarks } = exercise.tree.scratch
    state.fill(0)
    marks.fill(0)
    bundleMarks.fill(0)
    for (const observation of exercise.observations) {
      state[observation.event] = IS_SEEN
      this.#seen.set(observation.event, observation)
    }
    // Others may have the same.
    this.#arrows = exercise.arrows?.slice()
    exercise.arrows = this.#arrows
  }

  judge(): Judgement {
    const outcome = this.#hypothesis(0, 0)
    const waitNs = outcome === 'waiting' ? this.#waitNs : Number.POSITIVE_INFINITY
    return { outcome, waitNs, suspects: this.#suspects.reverse() }
  }

  #hypothesis(event: number, byNs: number): Exclude<Outcome, 'deferred'> {
    this.#enter()
    const required = this.#requirements(event, byNs)
    if (required === 'disproved') return this.#disproved(event, 'requirements')
    const requiredNs = required === 'waiting' ? this.#waitNs : Number.POSITIVE_INFINITY
    const isProblem = this.#is(event, IS_PROBLEM)
    const other = isProblem ? this.#effects(event, byNs) : this.#causes(event, byNs)
    if (other === 'disproved')
      return isProblem ? this.#leave(other) : this.#disproved(event, 'causes')
    if (isProblem && !this.#suspects.includes(event)) this.#suspects.push(event)
    const otherNs = other === 'waiting' ? this.#waitNs : Number.POSITIVE_INFINITY
    const waits = required === 'waiting' || other === 'waiting'
    const outcome = waits ? 'waiting' : 'credible'
    this.#waitNs = Math.min(requiredNs, otherNs)
    this.#told.findings?.set(event, { outcome })
    return this.#leave(outcome)
  }

  #disproved(event: number, objection: Objection, unexplained?: number): 'disproved' {
    const more = unexplained === undefined ? {} : { unexplained }
    this.#told.findings?.set(event, { outcome: 'disproved', objection, ...more })
    return objection === 'effects' ? 'disproved' : this.#leave('disproved')
  }

  /** Whether what an event requires has appeared. */
  #requirements(event: number, byNs: number): Outcome {
    const { state, delay } = this.#tree.scratch
    const known = state[event] as number
    if (known & REQUIRED_CREDIBLE) return 'credible'
    if (known & REQUIRED_DISPROVED) return 'disproved'
    if (known & REQUIRED_WAIT) return this.#waitUntil(delay[event] as number)
    const outcome = this.#is(event, IS_EREPORT)
      ? this.#appearance(event, byNs)
      : this.#bundles(event, byNs)
    if (outcome === 'credible') state[event] = (state[event] as number) | REQUIRED_CREDIBLE
    if (outcome === 'disproved') state[event] = (state[event] as number) | REQUIRED_DISPROVED
    if (outcome === 'waiting') {
      state[event] = (state[event] as number) | REQUIRED_WAIT
      delay[event] = this.#waitNs
    }
    return outcome
  }

  #appearance(event: number, byNs: number): Outcome {
    if (((this.#tree.scratch.state[event] as number) & IS_SEEN) !== 0) return 'credible'
    return this.#exercise.waitedNs >= byNs ? 'disproved' : this.#waitUntil(byNs)
  }

  #waitUntil(ns: number): 'waiting' {
    this.#waitNs = ns
    return 'waiting'
  }

  /** Whether of each bundle of effects N have appeared. */
  #bundles(event: number, byNs: number): Outcome {
    this.#enter()
    let outcome: Outcome = 'credible'
    let waitNs = Number.POSITIVE_INFINITY
    for (const { index, count, arrows } of this.#tree.out[event] ?? []) {
      const n = count < 0 ? arrows.length : count
      if (n === 0) continue
      const found = this.#countEffects(index, arrows, n, byNs)
      if (found === undefined) continue
      const { credible, deferred, waiting } = found
      if (credible + deferred + waiting < n) return this.#leave('disproved')
      if (credible + deferred < n) {
        outcome = 'waiting'
        waitNs = Math.min(waitNs, found.waitNs)
      } else if (credible < n && outcome !== 'waiting') outcome = 'deferred'
    }
    this.#waitNs = waitNs
    return this.#leave(outcome)
  }

  /** Counts the effects of one bundle; undefined when the bundle is not to be looked at, since no
   *  arrow of it can hold. */
  #countEffects(index: number, arrows: readonly number[], n: number, byNs: number) {
    const { marks, bundleMarks } = this.#tree.scratch
    const found = { credible: 0, deferred: 0, waiting: 0, waitNs: Number.POSITIVE_INFINITY }
    if (bundleMarks[index] === 0 && arrows.some((arrow) => !this.#isForeverFalse(arrow)))
      bundleMarks[index] = BUNDLE_OK
    for (const arrow of arrows) {
      if (n <= found.credible) break
      marks[arrow] = (marks[arrow] as number) | COUNTS_AS_REQUIRED
      const head = this.#tree.heads[arrow] as number
      const isReached = this.#isReached(head, COUNTS_AS_REQUIRED)
      const { maxNs } = this.#arrow(arrow)
      const outcome = isReached ? this.#requirements(head, byNs + maxNs) : 'deferred'
      if (outcome === 'disproved') continue
      found[outcome] += 1
      if (outcome === 'waiting') found.waitNs = Math.min(found.waitNs, this.#waitNs)
    }
    if (bundleMarks[index] === BUNDLE_OK || found.waiting > 0) return found
    bundleMarks[index] = BUNDLE_ELIDED
    return undefined
  }

  /** Whether a problem explains every observation. */
  #effects(problem: number, byNs: number): Exclude<Outcome, 'deferred'> {
    const { state } = this.#tree.scratch
    const waitNs = this.#mark(problem, CREDIBLE_EFFECT, byNs)
    const left = this.#exercise.observations.find(
      ({ event }) => ((state[event] as number) & EFFECTS) === 0,
    )
    this.#unmark(problem)
    if (left !== undefined) return this.#disproved(problem, 'effects', left.event)
    return waitNs === undefined ? 'credible' : this.#waitUntil(waitNs)
  }

  /** Marks what an event may have caused; until when something is still to be waited for, if so. */
  #mark(event: number, mark: number, byNs: number): number | undefined {
    let waitNs: number | undefined
    for (const { arrows } of this.#tree.out[event] ?? [])
      for (const arrow of arrows) {
        const until = this.#markArrow(arrow, mark, byNs)
        if (until !== undefined) waitNs = Math.min(waitNs ?? until, until)
      }
    return waitNs
  }

  #markArrow(arrow: number, mark: number, byNs: number): number | undefined {
    const { state, marks } = this.#tree.scratch
    const head = this.#tree.heads[arrow] as number
    this.#step()
    marks[arrow] = (marks[arrow] as number) | IS_MARKED
    const known = state[head] as number
    if (known & (REQUIRED_DISPROVED | WAIT_EFFECT | CREDIBLE_EFFECT)) return undefined
    if ((known & PARENT_WAIT) !== 0 && mark === PARENT_WAIT) return undefined
    if (!this.#holds(arrow)) return undefined
    marks[arrow] = (marks[arrow] as number) | COUNTS_AS_EFFECT
    if (!this.#isReached(head, COUNTS_AS_EFFECT)) return undefined
    state[head] = (state[head] as number) & ~PARENT_WAIT
    const outcome = this.#requirements(head, this.#latest(arrow, head, byNs))
    const requiredNs = this.#waitNs
    if (outcome === 'disproved') return undefined
    const isWaiting = outcome === 'waiting'
    state[head] = (state[head] as number) | (isWaiting ? WAIT_EFFECT : mark)
    this.#enter()
    const below = this.#leave(this.#mark(head, isWaiting ? PARENT_WAIT : mark, byNs))
    if (!isWaiting) return below
    return Math.min(requiredNs, below ?? requiredNs)
  }

  /** An ereport may take as long as its arrow says, or where nothing says how long, a while. */
  #latest(arrow: number, head: number, byNs: number): number {
    const { maxNs } = this.#arrow(arrow)
    const isUnsaid = this.#is(head, IS_EREPORT) && byNs === 0 && maxNs === 0
    return isUnsaid ? this.#settings.hesitateNs : byNs + maxNs
  }

  #unmark(event: number): void {
    const { state, marks } = this.#tree.scratch
    const pending = [event]
    for (let next = pending.pop(); next !== undefined; next = pending.pop())
      for (const { arrows } of this.#tree.out[next] ?? [])
        for (const arrow of arrows) {
          const mark = marks[arrow] as number
          if ((mark & IS_MARKED) === 0) continue
          marks[arrow] = mark & ~(IS_MARKED | COUNTS_AS_EFFECT)
          const head = this.#tree.heads[arrow] as number
          state[head] = (state[head] as number) & ~EFFECTS
          pending.push(head)
        }
  }

  /** Whether enough causes of an event hold. */
  #causes(event: number, byNs: number): Exclude<Outcome, 'deferred'> {
    const { state } = this.#tree.scratch
    let credible = 0
    let waiting = 0
    let waitNs = Number.POSITIVE_INFINITY
    const bundles = this.#tree.into[event] ?? []
    for (const { arrows } of bundles)
      for (const arrow of arrows) {
        const tail = this.#tree.tails[arrow] as number
        this.#step()
        if ((state[tail] as number) & CAUSES_TESTED || !this.#holds(arrow)) continue
        state[tail] = (state[tail] as number) | CAUSES_TESTED
        const outcome = this.#hypothesis(tail, byNs)
        if (outcome === 'credible') credible += 1
        if (outcome !== 'waiting') continue
        waiting += 1
        waitNs = Math.min(waitNs, this.#waitNs)
      }
    // All bundles are counted together, against the K of the last one.
    if (credible + waiting < (bundles.at(-1)?.count ?? 1)) return 'disproved'
    return waiting > 0 ? this.#waitUntil(waitNs) : 'credible'
  }

  /** Whether of the arrows of one bundle into an event K are marked, of which one was just now.
   *  Bundles are counted on. */
  #isReached(event: number, mark: number): boolean {
    if (this.#is(event, ANY_CAUSE)) return true
    const { marks } = this.#tree.scratch
    let count = 0
    for (const bundle of this.#tree.into[event] ?? [])
      for (const arrow of bundle.arrows)
        if (((marks[arrow] as number) & mark) !== 0) {
          count += 1
          if (count >= bundle.count) return true
        }
    return false
  }

  #isForeverFalse(arrow: number): boolean {
    this.#holds(arrow)
    return this.#arrows?.[arrow] === ARROW_FAILS
  }

  /** Whether the constraint of an arrow holds, or cannot be known yet. */
  #holds(arrow: number): boolean {
    if (this.#arrow(arrow).constraint === undefined) return true
    const known = this.#arrows?.[arrow] ?? ARROW_UNKNOWN
    if (known !== ARROW_UNKNOWN) return known !== ARROW_FAILS
    const head = this.#tree.heads[arrow] as number
    const isCredible = ((this.#tree.scratch.state[head] as number) & REQUIRED_CREDIBLE) !== 0
    const seen = this.#seen.get(head)
    const moment = momentOf(this.#exercise, arrow, { seen, isCredible, world: this.#world })
    const state = settle(this.#exercise, arrow, moment)
    if (moment.watch.isTouched) this.#told.asked?.(arrow, isCredible, state)
    this.#known()[arrow] = state
    return state !== ARROW_FAILS
  }

  /** What is known of arrows, to be written to. */
  #known(): Uint8Array {
    if (this.#arrows !== undefined) return this.#arrows
    const made = new Uint8Array(this.#tree.arrows.length)
    this.#arrows = made
    this.#exercise.arrows = made
    return made
  }

  #arrow(arrow: number) {
    return this.#tree.arrows[arrow] as InstanceTree['arrows'][number]
  }

  #is(event: number, kind: number): boolean {
    return ((this.#tree.kinds[event] as number) & kind) !== 0
  }

  #step(): void {
    this.#steps += 1
    if (this.#steps > this.#settings.mostSteps) throw new TooManySteps()
  }

  #enter(): void {
    this.#step()
    this.#depth += 1
    if (this.#depth > this.#settings.deepest) throw new TooManySteps()
  }

  #leave<T>(result: T): T {
    this.#depth -= 1
    return result
  }
}
