// What the parameters of illumos' llquantize(x, factor, low, high, steps) must be to one another.
//
// Holds: the rules are tried in libdtrace's order; the first one broken is told.
// Source: illumos libdtrace dt_cc.c (dt_compile_agg).
import { uint64 } from '../../base/int64.js'
import type { LogLinearFunction } from './aggregation.js'

/** The numbers of an llquantize(), each an unsigned integer of 16 bits. */
export type LogLinearParameters = Pick<LogLinearFunction, 'factor' | 'low' | 'high' | 'steps'>

/** A rule that they break, by what it is about. */
export type LogLinearMistake =
  /** The factor is below 2. */
  | 'factor'
  /** The low magnitude is not below the high one. */
  | 'range'
  /** There are fewer steps than the factor. */
  | 'steps'
  /** The factor does not divide the steps, or the steps divide no power of the factor. */
  | 'even'
  /** factor^(high + 1) is beyond 64 bits. */
  | 'overflow'

/** The first rule that they break, if any. */
export function logLinearMistake(p: LogLinearParameters): LogLinearMistake | undefined {
  if (p.factor < 2) return 'factor'
  if (p.low >= p.high) return 'range'
  if (p.steps < p.factor) return 'steps'
  if (!dividesEvenly(p.factor, p.steps)) return 'even'
  return staysWithin64Bits(p.factor, p.high) ? undefined : 'overflow'
}

/** Whether the factor divides the steps, and the steps the first power that is not below them. */
function dividesEvenly(factor: number, steps: number): boolean {
  let power = factor
  while (power < steps) power *= factor
  return steps % factor === 0 && power % steps === 0
}

/** Whether factor^(high + 2) grows all the way, in unsigned 64 bits. */
function staysWithin64Bits(factor: number, high: number): boolean {
  let power = 1n
  for (let order = 0; order <= high + 1; order++) {
    const next = uint64(power * BigInt(factor))
    if (next <= power) return false
    power = next
  }
  return true
}
