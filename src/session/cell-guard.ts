// The guard: does the work of one cell after another under the watchdog's eyes, so that whatever
// runs can be ended and the prompt comes back.
//
//   run(cell, work)  ->  how the work ended: by itself, by Ctrl-C, by a time that was set
//
// Holds: one cell runs at a time. Whoever waits for a cell goes on from a stack of its own with
// nothing of the cell waiting behind it: a stop can take no one along but the cell.
import type { MessagePort } from 'node:worker_threads'
import { XpvError } from '../base/error.js'
import type { RunningCell, WorkEnd } from './cell.js'
import type { CellContexts } from './cell-context.js'
import { mayStartThreads } from './threads.js'
import { Watchdog } from './watchdog.js'

/** The terminal, as far as a running cell is concerned. */
interface GuardedTerminal {
  /** The device, read for Ctrl-C while a cell runs. */
  readonly path: string
  /** Given what was typed while a cell ran, or at a prompt that did not answer. */
  typedAhead(text: string): void
  /** What cells had left running kept the prompt from answering, and was ended by Ctrl-C. */
  freed?(): void
}

/** The process's SIGINT, for a program without a terminal of its own. */
interface GuardedSignal {
  /** It came while no cell ran. */
  readonly onIdleSignal: () => void
}

/** Another thread, for a program that is asked to end a cell by messages. */
interface GuardedPort {
  /** Each message that comes through it ends the running cell. */
  readonly interrupts: MessagePort
  /** What kept the session from answering was ended; the work it did may have been. */
  freed?(): void
}

/** Whom running cells are watched for. */
export type Guarded = GuardedTerminal | GuardedSignal | GuardedPort

/** Milliseconds in which a cell may go on once it was asked to end: code has nothing to do any more
 *  by then, a command may have to print. */
const GRACE_MS = { ts: 50, esc: 50, d: 1000, command: 1000 } as const

/** Owns the watchdog, once there is one, and knows the running cell. */
export class CellGuard {
  readonly #contexts: CellContexts
  #watchdog: Watchdog | undefined
  #terminal: GuardedTerminal | undefined
  #port: GuardedPort | undefined
  #running: RunningCell | undefined
  #hasRunCode = false
  #holds = 0
  #tear: (() => void) | undefined

  constructor(contexts: CellContexts) {
    this.#contexts = contexts
  }

  get running(): RunningCell | undefined {
    return this.#running
  }

  /** The number of the running cell. */
  get cell(): number | undefined {
    return this.#running?.number
  }

  /** Starts the watchdog; it reads Ctrl-C from the terminal, or hears the process's SIGINT, or
   *  messages. Where there can be no thread there is none: whoever started us has to end us. */
  watch(by?: Guarded): void {
    const signal = by !== undefined && !('path' in by) ? by : {}
    if (by !== undefined && 'path' in by) this.#terminal = by
    if (by !== undefined && 'interrupts' in by) this.#port = by
    if (!mayStartThreads()) return
    this.#watchdog ??= new Watchdog({
      ...signal,
      onInterrupt: () => this.interrupt(),
      onStopped: (cell) => {
        this.#contexts.stopped()
        this.#contexts.cutOff(cell)
        if (cell === this.cell) this.#running?.stop()
      },
      onIdleStopped: (isTidy) => {
        this.#contexts.stopped()
        if (isTidy) return
        this.#contexts.cutOff()
        this.#tear?.()
        this.#terminal?.freed?.()
        this.#port?.freed?.()
      },
      onTyped: (text) => this.#terminal?.typedAhead(text),
    })
  }

  /** Does the work of a cell. May leave it behind when the cell is ended from outside. */
  async run(cell: RunningCell, work: () => Promise<WorkEnd>, timeoutMs?: number): Promise<WorkEnd> {
    if (timeoutMs !== undefined) this.watch()
    await this.#watchdog?.ready
    this.#running = cell
    this.#hasRunCode ||= cell.language === 'ts'
    this.#watchdog?.begin(cell.number, {
      graceMs: GRACE_MS[cell.language],
      ...(this.#terminal === undefined ? {} : { terminal: this.#terminal.path }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
    return new Promise((resolve) => {
      cell.whenEnded((end) => this.#leave(cell, () => resolve(end)))
      // A stack of its own, for being stopped takes all of it; and not the immediate's, for Node
      // would lose its place among immediates.
      const begin = (): void => void work().then((end) => cell.end(end))
      setImmediate(() => queueMicrotask(begin))
    })
  }

  /** Does work of whoever drives the session, cells among it: it is not stopped for what earlier
   *  cells have left behind. Such work may do such work. */
  async undisturbed<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1
    if (this.#holds === 1) this.#watchdog?.hold(this.#terminal?.path)
    try {
      return await work()
    } finally {
      this.#holds -= 1
      if (this.#holds === 0) this.#watchdog?.release(this.#hasRunCode, this.#terminal?.path)
    }
  }

  /** The same for work that is lost when the main thread has to be freed meanwhile: rejects with
   *  `XpvError` `session.interrupted` then. */
  prepare<T>(work: () => Promise<T>): Promise<T> {
    const torn = new Promise<never>((_, reject) => {
      const why = 'the cell was interrupted before it ran'
      this.#tear = () => reject(new XpvError('session.interrupted', why))
    })
    return this.undisturbed(() => Promise.race([work(), torn])).finally(() => {
      this.#tear = undefined
    })
  }

  /** Tells the running cell to end. */
  interrupt(): void {
    const cell = this.#running
    if (cell === undefined) return
    this.#watchdog?.heed()
    this.#contexts.cutOff(cell.number)
    cell.interrupt()
  }

  /** Whether the running cell was told to end; to be asked by loops that never await. */
  isAsked(): boolean {
    return this.#running?.signal.aborted === true || this.#watchdog?.requested() === true
  }

  close(): void {
    this.#running?.stop()
    void this.#watchdog?.close()
  }

  #leave(cell: RunningCell, then: () => void): void {
    if (this.isAsked()) cell.abort()
    const done = (typed: string): void => {
      this.#running = undefined
      if (typed !== '') this.#terminal?.typedAhead(typed)
      then()
    }
    const wasCutOff = cell.signal.aborted
    const terminal = this.#terminal === undefined ? {} : { terminal: this.#terminal.path }
    if (this.#watchdog === undefined) done('')
    else this.#watchdog.end({ wasCutOff, attend: this.#hasRunCode, ...terminal }, done)
  }
}
