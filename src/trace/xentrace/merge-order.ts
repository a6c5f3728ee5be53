// Which pcpu comes next: tapes sorted by the time of their next record.
//
// Holds: `list` ascends by `times`; on a tie the tape that was settled last goes first, which is
// xenalyze's rule (xenalyze.c, record_order_bubble). A sentinel at the end has time Infinity.

/** Beyond this many steps a place is searched by halving: hosts with many pcpus. */
const LINEAR_STEPS = 12

/** The order of `count` tapes, known by their slot. */
export class MergeOrder {
  /** Slots, first one first. */
  readonly list: Int32Array
  /** The time of each slot's next record; Infinity at its end. */
  readonly times: Float64Array
  readonly #count: number

  constructor(count: number) {
    this.#count = count
    this.list = new Int32Array(count + 2).fill(count)
    this.times = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY)
  }

  /** Puts the slots in order for the first time: `arrivals` as if each were settled in that order. */
  start(arrivals: readonly number[]): void {
    const sorted: number[] = []
    for (const slot of arrivals) {
      const time = this.times[slot] as number
      const place = sorted.findIndex((other) => (this.times[other] as number) >= time)
      sorted.splice(place < 0 ? sorted.length : place, 0, slot)
    }
    this.list.set(sorted)
  }

  /** Moves the first slot back to where its new time belongs. */
  settle(): void {
    const { list, times } = this
    const slot = list[0] as number
    const time = times[slot] as number
    let i = 0
    let next = list[1] as number
    while ((times[next] as number) < time) {
      if (i === LINEAR_STEPS) {
        this.#settleFar(i, slot, time)
        return
      }
      list[i++] = next
      next = list[i + 1] as number
    }
    list[i] = slot
  }

  #settleFar(from: number, slot: number, time: number): void {
    const { list, times } = this
    let low = from + 1
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((times[list[middle] as number] as number) < time) low = middle + 1
      else high = middle
    }
    list.copyWithin(from, from + 1, low)
    list[low - 1] = slot
  }
}
