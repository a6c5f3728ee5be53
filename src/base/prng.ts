// A small seeded generator (xorshift128+ on 32-bit halves is not needed: mulberry32 suffices for
// data and tests).
//
// Holds: the same seed gives the same sequence on every machine.

/** Yields 32 unsigned random bits a call, the same sequence for the same seed. */
export function prng(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
}
