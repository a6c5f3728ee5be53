// The queue of keys: what a terminal sent and nobody has worked on yet.
//
// Holds: keys come out in the order in which they were sent. An Escape that nothing follows for a
// moment is the key of that name.
import { StringDecoder } from 'node:string_decoder'
import type { Key } from './key.js'
import { KeyDecoder } from './key-decoder.js'

/** Milliseconds in which what follows an Escape belongs to it. */
const ESCAPE_MS = 40

/** A key, and whether it came by itself: pressed, and not part of what was pasted or sent. */
export interface QueuedKey {
  readonly key: Key
  readonly isAlone: boolean
}

/** Owns the bytes of one terminal. */
export class KeyQueue {
  readonly #decoder = new KeyDecoder()
  readonly #characters = new StringDecoder('utf8')
  readonly #keys: QueuedKey[] = []
  readonly #onKeys: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(onKeys: () => void) {
    this.#onKeys = onKeys
  }

  /** Takes what the terminal sent. */
  push(bytes: Buffer | string): void {
    clearTimeout(this.#timer)
    const text = typeof bytes === 'string' ? bytes : this.#characters.write(bytes)
    this.#add(this.#decoder.decode(text))
    if (!this.#decoder.isWaiting) return
    this.#timer = setTimeout(() => this.#add(this.#decoder.flush()), ESCAPE_MS)
    this.#timer.unref()
  }

  /** The next key, taken out. */
  shift(): QueuedKey | undefined {
    return this.#keys.shift()
  }

  /** The next key, left in. */
  get first(): Key | undefined {
    return this.#keys[0]?.key
  }

  /** Whether a key with that name waits its turn. */
  holds(name: string): boolean {
    return this.#keys.some(({ key }) => key.kind === 'chord' && key.name === name)
  }

  #add(keys: readonly Key[]): void {
    const isAlone = keys.length === 1 && this.#keys.length === 0
    for (const key of keys) this.#keys.push({ key, isAlone })
    if (keys.length > 0) this.#onKeys()
  }
}
