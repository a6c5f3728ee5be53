// An aggregating query: `on(...).by(...).count()` and its relatives.

import { XpvError } from '../../base/error.js'
import { type Table, table } from '../../base/table.js'
import { parsePattern } from '../probe/pattern.js'
import type { Clause, Program } from '../program/program.js'
import type { QueryHost } from './host.js'
import { lineChart } from './line-chart.js'
import { measuredCells } from './measured-cells.js'
import { integer } from './operation.js'
import { type Aggregate, aggregatingProgram, clause, keyNames, type Plan } from './plan.js'
import { cell, noted } from './row-table.js'
import { groupRows, notesOf, type PlainRow, type Rows, withNotes } from './rows.js'
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

  /** The rows as a table: a histogram has one line a bucket, what goes by time one an interval.
   *  Runs the query. */
  table(): Table {
    const rows = this.rows() as unknown as Rows<PlainRow>
    const names = this.#keyNames
    const { title, unit, aggregate } = this.#request
    const { columns, lines } = measuredCells(aggregate.function, { title, unit })
    const cells = rows.flatMap((row) => {
      const key = names.map((n) => cell(row[n]))
      return lines(row).map((line) => [...key, ...line])
    })
    return noted(table([...names, ...columns], cells), rows.notes)
  }

  /** Bars, one a group or bucket; a series as lines, one a key; a heatmap in shades. Runs the
   *  query. */
  chart(): Chart {
    const { kind } = this.#request.aggregate.function
    if (kind === 'heatmap') return new Chart(this.host.draw(this.table(), 'heat'))
    if (kind !== 'series') return new Chart(this.host.draw(this.table(), 'bar'))
    return lineChart(this.table(), (line) => this.host.draw(line, 'line'))
  }

  get #keyNames(): readonly string[] {
    return keyNames(this.#request.plan)
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
