// A seeded generator of random numbers, for D's rand(), made-up traces and simulated machines:
// mulberry32.
//
// Holds: the same seed gives the same sequence on every machine, 2^32 numbers long; about a third
// of all 32-bit numbers never come. Not for secrets. Source: Tommy Ettinger's mulberry32, in
// the public domain.

/** Yields 32 unsigned random bits a call, the same sequence for the same seed. */
export function prng(seed: number): () => number {
  const random = new Prng(seed)
  return () => random.next()
}

/** The same as an object whose place in the sequence can be kept and returned to. */
export class Prng {
  /** Where it is in its sequence: an unsigned 32-bit number. */
  state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** 32 unsigned random bits. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  /** A number from 0 up to, but not, 1; 32 bits of it are random. */
  uniform(): number {
    return this.next() / 2 ** 32
  }

  /** How long until something that comes at random, once every `mean` on average. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform())
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound)
  }
}
