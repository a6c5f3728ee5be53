// A selection: the probes a query is about, what filters them, what groups them.
//
//   on('xpv:::*-start').where(e => e.execname.eq('xl')).by('probename').count()
import type { Table } from '../../base/table.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import type { Program } from '../program/program.js'
import type { AggregationQuery } from './aggregation-query.js'
import type { Merge, Shape } from './fields.js'
import type { QueryHost } from './host.js'
import {
  appended,
  evaluated,
  type Key,
  type KeyFields,
  keyExprs,
  type Predicate,
  type Value,
  valueExpr,
} from './keys.js'
import { Latency } from './latency.js'
import { type LatencyUnit, latencyPairs, latencyUnit } from './latency-plan.js'
import {
  heatmapFunction,
  linear,
  logLinear,
  measure,
  type PlainFunction,
  quantileFunction,
  seriesFunction,
} from './measure.js'
import { both, type NamedExpr, type Plan, type Site } from './plan.js'
import { compilePredicate } from './predicate.js'
import { RateQuery, type RateRow } from './rate-query.js'
import { type Columns, type FiringHead, RowQuery } from './row-query.js'
import type { Bucket, HeatmapRow, QuantileRow, Rows, SeriesRow } from './rows.js'
import { Runnable } from './runnable.js'
import type { Scope } from './scope.js'

/** Selected probes. `T` says what is known of them, `K` are the keys so far. */
export class Selection<T extends Shape, K> extends Runnable {
  readonly #scope: Scope
  readonly #site: Site

  constructor(host: QueryHost, scope: Scope, site: Site) {
    super(host)
    this.#scope = scope
    this.#site = site
  }

  /** Only firings that satisfy the condition: a function of the fields, `e => e.domid.eq(3)`, or
   *  D's text for it, `'args[0] == 3'`. An argument hides a built-in of its name; the function's
   *  second parameter holds the built-ins. Several `where` must all hold. */
  where(predicate: Predicate<T['fields']>): Selection<T, K> {
    const asked =
      typeof predicate === 'string'
        ? compilePredicate(this.host, this.#scope, predicate)
        : evaluated(predicate, this.#scope)
    return this.#with({ predicate: both(this.#site.predicate, asked) })
  }

  /** Groups by fields (`'probename'`), by what they compute (`{ page: e => e.va.shr(12) }`), or
   *  by a field that says what it is (`builtin('domid')`). Throws `XpvError`
   *  `query.unknown-field`. */
  by<const N extends readonly Key<T['fields']>[]>(
    ...keys: N
  ): Selection<T, Merge<K, KeyFields<T['fields'], N>>> {
    return this.#with({ keys: appended(this.#site.keys, keyExprs(keys, this.#scope)) })
  }

  /** Lists firings with these columns. */
  select<const N extends readonly Key<T['fields']>[]>(
    ...columns: N
  ): RowQuery<Merge<FiringHead, Columns<KeyFields<T['fields'], N>>>> {
    const values = keyExprs(columns, this.#scope)
    return new RowQuery(this.host, this.#plan, () => values)
  }

  /** How often they fired. */
  count(): AggregationQuery<Merge<K, { readonly value: number }>> {
    return measure(this.host, this.#plan, { kind: 'count' }, () => undefined)
  }
  /** The total of a field, wrapping at 64 bits. */
  sum(value: Value<T['fields']>): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('sum', value)
  }
  /** The mean, rounded toward zero. */
  avg(value: Value<T['fields']>): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('avg', value)
  }
  /** The smallest. */
  min(value: Value<T['fields']>): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('min', value)
  }
  /** The largest. */
  max(value: Value<T['fields']>): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('max', value)
  }
  /** The standard deviation, in integers as DTrace computes it. */
  stddev(value: Value<T['fields']>): AggregationQuery<Merge<K, { readonly value: bigint }>> {
    return this.#measured('stddev', value)
  }
  /** A histogram by powers of two. */
  quantize(
    value: Value<T['fields']>,
  ): AggregationQuery<Merge<K, { readonly buckets: readonly Bucket[] }>> {
    return this.#measured('quantize', value)
  }
  /** A linear histogram from `base` to `limit`. D keeps 32 bits of each value. */
  lquantize(
    value: Value<T['fields']>,
    base: number,
    limit: number,
    step = 1,
  ): AggregationQuery<Merge<K, { readonly buckets: readonly Bucket[] }>> {
    return this.#aggregated(linear(base, limit, step), value)
  }
  /** A histogram with `steps` buckets to each magnitude: powers of `factor` from the `low`th to the
   *  `high`th, as D's `llquantize()` has them. Values below go to one bucket. */
  llquantize(
    value: Value<T['fields']>,
    factor: number,
    low: number,
    high: number,
    steps: number,
  ): AggregationQuery<Merge<K, { readonly buckets: readonly Bucket[] }>> {
    return this.#aggregated(logLinear({ factor, low, high, steps }), value)
  }

  /** What so many of all values do not exceed, `0.5` for the median: to within 1/256, exact below
   *  256. */
  quantile(
    value: Value<T['fields']>,
    ...shares: readonly number[]
  ): AggregationQuery<Merge<K, QuantileRow>> {
    return this.#aggregated(quantileFunction(shares), value)
  }
  /** A histogram by powers of two for each interval of time (`'100ms'`). */
  heatmap(value: Value<T['fields']>, period: string): AggregationQuery<Merge<K, HeatmapRow>> {
    return this.#aggregated(heatmapFunction(period), value)
  }
  /** What a field comes to in each interval of time (`'100ms'`) in which there was any: its sum,
   *  or what `of` says. */
  series(
    value: Value<T['fields']>,
    period: string,
    of: 'sum' | 'avg' | 'min' | 'max' = 'sum',
  ): AggregationQuery<Merge<K, SeriesRow>> {
    return this.#aggregated(seriesFunction(period, of), value)
  }

  /** Firings per interval (`'100ms'`, `'10hz'`), one series a key. */
  rate(period: string): RateQuery<Merge<K, RateRow>> {
    return new RateQuery(this.host, this.#plan, period)
  }

  /** The time from these probes to the ones that end what they begin, on one thread: start and
   *  end, entry and return, on-cpu and off-cpu. In nanoseconds, or what `unit` says. Conditions
   *  and keys said so far are taken at the start. Throws `XpvError` `query.no-pair` when nothing
   *  here begins anything. */
  latency<U extends LatencyUnit = 'ns'>(unit?: U): Latency<T, K, U> {
    const { at, predicate, keys } = this.#site
    const pairs = latencyPairs(at, this.host.catalog)
    const started = keys.map((key) => ({ ...key, from: 'start' as const }))
    const asked = { unit: latencyUnit(unit), at, predicate, endPredicate: undefined }
    return new Latency(this.host, { ...asked, keys: started }, pairs)
  }

  program(): Program {
    return new RowQuery(this.host, this.#plan, () => []).program()
  }

  /** One row a firing, with all arguments that these probes share, or with the keys when `by`
   *  named some. Runs the query. */
  rows(): Rows<Merge<FiringHead, Columns<unknown extends K ? T['args'] : K>>> {
    return this.#list<Merge<FiringHead, Columns<unknown extends K ? T['args'] : K>>>().rows()
  }

  /** The rows as a table. Runs the query. */
  table(): Table {
    return this.#list().table()
  }

  get #plan(): Plan {
    return { sites: [this.#site], variables: [] }
  }

  #list<R>(): RowQuery<R> {
    const { keys } = this.#site
    const columns: readonly NamedExpr[] =
      keys.length > 0 ? keys : keyExprs(this.#scope.argNames, this.#scope)
    return new RowQuery(this.host, this.#plan, () => columns)
  }

  #measured<R>(kind: PlainFunction, value: Value<T['fields']>): AggregationQuery<R> {
    return this.#aggregated({ kind }, value)
  }

  #aggregated<R>(fn: AggregatingFunction, value: Value<T['fields']>): AggregationQuery<R> {
    const expr = valueExpr(value, this.#scope)
    return measure(this.host, this.#plan, fn, () => expr)
  }

  #with<L>(change: Partial<Site>): Selection<T, L> {
    return new Selection(this.host, this.#scope, { ...this.#site, ...change })
  }
}
