// What every query can do: show its program, as a tree and as D text, run it, and show what it
// yields.
import { DISPLAY, type Displayable, type DisplayBundle } from '../../base/display.js'
import type { Table } from '../../base/table.js'
import type { Program } from '../program/program.js'
import type { OutputRecord, RunResult } from '../program/record.js'
import type { Outcome, QueryHost } from './host.js'

/** A finished run: its records and aggregations, and the text dtrace(8) prints for them. */
export class QueryRun implements Displayable, Outcome {
  readonly records: readonly OutputRecord[]
  readonly result: RunResult
  readonly text: string

  constructor(outcome: Outcome, text: string) {
    this.records = outcome.records
    this.result = outcome.result
    this.text = text
  }

  /** Whether nothing fired that was asked for; what was lost does not count. */
  get isEmpty(): boolean {
    const { aggregations } = this.result
    const firings = this.records.some((record) => record.kind === 'firing')
    return !firings && aggregations.every(({ groups }) => groups.length === 0)
  }

  [DISPLAY](): DisplayBundle {
    return { 'text/plain': this.text }
  }
}

/** A chart, drawn. `String(chart)` is its text. */
export class Chart implements Displayable {
  readonly #bundle: DisplayBundle

  constructor(bundle: DisplayBundle) {
    this.#bundle = bundle
  }

  toString(): string {
    return this.#bundle['text/plain']
  }

  [DISPLAY](): DisplayBundle {
    return this.#bundle
  }
}

/** A query that can be run. It never changes: every method that refines it returns a new one.
 *  Nothing runs before `run`, `rows`, `table` or `chart`, or before it shows itself at the
 *  prompt. */
export abstract class Runnable implements Displayable {
  protected readonly host: QueryHost

  constructor(host: QueryHost) {
    this.host = host
  }

  /** The program this query stands for: what the D compiler makes of `toD()`. */
  abstract program(): Program

  /** The rows as a table for printers and charts. Runs the query. */
  abstract table(): Table

  /** The same question in D. */
  toD(): string {
    return this.host.programToD(this.program())
  }

  /** Runs the query on the whole recording. Throws `XpvError` `trace.no-clock` when it asks for
   *  time and the recording does not say its clock rate. */
  run(): QueryRun {
    const program = this.program()
    const outcome = this.host.run(program)
    return new QueryRun(outcome, this.host.print(program, outcome))
  }

  /** Runs, and shows what dtrace(8) would print; where that is nothing, says so. */
  [DISPLAY](): DisplayBundle {
    const run = this.run()
    if (!run.isEmpty) return run[DISPLAY]()
    const lines = [run.text.trim(), this.host.nothingFound()].filter((text) => text !== '')
    return { 'text/plain': lines.join('\n') }
  }
}
