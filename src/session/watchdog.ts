// The watchdog: stops a cell when its user says so, even while the main thread does nothing but
// compute.
//
//   Ctrl-C, or SIGINT  ->  'interrupt' to the main thread; commands that look stop by themselves
//           ->  no answer within 100 ms: Runtime.terminateExecution; bindings survive
//
// Holds: at most one cell is watched at a time; its number is never 0. After `end` the terminal is
// ours.
// Source: Chrome DevTools Protocol, Runtime.terminateExecution; node:inspector connectToMainThread.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { bearTermination } from './async-stack.js'
import { SIGINT_SOURCE } from './sigint-worker.js'
import { WATCHDOG_SOURCE } from './watchdog-worker.js'

/** Whom the watchdog tells, on the main thread, and what it is told about the terminal. */
export interface WatchdogOptions {
  /** The cell shall end; called only while the main thread turns its event loop. */
  onInterrupt(cell: number): void
  /** The JavaScript of the cell was stopped from outside. */
  onStopped(cell: number): void
  /** Present: the process's SIGINT is heard too, and this is called when no cell runs. */
  readonly onIdleSignal?: () => void
}

/** How one cell is watched. */
export interface Watch {
  readonly timeoutMs?: number
  /** The terminal's device, to be read for Ctrl-C while the cell runs. */
  readonly terminal?: string
}

const REQUESTED = 0
const SEEN = 1
const ENDED = 2

/** Milliseconds a cell runs before the terminal is read for it: most are over by then. */
const PATIENCE_MS = 30

/** Owns one worker thread. Costs some 15 ms to start. Keeps the process alive only while a cell
 *  runs. */
export class Watchdog {
  readonly #words = new Int32Array(new SharedArrayBuffer(12))
  readonly #worker: Worker
  readonly #listener: Worker | undefined
  /** Settles once SIGINT is heard, if it shall be. */
  readonly ready: Promise<unknown>
  readonly #options: WatchdogOptions
  readonly #repair = bearTermination()
  #ended: ((typed: string) => void) | undefined
  #cell = 0

  constructor(options: WatchdogOptions) {
    this.#options = options
    const { port1, port2 } = new MessageChannel()
    this.#worker = new Worker(WATCHDOG_SOURCE, {
      eval: true,
      workerData: { shared: this.#words.buffer, signals: port1 },
      transferList: [port1],
      execArgv: [],
    })
    this.#worker.unref()
    if (options.onIdleSignal !== undefined) this.#listener = listenerTo(port2)
    this.ready = new Promise((resolve) => {
      if (this.#listener === undefined) resolve(undefined)
      this.#listener?.once('message', resolve).once('error', resolve)
    }).finally(() => this.#listener?.unref())
    this.#worker.on('message', (message: unknown) => this.#hear(message))
    this.#worker.on('error', () => this.#release(''))
    this.#worker.on('exit', () => this.#release(''))
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

  /** Ends the watch. Yields what was typed meanwhile. */
  end(): Promise<string> {
    Atomics.store(this.#words, ENDED, this.#cell)
    this.#cell = 0
    return new Promise((resolve) => {
      this.#ended = resolve
      this.#worker.postMessage({ kind: 'end' })
    })
  }

  async close(): Promise<void> {
    await this.#listener?.terminate()
    await this.#worker.terminate()
  }

  #release(typed: string): void {
    this.#worker.unref()
    this.#ended?.(typed)
  }

  #hear(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('kind' in message)) return
    if (message.kind === 'stopped') this.#repair()
    const cell = 'cell' in message ? Number(message.cell) : 0
    if (message.kind === 'idle-signal') this.#options.onIdleSignal?.()
    else if (message.kind === 'ended')
      this.#release('typed' in message ? String(message.typed) : '')
    else if (cell !== this.#cell || cell === 0) return
    else if (message.kind === 'stopped') this.#options.onStopped(cell)
    else {
      Atomics.store(this.#words, SEEN, cell)
      if (message.kind === 'interrupt') this.#options.onInterrupt(cell)
    }
  }
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
