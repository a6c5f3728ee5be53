// The state of one group on plain bigints: what each aggregating function means, one value at a
// time. The columns of table.ts compute the same faster; the interpreter and merges use these.
//
// Holds: counts and sums wrap at 64 bits, sums of squares at 128, as DTrace's buffers do.
import { assert, assertNever } from '../../base/assert.js'
import { INT64_MAX, INT64_MIN, int64 } from '../../base/int64.js'
import type {
  AggregatingFunction,
  BucketFunction,
  GroupState,
  HeatmapFunction,
  SeriesFunction,
  Sparse,
} from './aggregation.js'
import { bucketCount, bucketOf } from './buckets.js'
import { sketchBucketOf } from './sketch.js'

const MASK128 = (1n << 128n) - 1n

/** The state of a group that saw no value: what clear() leaves behind, and neutral to a merge. */
export function emptyState(f: AggregatingFunction): GroupState {
  switch (f.kind) {
    case 'count':
      return { kind: 'count', count: 0n }
    case 'sum':
      return { kind: 'sum', sum: 0n }
    case 'avg':
      return { kind: 'avg', count: 0n, sum: 0n }
    case 'min':
      return { kind: 'min', min: INT64_MAX }
    case 'max':
      return { kind: 'max', max: INT64_MIN }
    case 'stddev':
      return { kind: 'stddev', count: 0n, sum: 0n, sumSquares: 0n }
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return { kind: f.kind, buckets: Array<bigint>(bucketCount(f)).fill(0n) }
    case 'quantile':
      return { kind: 'quantile', cells: [] }
    case 'heatmap':
    case 'series':
      return { kind: f.kind, slots: [] }
    default:
      return assertNever(f)
  }
}

/** What a heatmap or series keeps for one interval. */
export function slotFunction(f: HeatmapFunction | SeriesFunction): AggregatingFunction {
  return { kind: f.kind === 'heatmap' ? 'quantize' : f.of }
}

/** The state after one more value: a signed 64-bit integer (ignored by count). `increment` is what
 *  a bucket grows by; for a heatmap or series, the number of the interval. */
export function addValue(
  f: AggregatingFunction,
  state: GroupState,
  value: bigint,
  increment = 1n,
): GroupState {
  return mergeStates(state, stateOf(f, value, increment))
}

function stateOf(f: AggregatingFunction, value: bigint, increment: bigint): GroupState {
  switch (f.kind) {
    case 'count':
      return { kind: 'count', count: 1n }
    case 'sum':
      return { kind: 'sum', sum: value }
    case 'avg':
      return { kind: 'avg', count: 1n, sum: value }
    case 'min':
      return { kind: 'min', min: value }
    case 'max':
      return { kind: 'max', max: value }
    case 'stddev':
      return { kind: 'stddev', count: 1n, sum: value, sumSquares: value * value }
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return oneBucket(f, bucketOf(f, value), increment)
    case 'quantile':
      return { kind: 'quantile', cells: [[sketchBucketOf(value), 1n]] }
    case 'heatmap':
    case 'series':
      return {
        kind: f.kind,
        slots: [[Number(increment), stateOf(slotFunction(f), value, 1n)]],
      }
    default:
      return assertNever(f)
  }
}

function oneBucket(f: BucketFunction, bucket: number, increment: bigint): GroupState {
  const buckets = Array<bigint>(bucketCount(f)).fill(0n)
  buckets[bucket] = increment
  return { kind: f.kind, buckets }
}

/** What one group would hold had it seen the values of both. Both must be of the same function. */
export function mergeStates(a: GroupState, b: GroupState): GroupState {
  if (a.kind === 'count' && b.kind === 'count') {
    return { kind: 'count', count: int64(a.count + b.count) }
  }
  if (a.kind === 'sum' && b.kind === 'sum') return { kind: 'sum', sum: int64(a.sum + b.sum) }
  if (a.kind === 'avg' && b.kind === 'avg') {
    return { kind: 'avg', count: int64(a.count + b.count), sum: int64(a.sum + b.sum) }
  }
  if (a.kind === 'min' && b.kind === 'min') {
    return { kind: 'min', min: lesser(a.min, b.min) }
  }
  if (a.kind === 'max' && b.kind === 'max') {
    return { kind: 'max', max: -lesser(-a.max, -b.max) }
  }
  if (a.kind === 'stddev' && b.kind === 'stddev') {
    return {
      kind: 'stddev',
      count: int64(a.count + b.count),
      sum: int64(a.sum + b.sum),
      sumSquares: (a.sumSquares + b.sumSquares) & MASK128,
    }
  }
  if (a.kind === 'quantile' && b.kind === 'quantile') {
    return { kind: 'quantile', cells: joined(a.cells, b.cells, (x, y) => int64(x + y)) }
  }
  if ('slots' in a && 'slots' in b && a.kind === b.kind) {
    return { kind: a.kind, slots: joined(a.slots, b.slots, mergeStates) }
  }
  return mergeBuckets(a, b)
}

// Two ascending lists as one; what both have at one place comes together.
function joined<T>(a: Sparse<T>, b: Sparse<T>, both: (x: T, y: T) => T): Sparse<T> {
  const all: (readonly [number, T])[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const [x, y] = [a[i], b[j]]
    if (x === undefined) return [...all, ...b.slice(j)]
    if (y === undefined) return [...all, ...a.slice(i)]
    if (x[0] <= y[0]) i += 1
    if (y[0] <= x[0]) j += 1
    if (x[0] === y[0]) all.push([x[0], both(x[1], y[1])])
    else all.push(x[0] < y[0] ? x : y)
  }
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

function mergeBuckets(a: GroupState, b: GroupState): GroupState {
  assert(
    'buckets' in a && 'buckets' in b && a.kind === b.kind && a.buckets.length === b.buckets.length,
    `states of ${a.kind} and ${b.kind} do not merge`,
  )
  const buckets = a.buckets.map((count, i) => int64(count + (b.buckets[i] ?? 0n)))
  return { kind: a.kind, buckets }
}
