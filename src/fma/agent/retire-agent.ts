// RetireAgent: what all agents have in common that take suspects out of service: each suspect of a
// diagnosis is aimed at, asked for, asked for again, and put back once it is repaired.
//
//   list.suspect  ->  request  ->  done      unusable; the case is isolated when all are
//                              ->  pending   asked again later
//                              ->  refused   asked again while there are tries left, or given up
//   list.updated, list.repaired  ->  put back  ->  the case is resolved when all are
//
// Holds: what telemetry did not identify is never aimed at. Suspects of a case are worked on side
// by side. All state is JSON. Source: illumos-gate usr/src/cmd/fm/modules/common/cpumem-retire,
// io-retire.

import type { Fault } from '../event/fault.js'
import { type FaultStatus, faultStatusWords } from '../event/fault-status.js'
import { parseFmri, printFmri } from '../event/fmri.js'
import type { ListedSuspect, SuspectList } from '../event/suspect-list.js'
import type {
  FmdContext,
  FmdEvent,
  FmdModule,
  MachineOutcome,
  MachineRequest,
} from '../fmd/module.js'
import type { Topology } from '../topo/topology.js'
import { type Aim, type Retirement, Retirements } from './retirements.js'

/** What an agent does about a suspect: aims, or counts why not. */
export type Aimed = { readonly aim: Aim } | { readonly counts: string | undefined }

/** How one agent differs from another. */
export interface RetireAgentSpec {
  readonly name: string
  readonly version: string
  readonly description: string
  /** Each with what it means. */
  readonly statistics: Readonly<Record<string, string>>
  aimAt(fault: Fault, topology: Topology): Aimed
  /** After how long it is asked again; undefined when it is given up. `tries` were made. */
  againNs(aim: Aim, outcome: MachineOutcome, tries: number): bigint | undefined
  /** What is counted once it has ended. */
  counts(aim: Aim, retired: boolean, outcome: MachineOutcome): readonly string[]
  /** Which suspects must be out of service for their case to be closed. */
  readonly closes: 'all' | 'own'
}

interface AgentState {
  readonly retirements: readonly Retirement[]
  /** Suspects of cases that nobody can aim at, by which theirs stays open. */
  readonly open: readonly string[]
}

/** Makes an agent. */
export function retireAgent(spec: RetireAgentSpec): FmdModule {
  return new RetireAgent(spec)
}

class RetireAgent implements FmdModule {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly statistics: Readonly<Record<string, string>>
  readonly subscriptions = ['list.suspect', 'list.updated', 'list.repaired']
  readonly #spec: RetireAgentSpec
  readonly #retirements = new Retirements()
  readonly #open = new Set<string>()

  constructor(spec: RetireAgentSpec) {
    this.#spec = spec
    this.name = spec.name
    this.version = spec.version
    this.description = spec.description
    this.statistics = spec.statistics
  }

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'list') return
    const { list } = event
    if (list.change === 'suspect') this.#retireAll(fmd, list)
    else this.#putBack(fmd, list)
  }

  timeout(fmd: FmdContext, id: number): void {
    const due = this.#retirements.waitingFor(id)
    if (due !== undefined) this.#ask(fmd, due)
  }

  acted(fmd: FmdContext, request: number, outcome: MachineOutcome): void {
    const asked = this.#retirements.askedAs(request)
    if (asked === undefined) return
    if (outcome.kind === 'done') this.#done(fmd, asked)
    else this.#again(fmd, asked, outcome)
  }

  save(): AgentState {
    return { retirements: this.#retirements.all(), open: [...this.#open] }
  }

  restore(saved: unknown): void {
    const { retirements, open } = saved as AgentState
    this.#retirements.clear()
    for (const each of retirements) this.#retirements.put(each)
    this.#open.clear()
    for (const uuid of open) this.#open.add(uuid)
  }

  #retireAll(fmd: FmdContext, list: SuspectList): void {
    for (const { fault, status } of list.suspects) {
      if (!isFaulty(status)) continue
      const aimed = this.#spec.aimAt(fault, fmd.topology)
      const { asru } = fault
      if ('aim' in aimed && asru !== undefined) {
        this.#begin(fmd, { uuid: list.uuid, asru: printFmri(asru), aim: aimed.aim })
        continue
      }
      if ('counts' in aimed && aimed.counts !== undefined) fmd.count(aimed.counts)
      if (this.#spec.closes === 'all') this.#open.add(list.uuid)
    }
  }

  #begin(fmd: FmdContext, of: Pick<Retirement, 'uuid' | 'asru' | 'aim'>): void {
    const isUnderWay = this.#retirements.get(of)?.retired === true
    if (!isUnderWay) this.#ask(fmd, { ...of, retired: true, state: 'waiting', tries: 0 })
  }

  /** What is faulty no more comes back; nothing of it is asked for any longer. */
  #putBack(fmd: FmdContext, list: SuspectList): void {
    const own = this.#retirements.of(list.uuid)
    for (const each of own) {
      if (!each.retired || isStillFaulty(list.suspects, each.asru)) continue
      if (each.timer !== undefined) fmd.cancelTimer(each.timer)
      if (each.state === 'given-up') this.#retirements.forget(each)
      else this.#ask(fmd, { ...each, retired: false, tries: 0 })
    }
    if (list.change === 'repaired' && own.length > 0) this.#settle(fmd, list.uuid)
  }

  #ask(fmd: FmdContext, of: Retirement): void {
    const { uuid, asru, aim, retired, tries } = of
    const request = fmd.request(requestFor(aim, retired), uuid)
    this.#retirements.put({ uuid, asru, aim, retired, state: 'asked', tries: tries + 1, request })
  }

  #done(fmd: FmdContext, asked: Retirement): void {
    const { uuid, asru, aim, retired } = asked
    this.#count(fmd, asked, { kind: 'done' })
    fmd.setUnusable(parseFmri(asru), retired)
    if (retired)
      this.#retirements.put({ uuid, asru, aim, retired, state: 'done', tries: asked.tries })
    else this.#retirements.forget(asked)
    this.#settle(fmd, uuid)
  }

  #again(fmd: FmdContext, asked: Retirement, outcome: MachineOutcome): void {
    const { uuid, asru, aim, retired, tries } = asked
    const ns = this.#spec.againNs(aim, outcome, tries)
    if (ns !== undefined) {
      const timer = fmd.setTimer(ns, asru)
      this.#retirements.put({ uuid, asru, aim, retired, state: 'waiting', tries, timer })
      return
    }
    this.#count(fmd, asked, outcome)
    this.#retirements.put({ uuid, asru, aim, retired, state: 'given-up', tries })
  }

  /** Isolates a case once all is out of service, resolves it once all is back. */
  #settle(fmd: FmdContext, uuid: string): void {
    const of = this.#retirements.of(uuid)
    if (of.length === 0) {
      this.#open.delete(uuid)
      fmd.resolveCase(uuid)
      return
    }
    const isOut = of.every(({ retired, state }) => retired && state === 'done')
    if (isOut && !this.#open.has(uuid)) fmd.isolateCase(uuid)
  }

  #count(fmd: FmdContext, { aim, retired }: Retirement, outcome: MachineOutcome): void {
    for (const each of this.#spec.counts(aim, retired, outcome)) fmd.count(each)
  }
}

const isFaulty = (status: FaultStatus): boolean => faultStatusWords(status).includes('faulty')

function isStillFaulty(suspects: readonly ListedSuspect[], asru: string): boolean {
  return suspects.some(
    ({ fault, status }) =>
      isFaulty(status) && fault.asru !== undefined && printFmri(fault.asru) === asru,
  )
}

function requestFor(aim: Aim, retired: boolean): MachineRequest {
  switch (aim.kind) {
    case 'pcpu':
      return { kind: retired ? 'offline-pcpu' : 'online-pcpu', pcpu: aim.pcpu }
    case 'page':
      return {
        kind: retired ? 'retire-page' : 'unretire-page',
        physaddr: BigInt(`0x${aim.address}`),
      }
    case 'device':
      return { kind: retired ? 'retire-device' : 'unretire-device', path: aim.path }
  }
}
