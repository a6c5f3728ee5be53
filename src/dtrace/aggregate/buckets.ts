// Buckets of quantize() and lquantize(): which one a value falls into, and what each stands for.
// Those of llquantize() are in log-linear.ts.
//
//   quantize   0 .. 62 negative   63 zero   64 .. 126 positive;
//              bucket 64 + k holds 2^k <= v < 2^(k+1)
//   lquantize  0 below base   1 .. levels   levels + 1 at or above the limit
//
// Holds: logarithms are counted in bits, never computed: floor(log2(2^49 - 1)) is 49 in a double.
// Source: illumos uts/common/dtrace/dtrace.c, dtrace_aggregate_quantize and
// dtrace_aggregate_lquantize.
import { assertNever } from '../../base/assert.js'
import type { AggregatingFunction, BucketFunction, LinearFunction } from './aggregation.js'
import { logLinearBucketOf, logLinearCount } from './log-linear.js'

export const QUANTIZE_BUCKETS = 127
export const ZERO_BUCKET = 63

/** The quantize bucket of a whole number of at most 53 bits. */
export function quantizeBucket(value: number): number {
  if (value > 0) return ZERO_BUCKET + bitLength(value)
  return value < 0 ? ZERO_BUCKET - bitLength(-value) : ZERO_BUCKET
}

/** The quantize bucket of any signed 64-bit integer. INT64_MIN shares bucket 0 with -2^62. */
export function quantizeBucketOf(value: bigint): number {
  const magnitude = value < 0n ? -value : value
  const high = Number(magnitude >> 32n)
  const bits = high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(Number(magnitude))
  return value < 0n ? Math.max(0, ZERO_BUCKET - bits) : ZERO_BUCKET + bits
}

function bitLength(positive: number): number {
  if (positive < 0x1_0000_0000) return 32 - Math.clz32(positive)
  return 64 - Math.clz32(Math.floor(positive / 0x1_0000_0000))
}

/** What quantize prints before a bucket: its bound nearest to zero. */
export function quantizeValue(bucket: number): bigint {
  if (bucket === ZERO_BUCKET) return 0n
  if (bucket > ZERO_BUCKET) return 1n << BigInt(bucket - ZERO_BUCKET - 1)
  return -(1n << BigInt(ZERO_BUCKET - 1 - bucket))
}

/** Levels of an lquantize between base and limit; it has two buckets more. */
export function linearLevels(f: LinearFunction): number {
  return Math.max(0, Math.floor((f.limit - f.base) / f.step))
}

/** The lquantize bucket of a whole number of at most 53 bits: illumos keeps its low 32. */
export function linearBucket(f: LinearFunction, given: number): number {
  const value = f.wide === undefined ? given | 0 : given
  if (value < f.base) return 0
  return Math.min(Math.floor((value - f.base) / f.step), linearLevels(f)) + 1
}

/** The same for any signed 64-bit integer. */
export function linearBucketOf(f: LinearFunction, value: bigint): number {
  if (f.wide === undefined) return linearBucket(f, Number(BigInt.asIntN(32, value)))
  if (value < f.base) return 0
  const level = (value - BigInt(f.base)) / BigInt(f.step)
  return Math.min(Number(level), linearLevels(f)) + 1
}

/** The bucket of any signed 64-bit integer. */
export function bucketOf(f: BucketFunction, value: bigint): number {
  switch (f.kind) {
    case 'quantize':
      return quantizeBucketOf(value)
    case 'lquantize':
      return linearBucketOf(f, value)
    case 'llquantize':
      return logLinearBucketOf(f, value)
    default:
      return assertNever(f)
  }
}

/** How many buckets a function keeps for each group; 0 when it keeps something else. */
export function bucketCount(f: AggregatingFunction): number {
  if (f.kind === 'quantize') return QUANTIZE_BUCKETS
  if (f.kind === 'llquantize') return logLinearCount(f)
  return f.kind === 'lquantize' ? linearLevels(f) + 2 : 0
}
