// The watchdog: stops JavaScript when its user says so, even while the main thread does nothing but
// compute.
//
//   Ctrl-C, or SIGINT  ->  'interrupt' to the main thread; commands that look stop by themselves
//           ->  no answer within 100 ms: Runtime.terminateExecution; bindings survive
//   between cells      ->  what cells left behind is stopped the same way, once it is stuck
//
// Holds: at most one cell is watched at a time; its number is never 0. After `end` the terminal is
// ours, and nothing is stopped that comes after the cell.
// Source: Chrome DevTools Protocol, Runtime.terminateExecution; node:inspector connectToMainThread.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { bearTermination } from './async-stack.js'
import { SIGINT_SOURCE } from './sigint-worker.js'
import { WATCHDOG_SOURCE } from './watchdog-worker.js'

/** Whom the watchdog tells, on the main thread, and what it is told about the terminal. */
export interface WatchdogOptions {
  /** The cell shall end; called only while the main thread turns its event loop. */
  onInterrupt(cell: number): void
  /** JavaScript was stopped from outside for the sake of that cell, which may have ended since. */
  onStopped(cell: number): void
  /** What a cell had left behind was stuck, and stopped. `isTidy`: nobody had to ask for it, for it
   *  belongs to a cell that was interrupted before. */
  onIdleStopped(isTidy: boolean): void
  /** What was typed while the main thread was stuck between two cells. */
  onTyped(text: string): void
  /** Present: the process's SIGINT is heard too, and this is called when no cell runs. */
  readonly onIdleSignal?: () => void
  /** Present: each message that comes through it asks the running cell to end, as Ctrl-C does. */
  readonly interrupts?: MessagePort
}

/** How one cell is watched. */
export interface Watch {
  readonly timeoutMs?: number
  /** The terminal's device, to be read for Ctrl-C while the cell runs. */
  readonly terminal?: string
  /** Milliseconds that it may go on by itself once it was asked to end. */
  readonly graceMs: number
}

/** How the watch of a cell ends. */
export interface WatchEnd {
  /** The cell was cut off: what is left of it may still have to be stopped. */
  readonly wasCutOff: boolean
  /** Whether code has run that may get stuck later; the terminal is read when it does. */
  readonly attend: boolean
  readonly terminal?: string
}

const REQUESTED = 0
const SEEN = 1
const ENDED = 2
const HEARD = 3
const PULSE = 4
const WORDS = 5

/** Milliseconds a cell runs before the terminal is read for it: most are over by then. */
const PATIENCE_MS = 30

/** Owns one worker thread. Costs some 15 ms to start. Keeps the process alive only while a cell
 *  runs. */
export class Watchdog {
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * WORDS))
  readonly #worker: Worker
  readonly #listener: Worker | undefined
  /** Settles once SIGINT is heard, if it shall be. */
  readonly ready: Promise<unknown>
  readonly #options: WatchdogOptions
  readonly #repair = bearTermination()
  #ended: ((typed: string) => void) | undefined
  #cell = 0
  #ending = 0
  #isGone = false

  constructor(options: WatchdogOptions) {
    this.#options = options
    const { port1, port2 } = new MessageChannel()
    const signals = options.interrupts ?? port1
    this.#worker = new Worker(WATCHDOG_SOURCE, {
      eval: true,
      workerData: { shared: this.#words.buffer, signals },
      transferList: [signals],
      execArgv: [],
    })
    this.#worker.unref()
    if (options.onIdleSignal !== undefined) this.#listener = listenerTo(port2)
    this.ready = new Promise((resolve) => {
      if (this.#listener === undefined) resolve(undefined)
      this.#listener?.once('message', resolve).once('error', resolve)
    }).finally(() => this.#listener?.unref())
    this.#worker.on('message', (message: unknown) => this.#hear(message))
    for (const end of ['error', 'exit']) this.#worker.on(end, () => this.#leave())
  }

  /** Starts to watch. `cell` is a number not used before. */
  begin(cell: number, watch: Watch): void {
    this.#cell = cell
    this.#worker.ref()
    this.#worker.postMessage({ kind: 'begin', cell, patience: PATIENCE_MS, ...watch })
  }

  /** Whether the running cell was asked to end. Reads shared memory: works in a loop that never
   *  awaits, and asking counts as an answer, so that the loop may finish in its own way. */
  requested(): boolean {
    if (this.#cell === 0 || Atomics.load(this.#words, REQUESTED) !== this.#cell) return false
    Atomics.store(this.#words, SEEN, this.#cell)
    return true
  }

  /** The running cell was asked to end by somebody else; it is stopped if it does not. */
  heed(): void {
    this.#worker.postMessage({ kind: 'asked', cell: this.#cell })
  }

  /** Until `release` the main thread does the work of whoever drives the session: that is not what
   *  a cell has left behind. An interrupt that comes meanwhile is meant for the next cell. */
  hold(terminal: string | undefined): void {
    this.#worker.postMessage({ kind: 'hold', terminal })
  }

  /** `attend` says whether code has run that may get stuck later. */
  release(attend: boolean, terminal: string | undefined): void {
    this.#worker.postMessage({ kind: 'release', attend, terminal })
  }

  /** Ends the watch. Then, on a stack of its own and with no other work waiting, `then` is given
   *  what was typed meanwhile. */
  end(how: WatchEnd, then: (typed: string) => void): void {
    const cell = this.#cell
    Atomics.store(this.#words, ENDED, cell)
    this.#cell = 0
    this.#ending = cell
    this.#ended = then
    if (this.#isGone) this.#release('')
    else this.#worker.postMessage({ kind: 'end', cell, ...how })
  }

  async close(): Promise<void> {
    await this.#listener?.terminate()
    await this.#worker.terminate()
  }

  #leave(): void {
    this.#isGone = true
    this.#release('')
  }

  #release(typed: string): void {
    this.#worker.unref()
    const then = this.#ended
    this.#ended = undefined
    then?.(typed)
  }

  #hear(message: unknown): void {
    if (!isWord(message)) return
    const { kind, cell = 0, typed = '' } = message
    switch (kind) {
      case 'pulse':
        Atomics.store(this.#words, PULSE, message.pulse ?? 0)
        return
      case 'ended':
        Atomics.store(this.#words, HEARD, cell)
        // It may be said twice: the second time the next cell may be running already.
        if (cell === this.#ending && this.#ended !== undefined) this.#release(typed)
        return
      case 'idle-signal':
        this.#options.onIdleSignal?.()
        return
      case 'typed':
        this.#options.onTyped(typed)
        return
      case 'stopped':
        this.#repair()
        if (cell === 0) this.#options.onIdleStopped(message.isTidy === true)
        else this.#options.onStopped(cell)
        return
      case 'interrupt':
      case 'alive':
        if (cell !== this.#cell || cell === 0) return
        Atomics.store(this.#words, SEEN, cell)
        if (kind === 'interrupt') this.#options.onInterrupt(cell)
    }
  }
}

/** What the worker says. */
interface Word {
  readonly kind: string
  readonly cell?: number
  readonly typed?: string
  readonly pulse?: number
  readonly isTidy?: boolean
}

function isWord(message: unknown): message is Word {
  return typeof message === 'object' && message !== null && 'kind' in message
}

/** The thread that hears SIGINT and says so through the port. */
function listenerTo(port: MessagePort): Worker {
  const listener = new Worker(SIGINT_SOURCE, {
    eval: true,
    workerData: { port },
    transferList: [port],
    execArgv: [],
  })
  return listener
}
