// Reasoning: the walk of one judgement, as people can read it: what was considered, what each
// constraint came to, what SERD engines counted, why the others were dropped, what was not seen.
//
//   ereport.x@strand0                              seen
//     fault.x@strand0                              suspect
//       payloadprop("bank") == 6                   holds     payloadprop("bank") is 6
//       serd.x@strand0                             fired     4 in 30 s, more than 3 in 72 h
//
// Holds: it is made only when a diagnosis is published, and is of bounded size.

import { spanText } from '../../base/span-text.js'
import type { Ereport } from '../event/ereport.js'
import type { FmdContext } from '../fmd/module.js'
import type { Reason, Verdict } from '../fmd/reason.js'
import { type World, yieldOf } from './code.js'
import { type Ask, constraintReason } from './constraint-reason.js'
import type { SerdEngine } from './engines.js'
import { compile, type Scope } from './evaluate.js'
import { ARROW_FAILS, type Exercise } from './exercise.js'
import { type Finding, hypothesise, type Settings } from './hypothesise.js'
import type { InstanceArrow, InstanceEvent } from './instance-graph.js'
import type { Places } from './places.js'
import { momentOf } from './settle.js'
import type { Problem } from './suspects.js'
import { printTime } from './units.js'

/** What recording in a SERD engine did. */
export interface SerdRecord {
  readonly event: number
  readonly engine: SerdEngine
  readonly isFired: boolean
  /** What it had counted when it fired. */
  readonly ereports: readonly Ereport[] | undefined
}

/** What a walk is made of. */
export interface Walked {
  readonly exercise: Exercise
  readonly settings: Settings
  readonly world: World
  readonly serds: readonly SerdRecord[]
  readonly places: Places
  /** Asked what engines hold that have not fired. */
  readonly fmd?: FmdContext
  /** Those that are published. */
  readonly problems?: readonly Problem[]
}

/** Parts of a walk that stand, at most, and of those that were disproved. */
const MOST_PARTS = 1000
const MOST_GONE = 500

/** The walk. */
export function reasonOf(walked: Walked): Reason {
  return new Walk(walked).root()
}

class Walk {
  readonly #walked: Walked
  readonly #visited = new Set<number>([0])
  readonly #published: ReadonlySet<InstanceEvent>
  readonly #findings = new Map<number, Finding>()
  #left = MOST_PARTS
  #leftGone = MOST_GONE

  constructor(walked: Walked) {
    this.#walked = walked
    this.#published = new Set((walked.problems ?? []).map(({ event }) => event))
    // What was judged is judged again: now somebody wants to know why.
    hypothesise(walked.exercise, walked.world, walked.settings, { findings: this.#findings })
  }

  root(): Reason {
    const { observations, tree } = this.#walked.exercise
    const others = observations.filter(({ event }) => event !== 0)
    const also = others.map(({ event }) =>
      this.#part('ereport', tree.events[event]?.key ?? '', 'seen', { because: 'it came too' }),
    )
    const what = tree.events[0]?.key ?? ''
    return this.#part('ereport', what, 'seen', { children: [...also, ...this.#causesOf(0)] })
  }

  #part(kind: Reason['kind'], what: string, verdict: Verdict, more: Partial<Reason> = {}): Reason {
    if (verdict === 'disproved') this.#leftGone -= 1
    else this.#left -= 1
    return { kind, what, verdict, children: [], ...more }
  }

  /** What may have caused an event: those that stand first. */
  #causesOf(event: number): readonly Reason[] {
    const { tree } = this.#walked.exercise
    const found: Reason[] = []
    let left = 0
    const all = (tree.into[event] ?? []).flatMap((bundle) => bundle.arrows)
    const standing = all.filter((arrow) => !this.#isGone(arrow))
    for (const arrow of [...standing, ...all.filter((arrow) => this.#isGone(arrow))]) {
      const tail = tree.tails[arrow] as number
      if (this.#visited.has(tail)) continue
      const isLeftOut = this.#isGone(arrow) ? this.#leftGone <= 0 : this.#left <= 0
      if (isLeftOut) left += 1
      else found.push(this.#cause(arrow, tail))
    }
    return left === 0 ? found : [...found, this.#part('note', `and ${left} more`, 'told')]
  }

  #cause(arrow: number, tail: number): Reason {
    if (!this.#mayHold(arrow)) return this.#failed(arrow, tail)
    this.#visited.add(tail)
    return this.#considered(arrow, tail)
  }

  #isGone(arrow: number): boolean {
    const tail = this.#walked.exercise.tree.tails[arrow] as number
    return !this.#mayHold(arrow) || this.#findings.get(tail)?.outcome === 'disproved'
  }

  /** A cause that a constraint keeps from being one. */
  #failed(arrow: number, tail: number): Reason {
    const { type, key } = this.#event(tail)
    const children = this.#constraints(arrow)
    const because = 'a condition of it does not hold'
    return this.#part(kindOf(type), key, 'disproved', { because, children })
  }

  #considered(arrow: number, tail: number): Reason {
    const { type, key } = this.#event(tail)
    const finding = this.#findings.get(tail)
    const isProblem = type !== 'error'
    const serd = this.#walked.serds.find((record) => record.event === tail)
    const children = [
      ...this.#constraints(arrow),
      ...(serd === undefined ? [] : [this.#serd(serd)]),
      ...(isProblem ? this.#effectsOf(tail, finding) : this.#causesOf(tail)),
    ]
    const { verdict, because } = this.#verdict(tail, finding, serd)
    const why = because === undefined ? {} : { because }
    return this.#part(kindOf(type), key, verdict, { ...why, children })
  }

  #verdict(
    event: number,
    finding: Finding | undefined,
    serd: SerdRecord | undefined,
  ): { verdict: Verdict; because?: string } {
    const of = this.#event(event)
    if (finding === undefined) return { verdict: 'deferred' }
    const { outcome, objection } = finding
    if (outcome === 'disproved') return { verdict: 'disproved', because: this.#objection(finding) }
    if (outcome !== 'credible' || objection !== undefined) return { verdict: outcome }
    if (this.#published.has(of)) return { verdict: 'suspect' }
    if (of.type === 'upset') return { verdict: 'dropped', because: 'an upset is no fault' }
    if (serd?.isFired === false)
      return { verdict: 'dropped', because: 'its SERD engine has not fired' }
    const isOther = this.#published.size > 0 && of.type !== 'error'
    return isOther
      ? { verdict: 'credible', because: 'it is in a case of its own' }
      : { verdict: outcome }
  }

  #objection({ objection, unexplained }: Finding): string {
    if (objection === 'requirements') return 'not enough of what it must cause was seen'
    if (objection === 'causes') return 'too few of its causes hold'
    const left = unexplained === undefined ? undefined : this.#event(unexplained).key
    return left === undefined
      ? 'it does not explain all that was seen'
      : `it does not explain ${left}`
  }

  /** Ereports that a problem may cause: seen, and unless it does not explain them all, or not. */
  #effectsOf(problem: number, finding: Finding | undefined): readonly Reason[] {
    const { tree, observations } = this.#walked.exercise
    const seen = new Set(observations.map(({ event }) => event))
    const isOpen = finding?.objection !== 'effects'
    const found: Reason[] = []
    const reached = new Set([problem])
    for (const index of reached) {
      for (const { arrows } of tree.out[index] ?? [])
        for (const arrow of arrows)
          if (this.#mayHold(arrow)) reached.add(tree.heads[arrow] as number)
      const { type, key } = this.#event(index)
      if (type !== 'ereport') continue
      if (this.#left <= 0) return [...found, this.#part('note', 'and more', 'told')]
      if (seen.has(index)) found.push(this.#part('ereport', key, 'seen'))
      else if (isOpen) found.push(this.#part('ereport', key, 'not-seen'))
    }
    const left = finding?.unexplained
    const isLeft = left !== undefined && !reached.has(left)
    const because = 'it was seen, and this does not cause it'
    return isLeft
      ? [...found, this.#part('ereport', this.#event(left).key, 'seen', { because })]
      : found
  }

  #mayHold(arrow: number): boolean {
    return this.#walked.exercise.arrows?.[arrow] !== ARROW_FAILS
  }

  /** What each constraint of an arrow came to. */
  #constraints(arrow: number): readonly Reason[] {
    const { from, to } = this.#arrow(arrow).placed
    const ask = this.#asked(arrow)
    return [
      ...from.of.constraints.flatMap((e) => constraintReason(e, ask('cause'))),
      ...to.of.constraints.flatMap((e) => constraintReason(e, ask('effect'))),
    ]
  }

  /** Yields what an expression comes to on either side of an arrow. */
  #asked(arrow: number): (side: 'cause' | 'effect') => Ask {
    const { exercise, world, places } = this.#walked
    const { statement, placed } = this.#arrow(arrow)
    const { bindings, from, to } = placed
    const head = exercise.tree.heads[arrow] as number
    const seen = exercise.observations.find(({ event }) => event === head)
    const notes = { serd: new Map(), payload: new Map() }
    const globals = new Map(exercise.globals ?? [])
    const moment = {
      ...momentOf(exercise, arrow, { seen, isCredible: seen !== undefined, world }),
      notes: () => notes,
      globals: () => globals,
    }
    return (side) => (e, trace) => {
      const [near, far] = side === 'cause' ? [from, to] : [to, from]
      const scope: Scope = { places, statement, bindings, near, far, isTraced: true }
      return yieldOf(compile(e, scope), { ...moment, trace })
    }
  }

  #serd({ engine, isFired, ereports }: SerdRecord): Reason {
    const { name, limits, increment } = engine
    const held = ereports ?? this.#walked.fmd?.serd(name)?.ereports ?? []
    const [first, last] = [held[0]?.timeNs, held.at(-1)?.timeNs]
    const spanNs = first === undefined || last === undefined ? undefined : last - first
    const span = spanNs === undefined || held.length < 2 ? '' : ` ${spanWords(spanNs)}`
    const over = `more than ${limits.n} in ${printTime(limits.tNs)}`
    const times = increment === 1 ? '' : `; each counts ${increment} times`
    return this.#part('serd', name, isFired ? 'fired' : 'pending', {
      because: `${held.length}${span}, fires on ${over}${times}`,
      values: held.map(({ class: name, timeNs }) => [name, String(timeNs ?? 'no time')] as const),
    })
  }

  #event(index: number): InstanceEvent {
    return this.#walked.exercise.tree.events[index] as InstanceEvent
  }

  #arrow(index: number): InstanceArrow {
    return this.#walked.exercise.tree.arrows[index] as InstanceArrow
  }
}

const spanWords = (ns: bigint): string => (ns === 0n ? 'at once' : `in ${spanText(ns)}`)

const kindOf = (type: InstanceEvent['type']): Reason['kind'] =>
  type === 'serd' || type === 'stat' ? 'note' : type
