// Machine: the one interface over a simulated, a recorded and a live host. A backend yields raw
// things; every typed object decodes them with the same code.

import type { HostAccess } from './host-access.js'
import type { Obs } from './obs.js'
import type { CodeFilter, ObservationStream, ObserveOptions } from './observation.js'

/** What a machine can do: a recording can be observed as often as one likes, but never acted
 *  upon. */
export type Capability = 'observe' | 'act' | 'snapshot'

/** What is known of a host without asking it anything new. */
export interface MachineSnapshot {
  readonly title: string
  readonly xenVersion: Obs<string>
  readonly clockHz: Obs<number>
  readonly pcpus: Obs<number>
  /** The inputs this machine is made of, in the order they were merged; empty for a simulator. */
  readonly inputs: readonly MachineInput[]
}

/** One file a recorded machine is made of. */
export interface MachineInput {
  readonly path: string
  readonly format: string
  readonly sizeBytes: number
  readonly note?: string
}

/** A host with a Xen hypervisor. Everything that can be asked of all three kinds of host. */
export interface Machine {
  /** How it was asked for: what `--machine` would take to get it again. */
  readonly spec: string
  readonly backend: 'sim' | 'replay' | 'live'
  readonly capabilities: ReadonlySet<Capability>
  /** Its raw things, which the typed objects decode; absent where only observations are to be
   *  had. */
  readonly access?: HostAccess
  /** Probes that its time did not have, as patterns: `xpv:::xenbus-*`. */
  readonly lacks?: readonly string[]
  snapshot(): MachineSnapshot
  /** Starts a new pass over what the machine does or did; `wants` narrows it, `options` say which
   *  order will do. Throws `XpvError` `trace.*` when an input is not readable at all; partial
   *  damage is booked in the stream's `loss`. */
  observe(wants?: CodeFilter, options?: ObserveOptions): ObservationStream
  close(): void
}
