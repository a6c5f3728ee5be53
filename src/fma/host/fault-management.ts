// FaultManagement: the fault management of one host: takes what is seen of its errors, lets fmd and
// its modules diagnose, and has done on the host what the agents ask for.
//
//   telemetry, as it comes  ->  ereports  ->  FaultManager  ->  logs
//                                                |   ^
//                                  acts on the host   what became of them
//
// Holds: everything happens at the host's time; the same inputs at the same times give the same
// logs. Nothing is made before the first error, or before somebody asks.
import type { TelemetryGap } from '../../machine/telemetry.js'
import type { Ereport } from '../event/ereport.js'
import type { FmdAction, FmdInput, LogName, LogRecord } from '../fmd/input.js'
import { FaultManager, type FmdParts } from '../fmd/manager.js'
import type { FmdModule, MachineOutcome, MachineRequest } from '../fmd/module.js'
import type { TelemetryAccount } from '../telemetry/account.js'
import type { Topology } from '../topo/topology.js'
import { LogStore } from './log-store.js'
import { replacedParts } from './replaced-parts.js'

/** An ereport, and when whoever manages faults got it. */
export interface TimedEreport {
  readonly timeNs: bigint
  readonly ereport: Ereport
}

/** Where ereports come from. */
export interface EreportSource {
  /** Those that came since this was last asked, oldest first. */
  next(): readonly TimedEreport[]
  readonly accounts: readonly TelemetryAccount[]
  readonly gaps: readonly TelemetryGap[]
  /** How many records it has handed over, by which a fork goes on. */
  readonly position: readonly number[]
}

/** What a host is for whoever manages its faults. */
export interface ManagedHost {
  /** For people: `sim:metal`. */
  readonly name: string
  readonly seed: number
  /** When it booted, nanoseconds since 1970; undefined of a file. */
  readonly bootNs?: bigint
  /** Nanoseconds since 1970. */
  now(): bigint
  topology(): Topology
  modules(): readonly FmdModule[]
  readonly source: EreportSource
  /** Has `wake` called at a time. */
  wakeAt(timeNs: bigint): void
  /** Does it; `ended` is told at once or later. */
  act(what: MachineRequest, ended: (outcome: MachineOutcome) => void): void
  /** Where its logs are kept: in memory when absent. */
  readonly logs?: FaultLogs | undefined
  /** Makes the manager as it was before; a new one when absent. */
  readonly begin?: ((parts: FmdParts) => Beginning) | undefined
  /** Called when an input has been taken and all of it is in the logs. */
  taken?(manager: FaultManager): void
}

/** The logs of one fault management. */
export interface FaultLogs {
  append(records: readonly LogRecord[]): void
  /** One log, oldest first. */
  records(name: LogName): readonly LogRecord[]
}

/** A manager that goes on, and what it had asked for. */
export interface Beginning {
  readonly manager: FaultManager
  readonly acts: readonly FmdAction[]
}

/** An act that an agent asked for. */
export interface MachineAct {
  readonly timeNs: bigint
  readonly module: string
  readonly uuid: string
  readonly what: MachineRequest
  /** Undefined until it has ended. */
  readonly outcome: MachineOutcome | undefined
}

type Act = Extract<FmdAction, { kind: 'act' }>
type Untimed<T> = T extends unknown ? Omit<T, 'timeNs'> : never
/** What fmd takes, without the time: that is the host's. */
export type FmdCommand = Untimed<FmdInput>

/** What a fork goes on with. */
export interface FaultManagementState {
  readonly fmd: ReturnType<FaultManager['save']> | undefined
  readonly position: readonly number[]
  readonly logs: readonly LogRecord[]
  readonly acts: readonly MachineAct[]
  readonly lastNs: bigint
  /** Modules that were loaded since, and unloaded. */
  readonly loads: readonly ModuleLoad[]
}

/** A module that came or went after the beginning. */
export type ModuleLoad =
  | { readonly kind: 'load'; readonly make: () => FmdModule }
  | { readonly kind: 'unload'; readonly name: string }

const LOGS: readonly LogName[] = ['error', 'fault', 'resource', 'info']

/** Whoever manages the faults of one host. */
export class FaultManagement {
  readonly host: ManagedHost
  readonly #logs: FaultLogs
  readonly #acts: MachineAct[]
  /** Acts that have not ended, by the number of their request. */
  readonly #open = new Map<number, number>()
  /** What became of acts, not yet told. */
  readonly #ended: Omit<Extract<FmdInput, { kind: 'acted' }>, 'kind'>[] = []
  /** The time of the input that is being taken. */
  #takingNs: bigint | undefined
  readonly #loads: ModuleLoad[]
  #topology: Topology | undefined
  #manager: FaultManager | undefined
  #lastNs: bigint
  #isAwake = false

  /** `state` is that of the host of which this one is a fork. */
  constructor(host: ManagedHost, state?: FaultManagementState) {
    this.host = host
    this.#logs = host.logs ?? new LogStore(state?.logs)
    this.#acts = [...(state?.acts ?? [])]
    this.#lastNs = state?.lastNs ?? 0n
    this.#loads = [...(state?.loads ?? [])]
    if (state?.fmd === undefined) return
    for (const load of this.#loads) changeModules(this.#made(), load)
    this.#made().restore(state.fmd)
  }

  get topology(): Topology {
    this.#topology ??= this.host.topology()
    return this.#topology
  }

  /** fmd, which has taken all that happened until now. */
  get manager(): FaultManager {
    this.wake()
    return this.#made()
  }

  /** One log, oldest first, until now. */
  log(name: LogName): readonly LogRecord[] {
    this.wake()
    return this.#logs.records(name)
  }

  /** What agents asked for, oldest first, and what became of it. */
  get acts(): readonly MachineAct[] {
    this.wake()
    return this.#acts
  }

  /** What its telemetry could not know. */
  get account(): readonly TelemetryAccount[] {
    this.wake()
    return this.host.source.accounts
  }

  /** Which errors it does not see at all, or not whole. */
  get gaps(): readonly TelemetryGap[] {
    return this.host.source.gaps
  }

  /** Nanoseconds since 1970, on the host. */
  get nowNs(): bigint {
    const now = this.host.now()
    return now > this.#lastNs ? now : this.#lastNs
  }

  /** Hands fmd what somebody says now: a repair, an ereport, a reset. */
  take(command: FmdCommand): void {
    this.wake()
    this.#awake(() => {
      this.#give({ ...command, timeNs: this.nowNs })
      this.#catchUp()
    })
  }

  /** Has a module come or go. Throws what `load` and `unload` of FaultManager throw. */
  change(load: ModuleLoad): void {
    changeModules(this.manager, load)
    this.#loads.push(load)
  }

  /** Takes what has come, and does what is due. Nothing when nothing has. */
  wake(): void {
    this.#awake(() => this.#catchUp())
  }

  /** What a fork of the host goes on with. */
  save(): FaultManagementState {
    return {
      fmd: this.#manager?.save(),
      position: this.host.source.position,
      logs: LOGS.flatMap((name) => this.#logs.records(name)),
      acts: [...this.#acts],
      lastNs: this.#lastNs,
      loads: [...this.#loads],
    }
  }

  /** Whoever is at it already goes on until nothing is left. */
  #awake(work: () => void): void {
    if (this.#isAwake) return
    this.#isAwake = true
    try {
      work()
    } finally {
      this.#isAwake = false
    }
  }

  #catchUp(): void {
    // What was begun earlier goes on at its own time, before the source gets ahead of that.
    if (this.host.begin !== undefined) this.#made()
    for (let found = this.host.source.next(); found.length > 0; found = this.host.source.next()) {
      for (const { timeNs, ereport } of found) this.#at(timeNs, { kind: 'ereport', ereport })
    }
    if (this.#manager === undefined) return
    this.#tell()
    this.#until(this.nowNs)
    const next = this.#manager.nextTimerNs
    if (next !== undefined) this.host.wakeAt(next)
  }

  /** Tells fmd what became of acts: what ended meanwhile, or as fast as it was asked for. */
  #tell(): void {
    for (let told = this.#ended.shift(); told !== undefined; told = this.#ended.shift()) {
      this.#close(told.request, told.outcome)
      this.#give({ kind: 'acted', ...told })
    }
  }

  #at(timeNs: bigint, command: FmdCommand): void {
    this.#tell()
    this.#until(timeNs)
    this.#give({ ...command, timeNs: timeNs > this.#lastNs ? timeNs : this.#lastNs })
    this.#tell()
  }

  /** Lets fmd's timers come that are due by then. */
  #until(timeNs: bigint): void {
    const manager = this.#made()
    for (;;) {
      const due = manager.nextTimerNs
      if (due === undefined || due > timeNs) return
      this.#give({ kind: 'time', timeNs: due > this.#lastNs ? due : this.#lastNs })
      this.#tell()
    }
  }

  #give(input: FmdInput): void {
    this.#lastNs = input.timeNs
    const actions = this.#made().take(input)
    this.#logs.append(actions.flatMap((each) => (each.kind === 'log' ? each.record : [])))
    this.#takingNs = input.timeNs
    for (const action of actions) if (action.kind === 'act') this.#act(action, input.timeNs)
    this.#takingNs = undefined
    this.host.taken?.(this.#made())
  }

  #act({ request, module, uuid, what }: Act, timeNs: bigint): void {
    this.#open.set(request, this.#acts.length)
    this.#acts.push({ timeNs, module, uuid, what, outcome: undefined })
    this.host.act(what, (outcome) => {
      this.#ended.push({ request, outcome, timeNs: this.#takingNs ?? this.nowNs })
    })
  }

  #close(request: number, outcome: MachineOutcome): void {
    const at = this.#open.get(request)
    const act = at === undefined ? undefined : this.#acts[at]
    if (at === undefined || act === undefined) return
    this.#open.delete(request)
    this.#acts[at] = { ...act, outcome }
  }

  #made(): FaultManager {
    this.#manager ??= this.#begun()
    return this.#manager
  }

  /** The manager at its beginning; what an earlier one had asked for is asked for again. */
  #begun(): FaultManager {
    const { host, topology } = this
    const parts = { topology, modules: host.modules(), seed: host.seed }
    const { manager, acts } = host.begin?.(parts) ?? { manager: new FaultManager(parts), acts: [] }
    this.#manager = manager
    if (manager.nowNs > this.#lastNs) this.#lastNs = manager.nowNs
    for (const each of acts) if (each.kind === 'act') this.#act(each, this.#lastNs)
    const replaced = host.begin === undefined ? [] : replacedParts(manager, topology)
    for (const fmri of replaced) {
      this.#give({ kind: 'replaced', timeNs: this.#lastNs, what: { kind: 'resource', fmri } })
    }
    return manager
  }
}

function changeModules(manager: FaultManager, load: ModuleLoad): void {
  if (load.kind === 'load') manager.load(load.make())
  else manager.unload(load.name)
}
