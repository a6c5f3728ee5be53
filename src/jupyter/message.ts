// Message: what a Jupyter client and a kernel say to each other.
//
//   a client asks on shell or control  ->  Request        the kernel says  ->  Outgoing
//
// Holds: contents are checked where they are read; a header is whole.
// Source: Jupyter's messaging documentation, protocol 5.3.

/** The sockets that messages go over. */
export type Channel = 'shell' | 'control' | 'stdin' | 'iopub'

/** The protocol this kernel speaks. */
export const PROTOCOL = '5.3'

/** Fields of one message; whoever reads one checks what it is. */
export type Content = Readonly<Record<string, unknown>>

/** Who says it, when, and what it is. Names are the protocol's. */
export interface Header {
  readonly msg_id: string
  readonly session: string
  readonly username: string
  readonly date: string
  readonly msg_type: string
  readonly version: string
}

/** What a client asks. */
export interface Request {
  readonly channel: Exclude<Channel, 'iopub'>
  /** Leads an answer back to who asked. */
  readonly identities: readonly Uint8Array[]
  readonly header: Header
  readonly content: Content
  /** When it came in, in milliseconds of a clock that never goes back. */
  readonly arrivedMs: number
}

/** What a kernel says; without `parent` to nobody's question. */
export interface Outgoing {
  readonly type: string
  readonly content: Content
  readonly parent: Header | undefined
  readonly identities?: readonly Uint8Array[]
  readonly metadata?: Content
}

/** Milliseconds since this computer's processes began to count: the same clock in all threads. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}
