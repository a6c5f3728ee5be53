// Reads pieces of a source: large ones straight, small ones out of cached blocks, since a quiet
// host writes windows of a few hundred bytes.
//
// Holds: memory is BLOCKS * BLOCK_BYTES at most; whatever the source throws becomes an XpvError.
import { XpvError } from '../../base/error.js'
import type { ByteSource } from '../byte-source.js'

const BLOCK_BYTES = 1 << 16
const BLOCKS = 16
const DIRECT_BYTES = 1 << 13

/** A source with its small reads cached. */
export class BlockReader {
  readonly #source: ByteSource
  readonly #blocks: (Uint8Array | undefined)[] = new Array(BLOCKS).fill(undefined)
  readonly #held = new Float64Array(BLOCKS).fill(-1)
  readonly #filled = new Int32Array(BLOCKS)

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Fills `target` from `position`; yields how many bytes there were. Throws
   *  `trace.unreadable`. */
  read(target: Uint8Array, position: number): number {
    if (target.length >= DIRECT_BYTES) return this.direct(target, position)
    let done = 0
    while (done < target.length) {
      const block = Math.floor((position + done) / BLOCK_BYTES)
      const from = position + done - block * BLOCK_BYTES
      const slot = this.#load(block)
      const until = Math.min(from + target.length - done, this.#filled[slot] as number)
      if (until <= from) break
      target.set((this.#blocks[slot] as Uint8Array).subarray(from, until), done)
      done += until - from
    }
    return done
  }

  /** The same without the cache: for large pieces, and where the next piece is far away. */
  direct(target: Uint8Array, position: number): number {
    let done = 0
    try {
      while (done < target.length) {
        const got = this.#source.read(done === 0 ? target : target.subarray(done), position + done)
        if (got <= 0) break
        done += got
      }
    } catch (cause) {
      if (cause instanceof XpvError) throw cause
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new XpvError(
        'trace.unreadable',
        `${this.#source.name}: no bytes at offset ${position}: ${why}`,
        'a file that this user may read',
      )
    }
    return done
  }

  #load(block: number): number {
    const slot = block % BLOCKS
    if (this.#held[slot] === block) return slot
    const bytes = this.#blocks[slot] ?? new Uint8Array(BLOCK_BYTES)
    this.#blocks[slot] = bytes
    this.#held[slot] = -1
    this.#filled[slot] = this.direct(bytes, block * BLOCK_BYTES)
    this.#held[slot] = block
    return slot
  }
}
