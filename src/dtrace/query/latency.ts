// Latency: how long things took, from the probe that begins them to the probe that ends them on
// that thread.
//
//   on('xpv:::populate-physmap-*').latency().quantize()
//   on('privcmd:::entry').latency().by('probefunc').max()

import type { Table } from '../../base/table.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import type { Program } from '../program/program.js'
import type { AggregationQuery } from './aggregation-query.js'
import type { Merge, Shape } from './fields.js'
import type { QueryHost } from './host.js'
import {
  appended,
  evaluated,
  isReference,
  type Key,
  type KeyFields,
  keyExprs,
  type Predicate,
} from './keys.js'
import { type LatencyRequest, type LatencyUnit, latencyPlan } from './latency-plan.js'
import {
  heatmapFunction,
  linear,
  logLinear,
  measure,
  type PlainFunction,
  quantileFunction,
  seriesFunction,
} from './measure.js'
import type { Pair } from './pair.js'
import { both, type ProbeSet } from './plan.js'
import { compilePredicate } from './predicate.js'
import { type FiringHead, RowQuery } from './row-query.js'
import type { Bucket, HeatmapRow, QuantileRow, Rows, SeriesRow } from './rows.js'
import { Runnable } from './runnable.js'
import { Scope } from './scope.js'

/** What a latency's rows hold besides the keys: when it ended, and `latencyNs`, or `latencyUs`
 *  and so on. */
export type LatencyRow<U extends LatencyUnit> = FiringHead & {
  readonly [N in `latency${Capitalize<U>}`]: bigint
}

/** The time between paired probes. `T` says what is known of them, `K` are the keys so far, `U`
 *  is what time is counted in. */
export class Latency<T extends Shape, K, U extends LatencyUnit> extends Runnable {
  readonly #pairs: readonly Pair[]
  readonly #request: LatencyRequest
  readonly #starts: Scope
  readonly #ends: Scope

  constructor(host: QueryHost, request: LatencyRequest, pairs: readonly Pair[]) {
    super(host)
    this.#pairs = pairs
    this.#request = request
    this.#starts = scopeOf(pairs.map((p) => p.start))
    this.#ends = scopeOf(pairs.map((p) => p.end))
  }

  /** Groups by fields. A name is an argument of the probe that ends, else of the one that began,
   *  else a built-in variable at the end. Throws `XpvError` `query.unknown-field`. */
  by<const A extends readonly Key<T['callFields'], T['endFields']>[]>(
    ...keys: A
  ): Latency<T, Merge<K, KeyFields<T['callFields'], A>>, U> {
    const found = keys.flatMap((key) => {
      const from = this.#sideOf(key)
      const scope = from === 'start' ? this.#starts : this.#ends
      return keyExprs([key], scope).map((k) => ({ ...k, from }))
    })
    return this.#with({ keys: appended(this.#request.keys, found) })
  }

  /** Only those whose end satisfies the condition (`where` before `latency` asks at the start). */
  where(predicate: Predicate<T['endFields']>): Latency<T, K, U> {
    const asked =
      typeof predicate === 'string'
        ? compilePredicate(this.host, this.#ends, predicate)
        : evaluated(predicate, this.#ends)
    return this.#with({ endPredicate: both(this.#request.endPredicate, asked) })
  }

  /** How many ended. */
  count(): AggregationQuery<Merge<K, { readonly value: number }>> {
    return measure(this.host, this.#plan, { kind: 'count' }, () => undefined)
  }
  /** All of them together. */
  sum(): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('sum')
  }
  /** The mean, rounded toward zero. */
  avg(): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('avg')
  }
  /** The smallest. */
  min(): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('min')
  }
  /** The largest. */
  max(): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('max')
  }
  /** The standard deviation, in integers as DTrace computes it. */
  stddev(): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('stddev')
  }
  /** A histogram by powers of two. */
  quantize(): AggregationQuery<Merge<K, { readonly buckets: readonly Bucket[] }>> {
    return this.#measured('quantize')
  }
  /** A linear histogram from `base` to `limit`, in the unit of the latency. D keeps 32 bits of each
   *  value and allows steps of at most 65535. */
  lquantize(
    base: number,
    limit: number,
    step = 1,
  ): AggregationQuery<Merge<K, { readonly buckets: readonly Bucket[] }>> {
    return this.#aggregated(linear(base, limit, step))
  }
  /** A histogram with `steps` buckets to each magnitude, powers of `factor` from the `low`th to the
   *  `high`th. */
  llquantize(
    factor: number,
    low: number,
    high: number,
    steps: number,
  ): AggregationQuery<Merge<K, { readonly buckets: readonly Bucket[] }>> {
    return this.#aggregated(logLinear({ factor, low, high, steps }))
  }

  /** What so many of all latencies do not exceed, `0.5` for the median: to within 1/256. */
  quantile(...shares: readonly number[]): AggregationQuery<Merge<K, QuantileRow>> {
    return this.#aggregated(quantileFunction(shares))
  }
  /** A histogram by powers of two for each interval of time (`'100ms'`), by when they ended. */
  heatmap(period: string): AggregationQuery<Merge<K, HeatmapRow>> {
    return this.#aggregated(heatmapFunction(period))
  }
  /** What they come to in each interval of time (`'100ms'`) in which any ended: their sum, or what
   *  `of` says. */
  series(
    period: string,
    of: 'sum' | 'avg' | 'min' | 'max' = 'sum',
  ): AggregationQuery<Merge<K, SeriesRow>> {
    return this.#aggregated(seriesFunction(period, of))
  }

  program(): Program {
    return this.#list().program()
  }

  /** One row each, in the order in which they ended. Runs the query. */
  rows(): Rows<Merge<LatencyRow<U>, K>> {
    return this.#list().rows()
  }

  /** The rows as a table. Runs the query. */
  table(): Table {
    return this.#list().table()
  }

  #sideOf(key: unknown): 'start' | 'end' {
    const name = isReference(key) && key.kind === 'arg' ? key.name : key
    if (typeof name !== 'string' || this.#ends.hasArg(name)) return 'end'
    return this.#starts.hasArg(name) ? 'start' : 'end'
  }

  get #plan() {
    return latencyPlan(this.#request, this.#pairs)
  }

  #list(): RowQuery<Merge<LatencyRow<U>, K>> {
    const { unit } = this.#request
    const name = `latency${unit.charAt(0).toUpperCase()}${unit.slice(1)}`
    return new RowQuery(this.host, this.#plan, ({ keys, measured }) =>
      measured === undefined ? keys : [...keys, { name, expr: measured }],
    )
  }

  #measured<R>(kind: PlainFunction): AggregationQuery<R> {
    return this.#aggregated({ kind })
  }

  #aggregated<R>(fn: AggregatingFunction): AggregationQuery<R> {
    return measure(this.host, this.#plan, fn, (site) => site.measured, this.#request.unit)
  }

  #with<L>(change: Partial<LatencyRequest>): Latency<T, L, U> {
    return new Latency(this.host, { ...this.#request, ...change }, this.#pairs)
  }
}

function scopeOf(sets: readonly ProbeSet[]): Scope {
  const specs = new Set(sets.flatMap((set) => set.specs))
  const probes = sets.flatMap((set) => set.probes)
  return new Scope([...specs].join(', '), probes)
}
