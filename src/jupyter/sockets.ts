// The sockets of a kernel, over ZeroMQ.
//
//   shell, control, stdin: ROUTER      iopub: PUB      heartbeat: REP, answers by itself
//
// Holds: frames of one socket go out in the order they were handed over, whole. A client that is
// gone holds nobody up; one that is slow is waited for in memory.
// Source: Jupyter's messaging documentation; zeromq.js 6.
import type { Publisher, Reply, Router } from 'zeromq'
import { XpvError } from '../base/error.js'
import { addressOf, type Connection, type Port } from './connection.js'
import type { Channel } from './message.js'

/** What is told of the sockets. */
export interface SocketsHost {
  /** Frames came in. */
  received(channel: Exclude<Channel, 'iopub'>, frames: readonly Uint8Array[]): void
  /** A socket failed. */
  failed(reason: string): void
}

/** Milliseconds that the last frames have to leave in. */
const LINGER_MS = 1000

type ZeroMq = typeof import('zeromq')

/** Loads ZeroMQ. Throws `XpvError` `jupyter.no-zeromq` where it is not installed. */
export async function loadZeroMq(): Promise<ZeroMq> {
  try {
    return await import('zeromq')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? '' : ` (${String(error)})`
    const message = `a kernel for Jupyter needs the package zeromq, which is not installed${why}`
    throw new XpvError('jupyter.no-zeromq', message, 'npm install --no-save zeromq@6.8.0')
  }
}

/** The open sockets of one kernel. */
export class Sockets {
  readonly #sockets: Readonly<Record<Channel, Router | Publisher>>
  readonly #heart: Reply
  readonly #tails = new Map<Channel, Promise<void>>()
  readonly #host: SocketsHost
  #isClosed = false

  private constructor({ Publisher, Reply, Router }: ZeroMq, host: SocketsHost) {
    const router = (): Router => new Router({ linger: LINGER_MS, sendHighWaterMark: 0 })
    const iopub = new Publisher({ linger: LINGER_MS, sendHighWaterMark: 0 })
    this.#sockets = { shell: router(), control: router(), stdin: router(), iopub }
    this.#heart = new Reply({ linger: 0 })
    this.#host = host
  }

  /** Binds them all. Throws `XpvError` `jupyter.no-zeromq` and `jupyter.port`. */
  static async open(connection: Connection, host: SocketsHost): Promise<Sockets> {
    const sockets = new Sockets(await loadZeroMq(), host)
    const { shell, control, stdin, iopub } = sockets.#sockets
    const bound = { shell, control, stdin, iopub, hb: sockets.#heart }
    for (const [port, socket] of Object.entries(bound) as [Port, Router][])
      await sockets.#bind(socket, addressOf(connection, port), port)
    for (const channel of ['shell', 'control', 'stdin'] as const) void sockets.#listen(channel)
    void sockets.#beat()
    return sockets
  }

  /** Sends frames after all that were handed over before. */
  send(channel: Channel, frames: readonly Uint8Array[]): void {
    const before = this.#tails.get(channel) ?? Promise.resolve()
    const sent = before.then(() => this.#sockets[channel].send([...frames] as Buffer[]))
    const tail = sent.catch((error: unknown) => this.#failed(channel, error))
    this.#tails.set(channel, tail)
  }

  /** Closes them once all is sent. */
  async close(): Promise<void> {
    await Promise.all(this.#tails.values())
    this.#isClosed = true
    for (const socket of Object.values(this.#sockets)) socket.close()
    this.#heart.close()
  }

  async #bind(socket: Router | Publisher | Reply, address: string, port: Port): Promise<void> {
    try {
      await socket.bind(address)
    } catch (error) {
      for (const each of [...Object.values(this.#sockets), this.#heart]) each.close()
      const why = error instanceof Error ? error.message : String(error)
      const message = `the ${port} socket cannot be bound to ${address}: ${why}`
      throw new XpvError('jupyter.port', message, 'jupyter kernelspec list')
    }
  }

  async #listen(channel: 'shell' | 'control' | 'stdin'): Promise<void> {
    const socket = this.#sockets[channel] as Router
    try {
      for await (const frames of socket) this.#host.received(channel, frames as Uint8Array[])
    } catch (error) {
      this.#failed(channel, error)
    }
  }

  async #beat(): Promise<void> {
    try {
      for await (const frames of this.#heart) await this.#heart.send(frames)
    } catch (error) {
      this.#failed('heartbeat', error)
    }
  }

  #failed(what: string, error: unknown): void {
    if (this.#isClosed) return
    this.#host.failed(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
