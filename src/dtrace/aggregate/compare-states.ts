// Which of two groups of one aggregation is the larger: by their number, or by what a distribution
// weighs.
//
// Source: illumos libdtrace dt_aggregate.c (dt_aggregate_countcmp, _averagecmp, _stddevcmp,
// _quantizedcmp, _lquantizedcmp, _llquantizedcmp); DTrace for Linux for its own llquantize.
import { assertNever } from '../../base/assert.js'
import type {
  AggregatingFunction,
  BucketFunction,
  GroupState,
  HeatmapFunction,
  LinearFunction,
  LogLinearFunction,
  QuantileFunction,
  SeriesFunction,
} from './aggregation.js'
import { linearLevels, quantizeValue, ZERO_BUCKET } from './buckets.js'
import { linuxMiddle, logLinearBounds } from './log-linear.js'
import { sketchQuantile } from './sketch.js'
import { emptyState, mergeStates, slotFunction } from './state.js'
import { scalarValue } from './value.js'

/** Orders two states of one aggregation by what they stand for; 0 leaves it to the key. */
export function compareStates(f: AggregatingFunction, a: GroupState, b: GroupState): number {
  const x = scalarValue(a)
  const y = scalarValue(b)
  if (x !== undefined && y !== undefined) return compare(x, y)
  switch (f.kind) {
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return compare(weight(f, a), weight(f, b)) || compare(atZero(f, a), atZero(f, b))
    case 'quantile':
      return compareQuantiles(f, a, b)
    case 'heatmap':
    case 'series':
      return compareStates(slotFunction(f), altogether(f, a), altogether(f, b))
    default:
      return 0
  }
}

function compareQuantiles(f: QuantileFunction, a: GroupState, b: GroupState): number {
  if (a.kind !== 'quantile' || b.kind !== 'quantile') return 0
  for (const rank of f.ranks) {
    const [x, y] = [sketchQuantile(a.cells, rank) ?? 0n, sketchQuantile(b.cells, rank) ?? 0n]
    if (x !== y) return compare(x, y)
  }
  return 0
}

// All intervals as one: what orders courses of time.
function altogether(f: HeatmapFunction | SeriesFunction, state: GroupState): GroupState {
  const nothing = emptyState(slotFunction(f))
  if (!('slots' in state)) return nothing
  return state.slots.reduce((sum, [, slot]) => mergeStates(sum, slot), nothing)
}

// The sum of all values, each taken as its bucket's: what orders distributions. Exact, where DTrace
// rounds.
function weight(f: BucketFunction, state: GroupState): bigint {
  if (!('buckets' in state)) return 0n
  let total = 0n
  state.buckets.forEach((count, i) => {
    if (count !== 0n) total += count * standsFor(f, i)
  })
  return total
}

function standsFor(f: BucketFunction, bucket: number): bigint {
  switch (f.kind) {
    case 'quantize':
      return quantizeValue(bucket)
    case 'lquantize':
      return linearStandsFor(f, bucket)
    case 'llquantize':
      return logLinearStandsFor(f, bucket)
    default:
      return assertNever(f)
  }
}

function linearStandsFor(f: LinearFunction, bucket: number): bigint {
  if (bucket === 0) return BigInt(f.base) - 1n
  const levels = linearLevels(f)
  const end = BigInt(f.base + levels * f.step)
  return bucket > levels ? end + 1n : BigInt(f.base + (bucket - 1) * f.step)
}

// What lies near zero weighs nothing on Linux; on illumos, one less than the first bound.
function logLinearStandsFor(f: LogLinearFunction, bucket: number): bigint {
  const bound = logLinearBounds(f)[bucket]
  if (bound === undefined) return 0n
  if (bound.kind !== 'under') return bound.bound
  return f.dialect === 'linux' ? 0n : bound.bound - 1n
}

function atZero(f: BucketFunction, state: GroupState): bigint {
  if (!('buckets' in state)) return 0n
  const at = zeroBucket(f)
  return state.buckets[at] ?? 0n
}

// The bucket that decides between equal weights; -1 for none.
function zeroBucket(f: BucketFunction): number {
  if (f.kind === 'quantize') return ZERO_BUCKET
  if (f.kind === 'llquantize') return f.dialect === 'linux' ? linuxMiddle(f) : 0
  const length = linearLevels(f) + 2
  return Array.from({ length }, (_, i) => standsFor(f, i)).indexOf(0n)
}

function compare<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
