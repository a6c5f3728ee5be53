// What the thread of the sockets and the thread of the session say to each other.
import type { MessagePort } from 'node:worker_threads'
import type { Connection } from './connection.js'
import type { Channel, Request } from './message.js'

/** What the thread of the sockets is started with. */
export interface ThreadTask {
  readonly connection: Connection
  /** Any message through it interrupts the running cell, whatever that does. */
  readonly interrupts: MessagePort
  /** The process without which there shall be no kernel. */
  readonly parent: number | undefined
}

/** To the session. */
export type FromSockets =
  | { readonly kind: 'open' }
  | { readonly kind: 'broken'; readonly code: string; readonly message: string; hint?: string }
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'trouble'; readonly reason: string }
  /** The parent is gone. */
  | { readonly kind: 'orphaned' }
  | { readonly kind: 'closed' }

/** To the sockets. */
export type ToSockets =
  | { readonly kind: 'send'; readonly channel: Channel; readonly frames: readonly Uint8Array[] }
  /** A cell runs, which interrupts are meant for that came at `sinceMs` or later. */
  | { readonly kind: 'busy'; readonly sinceMs: number }
  /** It has ended. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'close' }
