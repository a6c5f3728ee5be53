// Buckets of llquantize(): powers of a factor, each divided linearly.
//
//   illumos  0 below factor^low | 1 .. n ascending | n + 1 at or above factor^(high + 1)
//   linux    0 at or below -factor^(high + 1) | n .. 1 of negative values | n + 1 near zero
//            | 1 .. n of positive values | 2n + 2 at or above factor^(high + 1)
//
// Holds: what is computed is what a 64-bit machine computes, overflows included.
// Source: illumos uts/common/dtrace/dtrace.c (dtrace_aggregate_llquantize_bucket); DTrace for Linux
// libdtrace dt_cg.c (dt_cg_agg_llquantize_bin), dt_consume.c (dt_print_llquantize).
import { int64, uint64 } from '../../base/int64.js'
import type { LogLinearFunction } from './aggregation.js'

/** A bucket by what it begins with. Linux has some that no value falls into: they have no bound. */
export type LogLinearBound =
  /** Values below (illumos), or of a smaller magnitude than (Linux), `bound`. */
  | { readonly kind: 'under'; readonly bound: bigint }
  /** Values of that magnitude up to the next bucket's. */
  | { readonly kind: 'from'; readonly bound: bigint }
  /** Values of that magnitude and above. */
  | { readonly kind: 'over'; readonly bound: bigint }

/** How many buckets there are. */
export function logLinearCount(f: LogLinearFunction): number {
  return f.dialect === 'linux' ? 2 * linuxSide(f) + 3 : illumosBucket(f, INT64_TOP) + 1
}

/** The bucket of any signed 64-bit integer. */
export function logLinearBucketOf(f: LogLinearFunction, value: bigint): number {
  return f.dialect === 'linux' ? linuxBucket(f, value) : illumosBucket(f, value)
}

/** A function that finds the bucket of a whole number of at most 53 bits, by halving. */
export function logLinearFinder(f: LogLinearFunction): (value: number) => number {
  const bounds = logLinearBounds(f)
  const middle = f.dialect === 'linux' ? linuxMiddle(f) : 0
  const above = bounds.flatMap((bound, i) => (i > middle && bound !== undefined ? [i] : []))
  const starts = Float64Array.from(above, (i) => Number(bounds[i]?.bound))
  // Where powers overflow, illumos has rules that bounds do not tell.
  if (bounds.length !== logLinearCount(f)) return (value) => logLinearBucketOf(f, BigInt(value))
  return (value) => {
    const isMirrored = middle > 0 && value < 0
    const found = lastNotAbove(starts, isMirrored ? -value : value)
    const bucket = found < 0 ? middle : (above[found] as number)
    return isMirrored ? 2 * middle - bucket : bucket
  }
}

/** The last place of an ascending list whose number is not above `value`; -1 for none. */
function lastNotAbove(list: Float64Array, value: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const half = (low + high) >>> 1
    if ((list[half] as number) <= value) low = half + 1
    else high = half
  }
  return low - 1
}

/** What each bucket stands for, by number; undefined where no value can fall. */
export function logLinearBounds(f: LogLinearFunction): readonly (LogLinearBound | undefined)[] {
  const known = BOUNDS.get(f)
  if (known !== undefined) return known
  const bounds = f.dialect === 'linux' ? linuxBounds(f) : illumosBounds(f)
  BOUNDS.set(f, bounds)
  return bounds
}

const BOUNDS = new WeakMap<LogLinearFunction, readonly (LogLinearBound | undefined)[]>()
const INT64_TOP = 2n ** 63n - 1n

/** The bucket that a Linux llquantize has for values near zero: the one in the middle. */
export function linuxMiddle(f: LogLinearFunction): number {
  return linuxSide(f) + 1
}

function power(f: LogLinearFunction, exponent: number): bigint {
  return BigInt(f.factor) ** BigInt(exponent)
}

function illumosBucket(f: LogLinearFunction, given: bigint): number {
  const factor = BigInt(f.factor)
  const steps = BigInt(f.steps)
  let value = given
  let last = int64(power(f, f.low))
  if (value < last) return 0
  let base = 1n
  let top = int64(last * factor)
  for (let order = f.low; order <= f.high; order++) {
    const buckets = top > steps ? steps : top
    const next = int64(top * factor)
    if (next < top) value = top - 1n
    if (value < top) return Number(base + (value - last) / (top / buckets))
    base += buckets - buckets / factor
    last = top
    top = next
  }
  return Number(base)
}

function illumosBounds(f: LogLinearFunction): LogLinearBound[] {
  const factor = BigInt(f.factor)
  const steps = BigInt(f.steps)
  let value = power(f, f.low)
  const bounds: LogLinearBound[] = [{ kind: 'under', bound: value }]
  for (let order = f.low; order <= f.high; order++) {
    const next = value * factor
    const step = next > steps ? next / steps : 1n
    for (; value < next; value += step) bounds.push({ kind: 'from', bound: value })
  }
  return [...bounds, { kind: 'over', bound: value }]
}

// Buckets on either side of the middle, without the outermost.
function linuxSide(f: LogLinearFunction): number {
  return (f.high - f.low + 1) * (f.steps - overlap(f))
}

// Steps of a power that the lower powers have already.
function overlap(f: LogLinearFunction): number {
  return Math.floor(f.steps / f.factor)
}

function linuxBucket(f: LogLinearFunction, value: bigint): number {
  const size = uint64(value < 0n ? -value : value)
  if (size < power(f, f.low)) return linuxMiddle(f)
  const distance = linuxDistance(f, size)
  return linuxMiddle(f) + (value < 0n ? -distance : distance)
}

function linuxDistance(f: LogLinearFunction, size: bigint): number {
  const steps = BigInt(f.steps)
  for (let order = f.low; order <= f.high; order++) {
    const top = power(f, order + 1)
    if (size >= top) continue
    const step = order === 0 ? (size * steps) / top : size / (top / steps)
    const before = (order - f.low) * (f.steps - overlap(f))
    return before + Number(step) - overlap(f) + 1
  }
  return linuxSide(f) + 1
}

function linuxBounds(f: LogLinearFunction): (LogLinearBound | undefined)[] {
  const middle = linuxMiddle(f)
  const bounds = Array<LogLinearBound | undefined>(2 * middle + 1).fill(undefined)
  const put = (distance: number, bound: LogLinearBound, opposite = bound) => {
    bounds[middle + distance] = bound
    bounds[middle - distance] = opposite
  }
  put(0, { kind: 'under', bound: power(f, f.low) })
  for (const [distance, bound] of linuxSteps(f)) {
    const kind = distance === middle ? 'over' : 'from'
    put(distance, { kind, bound }, { kind, bound: -bound })
  }
  return bounds
}

// Distance from the middle and lower bound of every bucket of positive values.
function linuxSteps(f: LogLinearFunction): (readonly [distance: number, bound: bigint])[] {
  const shared = overlap(f)
  const split = f.low === 0 && f.steps > f.factor
  const found: (readonly [number, bigint])[] = [[1, power(f, f.low)]]
  let distance = 1
  for (let step = 2; split && step <= f.factor; step++) {
    distance += shared
    found.push([distance, BigInt(step)])
  }
  for (let order = split ? 1 : f.low; order <= f.high; order++) {
    const scale = power(f, order + 1) / BigInt(f.steps)
    for (let step = shared + 1; step <= f.steps; step++) {
      distance += 1
      found.push([distance, BigInt(step) * scale])
    }
  }
  return found
}
