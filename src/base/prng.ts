// A seeded generator of random numbers, for D's rand() and for made-up traces: mulberry32.
//
// Holds: the same seed gives the same sequence on every machine, 2^32 numbers long; about a third
// of all 32-bit numbers never come. Not for secrets. Source: Tommy Ettinger's mulberry32, in
// the public domain.

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
