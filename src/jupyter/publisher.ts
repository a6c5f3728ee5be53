// The publisher: what all clients of a kernel see, on iopub: whether it is busy, what cells print
// and show.
//
//   write, write, write  ->  one `stream` for what came within a moment     say  ->  one message
//
// Holds: everything comes in the order in which it was said, under the request it belongs to. What
// a cell prints beyond MOST is counted, and that is told.
import type { Content, Header, Outgoing } from './message.js'
import type { Transport } from './socket-thread.js'
import type { Wire } from './wire.js'

/** Milliseconds that what is printed may wait for more of it. */
const MOMENT_MS = 40
/** Characters that go out at once. */
const PIECE = 1 << 16
/** Characters that one cell may print: more stops any browser. */
export const MOST = 1 << 24

type StreamName = 'stdout' | 'stderr'

/** Speaks on iopub. */
export class Publisher {
  readonly #wire: Wire
  readonly #transport: Transport
  #redact: (text: string) => string = (text) => text
  #parent: Header | undefined
  #stream: StreamName = 'stdout'
  #pending = ''
  #flushedMs = 0
  #timer: NodeJS.Timeout | undefined
  #printed = 0

  constructor(wire: Wire, transport: Transport) {
    this.#wire = wire
    this.#transport = transport
  }

  /** From now on secrets are taken out of what is printed. */
  redactWith(redact: (text: string) => string): void {
    this.#redact = redact
  }

  /** From now on output belongs to that request. */
  begin(parent: Header): void {
    this.flush()
    this.#parent = parent
    this.#printed = 0
  }

  /** A cell's work is done: nothing of its output waits any more. */
  end(): void {
    this.flush()
    const over = this.#printed - MOST
    if (over <= 0) return
    const text = `\n${over} more characters were printed; write to a file what is that long\n`
    this.say('stream', { name: 'stderr', text })
  }

  /** Prints. */
  write(name: StreamName, text: string): void {
    if (text === '') return
    if (name !== this.#stream) this.flush()
    this.#stream = name
    this.#pending += text.slice(0, Math.max(0, MOST - this.#printed))
    this.#printed += text.length
    const isDue = performance.now() - this.#flushedMs > MOMENT_MS || this.#pending.length > PIECE
    if (isDue) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), MOMENT_MS)
  }

  /** Says something in the name of the request that output belongs to, or of another. */
  say(type: string, content: Content, parent = this.#parent): void {
    this.flush()
    this.#send({ type, content, parent })
  }

  /** Sends what was printed. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flushedMs = performance.now()
    if (this.#pending === '') return
    const content = { name: this.#stream, text: this.#redact(this.#pending) }
    this.#pending = ''
    this.#send({ type: 'stream', content, parent: this.#parent })
  }

  #send(outgoing: Outgoing): void {
    const topic = Buffer.from(`xpv.${outgoing.type}`)
    this.#transport.send('iopub', this.#wire.encode({ ...outgoing, identities: [topic] }))
  }
}
