// History: what an active machine has let see since somebody began to keep it, to be asked as often
// as one likes, like a recording.
//
//   historyOf(machine)  ...  time passes  ...  observe() yields all of it again
//
// Holds: memory is bounded. When it is full the oldest goes, and that is counted as loss.
import type { ActiveMachine, Watch } from './active-machine.js'
import type { Clock } from './clock.js'
import type { HostAccess } from './host-access.js'
import type { Capability, Machine, MachineSnapshot } from './machine.js'
import {
  type CodeFilter,
  copyBatch,
  type Loss,
  noLoss,
  type ObservationBatch,
  type ObservationStream,
} from './observation.js'

/** Bytes that are kept. */
const KEPT_BYTES = 128 * 2 ** 20

/** A machine's past. */
export class History implements Machine {
  readonly backend
  readonly capabilities: ReadonlySet<Capability> = new Set(['observe', 'snapshot'])
  readonly #machine: ActiveMachine
  readonly #watch: Watch
  readonly #keptBytes: number
  #batches: ObservationBatch[] = []
  #strings: readonly string[] = []
  #bytes = 0
  #lostRows = 0

  /** Keeps everything from now on, the last `keptBytes` of it. */
  constructor(machine: ActiveMachine, keptBytes: number = KEPT_BYTES) {
    this.#machine = machine
    this.backend = machine.backend
    this.#keptBytes = keptBytes
    this.#watch = machine.watch(
      () => true,
      (batch, strings) => this.#keep(batch, strings),
    )
  }

  get spec(): string {
    return this.#machine.spec
  }

  get access(): HostAccess {
    return this.#machine.access
  }

  get lacks(): readonly string[] {
    return this.#machine.lacks ?? []
  }

  snapshot(): MachineSnapshot {
    return this.#machine.snapshot()
  }

  observe(_wants?: CodeFilter): ObservationStream {
    this.#watch.flush()
    return new HistoryStream(this.#watch.clock, [...this.#batches], this.#strings, this.#loss())
  }

  /** Begins with what another machine has let see: that whose fork this one's is. Batches never
   *  change, so both may have them. */
  inherit(from: History): void {
    from.#watch.flush()
    this.#batches = [...from.#batches, ...this.#batches]
    this.#strings = this.#strings.length > 0 ? this.#strings : from.#strings
    this.#bytes += from.#bytes
    this.#lostRows += from.#lostRows
  }

  /** Keeps nothing any more. */
  close(): void {
    this.#watch.close()
    this.#batches = []
    this.#bytes = 0
  }

  #loss(): Loss {
    if (this.#lostRows === 0) return noLoss()
    const mebibytes = Math.round(this.#keptBytes / 2 ** 20)
    const note = `the oldest of the past is not kept: no more than ${mebibytes} MiB of it are`
    return { records: this.#lostRows, bytes: 0, notes: [note], gaps: 1 }
  }

  #keep(batch: ObservationBatch, strings: readonly string[]): void {
    this.#strings = strings
    const copy = copyBatch(batch)
    this.#batches.push(copy)
    this.#bytes += bytesOf(copy)
    while (this.#bytes > this.#keptBytes) {
      const oldest = this.#batches.shift()
      if (oldest === undefined) break
      this.#bytes -= bytesOf(oldest)
      this.#lostRows += oldest.length
    }
  }
}

const histories = new WeakMap<ActiveMachine, History>()

/** The history of a machine, kept since this was first asked. */
export function historyOf(machine: ActiveMachine): History {
  let history = histories.get(machine)
  if (history === undefined) {
    history = new History(machine)
    histories.set(machine, history)
  }
  return history
}

/** Gives a fork, right after it was made, the past of the machine it is of. */
export function inheritHistory(fork: ActiveMachine, from: ActiveMachine): void {
  historyOf(fork).inherit(historyOf(from))
}

/** One pass over a past. */
class HistoryStream implements ObservationStream {
  readonly clock: Clock
  readonly strings: readonly string[]
  readonly loss: Loss
  #batches: readonly ObservationBatch[]
  #at = 0

  constructor(
    clock: Clock,
    batches: readonly ObservationBatch[],
    strings: readonly string[],
    loss: Loss,
  ) {
    this.clock = clock
    this.#batches = batches
    this.strings = strings
    this.loss = loss
  }

  next(): ObservationBatch | undefined {
    return this.#batches[this.#at++]
  }

  close(): void {
    this.#batches = []
  }
}

const ROW_BYTES = 8 + 4 + 2 + 2 + 2 + 4 + 1

function bytesOf(batch: ObservationBatch): number {
  return batch.length * ROW_BYTES + batch.words.byteLength
}
