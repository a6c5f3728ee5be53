// LanguageServer: a child process that speaks the Language Server Protocol on its standard streams.
//
//   request(method, params, deadlineMs)  ->  the answer, or undefined when it comes too late
//
// Holds: no request waits longer than its deadline, and none rejects; a server that fails, ends or
// talks nonsense has ended once and for all, and who owns it is told once. It ends with us, however
// we end: its standard input is closed then.
// Source: Language Server Protocol 3.17; `tsc --lsp --stdio` of TypeScript 7.
import { type ChildProcess, spawn } from 'node:child_process'
import { FrameReader, frame } from './frames.js'

/** What starts a server. */
export interface ServerOptions {
  readonly path: string
  readonly args: readonly string[]
  readonly folder: string
  /** Called once, when it is gone and was not closed. */
  readonly onEnd: () => void
}

/** From where on the server, a Go program, prefers collecting to growing. */
const MEMORY_LIMIT = '224MiB'

interface Message {
  readonly id?: number | string | null
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

/** One server. Owns the process: close it. */
export class LanguageServer {
  readonly #child: ChildProcess
  readonly #reader = new FrameReader()
  readonly #waiting = new Map<number, (answer: unknown) => void>()
  readonly #onEnd: () => void
  #requests = 0
  #ended = false

  constructor({ path, args, folder, onEnd }: ServerOptions) {
    this.#onEnd = onEnd
    const env = { ...process.env, GOMEMLIMIT: MEMORY_LIMIT }
    this.#child = spawn(path, [...args], { cwd: folder, env, stdio: ['pipe', 'pipe', 'ignore'] })
    const { stdin, stdout } = this.#child
    stdout?.on('data', (piece: Buffer) => this.#read(piece))
    for (const each of [this.#child, stdin, stdout]) each?.on('error', () => this.#end())
    this.#child.on('exit', () => this.#end())
    this.#letGo()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Whether it can still be asked. */
  get isThere(): boolean {
    return !this.#ended
  }

  /** Asks; undefined when no answer came in time, or it was a refusal. */
  request(method: string, params: unknown, deadlineMs: number): Promise<unknown> {
    if (this.#ended) return Promise.resolve(undefined)
    const id = ++this.#requests
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#waiting.delete(id)
        this.notify('$/cancelRequest', { id })
        resolve(undefined)
      }, deadlineMs)
      this.#waiting.set(id, (answer) => {
        clearTimeout(late)
        resolve(answer)
      })
      this.#send({ jsonrpc: '2.0', id, method, params })
    })
  }

  /** Tells something that has no answer. */
  notify(method: string, params: unknown): void {
    this.#send({ jsonrpc: '2.0', method, params })
  }

  close(): void {
    this.#ended = true
    this.#settleAll()
    this.#child.stdin?.destroy()
    this.#child.kill()
  }

  /** A process that has nothing else to do does not wait for its server. */
  #letGo(): void {
    const { stdin, stdout } = this.#child
    this.#child.unref()
    for (const stream of [stdin, stdout]) {
      if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
    }
  }

  #send(message: object): void {
    if (!this.#ended) this.#child.stdin?.write(frame(message))
  }

  #read(piece: Buffer): void {
    try {
      for (const message of this.#reader.push(piece)) this.#take(message as Message)
    } catch {
      this.#end()
    }
  }

  #take({ id, method, params, result }: Message): void {
    if (method === undefined) {
      const settle = typeof id === 'number' ? this.#waiting.get(id) : undefined
      if (typeof id === 'number') this.#waiting.delete(id)
      settle?.(result ?? undefined)
    } else if (id !== undefined) {
      this.#send({ jsonrpc: '2.0', id, result: answerTo(method, params) })
    }
  }

  #end(): void {
    if (this.#ended) return
    this.close()
    this.#onEnd()
  }

  #settleAll(): void {
    for (const settle of this.#waiting.values()) settle(undefined)
    this.#waiting.clear()
  }
}

/** What a server asks its client: settings, of which there are none. */
function answerTo(method: string, params: unknown): unknown {
  if (method !== 'workspace/configuration') return null
  const { items } = params as { readonly items?: readonly unknown[] }
  return (items ?? []).map(() => null)
}
