// FmdModule: who diagnoses, or acts on a diagnosis: an engine, an agent. fmd hands each what it
// subscribed to, and a context by which it works.
//
// Holds: a module knows no clock, no chance and no machine: time is told, and what is to be done to
// the machine is asked for and its outcome told later. All its state is in what `save` yields, so a
// module that is restored goes on as if nothing had been. What throws in one marks it failed; the
// others go on. Source: illumos-gate usr/src/cmd/fm/fmd/common/fmd_module.c, fmd_api.c.
import type { Ereport } from '../event/ereport.js'
import type { Fault } from '../event/fault.js'
import type { Fmri } from '../event/fmri.js'
import type { SuspectList } from '../event/suspect-list.js'
import type { Topology } from '../topo/topology.js'
import type { Case } from './case.js'
import type { Reason } from './reason.js'

/** What a module is handed. */
export type FmdEvent =
  | { readonly kind: 'ereport'; readonly ereport: Ereport }
  | { readonly kind: 'list'; readonly list: SuspectList }

/** What only whoever owns the machine can do. */
export type MachineRequest =
  | { readonly kind: 'offline-pcpu' | 'online-pcpu'; readonly pcpu: number }
  | { readonly kind: 'retire-page' | 'unretire-page'; readonly physaddr: bigint }
  | { readonly kind: 'retire-device' | 'unretire-device'; readonly path: string }
  /** A message for people, on the console. */
  | { readonly kind: 'tell'; readonly text: string }

/** What became of it. `pending`: it was begun, and has not ended. */
export type MachineOutcome =
  | { readonly kind: 'done' | 'pending'; readonly note?: string }
  /** `error` is an errno's name: ENOTSUP. */
  | { readonly kind: 'refused'; readonly error: string; readonly why: string }

/** A diagnosis to publish. */
export interface Solution {
  readonly suspects: readonly Fault[]
  readonly reason?: Reason
}

/** When a SERD engine fires: on more than `n` within `tNs`. */
export interface SerdLimits {
  readonly n: number
  readonly tNs: bigint
}

/** What recording an ereport in a SERD engine did. `fired`: now; `was-fired`: it had before. */
export type SerdAnswer = 'pending' | 'fired' | 'was-fired'

/** What a SERD engine holds. */
export interface SerdFacts extends SerdLimits {
  readonly name: string
  /** The ereports that count, oldest first. */
  readonly ereports: readonly Ereport[]
  readonly fired: boolean
}

/** By which a module works. */
export interface FmdContext {
  /** Nanoseconds since 1970. */
  readonly nowNs: bigint
  readonly topology: Topology
  /** Opens a case; its uuid. */
  openCase(): string
  addEreport(uuid: string, ereport: Ereport): void
  /** Adds what fired a SERD engine, in order of time, but nothing that the case has. */
  addFired(uuid: string, ereports: readonly Ereport[]): void
  /** Publishes suspects, unless an open case already has them. */
  solveCase(uuid: string, solution: Solution): void
  /** Closes a case of one's own that came to nothing, or is over. */
  closeCase(uuid: string): void
  /** One's own that are not closed. */
  openCases(): readonly Case[]
  /** Records in a SERD engine, making it when there is none of that name. `increment`: for how many
   *  it counts, 1 when absent. */
  recordSerd(
    name: string,
    ereport: Ereport,
    limits: SerdLimits & { readonly increment?: number },
  ): SerdAnswer
  serd(name: string): SerdFacts | undefined
  /** The names of one's own SERD engines. */
  serdNames(): readonly string[]
  resetSerd(name: string): void
  /** Calls `timeout` after so long with these data; the number by which it is called off. */
  setTimer(ns: bigint, data: string): number
  cancelTimer(id: number): void
  /** Adds to a statistic of one's own, which `fmstat -m` shows. */
  count(statistic: string, by?: number): void
  /** Whether a resource is said to be faulty now. */
  hasFault(resource: Fmri, pattern: string): boolean
  /** Asks for something to be done to the machine; `acted` is told what became of it. */
  request(what: MachineRequest, uuid: string): number
  /** An agent: every suspect of a case has been taken out of service, or in part (`fmri` is now
   *  unusable). */
  setUnusable(asru: Fmri, unusable: boolean): void
  isolateCase(uuid: string): void
  /** An agent: what was repaired is back in service. */
  resolveCase(uuid: string): void
}

/** A module. */
export interface FmdModule {
  readonly name: string
  readonly version: string
  readonly description: string
  /** Classes it is handed, with `*`: ereport.cpu.*, list.suspect. */
  readonly subscriptions: readonly string[]
  /** Statistics it counts, each with what it means. */
  readonly statistics?: Readonly<Record<string, string>>
  receive(fmd: FmdContext, event: FmdEvent): void
  timeout?(fmd: FmdContext, id: number, data: string): void
  /** A case of its own was closed by others. */
  caseClosed?(fmd: FmdContext, uuid: string): void
  acted?(fmd: FmdContext, request: number, outcome: MachineOutcome): void
  /** All of it, as data that JSON takes. */
  save?(): unknown
  restore?(saved: unknown): void
}
