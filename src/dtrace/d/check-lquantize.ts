// The parameters of lquantize(x, base, limit, step).
//
// Source: libdtrace dt_cc.c (dt_compile_agg) of illumos, dt_cg.c (dt_cg_agg_lquantize) of Linux.
import type { Span } from '../../base/span.js'
import type { LinearFunction } from '../aggregate/aggregation.js'
import { type Arguments, constantAt, positiveAt, spanAt } from './check-constant-argument.js'
import type { CheckContext } from './checked.js'

const MOST = 0xffff

/** Reads the parameters. Tags are D_LQUANT_*. */
export function checkLinear(cx: CheckContext, given: Arguments): LinearFunction {
  const { diagnostics, scope } = cx
  const isLinux = scope.dialect === 'linux'
  const base = bound(cx, given, 1, 'BASE')
  const limit = bound(cx, given, 2, 'LIM')
  if (isLinux ? limit <= base : limit < base) {
    const message = 'lquantize( ) base (argument #1) must be less than limit (argument #2)'
    diagnostics.fail(given.span, 'D_LQUANT_MISMATCH', message)
  }
  const step = stepOf(cx, given)
  const levels = Math.floor((limit - base) / step)
  if (levels === 0) {
    const message =
      'lquantize( ) step (argument #3) too large: must have at least one quantization level'
    diagnostics.fail(given.span, 'D_LQUANT_STEPLARGE', message)
  }
  if (levels > MOST) {
    const why = 'number of quantization levels must be a 16-bit quantity'
    const message = `lquantize( ) step (argument #3) too small: ${why}`
    diagnostics.fail(given.span, 'D_LQUANT_STEPSMALL', message)
  }
  return { kind: 'lquantize', base, limit, step, ...(isLinux ? { wide: true } : {}) }
}

function bound(cx: CheckContext, given: Arguments, index: number, which: 'BASE' | 'LIM'): number {
  const value = constantAt(given, index)
  const span = spanAt(given, index)
  if (value === undefined) {
    const message = `lquantize( ) argument #${index} must be an integer constant`
    return cx.diagnostics.fail(span, `D_LQUANT_${which}TYPE`, message)
  }
  if (BigInt.asIntN(32, value) !== value) {
    const message = `lquantize( ) argument #${index} must be a 32-bit quantity`
    cx.diagnostics.fail(span, `D_LQUANT_${which}VAL`, message)
  }
  return Number(value)
}

function stepOf(cx: CheckContext, given: Arguments): number {
  if (given.args[3] === undefined) return 1
  const step = positiveAt(given, 3)
  const span = spanAt(given, 3)
  if (step === undefined) {
    const message = 'lquantize( ) argument #3 must be a non-zero positive integer constant'
    return cx.diagnostics.fail(span, 'D_LQUANT_STEPTYPE', message)
  }
  if (step > MOST) {
    const message = 'lquantize( ) argument #3 must be a 16-bit quantity'
    cx.diagnostics.fail(span, 'D_LQUANT_STEPVAL', message)
  }
  return Number(step)
}

/** A later use must have the parameters of the first; a limit counts as far as whole steps go. */
export function matchLinear(
  cx: CheckContext,
  before: LinearFunction,
  now: LinearFunction,
  span: Span,
): void {
  const end = (f: LinearFunction): number =>
    f.base + Math.floor((f.limit - f.base) / f.step) * f.step
  const differs = (tag: string, what: string, expected: number, found: number): void => {
    if (expected === found) return
    const message = `lquantize( ) ${what} doesn't match previous declaration: `
    cx.diagnostics.fail(span, tag, `${message}expected ${expected}, found ${found}`)
  }
  differs('D_LQUANT_MATCHBASE', 'base (argument #1)', before.base, now.base)
  differs('D_LQUANT_MATCHLIM', 'limit (argument #2)', end(before), end(now))
  differs('D_LQUANT_MATCHSTEP', 'step (argument #3)', before.step, now.step)
}
