// FmdInput, FmdAction: what fmd takes and what it wants done. Between them fmd is a pure step.
//
//   ereport, time, a repair, the outcome of an act   ->  fmd  ->  log this, do that, wake me then
import type { Ereport } from '../event/ereport.js'
import type { Fmri } from '../event/fmri.js'
import type { NvList } from '../event/nvlist.js'
import type { MachineOutcome, MachineRequest } from './module.js'

/** What fmd takes. Times are nanoseconds since 1970 and never decrease. */
export type FmdInput = { readonly timeNs: bigint } & (
  | { readonly kind: 'ereport'; readonly ereport: Ereport }
  | { readonly kind: 'time' }
  | { readonly kind: 'acted'; readonly request: number; readonly outcome: MachineOutcome }
  /** People say so of a resource, a label or a whole case. */
  | { readonly kind: 'repaired' | 'replaced' | 'acquitted'; readonly what: RepairTarget }
  /** Forget a module's cases, or one SERD engine of it. */
  | { readonly kind: 'reset'; readonly module: string; readonly serd?: string }
  /** Forget what is known of a resource. */
  | { readonly kind: 'flush'; readonly resource: Fmri }
)

/** What is said to be repaired. */
export type RepairTarget =
  | { readonly kind: 'resource'; readonly fmri: Fmri; readonly uuid?: string }
  | { readonly kind: 'label'; readonly label: string; readonly uuid?: string }
  | { readonly kind: 'case'; readonly uuid: string }

/** Which log: of ereports, of diagnoses, of resources; and of what people and the machine told fmd
 *  (repairs, outcomes of acts), which with the ereports is all that decides what fmd does. */
export type LogName = 'error' | 'fault' | 'resource' | 'info'

/** An ereport that a diagnosis refers to. */
export interface EreportReference {
  readonly timeNs: bigint
  readonly class: string
  readonly ena: bigint
}

/** One line of a log. */
export interface LogRecord {
  readonly log: LogName
  /** In the logs of errors and of information: of the input, counted through both. In the others:
   *  of the record in its log. From 1. */
  readonly number: number
  readonly timeNs: bigint
  readonly event: NvList
  /** In a log of diagnoses: which ereports it rests on. */
  readonly ereports?: readonly EreportReference[]
}

/** What fmd wants done. */
export type FmdAction =
  | { readonly kind: 'log'; readonly record: LogRecord }
  | {
      readonly kind: 'act'
      readonly request: number
      readonly module: string
      readonly uuid: string
      readonly what: MachineRequest
    }
