// Case: a problem that is being worked on: the ereports it explains, and once it is solved the
// suspects and what becomes of them.
//
//   unsolved -> solved -> close-wait -> closed -> repaired -> resolved
//
// Holds: a uuid is of one case. Suspects keep their order: by class, then by resource. Source:
// illumos-gate usr/src/cmd/fm/fmd/common/fmd_case.c.
import type { Ereport } from '../event/ereport.js'
import type { ListedSuspect } from '../event/suspect-list.js'
import type { Severity } from '../message/message.js'
import type { Reason } from './reason.js'

/** What all cases have. */
interface CaseFacts {
  readonly uuid: string
  /** The module that works on it. */
  readonly module: string
  /** Nanoseconds since 1970, as all times of cases. */
  readonly openedNs: bigint
  readonly ereports: readonly Ereport[]
  /** One of its ereports was made by somebody for a test. */
  readonly injected: boolean
}

/** A case nobody has solved yet. */
export interface UnsolvedCase extends CaseFacts {
  readonly state: 'unsolved'
}

/** A case with its suspects. */
export interface SolvedCase extends CaseFacts {
  readonly state: 'solved' | 'close-wait' | 'closed' | 'repaired' | 'resolved'
  readonly solvedNs: bigint
  /** When it got into its state. */
  readonly changedNs: bigint
  readonly suspects: readonly ListedSuspect[]
  /** Of its message: GMCA-8000-LF. */
  readonly code: string
  readonly severity: Severity
  /** False when people are not to be told. */
  readonly message: boolean
  readonly reason: Reason | undefined
}

/** A case. */
export type Case = UnsolvedCase | SolvedCase
