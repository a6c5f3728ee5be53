// Records: what a running program yields, typed, in order. DTrace's text, JSON and tables are
// printers of these.
import type { AggregationSnapshot } from '../aggregate/aggregation.js'
import type { ProbeDescription } from '../probe/description.js'
import type { PrintfFormat } from './format.js'
import type { DType } from './types.js'

/** A value as D recorded it: an int64 register under its type, a string, or the bytes of a record
 *  or array. */
export interface TypedValue {
  readonly type: DType
  readonly value: bigint | string | Uint8Array
}

/** One thing a clause recorded. */
export type RecordItem =
  | { readonly kind: 'trace'; readonly value: TypedValue }
  | { readonly kind: 'printf'; readonly format: PrintfFormat; readonly args: readonly TypedValue[] }
  | { readonly kind: 'print'; readonly value: TypedValue; readonly address?: bigint }
  | { readonly kind: 'tracemem'; readonly bytes: Uint8Array }
  /** Frames as text, outermost last: a recording has none. */
  | { readonly kind: 'stack'; readonly frames: readonly string[] }
  | {
      readonly kind: 'system' | 'freopen'
      readonly format: PrintfFormat
      readonly args: readonly TypedValue[]
    }
  | { readonly kind: 'ftruncate' }
  | { readonly kind: 'setopt'; readonly option: string; readonly value?: string }
  /** Aggregations as they were at that moment. */
  | {
      readonly kind: 'printa'
      readonly format?: PrintfFormat
      readonly aggregations: readonly AggregationSnapshot[]
    }

/** One firing of one clause that recorded something (`items` may be empty: the default action, or
 *  exit). */
export interface FiringRecord {
  readonly kind: 'firing'
  readonly epid: number
  readonly probe: ProbeDescription
  /** D's `cpu`. */
  readonly cpu: number
  /** Nanoseconds since the recording's start; undefined without a clock rate. */
  readonly timeNs: number | undefined
  readonly items: readonly RecordItem[]
}

/** A clause that faulted. Its other output of that firing is dropped; the ERROR probe fires. */
export interface FaultRecord {
  readonly kind: 'fault'
  readonly epid: number
  readonly probe: ProbeDescription
  /** DTrace's fault code: 1 invalid address, 4 divide-by-zero, 3 illegal operation ... */
  readonly fault: number
  /** 0 for the predicate, else the number of the action within the clause, from 1; -1 for what the
   *  consumer of records could not do (`fault` is then 1000). */
  readonly action: number
  /** Place of the clause in the program, from 0. */
  readonly clause?: number
  /** DTrace's text ("divide-by-zero"), or ours where DTrace has no such fault ("arg0 was not
   *  recorded"). */
  readonly text: string
  /** The address, of an invalid one; the index, of one out of bounds. */
  readonly value?: bigint
}

/** Something was lost: counted, and shown. */
export interface DropRecord {
  readonly kind: 'drop'
  readonly what:
    | 'principal'
    | 'aggregation'
    | 'dynamic'
    | 'speculation'
    | 'speculation-unavailable'
    | 'records-lost'
    | 'bytes-lost'
    | 'error-in-error'
  readonly count: number
  readonly cpu?: number
  readonly text?: string
}

export type OutputRecord = FiringRecord | FaultRecord | DropRecord

/** A finished run: its exit status (0 unless exit(n) said otherwise) and every aggregation, in
 *  order of first use; `unprinted` says which of them no printa() printed. */
export interface RunResult {
  readonly status: number
  readonly exited: boolean
  readonly interrupted: boolean
  /** All aggregations, also printed ones. */
  readonly aggregations: readonly AggregationSnapshot[]
  /** Ids of those that no printa() printed: a printer prints these at the end. */
  readonly unprinted: readonly number[]
  /** Firings seen, for reports. */
  readonly firings: number
}
