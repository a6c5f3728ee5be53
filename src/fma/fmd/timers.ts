// Timers: who is to be called when, in virtual time.
//
//   set(after 10 s, module eft, data)  ->  id        due(at)  ->  the earliest that is due, or none
//
// Holds: the earliest comes first; of two at one time the one set first. One called off costs
// nothing to who asks: it goes when it comes to the front, or when most are such.

/** One timer. */
export interface Timer {
  readonly id: number
  readonly dueNs: bigint
  readonly module: string
  readonly data: string
}

/** All timers, as a heap. */
export class Timers {
  #heap: Timer[] = []
  readonly #live = new Map<number, Timer>()
  #next = 1

  /** Sets one; its id. */
  set(timer: Omit<Timer, 'id'>): number {
    const id = this.#next++
    const whole = { ...timer, id }
    this.#live.set(id, whole)
    this.#push(whole)
    return id
  }

  /** Calls one off. */
  cancel(id: number): void {
    this.#live.delete(id)
    if (this.#heap.length > 64 && this.#heap.length > 4 * this.#live.size) this.#rebuild()
  }

  /** Calls off all of a module. */
  cancelAll(module: string): void {
    for (const timer of this.#live.values()) if (timer.module === module) this.cancel(timer.id)
  }

  get(id: number): Timer | undefined {
    return this.#live.get(id)
  }

  /** When the earliest is due. */
  get nextNs(): bigint | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || this.#live.has(first.id)) return first?.dueNs
      this.#pop()
    }
  }

  /** Takes out the earliest, when it is due by then. */
  takeDue(nowNs: bigint): Timer | undefined {
    const next = this.nextNs
    if (next === undefined || next > nowNs) return undefined
    const timer = this.#pop()
    this.#live.delete(timer.id)
    return timer
  }

  save(): { readonly next: number; readonly timers: readonly Timer[] } {
    return { next: this.#next, timers: [...this.#live.values()].sort((a, b) => a.id - b.id) }
  }

  restore(saved: { readonly next: number; readonly timers: readonly Timer[] }): void {
    this.#next = saved.next
    this.#live.clear()
    for (const timer of saved.timers) this.#live.set(timer.id, timer)
    this.#rebuild()
  }

  #rebuild(): void {
    this.#heap = [...this.#live.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1))
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(timer)
    while (at > 0) {
      const up = (at - 1) >> 1
      const above = heap[up] as Timer
      if (!isBefore(timer, above)) break
      heap[at] = above
      at = up
    }
    heap[at] = timer
  }

  #pop(): Timer {
    const heap = this.#heap
    const first = heap[0] as Timer
    const last = heap.pop() as Timer
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(timer: Timer): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (left === undefined) break
      if (right !== undefined && isBefore(right, left)) child++
      const below = heap[child] as Timer
      if (!isBefore(below, timer)) break
      heap[at] = below
      at = child
    }
    heap[at] = timer
  }
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.dueNs < b.dueNs || (a.dueNs === b.dueNs && a.id < b.id)
