// Assist: what whoever edits a cell is told of it while it is written: what may follow, what a call
// takes, what is wrong, what the words are, what it would yield.
//
//   a prompt, a notebook's editor, a kernel  ->  Assist  ->  the session's names and types
//
// Holds: nothing here changes the session, and no answer takes longer than its deadline: what is
// not known in time is not told.
import type { Completion } from './complete.js'

/** A choice of what may stand at a place. */
export interface Suggested extends Completion {
  /** Its type: `method`, `Hypervisor`, `readonly PcpuId[]`. */
  readonly detail?: string
}

/** What a call takes, while its arguments are written. */
export interface CallHint {
  /** `rdmsr(name: MsrName): MsrRead`. */
  readonly label: string
  /** Where in the label the argument stands that is being written. */
  readonly argument?: { readonly start: number; readonly end: number }
  readonly meaning?: string
}

/** A mistake found before the cell runs. */
export interface Mistake {
  readonly code: string
  readonly message: string
  readonly start: number
  readonly end: number
}

/** What a stretch of a cell is, for colour. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly role:
    | 'keyword'
    | 'string'
    | 'number'
    | 'comment'
    | 'name'
    | 'command'
    | 'option'
    | 'probe'
    | 'aggregation'
    | 'mistake'
}

/** What is told of a cell while it is written. Offsets are of UTF-16 code units. */
export interface Assist {
  complete(text: string, offset: number): Promise<readonly Suggested[]>
  callHint(text: string, offset: number): Promise<CallHint | undefined>
  /** Errors of types and of syntax; empty where nothing is known. */
  check(text: string): Promise<readonly Mistake[]>
  stretches(text: string): readonly Stretch[]
  /** Whether Enter would run it, or more has to come. */
  isWhole(text: string): boolean
  /** The value of what is written, in one line, where finding out changes nothing. */
  preview(text: string): Promise<string | undefined>
}
