// A host over one real capture: the privcmd calls of an `xl create` on Xen 4.17, as ftrace text.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DiagnosticError } from '../../src/base/diagnostic.js'
import { compile } from '../../src/dtrace/d/compile.js'
import { TextPrinter } from '../../src/dtrace/print/text.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import type { Program } from '../../src/dtrace/program/program.js'
import type { OutputRecord } from '../../src/dtrace/program/record.js'
import { programToD } from '../../src/dtrace/program/to-d.js'
import type { Outcome, QueryHost } from '../../src/dtrace/query/host.js'
import { runProgram } from '../../src/dtrace/run/run.js'
import type { Machine } from '../../src/machine/machine.js'
import { unknown } from '../../src/machine/obs.js'
import { bytesSource } from '../../src/trace/byte-source.js'
import { openFtraceText } from '../../src/trace/ftrace/ftrace.js'

const FILE = join(import.meta.dirname, '../../examples/recordings/xl-create/privcmd.ftrace.txt')

/** The capture's own lines, for counting them another way. */
export const LINES: readonly string[] = readFileSync(FILE, 'utf8').split('\n')

/** The host of queries on the capture, or on some lines of it. */
export function recordedHost(lines: readonly string[] = LINES): QueryHost {
  const machine = recordedMachine(new TextEncoder().encode(lines.join('\n')))
  const catalog = standardCatalog()
  return {
    catalog,
    run: (program) => {
      const records: OutputRecord[] = []
      const sink = (record: OutputRecord) => void records.push(record)
      return { result: runProgram(program, machine, catalog, { sink }), records }
    },
    compile: (text) => {
      const compilation = compile([{ part: 'script', text }], { catalog })
      if (compilation.kind === 'ok') return compilation.program
      throw new DiagnosticError(text, compilation.diagnostics)
    },
    programToD,
    print: printed,
    draw: (table, kind) => ({ 'text/plain': `${kind}: ${JSON.stringify(table.rows, asText)}` }),
    nothingFound: () => 'nothing found',
  }
}

const asText = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)

function printed(program: Program, { records, result }: Outcome): string {
  let text = ''
  const write = (more: string) => {
    text += more
  }
  const { options } = program
  const printer = new TextPrinter({ write, warn: write, quiet: true, options })
  for (const record of records) printer.record(record)
  printer.finish(result)
  return text
}

function recordedMachine(bytes: Uint8Array): Machine {
  const notAsked = unknown('not asked')
  return {
    spec: FILE,
    backend: 'replay',
    capabilities: new Set(['observe'] as const),
    snapshot: () => ({
      title: 'xl create',
      xenVersion: notAsked,
      clockHz: notAsked,
      pcpus: notAsked,
      inputs: [],
    }),
    observe: (wants) => openFtraceText(bytesSource('privcmd', bytes)).observe(wants),
    close: () => {},
  }
}
