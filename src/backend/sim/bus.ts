// Bus: where everything in a simulated machine that can be seen is said, and who listens.
//
//   scheduler, hypervisor, tools, hardware  ->  say(code, place, words)  ->  batches to listeners
//
// Holds: rows come in time order; nothing is written down that nobody wants. A batch is reused: a
// listener consumes it before it returns.
import { allocateBatch, type CodeFilter, type ObservationBatch } from '../../machine/observation.js'

/** Where something was seen: the physical CPU, and whose vcpu it ran. */
export interface SeenAt {
  readonly pcpu: number
  readonly domid: number
  readonly vcpu: number
}

/** Takes a batch while it is valid. */
export type Listener = (batch: ObservationBatch, strings: readonly string[]) => void

/** Rows of a batch. */
const CAPACITY = 512

interface Subscriber {
  readonly wants: CodeFilter
  readonly listener: Listener
  readonly batch: ObservationBatch
  used: number
}

/** One machine's bus. */
export class Bus {
  readonly #now: () => number
  readonly #subscribers = new Set<Subscriber>()
  readonly #wanted = new Map<number, readonly Subscriber[]>()
  readonly #strings: string[] = []
  readonly #codes = new Map<string, number>()
  /** Somebody listens, to whatever. */
  #isHeard = false

  /** `now` is the machine's clock, in nanoseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Dictionary of string words. */
  get strings(): readonly string[] {
    return this.#strings
  }

  /** The number of a string, for a string word. */
  text(value: string): number {
    const known = this.#codes.get(value)
    if (known !== undefined) return known
    const code = this.#strings.push(value) - 1
    this.#codes.set(value, code)
    return code
  }

  /** Whether anybody wants observations of this code. */
  wants(code: number): boolean {
    return this.#isHeard && this.#subscribersOf(code).length > 0
  }

  /** Says that something happened now. */
  say(code: number, at: SeenAt, words: ArrayLike<number>): void {
    if (!this.#isHeard) return
    for (const subscriber of this.#subscribersOf(code)) {
      this.#write(subscriber, code, at, words)
    }
  }

  /** Listens from now on; the function returned ends it, after what is still buffered. */
  listen(wants: CodeFilter, listener: Listener): () => void {
    const batch = allocateBatch(CAPACITY)
    batch.words = new Uint32Array(CAPACITY * 16)
    const subscriber = { wants, listener, batch, used: 0 }
    this.#subscribers.add(subscriber)
    this.#isHeard = true
    this.#wanted.clear()
    return () => {
      flush(subscriber, this.#strings)
      this.#subscribers.delete(subscriber)
      this.#isHeard = this.#subscribers.size > 0
      this.#wanted.clear()
    }
  }

  /** Hands over what is buffered: before anybody looks at results. */
  flush(): void {
    for (const subscriber of this.#subscribers) flush(subscriber, this.#strings)
  }

  #subscribersOf(code: number): readonly Subscriber[] {
    let of = this.#wanted.get(code)
    if (of === undefined) {
      of = [...this.#subscribers].filter((s) => s.wants(code))
      this.#wanted.set(code, of)
    }
    return of
  }

  #write(to: Subscriber, code: number, at: SeenAt, words: ArrayLike<number>): void {
    const { batch } = to
    if (batch.length === CAPACITY || to.used + words.length > batch.words.length)
      flush(to, this.#strings)
    const i = batch.length++
    batch.ticks[i] = this.#now()
    batch.code[i] = code
    batch.pcpu[i] = at.pcpu
    batch.domid[i] = at.domid
    batch.vcpu[i] = at.vcpu
    batch.at[i] = to.used
    batch.extra[i] = words.length
    for (let w = 0; w < words.length; w++) batch.words[to.used + w] = words[w] as number
    to.used += words.length
  }
}

function flush(to: Subscriber, strings: readonly string[]): void {
  if (to.batch.length === 0) return
  to.listener(to.batch, strings)
  to.batch.length = 0
  to.used = 0
}
