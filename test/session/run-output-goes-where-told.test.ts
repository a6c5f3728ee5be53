// A run's output: CSV and tables on standard output, and what freopen(), ftruncate() and system()
// do with it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ProbeDescription, ProbeId } from '../../src/dtrace/probe/description.js'
import type { FiringRecord, RecordItem, RunResult } from '../../src/dtrace/program/record.js'
import { INT, STRING } from '../../src/dtrace/program/types.js'
import type { CommandIo } from '../../src/session/command.js'
import { RunOutput } from '../../src/session/commands/dtrace-effects.js'
import { openSink } from '../../src/session/commands/dtrace-output.js'
import { runPrinter } from '../../src/session/commands/dtrace-printers.js'

let folder = ''
let out = ''
let err = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-output-'))
  out = ''
  err = ''
})
afterEach(() => rmSync(folder, { recursive: true }))

const io: CommandIo = {
  write: (text) => {
    out += text
  },
  warn: (text) => {
    err += text
  },
  signal: new AbortController().signal,
  interrupted: () => false,
  columns: 80,
}

const terminal = (): RunOutput => new RunOutput(openSink(undefined, io.write), io)

it('freopen() moves text to a file, after what is in it, and back', () => {
  const output = terminal()
  const path = join(folder, 'a')
  output.write('1')
  expect(output.freopen(path)).toBeUndefined()
  output.write('2')
  output.freopen('')
  output.write('3')
  output.freopen(path)
  output.write('4')
  output.close()
  expect(out).toBe('13')
  expect(readFileSync(path, 'utf8')).toBe('24')
})

it('a file that does not open leaves the output where it is', () => {
  const output = terminal()
  expect(output.freopen(join(folder, 'no', 'such'))).toBe('No such file or directory')
  output.write('here')
  expect(out).toBe('here')
})

it('ftruncate() empties the file that text goes to', () => {
  const path = join(folder, 'o')
  const sink = openSink(path, io.write)
  const output = new RunOutput(sink, io)
  output.write('old')
  output.ftruncate()
  output.write('new')
  sink.close()
  expect(readFileSync(path, 'utf8')).toBe('new')
})

it('a command prints where text goes at that moment; -o moves only ours', () => {
  const path = join(folder, 'a')
  const output = terminal()
  output.system('echo said; echo wrong >&2')
  output.freopen(path)
  output.system('echo kept')
  output.close()
  expect(out).toBe('said\n')
  expect(err).toBe('wrong\n')
  expect(readFileSync(path, 'utf8')).toBe('kept\n')
  new RunOutput(openSink(join(folder, 'o'), io.write), io).system('echo loud')
  expect(out).toBe('said\nloud\n')
})

const BEGIN: ProbeDescription = {
  id: 1 as ProbeId,
  provider: 'dtrace',
  module: '',
  function: '',
  name: 'BEGIN',
  args: [],
}
const firing = (items: readonly RecordItem[], timeNs: number): FiringRecord => ({
  kind: 'firing',
  epid: 1,
  probe: BEGIN,
  cpu: 2,
  timeNs,
  items,
})
const RESULT: RunResult = {
  status: 0,
  exited: true,
  interrupted: false,
  aggregations: [
    {
      decl: {
        id: 0,
        name: 'calls',
        keys: [{ kind: 'string' }],
        function: { kind: 'count' },
      },
      normal: 1n,
      groups: [{ key: ['mmu, ext'], state: { kind: 'count', count: 3n } }],
    },
  ],
  unprinted: [0],
  firings: 2,
}

function printed(format: 'csv' | 'table'): string {
  const { write, warn } = io
  const common = { quiet: false, testing: false, dialect: 'illumos', options: new Map() } as const
  const printer = runPrinter({ ...common, format, write, warn })
  printer.record(firing([{ kind: 'trace', value: { type: INT, value: 7n } }], 5))
  printer.record(firing([{ kind: 'trace', value: { type: STRING, value: 'a "b"' } }], 6))
  printer.record({ kind: 'drop', what: 'principal', count: 2 })
  printer.finish(RESULT)
  return out
}

it('CSV: firings, an empty line, each aggregation under its name; drops are warnings', () => {
  expect(printed('csv')).toBe(
    `time (ns),cpu,probe,value
5,2,dtrace:::BEGIN,7
6,2,dtrace:::BEGIN,"a ""b"""

aggregation,key,count
@calls,"mmu, ext",3
`,
  )
  expect(err).toBe('dtrace: 2 drops on CPU 0\n')
})

it('tables have their titles', () => {
  expect(printed('table')).toContain('@calls\nkey       count\n--------  -----\nmmu, ext      3\n')
})
