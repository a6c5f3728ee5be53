// The command `dtrace`: dtrace(8) over whatever machine is open.
//
//   words -> DtraceOptions -> compile -> run over the machine -> text, or NDJSON
//
// Holds: output and messages are DTrace's; statuses are 0, 1 (a program that does not compile), 2
// (usage) or what exit(n) said. An interrupt ends the run as ^C ends dtrace: END fires, then
// aggregations print.

import { appendFileSync, readFileSync } from 'node:fs'
import { XpvError } from '../../base/error.js'
import { isOn } from '../../base/switch-value.js'
import { type Compilation, compile, type DSource } from '../../dtrace/d/compile.js'
import { printCompileError, printCompileErrors } from '../../dtrace/d/print-error.js'
import { recordJson, resultJson } from '../../dtrace/print/json.js'
import { TextPrinter } from '../../dtrace/print/text.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import { standardCatalog } from '../../dtrace/probe/standard-catalog.js'
import type { Program } from '../../dtrace/program/program.js'
import type { OutputRecord, RunResult } from '../../dtrace/program/record.js'
import { runProgramAsync } from '../../dtrace/run/run.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import { listAll, listMatches } from './dtrace-list.js'
import { type DtraceOptions, parseDtraceOptions, USAGE } from './dtrace-options.js'

/** What the command needs of the session around it. */
export interface DtraceHost {
  /** The machine open at that moment. */
  machine(): Machine
  /** `--json`: records as NDJSON instead of DTrace's text. */
  readonly json?: boolean
  /** Somebody reads along: after DTrace's line come all mistakes, with their places and hints. */
  readonly explain?: boolean
  /** Values of $pid, $uid ... */
  readonly ids?: ReadonlyMap<string, number>
}

/** Where text goes: the terminal, or the file of -o. */
type Sink = (text: string) => void

/** Makes the command for one session. */
export function dtraceCommand(host: DtraceHost): Command {
  return {
    name: 'dtrace',
    summary: 'list probes, or run a D program over the machine',
    usage: USAGE.replace(/^dtrace /, ''),
    examples: [
      "dtrace -l -i 'xpv:::'",
      "dtrace -n 'xpv::: {}'",
      "dtrace -n 'xdt:pv::hypercall { @[arg1] = count(); }'",
      "dtrace -qn 'privcmd:domctl::entry { @[probefunc] = count(); }'",
    ],
    run: (argv, io) => runDtrace(argv, host, io),
  }
}

/** What DTrace has words for is said in them; as JSON the caller says it. */
async function runDtrace(
  argv: readonly string[],
  host: DtraceHost,
  io: CommandIo,
): Promise<number> {
  try {
    return await perform(parseDtraceOptions(argv), host, io)
  } catch (error) {
    if (!(error instanceof XpvError) || host.json === true) throw error
    if (!error.code.startsWith('dtrace.')) throw error
    const isUsage = error.code === 'dtrace.usage'
    const hint = error.hint === undefined ? '' : `${isUsage ? 'Usage' : '  try'}: ${error.hint}\n`
    io.warn(`dtrace: ${error.message}\n${hint}`)
    return isUsage || error.code === 'dtrace.refused' ? 2 : 1
  }
}

async function perform(options: DtraceOptions, host: DtraceHost, io: CommandIo): Promise<number> {
  if (options.version) {
    io.write('dtrace: Sun D 1.13\n')
    return 0
  }
  const sink: Sink =
    options.output === undefined ? (text) => io.write(text) : fileSink(options.output)
  const catalog = standardCatalog()
  const style = { verbose: options.verbose, explain: host.explain === true }
  if (options.list && options.sources.length === 0) {
    sink(listAll(catalog, style).text)
    return 0
  }
  const compilation = compileSources(options, host, catalog)
  if (compilation.kind === 'errors') {
    const errtags = isOn(options.options.get('errtags'))
    io.warn(`${printCompileError(compilation, { errtags })}\n`)
    if (style.explain || style.verbose) io.warn(`${printCompileErrors(compilation)}\n`)
    return 1
  }
  if (!options.list) return execute({ ...compilation, catalog }, options, host, io, sink)
  const { text, warnings } = listMatches(compilation, catalog, style)
  sink(text)
  if (warnings !== '') io.warn(warnings)
  return 0
}

function compileSources(
  options: DtraceOptions,
  host: DtraceHost,
  catalog: ProbeCatalog,
): Compilation {
  const settings = new Map(options.options)
  // -l lists what there is: what there is not is no mistake yet.
  if (options.list) settings.set('zdefs', '')
  const script = options.sources.find((source) => source.part === 'script')?.file
  return compile(options.sources.map(withText), {
    catalog,
    macros: options.macros,
    options: settings,
    scriptName: script ?? 'dtrace',
    ...(host.ids === undefined ? {} : { ids: host.ids }),
  })
}

/** A compiled program with the catalog its probes are from. */
interface Ready {
  readonly program: Program
  readonly catalog: ProbeCatalog
  readonly enablings: Extract<Compilation, { kind: 'ok' }>['enablings']
}

async function execute(
  ready: Ready,
  options: DtraceOptions,
  host: DtraceHost,
  io: CommandIo,
  sink: Sink,
): Promise<number> {
  const settings = new Map([...options.options, ...ready.program.options])
  if (options.flowIndent) settings.set('flowindent', '')
  const quiet = options.quiet || isOn(settings.get('quiet'))
  if (!quiet && host.json !== true) announce(ready, settings, io)
  if (options.compileOnly) return 0
  refuseNothing(ready, settings)
  const printer =
    host.json === true ? jsonPrinter(settings, sink) : textPrinter(settings, quiet, io, sink)
  const result = await runProgramAsync(ready.program, host.machine(), ready.catalog, {
    options: settings,
    sink: (record) => printer.record(record),
    shouldStop: () => io.signal.aborted,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  })
  printer.finish(result)
  return result.status
}

/** A program that can fire nothing is a mistake, unless -Z says that it may be. */
function refuseNothing(ready: Ready, settings: ReadonlyMap<string, string>): void {
  if (isOn(settings.get('zdefs')) || ready.program.clauses.length > 0) return
  const what = ready.enablings.length > 0 ? 'matched' : 'specified'
  throw new XpvError('dtrace.nothing', `no probes ${what}`)
}

function announce(ready: Ready, settings: ReadonlyMap<string, string>, io: CommandIo): void {
  if (isOn(settings.get('destructive'))) io.warn('dtrace: allowing destructive actions\n')
  for (const { source, text, matched } of ready.enablings) {
    if (source.part === 'script' && source.file === undefined) continue
    const what = source.part === 'script' ? 'script' : 'description'
    const name = source.file ?? text
    io.warn(`dtrace: ${what} '${name}' matched ${matched} probe${matched === 1 ? '' : 's'}\n`)
  }
}

/** What prints a run: DTrace's text, or JSON. */
interface RunPrinter {
  record(record: OutputRecord): void
  finish(result: RunResult): void
}

function textPrinter(
  settings: ReadonlyMap<string, string>,
  quiet: boolean,
  io: CommandIo,
  sink: Sink,
): RunPrinter {
  return new TextPrinter({
    write: sink,
    warn: (text) => io.warn(text),
    quiet,
    dialect: dialectOf(settings),
    options: settings,
  })
}

function dialectOf(settings: ReadonlyMap<string, string>): 'illumos' | 'linux' {
  return settings.get('dialect') === 'linux' ? 'linux' : 'illumos'
}

function jsonPrinter(settings: ReadonlyMap<string, string>, sink: Sink): RunPrinter {
  const dialect = dialectOf(settings)
  return {
    record: (record) => sink(`${JSON.stringify(recordJson(record, dialect, settings))}\n`),
    finish: (result) => sink(`${JSON.stringify(resultJson(result, settings))}\n`),
  }
}

/** Reads the script that -s names; '-' is standard input. */
function withText(source: DSource): DSource {
  if (source.part !== 'script' || source.file === undefined) return source
  try {
    const text = readFileSync(source.file === '-' ? 0 : source.file, 'utf8')
    return { ...source, text }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const why = code === 'ENOENT' ? 'No such file or directory' : code
    throw new XpvError('dtrace.script', `failed to open ${source.file}: ${why}`)
  }
}

/** -o appends, as dtrace does. */
function fileSink(path: string): Sink {
  return (text) => {
    try {
      appendFileSync(path, text)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new XpvError('dtrace.output', `failed to write ${path}: ${why}`)
    }
  }
}
