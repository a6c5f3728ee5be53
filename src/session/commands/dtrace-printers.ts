// What prints a run: DTrace's text, or the same records for programs.
//
//   text     dtrace(8)'s own          ndjson   an object a line, the result last
//   json     one document             csv, table   firings, then each aggregation
import type { Table } from '../../base/table.js'
import { csvTable } from '../../chart/csv.js'
import { textTable } from '../../chart/table.js'
import { recordJson, resultJson } from '../../dtrace/print/json.js'
import { numberOption, type OptionMap } from '../../dtrace/print/options.js'
import { type OutputEffects, performEffects } from '../../dtrace/print/output-effects.js'
import { RunTables } from '../../dtrace/print/run-tables.js'
import { STRING_BYTES } from '../../dtrace/print/stored.js'
import { TextPrinter } from '../../dtrace/print/text.js'
import type { Json } from '../../dtrace/print/value-json.js'
import { warningLine } from '../../dtrace/print/warning.js'
import type { OptionDialect } from '../../dtrace/program/options.js'
import type { OutputRecord, RunResult } from '../../dtrace/program/record.js'
import type { DtraceFormat } from './dtrace-options.js'

/** What prints a run. Feed records in order, then finish once. */
export interface RunPrinter {
  record(record: OutputRecord): void
  finish(result: RunResult): void
}

/** How and where a run prints. */
export interface RunPrinterOptions {
  readonly format: DtraceFormat
  readonly write: (text: string) => void
  readonly warn: (text: string) => void
  readonly quiet: boolean
  readonly dialect: OptionDialect
  readonly options: OptionMap
  readonly testing: boolean
  /** Who does what system() and freopen() ask for: nobody when absent. */
  readonly effects?: OutputEffects
}

/** Makes the printer of a format. */
export function runPrinter(how: RunPrinterOptions): RunPrinter {
  switch (how.format) {
    case 'text':
      return new TextPrinter(how)
    case 'json':
      return documentPrinter(how)
    case 'ndjson':
      return linePrinter(how)
    case 'csv':
      return tablePrinter(how, (table) => csvTable(named(table)))
    case 'table':
      return tablePrinter(how, (table) => `${textTable(table)}\n`)
  }
}

function linePrinter(how: RunPrinterOptions): RunPrinter {
  const { write, dialect, options } = how
  return {
    record: (record) => {
      write(`${JSON.stringify(recordJson(record, dialect, options))}\n`)
      perform(record, how)
    },
    finish: (result) => write(`${JSON.stringify(resultJson(result, options))}\n`),
  }
}

function documentPrinter(how: RunPrinterOptions): RunPrinter {
  const { write, dialect, options } = how
  const records: Json[] = []
  return {
    record: (record) => {
      records.push(recordJson(record, dialect, options))
      perform(record, how)
    },
    finish: (result) => {
      const document = { records, result: resultJson(result, options) }
      write(`${JSON.stringify(document, undefined, 2)}\n`)
    },
  }
}

/** Tables, an empty line between two. Faults and drops are told as dtrace(8) tells them. */
function tablePrinter(how: RunPrinterOptions, text: (table: Table) => string): RunPrinter {
  const tables = new RunTables(how)
  return {
    record: (record) => {
      tables.record(record)
      if (record.kind !== 'firing') how.warn(warningLine(record, how.dialect, how.options))
      perform(record, how)
    },
    finish: (result) => how.write(tables.finish(result).map(text).join('\n')),
  }
}

/** With the title as first column: a CSV file has no other place for it. */
function named({ title, columns, rows }: Table): Table {
  if (title === undefined) return { kind: 'table', columns, rows }
  const head = { name: 'aggregation' }
  return { kind: 'table', columns: [head, ...columns], rows: rows.map((row) => [title, ...row]) }
}

function perform(record: OutputRecord, { effects, dialect, options, warn }: RunPrinterOptions) {
  const strsize = numberOption(options, 'strsize', STRING_BYTES)
  for (const why of performEffects(record, effects, { dialect, strsize })) warn(`dtrace: ${why}\n`)
}
