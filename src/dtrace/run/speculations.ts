// Speculations: records that wait until commit() lets them out or discard() throws them away.
//
//   speculation() -> 1    speculate(1) record record    commit(1) -> record record
//                         speculate(1) record           discard(1) -> nothing
//
// Holds: an id is that of a buffer, from 1 to nspec. commit() and discard() free it at once: on a
// host, one used on several CPUs stays busy until all have been asked.
// Source: illumos dtrace.c (dtrace_speculation and its like); DTrace for Linux speculation.c and
// dt_consume.c.
import type { FiringRecord, RecordItem } from '../program/record.js'
import { ILLEGAL_OPERATION } from './engine.js'
import type { BufferOptions } from './options.js'
import type { RecordSize } from './record-size.js'

/** What a clause records: an item, or what is done only when the record is printed. */
export type Recorded = RecordItem | (() => RecordItem | undefined)

/** A record that waits. */
export type WaitingRecord = Omit<FiringRecord, 'items'> & { readonly items: readonly Recorded[] }

interface Speculation {
  readonly records: WaitingRecord[]
  /** Bytes taken on each pcpu. */
  readonly bytes: Map<number, number>
  drops: number
}

/** The speculations of one run. */
export class Speculations {
  /** speculation() calls that found no buffer. */
  unavailable = 0
  /** Records that found no room. */
  drops = 0
  readonly #options: BufferOptions
  readonly #active = new Map<number, Speculation>()

  constructor(options: BufferOptions) {
    this.#options = options
  }

  /** The id of a free buffer, 0 when there is none. */
  take(): number {
    for (let id = 1; id <= this.#options.nspec; id++) {
      if (this.#active.has(id)) continue
      this.#active.set(id, { records: [], bytes: new Map(), drops: 0 })
      return id
    }
    this.unavailable++
    return 0
  }

  /** Whether a record of this size can wait in a buffer: false ends its clause. */
  admits(register: bigint, cpu: number, size: RecordSize): boolean {
    const found = this.#active.get(idOf(register))
    if (found === undefined) return false
    if (this.#options.dialect === 'linux') return true
    const free = this.#options.specsize - (this.#options.specsize % 8)
    const used = found.bytes.get(cpu) ?? 0
    if (used + size.needed <= free) return true
    found.drops++
    return false
  }

  /** Counts a record that its clause could not finish. */
  drop(): void {
    this.drops++
  }

  /** Keeps a record. */
  add(register: bigint, record: WaitingRecord, size: RecordSize): void {
    const found = this.#active.get(idOf(register))
    if (found === undefined) return
    const { dialect, specsize } = this.#options
    const place = dialect === 'linux' ? 0 : record.cpu
    const used = (found.bytes.get(place) ?? 0) + size.stored
    if (dialect === 'linux' && used > specsize) this.drops++
    else {
      found.bytes.set(place, used)
      found.records.push(record)
    }
  }

  /** Lets the records of a buffer out and frees it; none for one that is not in use. Throws
   *  "illegal operation" for an id that no buffer has. */
  commit(register: bigint): readonly WaitingRecord[] {
    const found = this.#release(register)
    this.drops += found?.drops ?? 0
    return found?.records ?? []
  }

  /** Frees a buffer with all that is in it. Throws as commit() does. */
  discard(register: bigint): void {
    this.#release(register)
  }

  #release(register: bigint): Speculation | undefined {
    const id = idOf(register)
    if (id > this.#options.nspec) throw ILLEGAL_OPERATION
    const found = this.#active.get(id)
    this.#active.delete(id)
    return found
  }
}

/** Ids are 32 bits, unsigned. */
const idOf = (register: bigint): number => Number(BigInt.asUintN(32, register))
