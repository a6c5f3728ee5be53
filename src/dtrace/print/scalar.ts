// The number a group prints, under normalize(), with C's divisions.
//
// DTrace divides differently in two places, and both are kept. Without a format an average divides
// as signed, all others as unsigned: a negative sum under normalize() comes out huge. In
// printa("%@d") a sum divides as signed and an average as unsigned. Source: illumos libdtrace
// dt_consume.c (dt_print_datum) and dt_printf.c.
import { INT64_MAX, INT64_MIN, int64, uint64 } from '../../base/int64.js'
import type { ScalarState } from '../aggregate/aggregation.js'
import { scalarValue } from '../aggregate/value.js'
import type { TypedValue } from '../program/record.js'
import { INT64, UINT64 } from '../program/types.js'
import type { Dialect } from './conversion.js'

/** Divides as uint64 and reads the result as int64. A normal of 0 divides by 1. */
export function divideUnsigned(value: bigint, normal: bigint): bigint {
  return int64(uint64(value) / (uint64(normal) || 1n))
}

/** What is shown of a state: illumos clears a min() or max() to 0, Linux to what it began as. */
export function shownState(state: ScalarState, dialect: Dialect): ScalarState {
  if (dialect === 'linux') return state
  if (state.kind === 'min' && state.min === INT64_MAX) return { kind: 'min', min: 0n }
  if (state.kind === 'max' && state.max === INT64_MIN) return { kind: 'max', max: 0n }
  return state
}

/** What the default line shows. */
export function defaultValue(state: ScalarState, normal: bigint): bigint {
  switch (state.kind) {
    case 'avg':
    case 'stddev':
      return scalarValue(state, normal || 1n)
    default:
      return divideUnsigned(plainValue(state), normal)
  }
}

/** What `%@d` (signed) or `%@u`, `%@x` (unsigned) converts. */
export function conversionValue(state: ScalarState, normal: bigint, signed: boolean): TypedValue {
  switch (state.kind) {
    case 'avg':
      return { type: INT64, value: unsignedAverage(state.count, state.sum, normal) }
    case 'stddev':
      return { type: INT64, value: scalarValue(state, normal || 1n) }
    default: {
      const value = plainValue(state)
      const divided = signed ? value / int64(normal || 1n) : divideUnsigned(value, normal)
      return { type: conversionType(state), value: divided }
    }
  }
}

/** The type `%@` converts: a count is unsigned, everything else signed. */
export function conversionType(fn: { readonly kind: string }): TypedValue['type'] {
  return fn.kind === 'count' ? UINT64 : INT64
}

function plainValue(state: Exclude<ScalarState, { kind: 'avg' | 'stddev' }>): bigint {
  switch (state.kind) {
    case 'count':
      return state.count
    case 'sum':
      return state.sum
    case 'min':
      return state.min
    case 'max':
      return state.max
  }
}

function unsignedAverage(count: bigint, sum: bigint, normal: bigint): bigint {
  return count === 0n ? 0n : int64(uint64(sum) / (uint64(normal) || 1n) / uint64(count))
}
