// Writes what was observed of a machine as a xentrace file, as xentrace(8) writes it from the rings
// of the pcpus.
//
//   batches of observations  ->  a ring for each pcpu; one is half full  ->  a window of each pcpu
//
// Holds: reading the file gives the hypervisor's records of those batches back, with their words
// and, at 1 GHz and more, their nanoseconds since the first; what dom0 or hardware said is no
// record of the hypervisor, and is left out. Records of one nanosecond keep their order on a pcpu.
// Source: as encode.ts; when windows are written: tools/xentrace/xentrace.c (monitor_tbufs).
import {
  type CodeFilter,
  DOM0_CODES,
  type ObservationBatch,
  type ObservationStream,
} from '../../machine/observation.js'
import { CPU_CHANGE, isEventCode, TSC_FLAG, WINDOW_HEADER } from './layout.js'

/** Bytes of a pcpu's window after which all windows are written. */
const WINDOW_BYTES = 1 << 16
const WINDOW_WORDS = WINDOW_BYTES / 4
/** Words of the largest record. */
const RECORD_WORDS = 10
const HEADER_WORDS = 3
const TWO_32 = 2 ** 32

/** What is to be written. */
export interface XentraceTarget {
  readonly pcpus: number
  /** Cycles a second of the time stamp counter. */
  readonly hz: number
  /** Nanoseconds since boot, when the counter was 0, at tick 0 of the batches. */
  readonly startNs: number
  /** Which records; all unless said. */
  readonly wants?: CodeFilter
  /** Takes a piece of the file; it may keep it. */
  readonly write: (piece: Uint8Array) => void
}

/** One window in the making. */
class Ring {
  readonly words = new Uint32Array(HEADER_WORDS + WINDOW_WORDS + RECORD_WORDS)
  used = HEADER_WORDS

  constructor(pcpu: number) {
    this.words[0] = WINDOW_HEADER
    this.words[1] = pcpu
  }
}

/** Writes what a stream, whose ticks are nanoseconds, has yet to tell; how many records that
 *  were. */
export function writeObservations(stream: ObservationStream, target: XentraceTarget): number {
  const writer = new XentraceWriter(target)
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) writer.add(batch)
  writer.flush()
  return writer.records
}

/** Writes one file. */
export class XentraceWriter {
  readonly #target: XentraceTarget
  readonly #rings: readonly Ring[]
  readonly #cyclesPerNs: number
  /** Nanoseconds of the batches at the first record; its time stamp. */
  #firstNs = 0
  #firstTsc = 0
  #records = 0

  constructor(target: XentraceTarget) {
    this.#target = target
    this.#cyclesPerNs = target.hz / 1e9
    this.#rings = Array.from({ length: target.pcpus }, (_, pcpu) => new Ring(pcpu))
  }

  /** Records so far. */
  get records(): number {
    return this.#records
  }

  /** Adds rows, which follow on those before in time. */
  add(batch: ObservationBatch): void {
    const { length, code, pcpu } = batch
    const { wants } = this.#target
    for (let i = 0; i < length; i++) {
      const ring = this.#rings[pcpu[i] as number]
      const id = code[i] as number
      if (ring === undefined || !isRecord(id) || wants?.(id) === false) continue
      this.#put(ring, batch, i)
      if (ring.used > WINDOW_WORDS) this.flush()
    }
  }

  /** Writes what is in the rings: at the end, too. */
  flush(): void {
    if (this.#rings.every(({ used }) => used === HEADER_WORDS)) return
    for (const ring of this.#rings) {
      ring.words[2] = (ring.used - HEADER_WORDS) * 4
      this.#target.write(new Uint8Array(ring.words.slice(0, ring.used).buffer))
      ring.used = HEADER_WORDS
    }
  }

  #put(ring: Ring, batch: ObservationBatch, i: number): void {
    const { words } = ring
    const extra = batch.extra[i] as number
    const from = batch.at[i] as number
    const ns = batch.ticks[i] as number
    if (this.#records === 0) this.#begin(ns)
    const tsc = this.#firstTsc + Math.ceil((ns - this.#firstNs) * this.#cyclesPerNs)
    let at = ring.used
    words[at++] = TSC_FLAG + extra * 0x1000_0000 + (batch.code[i] as number)
    words[at++] = tsc % TWO_32
    words[at++] = tsc / TWO_32
    for (let w = 0; w < extra; w++) words[at++] = batch.words[from + w] as number
    ring.used = at
    this.#records++
  }
  #begin(ns: number): void {
    this.#firstNs = ns
    this.#firstTsc = Math.floor((this.#target.startNs + ns) * this.#cyclesPerNs)
  }
}

/** Whether this is a record that a hypervisor writes. */
const isRecord = (code: number): boolean =>
  code < DOM0_CODES && isEventCode(code) && code !== CPU_CHANGE
