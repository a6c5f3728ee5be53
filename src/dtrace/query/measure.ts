// The aggregating functions as a query writes them, for every kind of query that measures
// something.
import { XpvError } from '../../base/error.js'
import type { AggregatingFunction, SeriesFunction } from '../aggregate/aggregation.js'
import {
  type LogLinearMistake,
  type LogLinearParameters,
  logLinearMistake,
} from '../aggregate/log-linear-rules.js'
import { parseInterval } from '../probe/profile.js'
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

/** `llquantize`: from `factor` to the `low` up to `factor` to the `high`, each magnitude in
 *  `steps`. Throws `XpvError` `query.llquantize` for what D refuses: its own dialect's rules. */
export function logLinear(given: LogLinearParameters): AggregatingFunction {
  const refuse = (message: string) =>
    new XpvError('query.llquantize', message, '.llquantize(..., 10, 0, 6, 20)')
  for (const [name, value] of Object.entries(given)) {
    if (!Number.isInteger(value) || value < 0 || value > MOST)
      throw refuse(`${name}: ${value} is not a whole number from 0 to ${MOST}`)
  }
  const mistake = logLinearMistake(given)
  if (mistake !== undefined) throw refuse(LOG_LINEAR_MISTAKES[mistake](given))
  return { kind: 'llquantize', dialect: 'illumos', ...given }
}

const LOG_LINEAR_MISTAKES: Readonly<
  Record<LogLinearMistake, (given: LogLinearParameters) => string>
> = {
  factor: ({ factor }) => `the factor ${factor} is below 2`,
  range: ({ low, high }) => `the low magnitude ${low} is not below the high one, ${high}`,
  steps: ({ steps, factor }) => `${steps} steps are fewer than the factor, ${factor}`,
  even: ({ steps, factor }) =>
    `${steps} steps are not a multiple of ${factor} that divides a power of ${factor}`,
  overflow: ({ factor, high }) => `${factor} to the ${high + 1} is beyond 64 bits`,
}

/** `quantile` at shares of all values: 0.5 is the median. Throws `XpvError` `query.quantile` for
 *  what is not between 0 and 1, has more than six decimals, or comes twice. */
export function quantileFunction(shares: readonly number[]): AggregatingFunction {
  const refuse = (message: string) =>
    new XpvError('query.quantile', message, '.quantile(..., 0.5, 0.99)')
  const ranks = shares.map((share) => Math.round(share * 1e6))
  ranks.forEach((rank, i) => {
    const share = shares[i] ?? 0
    const isShare = rank > 0 && rank < 1e6 && Math.abs(share - rank / 1e6) < 1e-9
    if (!isShare) throw refuse(`${share} is no share of all values between 0 and 1`)
    if (ranks.indexOf(rank) < i) throw refuse(`${share} is asked for twice`)
  })
  if (ranks.length === 0) throw refuse('which quantiles?')
  return { kind: 'quantile', ranks }
}

/** `heatmap` by intervals. Throws `XpvError` `query.period` for a text that is no length of
 *  time. */
export function heatmapFunction(period: string): AggregatingFunction {
  return { kind: 'heatmap', intervalNs: periodNs(period, ".heatmap(..., '100ms')") }
}

/** `series` of a function by intervals. Throws likewise. */
export function seriesFunction(period: string, of: SeriesFunction['of']): AggregatingFunction {
  return { kind: 'series', of, intervalNs: periodNs(period, ".series(..., '100ms')") }
}

function periodNs(text: string, example: string): number {
  const ns = parseInterval(text)
  if (ns !== undefined) return ns
  throw new XpvError('query.period', `"${text}" is no length of time`, example)
}
