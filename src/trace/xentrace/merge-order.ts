// Which pcpu comes next: tapes sorted by the time of their next record.
//
// Holds: `list` ascends by `times`. On a tie the tape goes first that came to this time last, which
// is xenalyze's rule (xenalyze.c, record_order_bubble); which one that was follows from the times
// both had before, so a tape may pass over records that nobody wants without the others noticing.
// A sentinel at the end has time Infinity. Moving step by step is fastest up to 64 pcpus at least:
// halving and copying took 1.2 times as long there.

/** How many of its former times a tape remembers: pcpus that tie so often in a row do not exist. */
const DEPTH = 16
/** Selects a place of `pasts`: `slot * 16 | (mark & 15)`. The merge loop has it written out. */
const PLACE_MASK = DEPTH - 1
/** What is before a tape's first time. */
const BEFORE = -1

/** The order of `count` tapes, known by their slot. */
export class MergeOrder {
  /** Slots, first one first. */
  readonly list: Int32Array
  /** The time of each slot's next record; Infinity at its end. */
  readonly times: Float64Array
  /** The last different times of each slot, in a ring of 16, and how many there were. */
  readonly pasts: Float64Array
  readonly marks: Int32Array

  constructor(count: number) {
    this.list = new Int32Array(count + 2).fill(count)
    this.times = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY)
    this.pasts = new Float64Array(count * DEPTH).fill(BEFORE)
    this.marks = new Int32Array(count)
  }

  /** Puts all slots in order, whatever order they are in: at first the lower one goes first. */
  sort(): void {
    const { times } = this
    const before = (a: number, b: number): boolean => {
      const later = (times[a] as number) > (times[b] as number)
      return !later && this.#isFirst(a, b)
    }
    this.list.set([...this.marks.keys()].sort((a, b) => (before(a, b) ? -1 : 1)))
  }

  /** Gives a slot its next time; where it stands, `settle` decides. */
  move(slot: number, time: number): void {
    const before = this.times[slot] as number
    if (time === before) return
    this.marks[slot] = (this.marks[slot] as number) + 1
    this.pasts[slot * DEPTH + ((this.marks[slot] as number) & PLACE_MASK)] = before
    this.times[slot] = time
  }

  /** Moves the first slot back to where its new time belongs. */
  settle(): void {
    const { list, times } = this
    const slot = list[0] as number
    const time = times[slot] as number
    let place = 0
    for (let other = list[1] as number; (times[other] as number) < time; place++) {
      list[place] = other
      other = list[place + 2] as number
    }
    list[place] = slot
    this.settleTie(place)
  }

  /** Moves the slot at `place` behind those of the same time that go first. */
  settleTie(place: number): void {
    const { list } = this
    const slot = list[place] as number
    let to = place
    for (let other = list[to + 1] as number; !this.#isFirst(slot, other); to++) {
      list[to] = other
      other = list[to + 2] as number
    }
    list[to] = slot
  }

  /** Whether a slot goes before another one of the same or a later time. Who came last to a time
   *  goes first, and so comes first to the next time. */
  #isFirst(slot: number, other: number): boolean {
    const time = this.times[slot] as number
    if (time === Number.POSITIVE_INFINITY || (this.times[other] as number) > time) return true
    for (let back = 0; back < DEPTH; back++) {
      const mine = this.#past(slot, back)
      const others = this.#past(other, back)
      const isLast = mine === others ? slot < other : mine > others
      if (mine !== others || mine === BEFORE) return isLast === (back % 2 === 0)
    }
    return true
  }

  #past(slot: number, back: number): number {
    const mark = (this.marks[slot] as number) - back
    return this.pasts[slot * DEPTH + (mark & PLACE_MASK)] as number
  }
}
