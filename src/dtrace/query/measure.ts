// The aggregating functions as a query writes them, for every kind of query that measures
// something.
import { XpvError } from '../../base/error.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import type { Expr } from '../program/program.js'
import { AggregationQuery } from './aggregation-query.js'
import type { QueryHost } from './host.js'
import type { Plan, Site } from './plan.js'

/** The functions of one value and no parameter. */
export type PlainFunction = 'sum' | 'avg' | 'min' | 'max' | 'stddev' | 'quantize'

/** An aggregation of `valueAt` over a plan. */
export function measure<R>(
  host: QueryHost,
  plan: Plan,
  fn: AggregatingFunction,
  valueAt: (site: Site) => Expr | undefined,
  unit?: string,
): AggregationQuery<R> {
  return new AggregationQuery(host, {
    plan,
    aggregate: { function: fn, valueAt },
    title: fn.kind,
    unit: fn.kind === 'count' ? undefined : unit,
    keep: undefined,
  })
}

/** `lquantize` from `base` up to `limit` in steps. Throws `XpvError` `query.lquantize` for what
 *  D refuses: base and limit are 32 bits, 1 to 65535 levels, a step of 1 to 65535. */
export function linear(base: number, limit: number, step: number): AggregatingFunction {
  const refuse = (message: string) =>
    new XpvError('query.lquantize', message, '.lquantize(..., 0, 1000, 100)')
  for (const bound of [base, limit]) {
    if ((bound | 0) !== bound) throw refuse(`${bound} is not a whole number of 32 bits`)
  }
  if (base >= limit) throw refuse(`the base ${base} is not below the limit ${limit}`)
  if (!Number.isInteger(step) || step < 1 || step > MOST) {
    throw refuse(`the step ${step} is not a whole number from 1 to ${MOST}`)
  }
  const levels = Math.floor((limit - base) / step)
  if (levels < 1) throw refuse(`the step ${step} is wider than ${base} to ${limit}`)
  if (levels > MOST) throw refuse(`${levels} levels are more than ${MOST}`)
  return { kind: 'lquantize', base, limit, step }
}

const MOST = 65535
