// Kernel: virtual time. A queue of things to come, each a kind and two numbers; handlers by kind.
//
//   schedule(delay, kind, a, b)  ->  ... time passes ...  ->  handler of kind (a, b)
//
// Holds: what is due at one nanosecond happens in the order in which it was scheduled; the queue
// holds only numbers, so that a machine can be copied in the middle of its life.
import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'

/** Steps between two calls of `pulse`. */
const PULSE_STEPS = 64

/** What happens when something is due. */
export type Handler = (a: number, b: number) => void

/** All that a kernel knows: to be copied by `structuredClone`. */
export interface KernelState {
  readonly now: number
  readonly sequence: number
  /** Rows of [at, sequence, kind, a, b], in no order. */
  readonly queue: readonly (readonly number[])[]
}

interface Entry {
  readonly at: number
  readonly sequence: number
  readonly kind: number
  readonly a: number
  readonly b: number
}

/** The clock of a simulated machine and what will happen on it. Times are nanoseconds since
 *  boot. */
export class Kernel {
  #now = 0
  #sequence = 0
  readonly #heap: Entry[] = []
  readonly #handlers: Handler[] = []
  #steps = 0
  #stepping = false
  /** Called between two steps, once in a while. What it throws ends whoever lets time pass, at a
   *  place from which time can go on. */
  pulse: (() => void) | undefined
  /** Called once after a step in which somebody said `alert`, before any time passes. */
  attendant: (() => void) | undefined
  #alerted = false

  get now(): number {
    return this.#now
  }

  /** Says what `kind` does. Once for each kind. */
  on(kind: number, handler: Handler): void {
    assert(this.#handlers[kind] === undefined, `kind ${kind} has a handler`)
    this.#handlers[kind] = handler
  }

  /** Lets `kind` happen `delayNs` from now. */
  schedule(delayNs: number, kind: number, a = 0, b = 0): void {
    const sequence = this.#sequence++
    this.#push({ at: this.#now + Math.max(0, Math.round(delayNs)), sequence, kind, a, b })
  }

  /** When the next thing is due; undefined when nothing is. */
  get next(): number | undefined {
    return this.#heap[0]?.at
  }

  /** Lets the next thing happen. False when there is none. */
  step(): boolean {
    if (this.#stepping) throw torn()
    const entry = this.#pop()
    if (entry === undefined) return false
    this.#now = entry.at
    this.#whole(entry)
    if (this.#alerted) this.#attend()
    if (++this.#steps % PULSE_STEPS === 0) this.pulse?.()
    return true
  }

  /** Whoever attends the host is to look, once what happens now is over. */
  alert(): void {
    this.#alerted = true
  }

  /** Lets `kind` happen now, before anything that is due. */
  happen(kind: number, a: number, b: number): void {
    const handler = this.#handlers[kind]
    assert(handler !== undefined, `kind ${kind} has no handler`)
    handler(a, b)
  }

  /** Lets everything happen that is due up to `ns`, and time pass until then. */
  runUntil(ns: number): void {
    for (let at = this.next; at !== undefined && at <= ns; at = this.next) this.step()
    this.#now = Math.max(this.#now, ns)
  }

  /** What is to come, as numbers. */
  save(): KernelState {
    const queue = this.#heap.map((e) => [e.at, e.sequence, e.kind, e.a, e.b])
    return { now: this.#now, sequence: this.#sequence, queue }
  }

  /** Takes over what another kernel saved. Handlers stay. */
  restore(state: KernelState): void {
    this.#now = state.now
    this.#sequence = state.sequence
    this.#heap.length = 0
    for (const [at = 0, sequence = 0, kind = 0, a = 0, b = 0] of state.queue)
      this.#push({ at, sequence, kind, a, b })
  }

  #attend(): void {
    this.#alerted = false
    this.attendant?.()
  }

  /** Lets an entry happen. A debugger that ends the program in the middle of it leaves no machine
   *  behind on which time could go on: not even `finally` runs then. */
  #whole({ kind, a, b }: Entry): void {
    this.#stepping = true
    try {
      this.happen(kind, a, b)
    } finally {
      this.#stepping = false
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let i = heap.push(entry) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (before(heap[parent] as Entry, entry)) break
      heap[i] = heap[parent] as Entry
      i = parent
    }
    heap[i] = entry
  }

  #pop(): Entry | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let i = 0
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      const right = child + 1
      if (right < heap.length && before(heap[right] as Entry, heap[child] as Entry)) child = right
      if (before(last, heap[child] as Entry)) break
      heap[i] = heap[child] as Entry
      i = child
    }
    heap[i] = last
    return top
  }
}

function torn(): XpvError {
  const message = 'this machine was stopped in the middle of something: it is no more'
  return new XpvError('sim.torn', message, "open('sim')")
}

const before = (a: Entry, b: Entry): boolean =>
  a.at < b.at || (a.at === b.at && a.sequence < b.sequence)
