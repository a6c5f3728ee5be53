// The kernel: a session that a Jupyter client drives by messages.
//
//   shell    execute, complete, inspect, ...   one after another, in the order they came
//   control  interrupt, shutdown               at once, whatever the shell does
//   iopub    busy, what the request makes seen, idle       around each answer
//
// Holds: every request is answered, one that makes no sense too; what was asked before a cell
// failed, and not yet begun, is aborted with it. Nothing of a client is believed unread.
// Source: Jupyter's messaging documentation, protocol 5.3.
import { XpvError } from '../base/error.js'
import { describeError } from '../session/cell-error.js'
import type { Session } from '../session/session.js'
import type { MachineWish } from './cell-text.js'
import { complete } from './complete.js'
import { errorOf, INTERRUPTED } from './data.js'
import { execute } from './execute.js'
import { historyReply, Inputs } from './history.js'
import { inspect } from './inspect.js'
import { kernelInfo } from './kernel-info.js'
import type { KernelSession, OpenKernelSession } from './kernel-session.js'
import { type Content, type Header, nowMs, type Request } from './message.js'
import { Publisher } from './publisher.js'
import type { Transport } from './socket-thread.js'
import { isWhole } from './whole.js'
import type { Wire } from './wire.js'

/** What a kernel is made of. */
export interface KernelOptions {
  readonly wire: Wire
  readonly transport: Transport
  readonly open: OpenKernelSession
  /** xpv's. */
  readonly version: string
  /** Where it is told that something is wrong with a client. */
  readonly log: (text: string) => void
}

/** One kernel. Owns its session: `close` it. */
export class Kernel {
  readonly #options: KernelOptions
  readonly #publisher: Publisher
  readonly #inputs = new Inputs()
  readonly #queue: Request[] = []
  readonly #end: Promise<void>
  #ended: () => void = () => {}
  #open: KernelSession | undefined
  #opening: Promise<KernelSession> | undefined
  #freed: () => void = () => {}
  #isBusy = false
  #isExecuting = false
  #hasEnded = false
  #endedMs = Number.NEGATIVE_INFINITY
  #failedMs = Number.NEGATIVE_INFINITY

  constructor(options: KernelOptions) {
    this.#options = options
    this.#publisher = new Publisher(options.wire, options.transport)
    this.#end = new Promise((resolve) => {
      this.#ended = resolve
    })
  }

  /** Settles once a client has asked the kernel to end, and has its answer. */
  get ended(): Promise<void> {
    return this.#end
  }

  /** Tells whoever listens that there is a kernel. */
  begin(): void {
    this.#publisher.say('status', { execution_state: 'starting' })
  }

  /** Takes a request; its answer goes over the transport. */
  receive(request: Request): void {
    if (request.channel === 'stdin' || this.#hasEnded) return
    if (request.channel === 'control') {
      void this.#answer(request)
      return
    }
    this.#queue.push(request)
    if (!this.#isBusy) void this.#drain()
  }

  /** Ends the running cell, and the kernel. */
  leave(): void {
    this.#hasEnded = true
    this.#open?.session.interrupt()
    this.#ended()
  }

  close(): void {
    this.#publisher.flush()
    this.#open?.close()
    this.#open = undefined
  }

  async #drain(): Promise<void> {
    this.#isBusy = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      await this.#answer(next)
    this.#isBusy = false
  }

  async #answer(request: Request): Promise<void> {
    const { channel, header, identities } = request
    const type = header.msg_type
    const { transport, wire } = this.#options
    this.#publisher.say('status', { execution_state: 'busy' }, header)
    const content = await this.#undisturbed(request)
    if (content !== undefined) {
      const reply = { type: type.replace(/_request$/, '_reply'), content, parent: header }
      this.#publisher.flush()
      transport.send(channel, wire.encode({ ...reply, identities }))
    }
    this.#publisher.say('status', { execution_state: 'idle' }, header)
    if (type === 'shutdown_request') this.leave()
  }

  /** An answer that is not stopped for what cells have left running. Where that has the session
   *  stuck, and is ended, the answer may be lost with it. */
  #undisturbed(request: Request): Promise<Content | undefined> {
    const work = (): Promise<Content | undefined> => this.#replied(request)
    if (request.channel === 'control' || this.#open === undefined) return work()
    const freed = new Promise<Content>((resolve) => {
      this.#freed = () => resolve(this.#lost(request))
    })
    return Promise.race([this.#open.session.undisturbed(work), freed])
  }

  /** The answer in place of one that was lost. */
  #lost({ header }: Request): Content {
    const reply = { status: 'error', execution_count: this.#inputs.count, ...INTERRUPTED }
    if (!this.#isExecuting) return reply
    this.#publisher.say('error', INTERRUPTED, header)
    this.#executedSo(reply, {})
    return reply
  }

  /** The content of an answer; nothing for what is not to be answered. */
  async #replied(request: Request): Promise<Content | undefined> {
    const { content, header } = request
    try {
      switch (header.msg_type) {
        case 'execute_request':
          return await this.#execute(request)
        case 'complete_request':
          return await complete(content, (await this.#session()).assist)
        case 'inspect_request':
          return await inspect(content, await this.#session())
        case 'is_complete_request':
          return await isWhole(content, await this.#session())
        case 'history_request':
          return historyReply(content, this.#inputs, (text) => this.#redact(text))
        case 'kernel_info_request':
          return kernelInfo(this.#options.version)
        case 'comm_info_request':
          return { status: 'ok', comms: {} }
        case 'interrupt_request':
          return this.#interrupt()
        case 'shutdown_request':
          return this.#shutdown(content, header)
        default:
          return this.#strange(request)
      }
    } catch (error) {
      return { status: 'error', ...this.#errorOf(error) }
    }
  }

  async #execute({ arrivedMs, content, header }: Request): Promise<Content> {
    if (arrivedMs <= this.#failedMs)
      return { status: 'aborted', execution_count: this.#inputs.count }
    this.#publisher.begin(header)
    this.#isExecuting = true
    this.#options.transport.busy(Math.max(arrivedMs, this.#endedMs))
    const reply = await this.#executed(content)
    this.#executedSo(reply, content)
    return reply
  }

  /** A cell is over: nobody is interrupted any more; when it failed, what waits is aborted. */
  #executedSo(reply: Content, asked: Content): void {
    this.#isExecuting = false
    this.#endedMs = nowMs()
    this.#options.transport.idle()
    const stops = asked['stop_on_error'] !== false && asked['silent'] !== true
    if (reply['status'] === 'error' && stops) this.#failedMs = this.#endedMs
  }

  /** The reply of a cell. What goes wrong around it, a machine that is not to be had, is an error
   *  of the cell. */
  async #executed(content: Content): Promise<Content> {
    try {
      return await execute(content, {
        publisher: this.#publisher,
        inputs: this.#inputs,
        lastCell: () => this.#open?.session.journal.entries.at(-1)?.number ?? 0,
        session: (machine) => this.#on(machine),
      })
    } catch (error) {
      const failure = this.#errorOf(error)
      if (content['silent'] !== true) this.#publisher.say('error', failure)
      return { status: 'error', execution_count: this.#inputs.count, ...failure }
    }
  }

  async #session(): Promise<Session> {
    return (await this.#on(undefined)).session
  }

  /** The session, opened now if it is not yet, on the machine that is wished. */
  async #on(wish: MachineWish | undefined): Promise<KernelSession> {
    if (this.#open !== undefined) {
      if (wish !== undefined) this.#open.openMachine(wish)
      return this.#open
    }
    const publisher = this.#publisher
    const voice = {
      write: (text: string) => publisher.write('stdout', text),
      warn: (text: string) => publisher.write('stderr', text),
      freed: () => this.#freed(),
    }
    this.#opening ??= this.#options.open(voice, wish).finally(() => {
      this.#opening = undefined
    })
    this.#open = await this.#opening
    publisher.redactWith(this.#open.session.redact)
    return this.#open
  }

  /** The running cell ends as Ctrl-C ends it; without one nothing happens. */
  #interrupt(): Content {
    if (this.#isExecuting) this.#open?.session.interrupt()
    return { status: 'ok' }
  }

  #shutdown(content: Content, header: Header): Content {
    const reply = { status: 'ok', restart: content['restart'] === true }
    this.#publisher.say('shutdown_reply', reply, header)
    return reply
  }

  /** What is none of our business: comms are closed, other requests refused. */
  #strange({ content, header }: Request): Content | undefined {
    const type = header.msg_type
    if (type === 'comm_open') {
      const { comm_id } = content
      this.#publisher.say('comm_close', { comm_id, data: {} }, header)
      return undefined
    }
    if (!type.endsWith('_request')) return undefined
    this.#options.log(`a ${type} came, which this kernel does not know`)
    const error = new XpvError('jupyter.unknown', `this kernel knows no ${type}`)
    return { status: 'error', ...this.#errorOf(error) }
  }

  #errorOf(thrown: unknown): Content {
    const described = this.#open?.session.describe(thrown) ?? describeError(thrown, (_, at) => at)
    return errorOf(described)
  }

  #redact(text: string): string {
    return this.#open?.session.redact(text) ?? text
  }
}
