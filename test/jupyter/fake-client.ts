// A client without sockets: it asks a kernel in this process and keeps all that the kernel says.
import { randomUUID } from 'node:crypto'
import { Kernel } from '../../src/jupyter/kernel.js'
import type { OpenKernelSession } from '../../src/jupyter/kernel-session.js'
import { type Channel, type Content, nowMs, type Request } from '../../src/jupyter/message.js'
import { Wire } from '../../src/jupyter/wire.js'
import type { Command } from '../../src/session/command.js'
import { Session } from '../../src/session/session.js'

/** One message of the kernel, read. */
export interface Said {
  readonly channel: Channel
  readonly type: string
  readonly content: Content
  /** The message it answers; '' for none. */
  readonly parent: string
}

const DELIMITER = '<IDS|MSG>'

/** Reads the frames of a kernel without believing what made them. */
export function said(channel: Channel, frames: readonly Uint8Array[]): Said {
  const texts = frames.map((frame) => Buffer.from(frame).toString('utf8'))
  const [, , header = '', parent = '', , content = ''] = texts.slice(texts.indexOf(DELIMITER))
  return {
    channel,
    type: JSON.parse(header).msg_type,
    content: JSON.parse(content),
    parent: JSON.parse(parent).msg_id ?? '',
  }
}

/** A command that prints its words, and fails for `fail`. */
const echo: Command = {
  name: 'echo',
  summary: 'prints its words',
  usage: 'WORDS',
  examples: [],
  complete: () => ['one', 'two'],
  run: async (argv, io) => {
    io.write(`${argv.join(' ')}\n`)
    io.warn('told\n')
    return argv[0] === 'fail' ? 3 : 0
  },
}

type SessionOptions = ConstructorParameters<typeof Session>[0]

/** A kernel around a small session, and whoever drives it. */
export class FakeClient {
  readonly all: Said[] = []
  readonly machines: string[] = []
  /** Whether the kernel says that a cell runs, as it has said it. */
  readonly running: boolean[] = []
  readonly kernel: Kernel
  session: Session | undefined
  #waiting: (() => void)[] = []

  constructor(options: Partial<SessionOptions> = {}) {
    const open: OpenKernelSession = async (voice, wish) => {
      if (wish !== undefined) this.machines.push(wish.spec)
      if (wish?.spec === 'nowhere') throw new Error('there is no such machine')
      const session = new Session({
        globals: { answer: 42 },
        commands: [echo],
        write: (text) => voice.write(text),
        warn: (text) => voice.warn(text),
        isRich: true,
        ...options,
      })
      this.session = session
      const openMachine = ({ spec }: { spec: string }): void => void this.machines.push(spec)
      return { session, openMachine, close: () => session.close() }
    }
    this.kernel = new Kernel({
      wire: new Wire('key'),
      transport: {
        send: (channel, frames) => this.#hear(channel, frames),
        busy: () => void this.running.push(true),
        idle: () => void this.running.push(false),
      },
      open,
      version: '9.9.9',
      log: () => {},
    })
  }

  /** Asks; yields the id of the question. */
  send(type: string, content: Content, channel: Request['channel'] = 'shell'): string {
    const msg_id = randomUUID()
    const header = { msg_id, msg_type: type, session: 's', username: 'u', date: '', version: '5.3' }
    this.kernel.receive({ channel, identities: [], header, content, arrivedMs: nowMs() })
    return msg_id
  }

  /** All that was said of a question, once it is answered. */
  async about(id: string): Promise<readonly Said[]> {
    const isOver = ({ parent, content, type }: Said): boolean =>
      parent === id && type === 'status' && content['execution_state'] === 'idle'
    while (!this.all.some(isOver)) await new Promise<void>((heard) => this.#waiting.push(heard))
    return this.all.filter(({ parent }) => parent === id)
  }

  /** Asks and waits; yields the reply's content. */
  async ask(type: string, content: Content = {}, channel?: Request['channel']): Promise<Content> {
    const heard = await this.about(this.send(type, content, channel))
    return heard.find((each) => each.channel === (channel ?? 'shell'))?.content ?? {}
  }

  /** Executes a cell; yields what was said besides `status`. */
  async run(code: string, more: Content = {}): Promise<readonly Said[]> {
    const heard = await this.about(this.send('execute_request', { code, ...more }))
    return heard.filter(({ type }) => type !== 'status')
  }

  close(): void {
    this.kernel.close()
  }

  #hear(channel: Channel, frames: readonly Uint8Array[]): void {
    this.all.push(said(channel, frames))
    for (const heard of this.#waiting.splice(0)) heard()
  }
}
