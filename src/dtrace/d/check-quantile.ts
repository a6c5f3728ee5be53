// The ranks of quantile(x, p, ...): percents, whole ones as integers, others as strings.
//
//   quantile(arg0, 50, 99, "99.9")  ->  ranks 500000, 990000, 999000
import type { QuantileFunction } from '../aggregate/aggregation.js'
import { parsePercent } from '../program/percent.js'
import { type Arguments, constantAt, parameterFault, spanAt } from './check-constant-argument.js'
import type { CheckContext } from './checked.js'

/** Reads the ranks. Tags are D_QUANTILE_*. */
export function checkQuantile(cx: CheckContext, given: Arguments): QuantileFunction {
  const ranks = given.args.slice(1).map((_, i) => rankAt(cx, given, i + 1))
  const twice = ranks.findIndex((rank, i) => ranks.indexOf(rank) < i)
  if (twice >= 0) {
    const message = `quantile( ) argument #${twice + 2} asks for a percentage twice`
    parameterFault(cx, spanAt(given, twice + 1), 'quantile', 'TWICE', message)
  }
  return { kind: 'quantile', ranks }
}

function rankAt(cx: CheckContext, given: Arguments, index: number): number {
  const arg = given.args[index]
  const written = arg?.kind === 'string' ? arg.value : constantAt(given, index)?.toString()
  const rank = written === undefined ? undefined : parsePercent(written)
  if (rank !== undefined) return rank
  const message = `quantile( ) argument #${index + 1} must be a constant percentage`
  const hint = 'between 0 and 100: quantile(x, 50, 99, "99.9"); the ends are min(x) and max(x)'
  return parameterFault(cx, spanAt(given, index), 'quantile', 'RANK', message, hint)
}
