// Attendant: somebody who lives on a host and is woken when something concerns him: telemetry came,
// an act he asked for has ended, a time he chose has come. Fault management is one.
//
//   a step of the machine  ->  telemetry grew  ->  wake()  ->  acts, at the machine's time
//
// Holds: he is woken between two happenings, never within one, and before any time passes.
import type { HostAccess } from './host-access.js'

/** A host on which somebody can live. */
export interface AttendedHost {
  readonly access: HostAccess
  /** When it booted, in nanoseconds since 1970. */
  readonly bootNs: bigint
  /** Nanoseconds since it booted. */
  readonly nowNs: number
  /** Of whatever is chance for the attendant. */
  readonly seed: number
  readonly hostName: string
  /** Wakes the attendant once the clock reads `ns`. */
  wakeAt(ns: number): void
}

/** Somebody who lives there. */
export interface Attendant {
  wake(): void
  /** He who lives on a fork of the host, right after it was made, and knows all that this one
   *  does. */
  forkTo(host: AttendedHost): Attendant
}

/** A host that has room for one attendant. */
export interface Home extends AttendedHost {
  readonly attendant: Attendant | undefined
  /** Somebody moves in: he is woken from now on. */
  moveIn(attendant: Attendant): void
}
