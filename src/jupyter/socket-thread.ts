// The thread of the sockets, as the thread of the session sees it: a transport.
//
//   SocketThread.start  ->  requests come      send  ->  frames go      close  ->  all are out
//
// Holds: frames of one socket go out in the order in which they were handed over.
import { type MessagePort, Worker } from 'node:worker_threads'
import { XpvError } from '../base/error.js'
import type { Connection } from './connection.js'
import type { Channel, Request } from './message.js'
import type { FromSockets, ThreadTask, ToSockets } from './thread-word.js'

/** What carries messages. */
export interface Transport {
  send(channel: Channel, frames: readonly Uint8Array[]): void
  /** A cell begins to run: interrupts are meant for it that came at `sinceMs` or later. */
  busy(sinceMs: number): void
  /** It has ended. */
  idle(): void
}

/** Whom the sockets tell. */
export interface ThreadHost {
  received(request: Request): void
  /** A message was dropped, a socket failed. */
  trouble(reason: string): void
  /** The parent is gone: it is time to leave. */
  orphaned(): void
}

/** What the sockets are opened with. */
export interface ThreadOptions {
  /** The worker's program: dist/jupyter-sockets.js. */
  readonly program: string
  readonly connection: Connection
  readonly interrupts: MessagePort
  readonly parent: number | undefined
  readonly host: ThreadHost
}

/** Owns the thread that owns the sockets. */
export class SocketThread implements Transport {
  readonly #worker: Worker
  readonly #host: ThreadHost
  #closed: () => void = () => {}

  private constructor(worker: Worker, host: ThreadHost) {
    this.#worker = worker
    this.#host = host
  }

  /** Starts it; the sockets are bound then. Throws `XpvError` `jupyter.*`. */
  static async start({ program, host, ...task }: ThreadOptions): Promise<SocketThread> {
    const workerData: ThreadTask = task
    const worker = new Worker(program, {
      workerData,
      transferList: [task.interrupts],
      execArgv: [],
    })
    const thread = new SocketThread(worker, host)
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (word: FromSockets) => thread.#hear(word, resolve, reject))
      worker.once('error', (error) =>
        reject(new XpvError('jupyter.sockets', `the sockets failed: ${error}`, 'xpv doctor')),
      )
    })
    return thread
  }

  send(channel: Channel, frames: readonly Uint8Array[]): void {
    this.#say({ kind: 'send', channel, frames })
  }

  busy(sinceMs: number): void {
    this.#say({ kind: 'busy', sinceMs })
  }

  idle(): void {
    this.#say({ kind: 'idle' })
  }

  /** Ends the thread once all is sent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve
      this.#worker.once('exit', () => resolve())
    })
    this.#say({ kind: 'close' })
    await closed
    await this.#worker.terminate()
  }

  #say(word: ToSockets): void {
    this.#worker.postMessage(word)
  }

  #hear(word: FromSockets, opened: () => void, failed: (error: XpvError) => void): void {
    switch (word.kind) {
      case 'open':
        opened()
        return
      case 'broken':
        failed(new XpvError(word.code, word.message, word.hint))
        return
      case 'request':
        this.#host.received(word.request)
        return
      case 'trouble':
        this.#host.trouble(word.reason)
        return
      case 'orphaned':
        this.#host.orphaned()
        return
      case 'closed':
        this.#closed()
        return
    }
  }
}
