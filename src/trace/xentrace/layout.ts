// The layout of a xentrace file: record header, special records, and the ids that tell who runs.
//
//   record   header  [tsc low, tsc high]  0..7 words     header: id 28 bits | words 3 | tsc 1
//   window   CPU_CHANGE {pcpu, bytes}  then so many bytes of that pcpu's records
//   file     window, window, ... of pcpus 0, 1, ... again and again: file order is not time order
//
// Holds: all words are little-endian; a record has 4 to 40 bytes; it never straddles two windows.
// Source: xen/include/public/trace.h; windows: tools/xentrace/xentrace.c.

/** The event id of a header word. */
export const CODE_MASK = 0x0fff_ffff
/** The header bit that says a time stamp follows. */
export const TSC_FLAG = 0x8000_0000

/** How many 32-bit words the whole record of `header` has, itself included: 1 to 10. */
export function recordWords(header: number): number {
  return 1 + ((header >>> 31) << 1) + ((header >>> 28) & 7)
}

export const LOST_RECORDS = 0x0001_f001
export const WRAP_BUFFER = 0x0001_f002
export const CPU_CHANGE = 0x0001_f003
/** Never in a file: where a loss ends, a second step of the same record (xenalyze has it too). */
export const LOST_RECORDS_END = 0x0001_f032

/** The header word of a window: CPU_CHANGE, two words, no time stamp. */
export const WINDOW_HEADER = 0x2001_f003
export const WINDOW_HEADER_BYTES = 12

/** Words of a LOST_RECORDS row. The first four are the record's own (count, who,
 *  the time stamp when the loss began); the last two are the time
 *  stamp at which Xen wrote it: when the loss ended. The row's own time is when it began. */
export const LOST_COUNT = 0
/** What ran when the record was written: domain in the low half, vcpu in the high half, which is
 *  the other way round than in a runstate record. */
export const LOST_VCPU = 1
export const LOST_LAST_TSC = 4
export const LOST_WORDS = 6

/** Sched class, subclass "minimal": runstate changes, one code for each pair of states. */
export const RUNSTATE_CLASS = 0x0002_1000
/** A context switch as Xen 3.0 to 3.3 number it. */
export const OLD_SCHED_SWITCH = 0x0002_f00a

/** Packed as a runstate record packs it, domain above vcpu: no vcpu runs, as between the two
 *  runstate records of a switch. */
export const NOBODY = 0x8000_ffff
/** Packed: what runs on `pcpu` before the trace said it. */
export const unknownOn = (pcpu: number): number => (0x8000_0000 | pcpu) >>> 0

/** Turns LOST_VCPU into the packing of a runstate record. */
export const swapHalves = (word: number): number => ((word << 16) | (word >>> 16)) >>> 0

/** Xen can be built for this many pcpus at most (Kconfig, NR_CPUS). */
export const PCPU_LIMIT = 16_384

/** Whether an event id has exactly one main class: everything else is not a record. */
export function isEventCode(code: number): boolean {
  const main = (code >>> 16) & 0xfff
  return main !== 0 && (main & (main - 1)) === 0
}

/** The id that today's Xen gives to an event. Before 4.3 paravirtual events were 0x20f0xx, before
 *  3.4 scheduler events 0x2f0xx; words are unchanged. Every other id is itself. */
export function currentCode(code: number): number {
  if ((code & 0x0fff_f000) === 0x0020_f000) return (code & 0xfff) | 0x0020_1000
  if ((code & 0x0fff_f000) === 0x0002_f000) return (code & 0xfff) | 0x0002_8000
  return code
}
