// Chance in a notebook: the same numbers wherever it runs, from its seed. xoshiro128** by Blackman
// and Vigna (https://prng.di.unimi.it/xoshiro128starstar.c), its state filled by splitmix32.
import type { Patches } from './patches.js'

/** A generator of numbers. */
export class SteadyChance {
  readonly #state: Uint32Array

  constructor(seed: number) {
    let [x, high] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
    const next = (): number => {
      x = (x + 0x9e3779b9) >>> 0
      let z = x ^ high
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
      return (z ^ (z >>> 16)) >>> 0
    }
    this.#state = Uint32Array.from([next(), next(), next(), next() | 1])
  }

  /** 32 random bits. */
  next(): number {
    const s = this.#state
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s
    const result = Math.imul(rotated(Math.imul(s1, 5), 7), 9) >>> 0
    s[2] = s2 ^ s0
    s[3] = s3 ^ s1
    s[1] = s1 ^ (s[2] ?? 0)
    s[0] = s0 ^ (s[3] ?? 0)
    s[2] = (s[2] ?? 0) ^ (s1 << 9)
    s[3] = rotated(s[3] ?? 0, 11)
    return result
  }

  /** At least 0, less than 1, with 53 bits. */
  fraction(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53
  }

  /** Fills an array of whole numbers. */
  fill<T>(into: T): T {
    const { buffer, byteOffset, byteLength } = into as ArrayBufferView
    const bytes = new Uint8Array(buffer, byteOffset, byteLength)
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.next() >>> 24
    return into
  }

  /** A UUID of version 4 (RFC 9562, 5.4). */
  uuid(): string {
    const bytes = this.fill(new Uint8Array(16))
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = Buffer.from(bytes).toString('hex')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }

  /** Puts it in place of the computer's chance. */
  patch(patches: Patches): void {
    patches.set(Math, 'random', () => this.fraction())
    patches.set(globalThis.crypto, 'randomUUID', () => this.uuid())
    patches.set(globalThis.crypto, 'getRandomValues', <T>(into: T): T => this.fill(into))
  }
}

function rotated(x: number, by: number): number {
  return ((x << by) | (x >>> (32 - by))) >>> 0
}
