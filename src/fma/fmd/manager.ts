// FaultManager: takes ereports, time and what people and the machine say; hands them to modules;
// keeps cases, resources, timers and counts; says what is to be logged and done. A pure step.
//
//   FmdInput  ->  take  ->  FmdAction[]: log this, do that          nextTimerNs: wake me then
//
// Holds: state and input decide everything. A timer is called at the time at which it is due,
// before any input of a later time, whenever that comes. A refused input (`fma.*`) changes nothing.
//
// How whoever drives it keeps all over a crash:
//   1. When nextTimerNs is not after the time of an input, take the time (`time`) first.
//   2. take(input): the record of the input, if it has one, is the first of the actions.
//   3. Append all `log` actions, in their order, each to its log. Only then is the input taken.
//   4. Carry out the `act` actions in turn; each outcome is an input of its own (`acted`).
//   5. Now and then write a checkpoint (checkpoint.ts) of save(), in place of the one before in one
//      step, and only when all actions so far are in the logs.
//   6. On start, `recover` (recover.ts) makes the manager of the checkpoint, or of none, and the
//      logs; append what it says is missing, then carry out what it says was not yet done.
// What the checkpoint lacks comes from the logs again, with the same uuids, so nothing that was
// logged is lost and nothing is there twice. Source: illumos-gate usr/src/cmd/fm/fmd/common.
import { XpvError } from '../../base/error.js'
import { makeEna } from '../event/ena.js'
import type { Ereport } from '../event/ereport.js'
import { nv, nvlist } from '../event/nvlist.js'
import type { Topology } from '../topo/topology.js'
import type { Case } from './case.js'
import type { CaseFile } from './case-file.js'
import type { MessageOf } from './case-life.js'
import type { FmdAction, FmdInput } from './input.js'
import { EreportRecord, type LoggedInput, recordOf } from './input-record.js'
import { LoadedModule } from './loaded-module.js'
import type { FmdContext, FmdModule, SerdFacts } from './module.js'
import { ModuleContext } from './module-context.js'
import {
  type ModuleFacts,
  type ModuleStatistics,
  moduleFacts,
  statisticsOf,
} from './module-facts.js'
import { JANITOR, Office } from './office.js'
import { checkRepair, flush, repair } from './repair.js'
import { type ResourceState, resourceState } from './resources.js'
import { loadOffice, saveOffice } from './saved-office.js'
import { MODULE_FAILED, SelfDiagnosis } from './self-diagnosis.js'
import type { FmdState } from './state.js'
import { Subscriptions } from './subscriptions.js'

/** What may be set. */
export interface FmdSettings {
  /** How long a resolved case is kept; 30 days when absent. */
  readonly keepResolvedNs?: bigint
  /** Finds messages of diagnoses; those of the dictionaries of this program when absent. */
  readonly messageOf?: MessageOf
  /** Nanoseconds of a real clock, by which the work of modules is measured. Nothing depends on it
   *  but `servedNs` of the statistics. */
  readonly stopwatch?: () => number
}

/** What a fault manager is made of. */
export interface FmdParts {
  readonly topology: Topology
  readonly modules: readonly FmdModule[]
  readonly seed: number
  readonly settings?: FmdSettings
}

const DAY_NS = 86_400_000_000_000n
/** Timers of one instant, after which whoever sets them is taken to be in a loop. */
const MOST_AT_ONCE = 10_000

/** A fault manager. */
export class FaultManager {
  readonly #modules: Map<string, LoadedModule>
  readonly #contexts = new Map<LoadedModule, ModuleContext>()
  readonly #self: LoadedModule
  #subscriptions: Subscriptions
  readonly #office: Office
  readonly #stopwatch: (() => number) | undefined

  /** Throws XpvError `fma.module` when two modules have one name. */
  constructor(parts: FmdParts) {
    const { settings = {}, topology, seed } = parts
    const loaded = [new SelfDiagnosis(), ...parts.modules].map((one) => new LoadedModule(one))
    this.#self = loaded[0] as LoadedModule
    this.#modules = new Map(loaded.map((one) => [one.module.name, one]))
    if (this.#modules.size < loaded.length) {
      throw new XpvError('fma.module', 'two modules of the fault manager have one name')
    }
    const { keepResolvedNs = 30n * DAY_NS, messageOf, stopwatch } = settings
    this.#office = new Office({
      ...{ topology, seed, modules: this.#modules, messageOf, keepResolvedNs },
    })
    for (const one of loaded) this.#contexts.set(one, new ModuleContext(this.#office, one))
    this.#subscriptions = new Subscriptions(loaded)
    this.#stopwatch = stopwatch
  }

  /** Has one more module from now on. Throws XpvError `fma.module-loaded` when one of its name is
   *  there. No log keeps it: whoever makes the manager again loads it again. */
  load(module: FmdModule): void {
    if (this.#modules.has(module.name)) {
      throw new XpvError('fma.module-loaded', `a module called "${module.name}" is there already`)
    }
    const loaded = new LoadedModule(module)
    this.#modules.set(module.name, loaded)
    this.#contexts.set(loaded, new ModuleContext(this.#office, loaded))
    this.#subscriptions = new Subscriptions([...this.#modules.values()])
  }

  /** Has a module no more: what it had not solved is gone, what it had stays. Throws XpvError
   *  `fma.module-unknown`, `fma.module-busy` for the one that fmd cannot be without. */
  unload(name: string): void {
    const loaded = this.#named(name)
    if (loaded === this.#self) {
      throw new XpvError('fma.module-busy', `fmd cannot be without ${name}`)
    }
    this.#reset(name, undefined)
    this.#modules.delete(name)
    this.#contexts.delete(loaded)
    this.#subscriptions = new Subscriptions([...this.#modules.values()])
  }

  /** Takes one input: what is to be logged and done, in order. A time before the last one counts as
   *  that. Throws XpvError for what is refused: `fma.not-faulty`, `fma.case-unknown`,
   *  `fma.case-state`, `fma.module-unknown`, `fma.serd-unknown`. */
  take(input: FmdInput): readonly FmdAction[] {
    const office = this.#office
    if (input.kind !== 'ereport') this.#check(input)
    const actions: FmdAction[] = []
    office.actions = actions
    this.#advance(input.timeNs)
    if (input.kind === 'ereport') this.#takeEreport(input.ereport)
    else if (input.kind !== 'time') this.#takeTold(input)
    this.#drain()
    return actions
  }

  /** The time of the latest input. */
  get nowNs(): bigint {
    return this.#office.nowNs
  }

  /** When it is to be woken with the time, at the latest; undefined when it waits for nothing. */
  get nextTimerNs(): bigint | undefined {
    return this.#office.timers.nextNs
  }

  /** All cases, oldest first. */
  cases(): readonly Case[] {
    return [...this.#office.life.cases.values()].map((file) => file.view())
  }

  case(uuid: string): Case | undefined {
    return this.#office.life.cases.get(uuid)?.view()
  }

  /** What is or was faulty, oldest first. */
  resources(): readonly ResourceState[] {
    return [...this.#office.life.resources.all()].map(resourceState)
  }

  /** Pages that are out of service for a fault. */
  get pagesOut(): number {
    return this.#office.life.resources.pagesOut
  }

  /** Modules in the order in which they are handed events. */
  moduleFacts(): readonly ModuleFacts[] {
    return [...this.#modules.values()].map(moduleFacts)
  }

  /** Throws XpvError `fma.module-unknown`. */
  statistics(module: string): ModuleStatistics {
    return statisticsOf(this.#named(module), this.#stopwatch !== undefined)
  }

  /** Throws XpvError `fma.module-unknown`. */
  serdEngines(module: string): readonly SerdFacts[] {
    return this.#named(module).serd.facts()
  }

  /** The number of the last input that a log keeps. */
  get inputs(): number {
    return this.#office.inputs
  }

  /** What was asked for and has not ended. */
  get pendingActs(): readonly FmdAction[] {
    return [...this.#office.requests.values()].map((request) => ({ kind: 'act', ...request }))
  }

  /** All that it knows, as data. */
  save(): FmdState {
    return saveOffice(this.#office, this.#modules)
  }

  /** Becomes what it was when that was saved. Cases of modules that are not there stay. */
  restore(state: FmdState): void {
    loadOffice(this.#office, this.#modules, state)
  }

  #named(name: string): LoadedModule {
    const loaded = this.#modules.get(name)
    if (loaded !== undefined) return loaded
    const names = [...this.#modules.keys()].join(', ')
    throw new XpvError('fma.module-unknown', `no module is called "${name}"`, names)
  }

  #check(input: Exclude<FmdInput, { readonly kind: 'ereport' }>): void {
    switch (input.kind) {
      case 'reset': {
        const { serd, module } = input
        const { serd: engines } = this.#named(module)
        if (serd === undefined || engines.get(serd) !== undefined) return
        throw new XpvError('fma.serd-unknown', `${module} has no SERD engine "${serd}"`)
      }
      case 'repaired':
      case 'replaced':
      case 'acquitted':
        checkRepair(this.#office.life, input.what)
        return
      case 'flush':
        checkRepair(this.#office.life, { kind: 'resource', fmri: input.resource })
        return
      case 'time':
      case 'acted':
        return
    }
  }

  /** Calls the timers that are due by then, each at its own time. */
  #advance(timeNs: bigint): void {
    const office = this.#office
    for (let atOnce = 0; ; atOnce++) {
      const timer = office.timers.takeDue(timeNs)
      if (timer === undefined) break
      if (timer.dueNs > office.nowNs) {
        office.nowNs = timer.dueNs
        atOnce = 0
      }
      const loaded = this.#modules.get(timer.module)
      if (timer.module === JANITOR) this.#forget(timer.data)
      else if (loaded !== undefined && atOnce > MOST_AT_ONCE) {
        this.#fail(loaded, new Error(`${MOST_AT_ONCE} timers at one time`))
      } else if (loaded !== undefined) {
        this.#call(loaded, (fmd) => loaded.module.timeout?.(fmd, timer.id, timer.data))
      }
      this.#drain()
    }
    if (timeNs > office.nowNs) office.nowNs = timeNs
  }

  #forget(uuid: string): void {
    const file = this.#office.life.cases.get(uuid)
    if (file !== undefined) this.#office.life.forget(file)
  }

  #takeEreport(ereport: Ereport): void {
    const office = this.#office
    const { nowNs } = office
    const timed = ereport.timeNs === undefined ? { ...ereport, timeNs: nowNs } : ereport
    const record = new EreportRecord({ number: office.nextInput(), timeNs: nowNs, ereport: timed })
    office.actions.push({ kind: 'log', record })
    this.#dispatch(timed)
  }

  #dispatch(ereport: Ereport): void {
    const subscribers = this.#subscriptions.to(ereport.class)
    const handed = { kind: 'ereport', ereport } as const
    for (const loaded of subscribers) this.#receive(loaded, handed)
    if (subscribers.length === 0) this.#receive(this.#self, handed)
  }

  #receive(loaded: LoadedModule, handed: Parameters<FmdModule['receive']>[1]): void {
    if (loaded.failed !== undefined) {
      loaded.counts.dropped++
      return
    }
    loaded.counts.received++
    this.#call(loaded, (fmd) => loaded.module.receive(fmd, handed))
  }

  #takeTold(input: Exclude<LoggedInput, { readonly kind: 'ereport' }>): void {
    const office = this.#office
    if (input.kind === 'acted' && !office.requests.has(input.request)) return
    const record = recordOf({ ...input, timeNs: office.nowNs }, office.nextInput())
    office.actions.push({ kind: 'log', record })
    switch (input.kind) {
      case 'acted':
        this.#acted(input)
        return
      case 'repaired':
      case 'replaced':
      case 'acquitted':
        repair(office.life, input.what, input.kind)
        return
      case 'reset':
        this.#reset(input.module, input.serd)
        return
      case 'flush':
        flush(office.life, input.resource)
        return
    }
  }

  #acted({ request, outcome }: Extract<FmdInput, { readonly kind: 'acted' }>): void {
    const { requests } = this.#office
    const loaded = this.#modules.get(requests.get(request)?.module ?? '')
    if (outcome.kind !== 'pending') requests.delete(request)
    if (loaded === undefined) return
    this.#call(loaded, (fmd) => loaded.module.acted?.(fmd, request, outcome))
  }

  #reset(name: string, serd: string | undefined): void {
    const loaded = this.#named(name)
    if (serd !== undefined) {
      loaded.serd.reset(serd)
      return
    }
    const { life, timers, requests } = this.#office
    for (const file of loaded.cases.values()) {
      file.orphaned = true
      if (file.diagnosis === undefined) life.cases.delete(file.uuid)
    }
    timers.cancelAll(name)
    for (const one of requests.values()) if (one.module === name) requests.delete(one.request)
    loaded.restore(undefined)
  }

  /** Hands out what was published, until nothing waits. */
  #drain(): void {
    for (let work = this.#office.takeWork(); work.length > 0; work = this.#office.takeWork()) {
      for (const one of work) {
        if (one.kind === 'failed') this.#takeEreport(one.ereport)
        else if (one.kind === 'closing') this.#close(one)
        else {
          const handed = { kind: 'list', list: one.list } as const
          for (const loaded of this.#subscriptions.toList(one.list)) this.#receive(loaded, handed)
        }
      }
    }
  }

  #close({ file }: { readonly file: CaseFile }): void {
    const loaded = this.#modules.get(file.module)
    if (loaded !== undefined && !file.orphaned) {
      loaded.counts.closed++
      this.#call(loaded, (fmd) => loaded.module.caseClosed?.(fmd, file.uuid))
      loaded.cases.delete(file.uuid)
    }
    this.#office.life.closed(file)
  }

  /** Has a module do something; one that throws has failed. */
  #call(loaded: LoadedModule, work: (fmd: FmdContext) => void): void {
    if (loaded.failed !== undefined) return
    const startedNs = this.#stopwatch?.() ?? 0
    try {
      work(this.#contexts.get(loaded) as ModuleContext)
    } catch (error) {
      this.#fail(loaded, error)
    }
    if (this.#stopwatch !== undefined) loaded.servedNs += this.#stopwatch() - startedNs
  }

  #fail(loaded: LoadedModule, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    loaded.failed = why
    const { nowNs, timers } = this.#office
    const { name } = loaded.module
    timers.cancelAll(name)
    if (loaded === this.#self) return
    this.#office.failed({
      class: MODULE_FAILED,
      ena: makeEna({ format: 1, generation: 0, id: 0, timeNs: nowNs }),
      detector: this.#office.engine(name),
      timeNs: nowNs,
      payload: nvlist({ version: nv.uint8(0), msg: nv.string(why) }),
    })
  }
}
