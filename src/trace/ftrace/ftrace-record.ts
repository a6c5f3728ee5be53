// FtraceRecord: one line of a trace, whichever way it was stored, and what a reader yields in time
// order.
//
//   tracefs text, trace-cmd report, trace_pipe_raw pages  ->  FtraceItem ...  ->  calls of dom0
//
// Holds: ticks are whole numbers since the first record of the capture and never decrease.
import type { Clock } from '../../machine/clock.js'

/** One record of the kernel's ring buffer. `vcpu` is the dom0 vcpu that the kernel calls
 *  its CPU. */
export interface FtraceRecord {
  readonly kind: 'record'
  readonly ticks: number
  readonly vcpu: number
  /** The kernel's thread id. */
  readonly pid: number
  /** Up to 15 characters; `<...>` where the kernel no longer knew it. */
  readonly comm: string
  readonly name: string
  /** The integer fields; one that the kernel could not fetch is absent. */
  readonly fields: ReadonlyMap<string, bigint>
  /** What a script wrote into trace_marker; empty for every other record. */
  readonly text: string
}

/** The kernel says that it dropped records here; `records` is undefined when it did not say how
 *  many. */
export interface FtraceLost {
  readonly kind: 'lost'
  readonly vcpu: number
  readonly records: number | undefined
}

/** What a reader yields. */
export type FtraceItem = FtraceRecord | FtraceLost

/** Yields a capture record by record. Damage is booked in the loss it was made with,
 *  never thrown. */
export interface FtraceReader {
  next(): FtraceItem | undefined
  /** Records of other tracers and probes, passed over. */
  readonly skipped: number
}

/** What a capture says about itself. */
export interface FtraceInfo {
  readonly name: string
  readonly form: 'tracefs' | 'trace-cmd' | 'raw'
  readonly clock: Clock
  readonly sizeBytes: number
  /** dom0's vcpus, where the capture says it. */
  readonly vcpus: number | undefined
  /** Records that the kernel overwrote before the capture was read. */
  readonly overwritten: number
}
