// Module context: by which one module works: its cases, SERD engines, timers and requests.
//
// Holds: a module reaches its own cases only, but for `isolateCase`, `resolveCase` and
// `setUnusable`, with which an agent reports on any. What it may not do throws, and so fails it.
import { XpvError } from '../../base/error.js'
import type { Ereport } from '../event/ereport.js'
import { matchesClass } from '../event/event-class.js'
import type { Fmri } from '../event/fmri.js'
import type { Topology } from '../topo/topology.js'
import type { Case } from './case.js'
import { CaseFile } from './case-file.js'
import type { LoadedModule } from './loaded-module.js'
import type {
  FmdContext,
  MachineRequest,
  SerdAnswer,
  SerdFacts,
  SerdLimits,
  Solution,
} from './module.js'
import type { Office } from './office.js'
import type { TimedEreport } from './serd.js'

/** The context of one module. */
export class ModuleContext implements FmdContext {
  readonly #office: Office
  readonly #loaded: LoadedModule

  constructor(office: Office, loaded: LoadedModule) {
    this.#office = office
    this.#loaded = loaded
  }

  get nowNs(): bigint {
    return this.#office.nowNs
  }

  get topology(): Topology {
    return this.#office.topology
  }

  openCase(): string {
    const { nowNs, life } = this.#office
    const uuid = this.#office.newUuid()
    const file = new CaseFile({ uuid, module: this.#loaded.module.name, openedNs: nowNs })
    life.cases.set(uuid, file)
    this.#loaded.cases.set(uuid, file)
    return uuid
  }

  addEreport(uuid: string, ereport: Ereport): void {
    this.#own(uuid).add(ereport)
    this.#loaded.counts.accepted++
  }

  addFired(uuid: string, ereports: readonly Ereport[]): void {
    this.#loaded.counts.accepted += this.#own(uuid).addFired(ereports)
  }

  solveCase(uuid: string, solution: Solution): void {
    this.#office.life.solve(this.#own(uuid), solution)
  }

  closeCase(uuid: string): void {
    const file = this.#own(uuid)
    if (file.diagnosis !== undefined) {
      this.#office.life.isolate(file)
      return
    }
    this.#office.life.cases.delete(uuid)
    this.#loaded.cases.delete(uuid)
    this.#loaded.counts.closed++
  }

  openCases(): readonly Case[] {
    return [...this.#loaded.cases.values()].map((file) => file.view())
  }

  recordSerd(
    name: string,
    ereport: Ereport,
    limits: SerdLimits & { readonly increment?: number },
  ): SerdAnswer {
    const { serd } = this.#loaded
    if (ereport.timeNs !== undefined) return serd.record(name, ereport as TimedEreport, limits)
    return serd.record(name, { ...ereport, timeNs: this.#office.nowNs }, limits)
  }

  serd(name: string): SerdFacts | undefined {
    return this.#loaded.serd.get(name)
  }

  serdNames(): readonly string[] {
    return this.#loaded.serd.names()
  }

  resetSerd(name: string): void {
    this.#loaded.serd.reset(name)
  }

  setTimer(ns: bigint, data: string): number {
    if (ns < 0n) throw new XpvError('fma.timer', `a timer of ${ns} ns would be in the past`)
    const { nowNs, timers } = this.#office
    return timers.set({ dueNs: nowNs + ns, module: this.#loaded.module.name, data })
  }

  cancelTimer(id: number): void {
    const { timers } = this.#office
    if (timers.get(id)?.module === this.#loaded.module.name) timers.cancel(id)
  }

  count(statistic: string, by = 1): void {
    const { statistics } = this.#loaded
    const before = statistics.get(statistic)
    if (before === undefined) {
      throw new XpvError('fma.statistic', `${this.#loaded.module.name} counts no "${statistic}"`)
    }
    statistics.set(statistic, before + by)
  }

  hasFault(resource: Fmri, pattern: string): boolean {
    return this.#office.life.resources
      .named(resource)
      .some(({ faulty, fault }) => faulty && matchesClass(fault.class, pattern))
  }

  request(what: MachineRequest, uuid: string): number {
    return this.#office.request(this.#loaded.module.name, what, uuid)
  }

  setUnusable(asru: Fmri, unusable: boolean): void {
    const { life } = this.#office
    life.setUnusable(life.resources.asru(asru)?.entries ?? [], unusable)
  }

  isolateCase(uuid: string): void {
    const file = this.#office.life.cases.get(uuid)
    if (file !== undefined) this.#office.life.isolate(file)
  }

  resolveCase(uuid: string): void {
    const file = this.#office.life.cases.get(uuid)
    if (file !== undefined) this.#office.life.resolve(file)
  }

  #own(uuid: string): CaseFile {
    const file = this.#loaded.cases.get(uuid)
    if (file !== undefined) return file
    throw new XpvError('fma.case', `${this.#loaded.module.name} has no open case ${uuid}`)
  }
}
