// Office: what the parts of the fault manager share: the time, numbers of what is logged, cases,
// timers, requests, and what is still to be handed to modules.
//
// Holds: what is published while a module works waits until that module is done: none is entered
// while another, or it itself, is at work. Numbers only grow.
import type { Ereport } from '../event/ereport.js'
import type { FmdFmri } from '../event/fmri-module.js'
import type { SuspectList } from '../event/suspect-list.js'
import type { Topology } from '../topo/topology.js'
import type { CaseFile } from './case-file.js'
import { CaseLife, type Desk, type MessageOf } from './case-life.js'
import type { FmdAction, LogRecord } from './input.js'
import type { LoadedModule } from './loaded-module.js'
import type { MachineRequest } from './module.js'
import type { RequestState } from './state.js'
import { Timers } from './timers.js'
import { uuidOf } from './uuid.js'

/** What is still to be handed to modules. */
export type Work =
  | { readonly kind: 'list'; readonly list: SuspectList }
  | { readonly kind: 'closing'; readonly file: CaseFile }
  | { readonly kind: 'failed'; readonly ereport: Ereport }

/** Whose timers forget cases that were resolved long ago. */
export const JANITOR = ''

/** What an office is opened with. */
export interface OfficeParts {
  readonly topology: Topology
  readonly seed: number
  readonly modules: ReadonlyMap<string, LoadedModule>
  readonly messageOf: MessageOf | undefined
  readonly keepResolvedNs: bigint
}

/** What the parts of one fault manager share. */
export class Office implements Desk {
  readonly topology: Topology
  readonly life: CaseLife
  readonly timers = new Timers()
  readonly requests = new Map<number, RequestState>()
  seed: number
  nowNs = 0n
  inputs = 0
  ordinal = 0
  logged = { fault: 0, resource: 0 }
  nextRequest = 1
  actions: FmdAction[] = []
  #work: Work[] = []
  readonly #parts: OfficeParts

  constructor(parts: OfficeParts) {
    this.#parts = parts
    this.topology = parts.topology
    this.seed = parts.seed
    this.life = new CaseLife(this, parts.messageOf)
  }

  newUuid(): string {
    return uuidOf({ seed: this.seed, input: this.inputs, ordinal: this.ordinal++ })
  }

  /** On the host that the topology is of. */
  engine(module: string): FmdFmri {
    const version = this.#parts.modules.get(module)?.module.version
    const authority = this.topology.roots[0]?.resource.authority
    return { scheme: 'fmd', authority, name: module, version }
  }

  /** Takes the number of the next input; the first of its uuids is number 0. */
  nextInput(): number {
    this.ordinal = 0
    return ++this.inputs
  }

  log(record: Omit<LogRecord, 'number' | 'timeNs'> & { readonly log: 'fault' | 'resource' }): void {
    const number = ++this.logged[record.log]
    this.actions.push({ kind: 'log', record: { ...record, number, timeNs: this.nowNs } })
  }

  publish(list: SuspectList): void {
    this.#work.push({ kind: 'list', list })
  }

  closing(file: CaseFile): void {
    this.#work.push({ kind: 'closing', file })
  }

  failed(ereport: Ereport): void {
    this.#work.push({ kind: 'failed', ereport })
  }

  solved(file: CaseFile): void {
    const loaded = this.#parts.modules.get(file.module)
    if (loaded !== undefined) loaded.counts.solved++
  }

  resolved(file: CaseFile): void {
    const dueNs = this.nowNs + this.#parts.keepResolvedNs
    this.timers.set({ dueNs, module: JANITOR, data: file.uuid })
  }

  request(module: string, what: MachineRequest, uuid: string): number {
    const request = this.nextRequest++
    this.requests.set(request, { request, module, uuid, what })
    this.actions.push({ kind: 'act', request, module, uuid, what })
    return request
  }

  /** What waits now, oldest first; what comes meanwhile waits for the next time. */
  takeWork(): readonly Work[] {
    const work = this.#work
    if (work.length > 0) this.#work = []
    return work
  }
}
