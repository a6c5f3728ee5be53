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
import type { SerdEngine } from './engines.js'
import { compile, type Scope } from './evaluate.js'
import { ARROW_FAILS, type Exercise } from './exercise.js'
import { type Finding, hypothesise, type Settings } from './hypothesise.js'
import type { InstanceArrow, InstanceEvent } from './instance-graph.js'
import type { Places } from './places.js'
import { printExpression } from './print.js'
import { momentOf } from './settle.js'
import type { Problem } from './suspects.js'
import type { Expression } from './tree.js'
import { printTime } from './units.js'
import { DEFERRED, isTrue, shownValue, type Value } from './value.js'

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

/** Parts of a walk, at most. */
const MOST_PARTS = 500

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
    this.#left -= 1
    return { kind, what, verdict, children: [], ...more }
  }

  #causesOf(event: number): readonly Reason[] {
    const { tree, arrows } = this.#walked.exercise
    const found: Reason[] = []
    const all = (tree.into[event] ?? []).flatMap((bundle) => bundle.arrows)
    for (const arrow of all) {
      if (this.#left <= 0) return [...found, this.#part('note', 'and more', 'told')]
      const tail = tree.tails[arrow] as number
      if (this.#visited.has(tail)) continue
      const fails = arrows?.[arrow] === ARROW_FAILS
      if (!fails) this.#visited.add(tail)
      found.push(fails ? this.#failed(arrow, tail) : this.#considered(arrow, tail))
    }
    return found
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

  /** Ereports that a problem may cause: seen or not. */
  #effectsOf(problem: number, finding: Finding | undefined): readonly Reason[] {
    const { tree, observations } = this.#walked.exercise
    const seen = new Set(observations.map(({ event }) => event))
    const found: Reason[] = []
    const reached = new Set([problem])
    for (const index of reached) {
      for (const { arrows } of tree.out[index] ?? [])
        for (const arrow of arrows)
          if (this.#mayHold(arrow)) reached.add(tree.heads[arrow] as number)
      const { type, key } = this.#event(index)
      if (type !== 'ereport') continue
      if (this.#left <= 0) return [...found, this.#part('note', 'and more', 'told')]
      found.push(this.#part('ereport', key, seen.has(index) ? 'seen' : 'not-seen'))
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

  /** What each constraint of an arrow came to, with the values of the calls in it. */
  #constraints(arrow: number): readonly Reason[] {
    const { from, to } = this.#arrow(arrow).placed
    return [
      ...from.of.constraints.flatMap((e) => this.#constraint(e, arrow, 'cause')),
      ...to.of.constraints.flatMap((e) => this.#constraint(e, arrow, 'effect')),
    ]
  }

  #constraint(e: Expression, arrow: number, side: 'cause' | 'effect'): readonly Reason[] {
    if (e.kind === 'call' && e.name === 'within') return []
    const values: [string, string][] = []
    const value = this.#yieldOf(e, arrow, side, (what, of) => values.push([what, of]))
    const verdict = value === DEFERRED ? 'deferred' : isTrue(value) ? 'holds' : 'fails'
    return [this.#part('constraint', printExpression(e), verdict, { values })]
  }

  #yieldOf(
    e: Expression,
    arrow: number,
    side: 'cause' | 'effect',
    told: (what: string, value: string) => void,
  ): Value | typeof DEFERRED {
    const { exercise, world, places } = this.#walked
    const { statement, placed } = this.#arrow(arrow)
    const ends = side === 'cause' ? [placed.from, placed.to] : [placed.to, placed.from]
    const [near, far] = ends as [typeof placed.from, typeof placed.to]
    const { bindings } = placed
    const scope: Scope = { places, statement, bindings, near, far, isTraced: true }
    const head = exercise.tree.heads[arrow] as number
    const seen = exercise.observations.find(({ event }) => event === head)
    const moment = {
      ...momentOf(exercise, arrow, { seen, isCredible: seen !== undefined, world }),
      notes: () => ({ serd: new Map(), payload: new Map() }),
      globals: () => new Map(exercise.globals ?? []),
      trace: (what: string, value: Value | typeof DEFERRED) => told(what, shownValue(value)),
    }
    return yieldOf(compile(e, scope), moment)
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
