// The sketch of quantile(): counts of values in buckets so narrow that a quantile is known to
// within 1/256 of itself.
//
//   |v| < 256    a bucket of its own
//   |v| >= 256   128 buckets for each power of two: 2^e <= |v| < 2^(e+1), each 2^(e-7) wide
//
// Holds: buckets are numbered in the order of their values, zero is 0; a merged sketch is the
// sketch of all values; |quantile(p) - exact| <= |exact| / 256, where exact is the smallest value
// that at least p of all values do not exceed.
// Source: the log-linear idea of Gil Tene's HdrHistogram, with two sides and a fixed precision.
import { INT64_MIN } from '../../base/int64.js'
import type { Sparse } from './aggregation.js'

const EXACT = 256
const EXACT_BITS = 8
const STEPS = 128

/** The bucket of a whole number of at most 53 bits. */
export function sketchBucket(value: number): number {
  const size = Math.abs(value)
  if (size < EXACT) return value
  const bits = size < 2 ** 32 ? 32 - Math.clz32(size) : 64 - Math.clz32(size / 2 ** 32)
  const bucket = STEPS * (bits - EXACT_BITS - 1) + EXACT
  const step = Math.floor(size / 2 ** (bits - EXACT_BITS)) - STEPS
  return value < 0 ? -(bucket + step) : bucket + step
}

/** The bucket of any signed 64-bit integer. */
export function sketchBucketOf(value: bigint): number {
  const size = value < 0n ? -value : value
  if (size < EXACT) return Number(value)
  const high = Number(size >> 32n)
  const bits = high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(Number(size))
  const bucket = STEPS * (bits - EXACT_BITS - 1) + EXACT
  const step = Number(size >> BigInt(bits - EXACT_BITS)) - STEPS
  return value < 0n ? -(bucket + step) : bucket + step
}

/** The value in the middle of a bucket, toward zero. */
export function sketchValue(bucket: number): bigint {
  const place = Math.abs(bucket)
  if (place < EXACT) return BigInt(bucket)
  const step = (place - EXACT) % STEPS
  const shift = BigInt(Math.floor((place - EXACT) / STEPS) + 1)
  const low = BigInt(STEPS + step) << shift
  const middle = low + (1n << (shift - 1n)) - 1n
  return bucket >= 0 ? middle : -middle < INT64_MIN ? INT64_MIN : -middle
}

/** How many values a sketch holds. */
function sketchCount(cells: Sparse<bigint>): bigint {
  return cells.reduce((sum, [, count]) => sum + count, 0n)
}

/** The value at a rank in millionths: the smallest that at least so many of all values do not
 *  exceed. Undefined without values. */
export function sketchQuantile(cells: Sparse<bigint>, rank: number): bigint | undefined {
  const wanted = (sketchCount(cells) * BigInt(rank) + 999_999n) / 1_000_000n
  let seen = 0n
  for (const [bucket, count] of cells) {
    seen += count
    if (seen >= wanted) return sketchValue(bucket)
  }
  return undefined
}
