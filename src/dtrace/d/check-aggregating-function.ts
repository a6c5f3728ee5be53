// Aggregating functions: what is measured, the fixed parameters, and how much one value adds.
//
//   lquantize(arg0, 0, 100, 10, 2)  ->  lquantize from 0 to 100 by 10; value arg0; increment 2
//   series(avg(arg0), "1s")         ->  series of avg by 1 s; value arg0; increment timestamp / 1 s
//
// Source: libdtrace dt_cc.c (dt_compile_agg) of illumos, dt_cg.c (dt_cg_agg, dt_cg_agg_opt_incr) of
// Linux. quantile, heatmap and series are ours.
import type { Span } from '../../base/span.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import type { IntegerExpr } from '../program/build.js'
import type { Expr } from '../program/program.js'
import type { CallNode } from './ast.js'
import { checkCallee } from './check-call.js'
import { type Arguments, parameterFault } from './check-constant-argument.js'
import { checkLogLinear, matchLogLinear } from './check-llquantize.js'
import { checkLinear, matchLinear } from './check-lquantize.js'
import { checkOverTime } from './check-over-time.js'
import { checkQuantile } from './check-quantile.js'
import { type CheckContext, isNumber } from './checked.js'

/** A function with its parameters, and the expressions that are evaluated for each value. */
export interface FilledFunction {
  readonly function: AggregatingFunction
  /** Absent for count(). */
  readonly value?: IntegerExpr
  /** What a bucket grows by; the number of the interval for what goes by time. */
  readonly increment?: Expr
}

/** Checks the call of an aggregating function that is assigned to an aggregation. */
export function checkFunction(cx: CheckContext, call: CallNode, span: Span): FilledFunction {
  const name = call.callee.kind === 'name' ? call.callee.name : ''
  if (name === 'heatmap' || name === 'series') return checkOverTime(cx, call)
  const { args, nodes } = checkCallee(cx, call)
  const given = { args, nodes, span }
  const value = measured(cx, name, given)
  const how = functionOf(cx, name, given)
  const increment = incrementOf(cx, name, given)
  return {
    function: how,
    ...(value === undefined ? {} : { value }),
    ...(increment === undefined ? {} : { increment }),
  }
}

/** The value that is aggregated: an integer or an address. */
export function measured(
  cx: CheckContext,
  name: string,
  { args, nodes, span }: Arguments,
): IntegerExpr | undefined {
  const [arg] = args
  if (arg === undefined || isNumber(arg)) return arg
  const message = `${name}( ) argument #1 must be of scalar type`
  return cx.diagnostics.fail(nodes[0]?.span ?? span, 'D_AGG_SCALAR', message)
}

function functionOf(cx: CheckContext, name: string, given: Arguments): AggregatingFunction {
  if (name === 'lquantize') return checkLinear(cx, given)
  if (name === 'llquantize') return checkLogLinear(cx, given)
  if (name === 'quantile') return checkQuantile(cx, given)
  return { kind: name } as AggregatingFunction
}

/** Where the increment stands, among the arguments. */
const INCREMENT: ReadonlyMap<string, number> = new Map([
  ['quantize', 1],
  ['lquantize', 4],
  ['llquantize', 5],
])

function incrementOf(
  cx: CheckContext,
  name: string,
  { args, nodes, span }: Arguments,
): IntegerExpr | undefined {
  const place = INCREMENT.get(name)
  if (place === undefined) return undefined
  const last = nodes.at(-1)?.span ?? span
  if (args.length > place + 1) {
    const passed = `${args.length} args passed, at most ${place + 1} expected`
    cx.diagnostics.fail(last, 'D_PROTO_LEN', `${name}( ) prototype mismatch: ${passed}`)
  }
  const increment = args[place]
  if (increment === undefined || isNumber(increment)) return increment
  const message = `${name}( ) increment value (argument #${place + 1}) must be of scalar type`
  return cx.diagnostics.fail(last, 'D_PROTO_ARG', message)
}

/** A later use must have the parameters of the first. */
export function matchParameters(
  cx: CheckContext,
  before: AggregatingFunction,
  now: AggregatingFunction,
  span: Span,
): void {
  if (before.kind === 'lquantize' && now.kind === 'lquantize') matchLinear(cx, before, now, span)
  else if (before.kind === 'llquantize' && now.kind === 'llquantize')
    matchLogLinear(cx, before, now, span)
  else matchOwn(cx, before, now, span)
}

function matchOwn(
  cx: CheckContext,
  before: AggregatingFunction,
  now: AggregatingFunction,
  span: Span,
): void {
  if (JSON.stringify(before) === JSON.stringify(now)) return
  const which = before.kind === 'quantile' ? 'ranks' : 'interval or function'
  const message = `${before.kind}( ) ${which} does not match previous declaration`
  parameterFault(cx, span, before.kind, 'MATCH', message)
}
