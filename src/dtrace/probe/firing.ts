// Firings: which probes fired, in columns, as the generated code of a program reads them.
//
//   ObservationBatch  ->  Firer (one per program run)  ->  FiringBatch  ->  generated clause code
//
// Holds: rows are in time order; one observation may fire none, one or several probes (a context
// switch is off-cpu, then on-cpu).
import type { ObservationBatch } from '../../machine/observation.js'

/** Columns of a batch of firings. Reused between batches. */
export interface FiringBatch {
  length: number
  /** Probe ids. */
  readonly probe: Uint32Array
  readonly ticks: Float64Array
  readonly pcpu: Uint16Array
  readonly domid: Uint16Array
  readonly vcpu: Uint16Array
  /** D's `cpu`: the pcpu for `xdt`, dom0's vcpu for `xpv` and `privcmd`. */
  readonly cpu: Uint16Array
  /** D's `tid`. A dom0 thread id, or `vcpuThread(domid, vcpu)` where the thread is a vcpu. */
  readonly tid: Uint32Array
  /** D's `pid`; 0 where no process is known. */
  readonly pid: Uint32Array
  /** D's `execname`, as a code of `strings`; code 0 is always "". */
  readonly execname: Uint32Array
  /** arg0 .. arg9. Only those asked for in `FiringNeeds.args` are filled. */
  readonly args: readonly BigInt64Array[]
  /** The same memory as pairs: `argWords[n][2*i]` low, `[2*i+1]` high. */
  readonly argWords: readonly Uint32Array[]
  /** Bit n: argn was not recorded. Reading it is a fault, never a 0. */
  readonly unknown: Uint16Array
  strings: readonly string[]
}

/** The columns that say where, when and in whose name a probe fired. */
export const FIRING_COLUMNS = [
  'ticks',
  'pcpu',
  'cpu',
  'domid',
  'vcpu',
  'tid',
  'pid',
  'execname',
] as const

export type FiringColumn = (typeof FIRING_COLUMNS)[number]

/** What a program reads of a firing, so that a firer need fill no more: the rest of a row is
 *  whatever was there before. `probe` is always filled, `unknown` when an argument is read. */
export interface FiringNeeds {
  /** Bit n: argn is read. */
  readonly args: number
  /** All columns when absent. */
  readonly columns?: ReadonlySet<FiringColumn>
}

/** What runs on a physical CPU, as far as the trace said up to now: what `profile-*` samples. */
export interface PcpuContext {
  readonly pcpu: number
  readonly domid: number
  readonly vcpu: number
}

/** Names observations: which of the enabled probes each one fires. Keeps what it must remember
 *  between records (a switch is told in three of them). */
export interface Firer {
  /** Whether an observation of this code can fire an enabled probe, or carries state a later one
   *  needs. */
  wants(code: number): boolean
  /** All firings of a batch. The result is valid until the next call. */
  fire(batch: ObservationBatch, strings: readonly string[]): FiringBatch
  /** The pcpus seen so far, ascending. Exact when a `profile` probe is enabled, since then every
   *  record that says what runs is wanted; else it may be empty. */
  contexts(): readonly PcpuContext[]
}

/** The thread id of a vcpu: above every process id, never the same for two vcpus. The unknown
 *  domain 0x8000 is folded to 0x7ffe, which no domain has. */
export function vcpuThread(domid: number, vcpu: number): number {
  const folded = domid > 0x7fff ? 0x7ffe : domid
  return (0x8000_0000 | (folded << 16) | vcpu) >>> 0
}

/** Allocates a batch of `capacity` rows. */
export function allocateFirings(capacity: number): FiringBatch {
  const args = Array.from({ length: 10 }, () => new BigInt64Array(capacity))
  return {
    length: 0,
    probe: new Uint32Array(capacity),
    ticks: new Float64Array(capacity),
    pcpu: new Uint16Array(capacity),
    domid: new Uint16Array(capacity),
    vcpu: new Uint16Array(capacity),
    cpu: new Uint16Array(capacity),
    tid: new Uint32Array(capacity),
    pid: new Uint32Array(capacity),
    execname: new Uint32Array(capacity),
    args,
    argWords: args.map((column) => new Uint32Array(column.buffer)),
    unknown: new Uint16Array(capacity),
    strings: [''],
  }
}
