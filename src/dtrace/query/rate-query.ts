// Counts per interval of time: `on(...).rate('100ms')`.
//
//   D: @[timestamp / 100000000] = count();      the empty intervals in between become rows of zero
import { XpvError } from '../../base/error.js'
import { type Table, table } from '../../base/table.js'
import { parseInterval } from '../probe/profile.js'
import { builtinExpr } from '../program/build.js'
import type { Program } from '../program/program.js'
import type { QueryHost } from './host.js'
import { lineChart } from './line-chart.js'
import { arithmetic, integer } from './operation.js'
import { aggregatingProgram, keyNames, type NamedExpr, type Plan } from './plan.js'
import { cell, noted } from './row-table.js'
import { groupRows, notesOf, type PlainRow, type Rows, withNotes } from './rows.js'
import { type Chart, Runnable } from './runnable.js'

/** A row of a rate: what began at `timeNs` since the recording's start, and how often it
 *  happened. */
export interface RateRow {
  readonly timeNs: number
  readonly value: number
}

const MOST_ROWS = 1_000_000

/** Firings per interval; `R` is the type of its rows. */
export class RateQuery<R extends RateRow> extends Runnable {
  readonly #plan: Plan
  readonly #periodNs: number

  constructor(host: QueryHost, plan: Plan, period: string) {
    super(host)
    this.#periodNs = parsePeriod(period)
    const interval = intervalExpr(this.#periodNs)
    const sites = plan.sites.map((s) => ({ ...s, keys: [...s.keys, interval] }))
    this.#plan = { ...plan, sites }
  }

  program(): Program {
    const aggregate = { function: { kind: 'count' }, valueAt: () => undefined } as const
    return aggregatingProgram(this.#plan, aggregate, [], new Map([['aggsortkey', '']]))
  }

  /** One row an interval and key, from the first interval in which anything happened to the
   *  last, also those in which nothing did. Throws `XpvError` `query.count` above a million
   *  rows. Runs the query. */
  rows(): Rows<R> {
    const program = this.program()
    const { records, result } = this.host.run(program)
    const [snapshot] = result.aggregations
    const names = this.#names
    const found = snapshot === undefined ? [] : groupRows(snapshot, names, program.options)
    const rows: readonly unknown[] = this.#filled(found)
    return withNotes(rows as readonly R[], notesOf(records))
  }

  /** The rows as a table. Runs the query. */
  table(): Table {
    const rows = this.rows()
    const keys = this.#names.slice(0, -1)
    const heads = [...keys, { name: 'time', unit: 'ns' }, 'count']
    const cells = (rows as unknown as Rows<PlainRow>).map((row) =>
      [...keys, 'timeNs', 'value'].map((name) => cell(row[name])),
    )
    return noted(table(heads, cells), rows.notes)
  }

  /** Counts over time as a line; with keys, a chart for each. Runs the query. */
  chart(): Chart {
    return lineChart(this.table(), (line) => this.host.draw(line, 'line'))
  }

  get #names(): readonly string[] {
    return keyNames(this.#plan)
  }

  #filled(found: readonly PlainRow[]): PlainRow[] {
    const series = new Map<string, { readonly keys: PlainRow; counts: Map<number, number> }>()
    for (const { [INTERVAL]: interval, value, ...keys } of found) {
      const name = JSON.stringify(Object.values(keys).map(String))
      const line = series.get(name) ?? { keys, counts: new Map<number, number>() }
      line.counts.set(Number(interval), Number(value))
      series.set(name, line)
    }
    const intervals = found.map((row) => Number(row[INTERVAL]))
    const first = intervals.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const last = intervals.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const length = found.length === 0 ? 0 : last - first + 1
    if (length * series.size > MOST_ROWS) throw tooMany(length * series.size)
    return [...series.values()].flatMap(({ keys, counts }) =>
      Array.from({ length }, (_, i) => ({
        ...keys,
        timeNs: (first + i) * this.#periodNs,
        value: counts.get(first + i) ?? 0,
      })),
    )
  }
}

const INTERVAL = 'interval'

function intervalExpr(periodNs: number): NamedExpr {
  return { name: INTERVAL, expr: arithmetic('/', builtinExpr('timestamp'), integer(periodNs)) }
}

function parsePeriod(text: string): number {
  const period = parseInterval(text)
  if (period !== undefined) return period
  throw new XpvError('query.period', `"${text}" is no length of time`, ".rate('100ms')")
}

function tooMany(count: number): XpvError {
  return new XpvError('query.count', `${count} intervals are too many to list`, ".rate('1s')")
}
