// Frames: messages of the Language Server Protocol on a stream of bytes.
//
//   bytes in pieces  ->  FrameReader  ->  JSON values        a value  ->  frame  ->  bytes
//
// Holds: a piece may end anywhere, in the middle of a header or of a character.
// Source: Language Server Protocol 3.17, base protocol.

const HEAD_END = Buffer.from('\r\n\r\n')
/** More than that is no message of a server that answers prompts. */
const LONGEST = 2 ** 26

/** One message as bytes, header included. */
export function frame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])
}

/** Puts pieces together and takes messages out of them. */
export class FrameReader {
  #pieces: Buffer[] = []
  #held = 0
  /** How many bytes there must be before it is worth looking again. */
  #wanted = 0

  /** The messages that are whole with this piece. Throws `Error` for bytes that are no frame. */
  push(piece: Buffer): readonly unknown[] {
    this.#pieces.push(piece)
    this.#held += piece.length
    if (this.#held < this.#wanted) return []
    let rest = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces)
    const messages: unknown[] = []
    for (;;) {
      const end = rest.indexOf(HEAD_END)
      if (end < 0) {
        this.#wanted = 0
        break
      }
      const start = end + HEAD_END.length
      const stop = start + lengthIn(rest.subarray(0, end).toString('latin1'))
      this.#wanted = stop
      if (rest.length < stop) break
      messages.push(JSON.parse(rest.subarray(start, stop).toString('utf8')))
      rest = rest.subarray(stop)
    }
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#held = rest.length
    if (rest.length === 0) this.#wanted = 0
    return messages
  }
}

function lengthIn(head: string): number {
  const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(head)?.[1] ?? Number.NaN)
  if (length >= 0 && length <= LONGEST) return length
  throw new Error(`no length in ${JSON.stringify(head.slice(0, 80))}`)
}
