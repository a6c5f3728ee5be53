// Principal buffers: where records lie until they are printed, one buffer for each pcpu.
//
//   switch  printed all along: what one firing records must fit
//   fill    printed all along; the run ends when a record finds no room
//   ring    printed at the end: the last records that fit
//
// Holds: on illumos a clause whose record may not fit does not run at all; on Linux it runs, and
// its record is lost.
// Source: illumos dtrace.c (dtrace_buffer_reserve, dtrace_state_prereserve); DTrace for Linux
// dt_peb.c, and Linux's perf buffers.
import { ERROR_ID } from '../probe/catalog.js'
import type { OutputRecord } from '../program/record.js'
import type { Place } from './engine.js'
import type { BufferOptions } from './options.js'
import type { RecordSize } from './record-size.js'

interface Held {
  readonly record: OutputRecord
  readonly bytes: number
}

/** Buffers that are printed at the end keep what they hold: bytes, and records in order. */
interface Ring {
  readonly held: Held[]
  bytes: number
}

const PAGE = 4096

/** The principal buffers of one run. */
export class PrincipalBuffers {
  /** Records lost on each pcpu. */
  readonly drops = new Map<number, number>()
  /** Whether a buffer of policy fill has no room left. */
  full = false
  readonly #options: BufferOptions
  readonly #size: number
  /** What END may need of a buffer that fills. */
  readonly #reserve: number
  readonly #used = new Map<number, number>()
  readonly #rings = new Map<number, Ring>()
  #order: Held[] = []
  /** Probe and time of the firing that `#used` is about. */
  #probe = -1
  #ticks = -1
  #most = 2 ** 16

  constructor(options: BufferOptions, reserve: number) {
    this.#options = options
    this.#size = options.dialect === 'linux' ? pages(options.bufsize) : down8(options.bufsize)
    this.#reserve = options.policy === 'fill' ? reserve : 0
  }

  /** Whether a clause may run: whether its record, of this size, would find room. */
  admits(place: Place, size: RecordSize, ending: boolean): boolean {
    const { dialect, policy } = this.#options
    if (dialect === 'linux' && policy === 'switch') return true
    const pcpu = cpuOf(place)
    if (policy === 'ring') return size.needed <= this.#size || this.#drop(pcpu)
    const used = this.#usedAt(place, pcpu)
    if (policy === 'switch') return used + size.needed <= this.#size || this.#drop(pcpu)
    if (this.full && !ending) return false
    const room = this.#size - (ending ? 0 : this.#reserve)
    if (used + size.needed <= room) return true
    this.full = true
    return false
  }

  /** Takes a record in; undefined when it found no room, or is printed only at the end. */
  add(place: Place, record: OutputRecord, size: RecordSize): OutputRecord | undefined {
    const pcpu = cpuOf(place)
    if (this.#options.policy === 'ring') {
      this.#turn(pcpu, { record, bytes: size.stored })
      return undefined
    }
    const used = this.#usedAt(place, pcpu) + this.#bytes(size)
    if (used > this.#size && this.#options.policy === 'switch') {
      this.#drop(pcpu)
      return undefined
    }
    this.#used.set(pcpu, used)
    return record
  }

  /** What is left to print at the end, in the order of its recording. */
  *left(): Iterable<OutputRecord> {
    const kept = new Set([...this.#rings.values()].flatMap((ring) => ring.held))
    for (const held of this.#order) if (kept.has(held)) yield held.record
  }

  #drop(pcpu: number): false {
    this.drops.set(pcpu, (this.drops.get(pcpu) ?? 0) + 1)
    return false
  }

  // Linux puts a head before a record, and its length.
  #bytes({ stored }: RecordSize): number {
    return this.#options.dialect === 'linux' ? 8 * Math.ceil((stored + 8) / 8) : stored
  }

  #turn(pcpu: number, held: Held): void {
    let ring = this.#rings.get(pcpu)
    if (ring === undefined) {
      ring = { held: [], bytes: 0 }
      this.#rings.set(pcpu, ring)
    }
    ring.held.push(held)
    ring.bytes += held.bytes
    while (ring.bytes > this.#size) ring.bytes -= ring.held.shift()?.bytes ?? ring.bytes
    this.#order.push(held)
    if (this.#order.length > this.#most) this.#forget()
  }

  #forget(): void {
    const kept = new Set([...this.#rings.values()].flatMap((ring) => ring.held))
    const order = this.#order.filter((held) => kept.has(held))
    this.#order = order
    this.#most = Math.max(this.#most, 2 * order.length)
  }

  // A buffer that switches is empty when the next firing comes.
  #usedAt({ ecb, batch, row }: Place, pcpu: number): number {
    const probe = batch.probe[row] ?? -1
    const ticks = batch.ticks[row] ?? -1
    if (ecb.probe.id !== ERROR_ID && (probe !== this.#probe || ticks !== this.#ticks)) {
      if (this.#options.policy === 'switch') this.#used.clear()
      this.#probe = probe
      this.#ticks = ticks
    }
    return this.#used.get(pcpu) ?? 0
  }
}

const cpuOf = ({ batch, row }: Place): number => batch.cpu[row] ?? 0
const down8 = (size: number): number => size - (size % 8)

/** Linux has as many pages as a power of 2 says. */
function pages(size: number): number {
  return PAGE * 2 ** Math.ceil(Math.log2(Math.max(1, Math.ceil(size / PAGE))))
}
