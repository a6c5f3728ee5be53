// A query that lists firings: one row each, with the columns asked for.
import { DISPLAY, type DisplayBundle } from '../../base/display.js'
import { type Column, type Table, table } from '../../base/table.js'
import type { Program } from '../program/program.js'
import { firingRows } from './firing-rows.js'
import type { QueryHost } from './host.js'
import { type NamedExpr, type Plan, type Site, type Tracing, tracing } from './plan.js'
import { cell, knownColumns, noted, shownAs } from './row-table.js'
import { notesOf, type PlainRow, type Rows, withNotes } from './rows.js'
import { Chart, Runnable } from './runnable.js'

/** What a row of firings holds besides its columns. */
export interface FiringHead {
  readonly timestampNs: number | undefined
  readonly probe: string
}

/** Columns as rows hold them: undefined where the recording does not say. */
export type Columns<C> = { readonly [N in keyof C]: C[N] | undefined }

/** A list of firings; `R` is the type of its rows. */
export class RowQuery<R> extends Runnable {
  readonly #plan: Plan
  readonly #valuesAt: (site: Site) => readonly NamedExpr[]

  constructor(host: QueryHost, plan: Plan, valuesAt: (site: Site) => readonly NamedExpr[]) {
    super(host)
    this.#plan = plan
    this.#valuesAt = valuesAt
  }

  program(): Program {
    return this.#tracing().program
  }

  /** One row a firing, in time order: `timestampNs` since the recording's start (undefined when
   *  its clock rate is not known), `probe`, and the columns. What the recording does not hold is
   *  undefined, and `whyUnknown(row)` says why. 64-bit integers are bigint, smaller ones number.
   *  Runs the query. */
  rows(): Rows<R> {
    const made = this.#tracing()
    const { records } = this.host.run(made.program)
    const rows: readonly unknown[] = firingRows(made, this.#columns, records)
    const noticed = withNotes(rows as readonly R[], notesOf(records))
    return rows.length === 0
      ? noticed
      : shownAs(noticed, (of) => this.#tableOf(of, { name: 'timestampNs' }))
  }

  /** The rows as a table. Runs the query. */
  table(): Table {
    const rows = this.rows()
    return noted(this.#tableOf(rows, { name: 'time', unit: 'ns' }), rows.notes)
  }

  /** Runs, and shows the rows as a table: in DTrace's text each value would be a line of its
   *  own. */
  override [DISPLAY](): DisplayBundle {
    const found = this.table()
    if (found.rows.length > 0) return this.host.draw(knownColumns(found), 'table')
    const lines = [found.title, this.host.nothingFound()].filter((text) => text !== undefined)
    return { 'text/plain': lines.join('\n') }
  }

  /** The last column over time. Runs the query. */
  chart(): Chart {
    const { columns, rows } = this.table()
    const ends = <T>(list: readonly T[]): readonly T[] => [...list.slice(0, 1), ...list.slice(-1)]
    return new Chart(this.host.draw(table(ends(columns), rows.map(ends)), 'line'))
  }

  get #columns(): readonly string[] {
    const [site] = this.#plan.sites
    return site === undefined ? [] : this.#valuesAt(site).map((v) => v.name)
  }

  #tableOf(rows: Rows<R>, time: Column): Table {
    const names = ['timestampNs', 'probe', ...this.#columns]
    // Where a column of its own says which function it was, the probe says it again.
    const tells = names.includes('probefunc') ? 'probefunc' : 'probe'
    const heads = names
      .slice(1)
      .map((name) => ({ name, isHex: this.#isHex(name), isKey: name === tells }))
    const cells = (rows as unknown as Rows<PlainRow>).map((row) => names.map((n) => cell(row[n])))
    return table([time, ...heads], cells)
  }

  /** Whether a column is an argument that is a register, an address or the like. */
  #isHex(name: string): boolean {
    const args = this.#plan.sites.flatMap(({ at }) => at.probes.flatMap((probe) => probe.args))
    const named = args.filter((arg) => arg.name === name)
    return named.length > 0 && named.every(({ isHex }) => isHex === true)
  }

  #tracing(): Tracing {
    return tracing(this.#plan, this.#valuesAt)
  }
}
