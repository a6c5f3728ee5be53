// Stints: runs of records on one pcpu in which the vcpu does not change. Where only the rows of
// each vcpu must be in time order, a stint is played whole: there are far fewer stints than changes
// of pcpu in a merge by time.
//
//   pcpu 0   d1v0 d1v0 d1v0 d1v0 | d2v1 ...      the stint that ends first is played first
//   pcpu 1      d3v0 d3v0 d3v0 d3v0 d3v0 | d1v0
//
// Holds: a stint ends with a record after which who runs may change, or where its piece ends; all
// records after it come no earlier than its last stamp. The other pcpus' stints end later: what
// they have before that time belongs to the vcpus of those stints. So when none of them is of the
// same vcpu, no row of that vcpu elsewhere can be earlier than one of this stint.
//
// Where that is not so (a vcpu on two pcpus at once, stamps that go back, stints that end at one
// tick, losses) nothing is chosen, and the stream merges by time. It can do so, and come back, at
// any point: what was not played of a vcpu is never earlier than what was.
import { type CodeTable, WANTED } from './code-table.js'
import { recordWords } from './layout.js'
import type { MergeOrder } from './merge-order.js'
import type { Arena } from './tape.js'

/** Beyond every word index. */
export const ENDLESS = 0x7fff_ffff
/** In `stops`: the stint must be looked for. */
export const UNKNOWN = -1
/** With more pcpus than this all stints take longer to compare than it saves. */
export const MOST_STINTED = 64
/** STARTS or STOPS, of code-table.ts. */
const CHANGES = 0x6000_0000
/** The flag ODD and the id, of code-table.ts: equal to the id of a plain record. */
const PLAIN_MASK = 0x8fff_ffff
/** A stamp this far ahead may not be believed (LONG_SILENCE of head-reader.ts). */
const LONG_SILENCE = 2 ** 33
/** Domains above this are unknown: one thread for each vcpu number. */
const UNKNOWN_THREAD = 0x7ffe_0000

/** What stints are looked for in. */
export interface StintInput {
  readonly arena: Arena
  readonly codes: CodeTable
  readonly order: MergeOrder
  /** By slot, packed: who runs. */
  readonly currents: Uint32Array
  /** Low and high word of the stamp at tick 0. */
  readonly zero: Float64Array
}

/** The stint that each tape has before it. */
export class Stints {
  /** By slot: the word index at which the stint ends, or UNKNOWN. */
  readonly stops: Int32Array
  /** By slot: one tick more than the stint's last stamp. */
  readonly limits: Float64Array
  readonly #hasRows: Uint8Array
  readonly #input: StintInput
  readonly #headers: Int32Array

  constructor(input: StintInput) {
    const count = input.currents.length
    this.stops = new Int32Array(count).fill(UNKNOWN)
    this.limits = new Float64Array(count)
    this.#hasRows = new Uint8Array(count)
    this.#input = input
    this.#headers = new Int32Array(input.arena.words.buffer)
  }

  /** Puts the tape first whose stint ends first, any tape at the end of all. False when that stint
   *  cannot be played whole. */
  choose(): boolean {
    const { limits, stops } = this
    const { list } = this.#input.order
    const count = stops.length
    let best = 0
    let limit = Number.POSITIVE_INFINITY
    let isTie = false
    for (let place = 0; place < count; place++) {
      const slot = list[place] as number
      if (stops[slot] === UNKNOWN) this.#look(slot)
      const other = limits[slot] as number
      if (other > limit) continue
      isTie = other === limit
      limit = other
      best = place
    }
    if (limit === Number.POSITIVE_INFINITY) return true
    const slot = list[best] as number
    list[best] = list[0] as number
    list[0] = slot
    return !isTie && stops[slot] !== this.#input.arena.ats[slot] && this.#isAlone(slot)
  }

  /** Whether no other stint has rows of the same vcpu. */
  #isAlone(slot: number): boolean {
    if (this.#hasRows[slot] === 0) return true
    const thread = this.#threadOf(slot)
    for (let other = 0; other < this.stops.length; other++) {
      if (other === slot || this.#hasRows[other] === 0) continue
      if (this.#threadOf(other) === thread) return false
    }
    return true
  }

  #threadOf(slot: number): number {
    const current = this.#input.currents[slot] as number
    return current > 0x7fff_ffff ? UNKNOWN_THREAD | (current & 0xffff) : current
  }

  /** Looks for the stint of a tape. It is empty before a record that is not plain, and where its
   *  last stamp may not be believed. */
  #look(slot: number): void {
    const { arena, codes, order } = this.#input
    const { entries } = codes
    const headers = this.#headers
    const end = arena.ends[slot] as number
    const start = arena.ats[slot] as number
    const time = order.times[slot] as number
    let at = start
    let stamped = -1
    let flags = 0
    while (time !== Number.POSITIVE_INFINITY && (flags & CHANGES) === 0) {
      const header = headers[at] as number
      const id = header & 0x0fff_ffff
      const entry = entries[(((15 - Math.clz32(id)) & 15) << 16) | (id & 0xffff)] as number
      const next = at + recordWords(header)
      if ((entry & PLAIN_MASK) !== id || next > end) break
      if (header < 0) stamped = at
      flags |= entry
      at = next
    }
    const last = stamped < 0 ? time : this.#timeAt(stamped)
    const isBelieved = last >= time && last - time <= LONG_SILENCE
    this.stops[slot] = isBelieved ? at : start
    this.limits[slot] = (isBelieved ? last : time) + 1
    this.#hasRows[slot] = isBelieved && (flags & WANTED) !== 0 ? 1 : 0
  }

  #timeAt(at: number): number {
    const { arena, zero } = this.#input
    const high = (arena.words[at + 2] as number) - (zero[1] as number)
    return high * 4294967296 + ((arena.words[at + 1] as number) - (zero[0] as number))
  }
}
