// D at the prompt: d`xpv:::*-start { @[probename] = count(); }`
//
// A number or string in ${...} becomes a D constant, so that nothing put in can become code; a part
// of a program goes in with `d.text(...)`.
import { DISPLAY, type DisplayBundle } from '../../base/display.js'
import { type Table, table } from '../../base/table.js'
import type { AggregationSnapshot } from '../aggregate/aggregation.js'
import { probeSpec } from '../probe/description.js'
import type { Expr, Program } from '../program/program.js'
import type { FiringRecord, OutputRecord, RecordItem, TypedValue } from '../program/record.js'
import { quoteString } from '../program/string-literal.js'
import type { QueryHost } from './host.js'
import { cell, noted } from './row-table.js'
import { fieldValue, groupRows, notesOf, type PlainRow, type Rows, withNotes } from './rows.js'
import { Runnable } from './runnable.js'

/** Program text that `d` takes as it stands. */
export interface ProgramText {
  readonly kind: 'program-text'
  readonly text: string
}

/** What may stand in ${...}. */
export type Inserted = number | bigint | string | ProgramText

/** The tagged template for D, and what makes text for it. */
export interface DTag {
  (strings: TemplateStringsArray, ...values: readonly Inserted[]): DProgram
  text(text: string): ProgramText
}

/** Makes the tag for a host. The tag throws `DiagnosticError` with all mistakes of the program. */
export function dTag(host: QueryHost): DTag {
  const tag = (strings: TemplateStringsArray, ...values: readonly Inserted[]): DProgram => {
    const parts = strings.raw.map((part, i) => {
      const value = values[i]
      return value === undefined ? part : part + inserted(value)
    })
    return new DProgram(host, parts.join(''))
  }
  const text = (given: string): ProgramText => ({ kind: 'program-text', text: given })
  return Object.assign(tag, { text })
}

function inserted(value: Inserted): string {
  if (typeof value === 'string') return quoteString(value)
  return typeof value === 'object' ? value.text : value.toString()
}

/** A D program, compiled. */
export class DProgram extends Runnable {
  /** The text as it was written. */
  readonly source: string
  readonly #program: Program

  /** Compiles. Throws `DiagnosticError` with all mistakes in the text. */
  constructor(host: QueryHost, source: string) {
    super(host)
    this.source = source
    this.#program = host.compile(source)
  }

  program(): Program {
    return this.#program
  }

  /** Of a program that aggregates: one row a group, as a query's, with the name of the
   *  aggregation when there are several. Of any other: one row a firing that recorded something,
   *  its values as value1, value2 and so on. Runs the program. */
  rows(): Rows<PlainRow> {
    const { records, result } = this.host.run(this.#program)
    const rows =
      this.#program.aggregations.length > 0
        ? result.aggregations.flatMap((a) => this.#aggregationRows(a))
        : records.flatMap(recordedRow)
    return withNotes(rows, notesOf(records))
  }

  /** The rows as a table; histograms are left to `run()`. Runs the program. */
  table(): Table {
    const rows = this.rows()
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const cells = rows.map((row) => names.map((name) => cell(row[name])))
    return noted(table(names, cells), rows.notes)
  }

  /** Runs, and shows what dtrace(8) would print, also where that is nothing: what a program did
   *  need not show. */
  override [DISPLAY](): DisplayBundle {
    return this.run()[DISPLAY]()
  }

  #aggregationRows(snapshot: AggregationSnapshot): PlainRow[] {
    const { aggregations, options } = this.#program
    const names = keyNames(this.#program, snapshot.decl.id)
    const rows = groupRows(snapshot, names, options)
    const named = aggregations.length > 1 ? { aggregation: `@${snapshot.decl.name}` } : {}
    return rows.map((row) => ({ ...named, ...row }))
  }
}

/** What the key parts are called: the built-in or argument they are, else key1, key2 and so on. */
function keyNames(program: Program, aggregation: number): readonly string[] {
  const statement = program.clauses
    .flatMap((c) => c.statements)
    .find((s) => s.kind === 'aggregate' && s.aggregation === aggregation)
  if (statement?.kind !== 'aggregate') return []
  const names = statement.keys.map(exprName)
  return names.map((name, i) =>
    name === undefined || names.indexOf(name) < i ? `key${i + 1}` : name,
  )
}

function exprName(expr: Expr): string | undefined {
  if (expr.kind === 'builtin') return expr.name
  return expr.kind === 'arg' ? `arg${expr.index}` : undefined
}

function recordedRow(record: OutputRecord): PlainRow[] {
  return record.kind === 'firing' ? [firingRow(record)] : []
}

function firingRow({ timeNs, probe, items }: FiringRecord): PlainRow {
  const values = items.flatMap(itemValues).map((v, i) => [`value${i + 1}`, fieldValue(v)])
  return { timestampNs: timeNs, probe: probeSpec(probe), ...Object.fromEntries(values) }
}

function itemValues(item: RecordItem): readonly TypedValue[] {
  if (item.kind === 'trace') return [item.value]
  return item.kind === 'printf' ? item.args : []
}
