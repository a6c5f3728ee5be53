// SimStream: a simulated machine, pulled: asked for the next batch, it lets the machine run.
//
//   next()  ->  run 10 ms  ->  what was seen, or a row that only says what time it is
//
// Holds: rows are in time order; ticks are nanoseconds since the pass began. Without an end it goes
// on for ever: whoever pulls decides.
import { type Clock, nanosecondClock } from '../../machine/clock.js'
import {
  allocateBatch,
  type CodeFilter,
  copyBatch,
  type Loss,
  noLoss,
  type ObservationBatch,
  type ObservationStream,
} from '../../machine/observation.js'
import type { Bus } from './bus.js'

/** What a stream pulls. */
export interface Pulled {
  /** Nanoseconds since boot, and when that was. */
  readonly clock: Clock
  readonly bus: Bus
  readonly nowNs: number
  run(ns: number): void
}

/** Code of a row that says nothing but its time: a long silence would otherwise hide that time
 *  passes from probes that time fires. */
const TIME_MARK = 0
/** Virtual nanoseconds between two looks. */
const SLICE_NS = 10_000_000

/** One pass. */
export class SimStream implements ObservationStream {
  readonly #machine: Pulled
  readonly #untilNs: number
  readonly #stop: () => void
  readonly #seen: ObservationBatch[] = []
  readonly loss: Loss = noLoss()
  readonly clock: Clock
  readonly #startNs: number
  #closed = false

  /** Ends when the machine's clock reaches `untilNs`. */
  constructor(machine: Pulled, wants: CodeFilter, untilNs: number) {
    this.#machine = machine
    this.#untilNs = untilNs
    this.#startNs = machine.nowNs
    this.clock = clockFrom(machine)
    this.#stop = machine.bus.listen(wants, (batch) => {
      rebase(batch, this.#startNs)
      this.#seen.push(copyBatch(batch))
    })
  }

  get strings(): readonly string[] {
    return this.#machine.bus.strings
  }

  next(): ObservationBatch | undefined {
    const ready = this.#seen.shift()
    if (ready !== undefined || this.#closed) return ready
    const left = this.#untilNs - this.#machine.nowNs
    if (left <= 0) return undefined
    this.#machine.run(Math.min(left, SLICE_NS))
    this.#machine.bus.flush()
    return this.#seen.shift() ?? timeMark(this.#machine.nowNs - this.#startNs)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stop()
    this.#seen.length = 0
  }
}

/** The clock of whoever begins to look now. */
export function clockFrom(machine: { readonly clock: Clock; readonly nowNs: number }): Clock {
  return nanosecondClock(machine.clock.source, machine.clock.zero + BigInt(machine.nowNs))
}

/** Lets a batch count from `startNs` instead of from boot. */
export function rebase(batch: ObservationBatch, startNs: number): void {
  for (let i = 0; i < batch.length; i++) batch.ticks[i] = (batch.ticks[i] as number) - startNs
}

function timeMark(ns: number): ObservationBatch {
  const batch = allocateBatch(1)
  batch.length = 1
  batch.ticks[0] = ns
  batch.code[0] = TIME_MARK
  return batch
}
