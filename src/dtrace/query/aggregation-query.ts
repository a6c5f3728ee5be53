// An aggregating query: `on(...).by(...).count()` and its relatives.

import { XpvError } from '../../base/error.js'
import { type Table, table } from '../../base/table.js'
import { parsePattern } from '../probe/pattern.js'
import type { Clause, Program } from '../program/program.js'
import type { QueryHost } from './host.js'
import { integer } from './operation.js'
import { type Aggregate, aggregatingProgram, clause, keyNames, type Plan } from './plan.js'
import { cell, noted } from './row-table.js'
import { type Bucket, groupRows, notesOf, type PlainRow, type Rows, withNotes } from './rows.js'
import { Chart, Runnable } from './runnable.js'

/** What an aggregating query is made of. */
export interface AggregationRequest {
  readonly plan: Plan
  readonly aggregate: Aggregate
  /** What the table says over its numbers: `count`, `latency`. */
  readonly title: string
  readonly unit: string | undefined
  /** Groups kept: the n with the largest values, or for a negative n the smallest. */
  readonly keep: number | undefined
}

/** An aggregation over probes; `R` is the type of its rows. */
export class AggregationQuery<R> extends Runnable {
  readonly #request: AggregationRequest

  constructor(host: QueryHost, request: AggregationRequest) {
    super(host)
    this.#request = request
  }

  /** Only the `n` groups with the largest values, the largest first. D: `trunc(@, n)` at the
   *  end. */
  top(n: number): AggregationQuery<R> {
    return this.#keeping(n, 1)
  }

  /** Only the `n` groups with the smallest values, the smallest first. D: `trunc(@, -n)` at the
   *  end. */
  bottom(n: number): AggregationQuery<R> {
    return this.#keeping(n, -1)
  }

  program(): Program {
    const { plan, aggregate, keep } = this.#request
    const closing = keep === undefined ? [] : [this.#truncation(keep)]
    const options = new Map<string, string>()
    if (keep !== undefined) options.set('quiet', '')
    if ((keep ?? 0) > 0) options.set('aggsortrev', '')
    return aggregatingProgram(plan, aggregate, closing, options)
  }

  /** One row a group, in the order in which DTrace prints them: the smallest value first, unless
   *  `top` asked for the largest. `count` is a number, other values are bigint, as are key parts
   *  of 64 bits; a histogram is `buckets`. `rows().notes` says what was left out. Runs the
   *  query. */
  rows(): Rows<R> {
    const program = this.program()
    const { records, result } = this.host.run(program)
    const snapshot = result.aggregations.find((a) => a.decl.id === 0)
    const rows = snapshot === undefined ? [] : groupRows(snapshot, this.#keyNames, program.options)
    return withNotes(rows as readonly unknown[] as readonly R[], notesOf(records))
  }

  /** The rows as a table: a histogram has one line a bucket. Runs the query. */
  table(): Table {
    const rows = this.rows() as unknown as Rows<PlainRow>
    const names = this.#keyNames
    const { title, unit } = this.#request
    const measured = { name: title, ...(unit === undefined ? {} : { unit }) }
    if (!this.#isHistogram) {
      const cells = rows.map((row) => [...names, 'value'].map((n) => cell(row[n])))
      return noted(table([...names, measured], cells), rows.notes)
    }
    const low = { ...measured, name: 'low' }
    const high = { ...measured, name: 'high' }
    const cells = rows.flatMap((row) =>
      (row['buckets'] as readonly Bucket[]).map((b) => [
        ...names.map((n) => cell(row[n])),
        b.low,
        b.high,
        b.count,
      ]),
    )
    return noted(table([...names, low, high, 'count'], cells), rows.notes)
  }

  /** Bars, one a group or bucket. Runs the query. */
  chart(): Chart {
    return new Chart(this.host.draw(this.table(), 'bar'))
  }

  get #keyNames(): readonly string[] {
    return keyNames(this.#request.plan)
  }

  get #isHistogram(): boolean {
    return this.#request.aggregate.function.kind.endsWith('quantize')
  }

  #keeping(n: number, sign: 1 | -1): AggregationQuery<R> {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new XpvError('query.count', `${n} is not a number of groups: 1 or more`)
    }
    return new AggregationQuery(this.host, { ...this.#request, keep: sign * n })
  }

  #truncation(keep: number): Clause {
    const pattern = parsePattern('dtrace:::END')
    const probes = pattern === 'overspecified' ? [] : this.host.catalog.match(pattern)
    const at = { specs: ['dtrace:::END'], probes }
    const count = integer(keep)
    return clause(at, undefined, [{ kind: 'trunc', aggregation: 0, count }])
  }
}
