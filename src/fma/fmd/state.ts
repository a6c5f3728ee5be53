// FmdState: all that a fault manager knows, as data: what a checkpoint keeps.
//
// Holds: a manager that is given it goes on as the one it was taken from. What modules keep is data
// that JSON takes; the rest may have bigints, nvlists and `undefined`.
import type { Ereport } from '../event/ereport.js'
import type { Fault } from '../event/fault.js'
import type { Diagnosis } from './case-file.js'
import type { MachineRequest } from './module.js'
import type { Entry } from './resources.js'
import type { SerdState } from './serd-engines.js'
import type { Timer } from './timers.js'

/** A suspect of a case. */
export interface EntryState extends Pick<Entry, 'id' | 'faulty' | 'reason' | 'changedNs'> {
  readonly fault: Fault
  /** Its ASRU is out of service. */
  readonly unusable: boolean
}

/** A case. */
export interface CaseState {
  readonly uuid: string
  readonly module: string
  readonly openedNs: bigint
  readonly ereports: readonly Ereport[]
  readonly injected: boolean
  readonly orphaned: boolean
  readonly diagnosis:
    | (Omit<Diagnosis, 'entries'> & { readonly entries: readonly EntryState[] })
    | undefined
}

/** How often what happened to a module; what fmstat prints. */
export interface ModuleCounts {
  received: number
  /** Ereports that it added to cases. */
  accepted: number
  /** Handed to nobody, as it had failed. */
  dropped: number
  solved: number
  closed: number
}

/** A module. */
export interface ModuleState {
  readonly name: string
  /** Why it failed; undefined for one that works. */
  readonly failed: string | undefined
  /** What it made of itself; undefined when it keeps nothing. */
  readonly saved: unknown
  readonly serd: readonly SerdState[]
  readonly evicted: number
  /** When SERD engines went last that could fire no more. */
  readonly collectedNs: bigint
  readonly counts: ModuleCounts
  readonly statistics: readonly (readonly [name: string, value: number])[]
}

/** An act that was asked for and has not ended. */
export interface RequestState {
  readonly request: number
  readonly module: string
  readonly uuid: string
  readonly what: MachineRequest
}

/** All of it. */
export interface FmdState {
  readonly version: 1
  readonly seed: number
  readonly nowNs: bigint
  /** The number of the last input that a log keeps; with the next, `ordinal` begins anew. */
  readonly inputs: number
  /** Uuids made since that input. */
  readonly ordinal: number
  /** Records so far, in the logs that are not of inputs. */
  readonly logged: { readonly fault: number; readonly resource: number }
  readonly nextRequest: number
  readonly requests: readonly RequestState[]
  readonly timers: { readonly next: number; readonly timers: readonly Timer[] }
  readonly cases: readonly CaseState[]
  readonly modules: readonly ModuleState[]
}
