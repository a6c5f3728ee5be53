// The one number that stands for a group: what dtrace(8) prints after the key.
//
// Source: illumos libdtrace dt_consume.c (dt_print_average, dt_stddev): sums are divided by the
// normal first, then by the count, both truncated toward zero; squares are divided by the normal
// twice.
import { assertNever } from '../../base/assert.js'
import { int64 } from '../../base/int64.js'
import type { GroupState, ScalarState } from './aggregation.js'

/** A state's number under a normal (1 = as it is), as a signed 64-bit integer. Undefined for
 *  histograms, quantiles and what has a value for each interval. */
export function scalarValue(state: ScalarState, normal?: bigint): bigint
/** The same for a state of any kind. */
export function scalarValue(state: GroupState, normal?: bigint): bigint | undefined
export function scalarValue(state: GroupState, normal = 1n): bigint | undefined {
  switch (state.kind) {
    case 'count':
      return divide(state.count, normal)
    case 'sum':
      return divide(state.sum, normal)
    case 'min':
      return divide(state.min, normal)
    case 'max':
      return divide(state.max, normal)
    case 'avg':
      return divide(divide(state.sum, normal), state.count)
    case 'stddev':
      return standardDeviation(state, normal)
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
    case 'quantile':
    case 'heatmap':
    case 'series':
      return undefined
    default:
      return assertNever(state)
  }
}

/** A bucket's count under a normal. */
export function bucketValue(count: bigint, normal: bigint): bigint {
  return divide(count, normal)
}

// A normal or count of 0 cannot be divided by: such a value prints as 0.
function divide(value: bigint, by: bigint): bigint {
  return by === 0n ? 0n : int64(value / by)
}

function standardDeviation(s: GroupState & { kind: 'stddev' }, normal: bigint): bigint {
  if (s.count === 0n || normal === 0n) return 0n
  const mean = divide(divide(s.sum, normal), s.count)
  const meanOfSquares = s.sumSquares / normal / normal / s.count
  return int64(squareRoot(BigInt.asUintN(128, meanOfSquares - mean * mean)))
}

/** The integer square root, rounded down (Newton's method). */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
