// What prints a run: DTrace's text, or the same records for programs.
//
//   text     dtrace(8)'s own          ndjson   an object a line, the result last
//   json     one document             csv, table

import { recordJson, resultJson } from '../../dtrace/print/json.js'
import type { OptionMap } from '../../dtrace/print/options.js'
import { TextPrinter } from '../../dtrace/print/text.js'
import type { Json } from '../../dtrace/print/value-json.js'
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
}

/** Makes the printer of a format. */
export function runPrinter(how: RunPrinterOptions): RunPrinter {
  if (how.format === 'text') return new TextPrinter(how)
  return how.format === 'json' ? documentPrinter(how) : linePrinter(how)
}

function linePrinter({ write, dialect, options }: RunPrinterOptions): RunPrinter {
  return {
    record: (record) => write(`${JSON.stringify(recordJson(record, dialect, options))}\n`),
    finish: (result) => write(`${JSON.stringify(resultJson(result, options))}\n`),
  }
}

function documentPrinter({ write, dialect, options }: RunPrinterOptions): RunPrinter {
  const records: Json[] = []
  return {
    record: (record) => records.push(recordJson(record, dialect, options)),
    finish: (result) => {
      const document = { records, result: resultJson(result, options) }
      write(`${JSON.stringify(document, undefined, 2)}\n`)
    },
  }
}
