// Observation: what a machine lets us see, in columns. Bytes of a trace, or a simulator, become
// batches of observations; the probe catalog names them. Nothing on this path makes an object a
// record.
//
//   xentrace record, privcmd call  ->  ObservationBatch (code + words)  ->  dtrace/probe: firings
//
// An observation is a code and a few 32-bit words whose layout the code defines:
//   code <  2^28   a hypervisor trace record: the event id of xen/include/public/trace.h, and the
//                  record's own extra words (0..7)
//   code >= 2^28   something dom0 saw: the codes below; words 0 and 1 are always pid and execname
//   code >= 2^29   something hardware did
//
// Holds: rows are in time order over all pcpus, unless the consumer said that any order will do
// (`ObservationOrder`). Ticks are whole numbers since the stream's start (`Clock`).
import type { Clock } from './clock.js'

/** Columns of a batch of observations. The producer may reuse the object and its arrays: consume a
 *  batch before asking for the next. `words[at[i]] .. words[at[i] + extra[i] - 1]` belong to row
 *  `i`. */
export interface ObservationBatch {
  length: number
  readonly ticks: Float64Array
  readonly code: Uint32Array
  /** The physical CPU; PCPU_UNKNOWN where only the dom0 vcpu is known. */
  readonly pcpu: Uint16Array
  /** Domain and vcpu current there at that moment; DOMID_UNKNOWN before the trace said it. */
  readonly domid: Uint16Array
  readonly vcpu: Uint16Array
  readonly at: Uint32Array
  readonly extra: Uint8Array
  words: Uint32Array
}

/** `pcpu` of an observation made inside a guest that cannot know where its vcpu runs. */
export const PCPU_UNKNOWN = 0xffff

// ---- What dom0 saw. A string word is an index into the stream's `strings`; a 64-bit word pair is
// low, high. --
/** First code that is not a hypervisor trace record. */
export const DOM0_CODES = 0x1000_0000
/** A call into the privcmd driver begins. Layout: `CALL_*` word offsets. */
export const DOM0_CALL_ENTRY = 0x1000_0001
/** That call ends. Same layout; the arguments repeat those of the entry, the result follows
 *  them. */
export const DOM0_CALL_RETURN = 0x1000_0002
/** A marker written by a script (ftrace's trace_marker). Words: pid, execname, text. */
export const DOM0_MARK = 0x1000_0003
/** A call to a Xen device file of dom0 of which only the beginning is recorded: open, release and
 *  mmap of privcmd, and the ioctls of evtchn and gntdev. Layout: `CALL_*`, without a result.
 *  CALL_IOCTL is the ioctl; where that is CALL_NONE, CALL_SUBOP is a number of FILE_CALLS in
 *  `machine/hypercall-numbers.ts`. */
export const DOM0_DEVICE_CALL = 0x1000_0004

/** One entry of IOCTL_PRIVCMD_MMAP, as Sun's driver saw it. Words: pid, execname, then va, mfn and
 *  npages, each low and high. */
export const DOM0_MMAP_ENTRY = 0x1000_0005
/** A xenbus watch in dom0's kernel. Words: pid, execname, WATCH_*, then node, callback (low, high),
 *  watch (low, high), fired path; node and path are strings. */
export const DOM0_XENBUS_WATCH = 0x1000_0006
/** What DOM0_XENBUS_WATCH says happened to the watch. */
export const WATCH_REGISTER = 0
export const WATCH_UNREGISTER = 1
export const WATCH_ENQUEUE = 2
export const WATCH_FIRE = 3

// ---- What hardware did: of machines that can say it (a simulator, a live host).
// ------------------
/** First code of these. */
const HARDWARE_CODES = 0x2000_0000
/** A register was read or written. Words: MSR_*, msr, value (low, high), MSR_BY_*, the pcpu asked
 *  for, and 1 for a write. The row's pcpu is the one that executed it. */
export const HW_MSR = 0x2000_0001
/** What HW_MSR says became of it. */
export const MSR_READ = 0
export const MSR_WRITTEN = 1
export const MSR_GP_FAULT = 2
export const MSR_VIRTUALISED = 3
export const MSR_WRITE_DROPPED = 4
export const MSR_DENIED = 5
/** Which way HW_MSR says it came: an instruction in a vcpu, a hypercall, an instruction on
 *  metal. */
export const MSR_BY_VCPU = 0
export const MSR_BY_HYPERCALL = 1
export const MSR_BY_METAL = 2
/** The pcpu that HW_MSR says was asked for, where none was. */
export const MSR_ANY_PCPU = 0xffff_ffff
/** A machine-check bank. Words: MCA_*, bank, then status, address and misc, each low and high. */
export const HW_MCA = 0x2000_0002
/** What HW_MCA says happened. */
export const MCA_LATCHED = 0
export const MCA_OVERFLOWED = 1
export const MCA_POLLED = 2
export const MCA_CMCI = 3
export const MCA_EXCEPTION = 4
export const MCA_VIRQ = 5
export const MCA_CLEARED = 6
export const MCA_TELEMETRY_DROPPED = 7
export const MCA_FETCHED = 8
export const MCA_PAGE_OFFLINE = 9
/** The bank of a row that is about none. */
export const MCA_NO_BANK = 0xffff_ffff
/** A PCI Express error. Words: PCIE_*, requester id (bus, device, function), status bits, source
 *  id, 1 for an uncorrectable one; then severity (0 correctable, 1 non-fatal, 2 fatal), the offset
 *  in the AER capability of the register that the status bits are of, and, where a TLP header is
 *  logged, its four words. */
export const HW_PCIE = 0x2000_0003
/** What HW_PCIE says happened. */
export const PCIE_LATCHED = 0
export const PCIE_MESSAGE = 1
export const PCIE_ROOT_LATCHED = 2
export const PCIE_SOURCE_LOST = 3
export const PCIE_INTERRUPT = 4
export const PCIE_POLLED = 5

/** Words of DOM0_CALL_ENTRY and DOM0_CALL_RETURN. Arguments are pairs from CALL_ARGS on, in the
 *  order that `machine/hypercall.ts` gives for the call; bit n of CALL_KNOWN says that argument n
 *  was recorded. */
export const CALL_PID = 0
export const CALL_EXECNAME = 1
export const CALL_IOCTL = 2
/** The hypercall's number; CALL_NONE for an ioctl that is not a hypercall. */
export const CALL_OP = 3
/** Its sub-operation (domctl, sysctl, memory_op ... command); CALL_NONE where the call has none. */
export const CALL_SUBOP = 4
/** 1 when the call went inside a one-entry multicall, as libxencall wraps memory_op. */
export const CALL_IN_MULTICALL = 5
/** Result: known (1) or not (0), then low and high word of the signed 64-bit result. Entry: all
 *  0. */
export const CALL_RESULT_KNOWN = 6
export const CALL_RESULT = 7
export const CALL_KNOWN = 9
export const CALL_ARGC = 10
export const CALL_ARGS = 11
export const CALL_NONE = 0xffff_ffff

/** Which words of an observation are codes of the stream's dictionary. */
export function stringWords(code: number): readonly number[] {
  if (code < DOM0_CODES || code >= HARDWARE_CODES) return []
  if (code === DOM0_XENBUS_WATCH) return [1, 3, 8]
  return code === DOM0_MARK ? [1, 2] : [1]
}

/** What a stream could not give, counted so that it can be shown: loss is data. */
export interface Loss {
  /** Records the hypervisor or kernel said it dropped. */
  records: number
  /** Bytes passed over because they were garbled or cut. */
  bytes: number
  /** One line per gap, with offset and what was expected; at most 100, the rest only counted. */
  readonly notes: string[]
  /** Gaps in all, also those without a note. */
  gaps: number
}

/** Which observation codes a consumer wants. A producer may leave out all others. */
export type CodeFilter = (code: number) => boolean

/** In which order a consumer needs rows. 'time': over all pcpus. 'vcpu': rows of one vcpu (as the
 *  columns name it) in time order, on whatever pcpus they were. 'any': rows of one pcpu in time
 *  order. A producer may give them in more order than is asked for: each satisfies the next. */
export type ObservationOrder = 'time' | 'vcpu' | 'any'

/** How a pass is made. */
export interface ObserveOptions {
  /** 'time' unless said otherwise. */
  readonly order?: ObservationOrder
}

/** A stream of observations of one machine, in the order asked for. Owns files or a simulator:
 *  close it. */
export interface ObservationStream {
  readonly clock: Clock
  /** Dictionary for string words; grows while the stream is read. */
  readonly strings: readonly string[]
  /** Complete up to the batches already taken. */
  readonly loss: Loss
  /** The next batch, or undefined at the end. Never an empty batch. */
  next(): ObservationBatch | undefined
  close(): void
}

/** Makes an empty loss account. */
export function noLoss(): Loss {
  return { records: 0, bytes: 0, notes: [], gaps: 0 }
}

/** Books one gap: what was found where, and how many bytes or records it cost. */
export function bookLoss(
  loss: Loss,
  note: string,
  cost: { bytes?: number; records?: number },
): void {
  loss.gaps += 1
  loss.bytes += cost.bytes ?? 0
  loss.records += cost.records ?? 0
  if (loss.notes.length < 100) loss.notes.push(note)
}

/** Allocates a batch of `capacity` rows whose words are set by the producer. */
export function allocateBatch(capacity: number): ObservationBatch {
  return {
    length: 0,
    ticks: new Float64Array(capacity),
    code: new Uint32Array(capacity),
    pcpu: new Uint16Array(capacity),
    domid: new Uint16Array(capacity),
    vcpu: new Uint16Array(capacity),
    at: new Uint32Array(capacity),
    extra: new Uint8Array(capacity),
    words: new Uint32Array(0),
  }
}

/** A batch of its own with the rows of another. */
export function copyBatch(batch: ObservationBatch): ObservationBatch {
  const n = batch.length
  const end = n === 0 ? 0 : (batch.at[n - 1] as number) + (batch.extra[n - 1] as number)
  return {
    length: n,
    ticks: batch.ticks.slice(0, n),
    code: batch.code.slice(0, n),
    pcpu: batch.pcpu.slice(0, n),
    domid: batch.domid.slice(0, n),
    vcpu: batch.vcpu.slice(0, n),
    at: batch.at.slice(0, n),
    extra: batch.extra.slice(0, n),
    words: batch.words.slice(0, end),
  }
}
