// The host of typed queries: how they run, compile, print and draw. Here the pieces that do not know each
// other are put together.

import { DiagnosticError } from '../base/diagnostic.js'
import type { DisplayBundle } from '../base/display.js'
import type { Table } from '../base/table.js'
import { barChart } from '../chart/bar.js'
import { lineChart } from '../chart/line.js'
import { compile } from '../dtrace/d/compile.js'
import { TextPrinter } from '../dtrace/print/text.js'
import { standardCatalog } from '../dtrace/probe/standard-catalog.js'
import type { Program } from '../dtrace/program/program.js'
import type { OutputRecord } from '../dtrace/program/record.js'
import { programToD } from '../dtrace/program/to-d.js'
import type { Outcome, QueryHost } from '../dtrace/query/host.js'
import { runProgram } from '../dtrace/run/run.js'
import type { Machine } from '../machine/machine.js'

/** What queries need of the session around them. */
export interface QueryContext {
  /** The machine open at that moment. */
  machine(): Machine
  /** Columns of the place that shows results. */
  columns(): number
}

/** Makes the host that `on` and `d` run on. */
export function queryHost(context: QueryContext): QueryHost {
  const catalog = standardCatalog()
  return {
    catalog,
    run: (program) => {
      const records: OutputRecord[] = []
      const sink = (record: OutputRecord): void => void records.push(record)
      const result = runProgram(program, context.machine(), catalog, {
        sink,
        options: program.options,
      })
      return { records, result }
    },
    compile: (text) => {
      const compilation = compile([{ part: 'script', text }], { catalog })
      if (compilation.kind === 'ok') return compilation.program
      throw new DiagnosticError(text, compilation.diagnostics)
    },
    programToD,
    print: printOutcome,
    chart: (table, kind) => drawn(table, kind, context.columns()),
  }
}

/** What dtrace(8) prints of an outcome, faults and drops where they happened, without the blank lines
 *  around it. */
function printOutcome(program: Program, outcome: Outcome): string {
  let text = ''
  const add = (more: string): void => {
    text += more
  }
  const quiet = program.options.has('quiet')
  const printer = new TextPrinter({ write: add, warn: add, quiet, options: program.options })
  for (const record of outcome.records) printer.record(record)
  printer.finish(outcome.result)
  return text.replace(/^\n+|\n+$/g, '')
}

function drawn(table: Table, kind: 'line' | 'bar', width: number): DisplayBundle {
  const text = kind === 'line' ? lineChart(table, { width }) : barChart(table, { width })
  return { 'text/plain': text }
}
