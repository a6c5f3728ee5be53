// The wire: messages as the frames that go over a socket, signed.
//
//   identities... | <IDS|MSG> | hmac-sha256 in hex | header | parent header | metadata | content
//
// Holds: a message whose signature is wrong, that came before, or that is not whole, is never
// taken for one; decode says why. Decoding what was encoded yields what it was made of.
// Source: Jupyter's messaging documentation, "The Wire Protocol".
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import {
  type Content,
  type Header,
  nowMs,
  type Outgoing,
  PROTOCOL,
  type Request,
} from './message.js'

const DELIMITER = '<IDS|MSG>'

/** Signatures of messages that came, so that nobody says them again. */
const REMEMBERED = 1 << 16

/** What came over a socket: a request, or why it is none. */
export type Decoded =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads and writes frames under one key; remembers what it has read. */
export class Wire {
  readonly #key: string
  readonly #session = randomUUID()
  readonly #seen = new Set<string>()

  /** `key` '' signs nothing and believes everything. */
  constructor(key: string) {
    this.#key = key
  }

  /** The frames of a message. A bigint in it becomes decimal text. */
  encode({ type, content, parent, identities = [], metadata = {} }: Outgoing): Uint8Array[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: 'kernel',
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL,
    }
    const parts = [header, parent ?? {}, metadata, content].map((part) =>
      Buffer.from(JSON.stringify(part, withoutBigint)),
    )
    const signature = this.#signature(parts)
    return [...identities, Buffer.from(DELIMITER), Buffer.from(signature), ...parts]
  }

  /** The request that frames are. */
  decode(channel: Request['channel'], frames: readonly Uint8Array[]): Decoded {
    const at = frames.findIndex((frame) => Buffer.from(frame).equals(Buffer.from(DELIMITER)))
    if (at < 0) return refused('no <IDS|MSG> among its frames')
    const [signature, ...parts] = frames.slice(at + 1, at + 6)
    if (signature === undefined || parts.length < 4)
      return refused(`${frames.length - at - 1} frames behind <IDS|MSG>, not 5`)
    const objection = this.#objection(Buffer.from(signature).toString('latin1'), parts)
    if (objection !== undefined) return refused(objection)
    const [header, , , content] = parts.map(objectIn)
    if (!isHeader(header)) return refused('its header is none')
    if (content === undefined) return refused('its content is no JSON object')
    const identities = frames.slice(0, at)
    return {
      kind: 'request',
      request: { channel, identities, header, content, arrivedMs: nowMs() },
    }
  }

  #objection(signature: string, parts: readonly Uint8Array[]): string | undefined {
    if (this.#key === '') return undefined
    const right = Buffer.from(this.#signature(parts))
    const given = Buffer.from(signature, 'latin1')
    if (given.length !== right.length || !timingSafeEqual(given, right)) return 'wrong signature'
    if (this.#seen.has(signature)) return 'it came before'
    this.#seen.add(signature)
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value ?? '')
    return undefined
  }

  #signature(parts: readonly Uint8Array[]): string {
    if (this.#key === '') return ''
    const hmac = createHmac('sha256', this.#key)
    for (const part of parts) hmac.update(part)
    return hmac.digest('hex')
  }
}

function refused(reason: string): Decoded {
  return { kind: 'refused', reason }
}

function withoutBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function objectIn(frame: Uint8Array): Content | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(frame))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Content) : undefined
  } catch {
    return undefined
  }
}

function isHeader(value: Content | undefined): value is Header & Content {
  return (
    typeof value?.['msg_id'] === 'string' &&
    typeof value['msg_type'] === 'string' &&
    typeof value['session'] === 'string'
  )
}
