// The command `dtrace`: dtrace(8) over whatever machine is open.
//
//   words -> DtraceOptions -> compile -> run over the machine -> text, or NDJSON
//
// Holds: output and messages are DTrace's; statuses are 0, 1 (a program that does not compile), 2 (usage)
// or what exit(n) said. An interrupt ends the run as ^C ends dtrace: END fires, aggregations print.
import { appendFileSync, readFileSync } from 'node:fs'
import { XpvError } from '../../base/error.js'
import { type Compilation, compile, type DSource } from '../../dtrace/d/compile.js'
import { printCompileError, printCompileErrors } from '../../dtrace/d/print-error.js'
import { recordJson, resultJson } from '../../dtrace/print/json.js'
import { printProbeList } from '../../dtrace/print/list.js'
import { TextPrinter } from '../../dtrace/print/text.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import { type ProbePattern, parsePattern } from '../../dtrace/probe/pattern.js'
import { standardCatalog } from '../../dtrace/probe/standard-catalog.js'
import { suggestProbe } from '../../dtrace/probe/suggest.js'
import type { Program } from '../../dtrace/program/program.js'
import type { OutputRecord, RunResult } from '../../dtrace/program/record.js'
import { runProgramAsync } from '../../dtrace/run/run.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import { type DtraceOptions, parseDtraceOptions, USAGE } from './dtrace-options.js'

/** What the command needs of the session around it. */
export interface DtraceHost {
  /** The machine open at that moment. */
  machine(): Machine
  /** `--json`: records as NDJSON instead of DTrace's text. */
  readonly json?: boolean
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
    run: (argv, io) => runDtrace(parseDtraceOptions(argv), host, io),
  }
}

async function runDtrace(options: DtraceOptions, host: DtraceHost, io: CommandIo): Promise<number> {
  if (options.version) {
    io.write('dtrace: Sun D 1.13\n')
    return 0
  }
  const sink: Sink =
    options.output === undefined ? (text) => io.write(text) : fileSink(options.output)
  if (options.list) return list(options, sink, io)
  if (options.sources.length === 0) {
    throw new XpvError('dtrace.usage', 'there is nothing to enable', USAGE)
  }
  const catalog = standardCatalog()
  const compilation = compile(options.sources.map(withText), {
    catalog,
    macros: options.macros,
    options: options.options,
    ...(host.ids === undefined ? {} : { ids: host.ids }),
  })
  if (compilation.kind === 'errors') {
    const errtags = options.options.has('errtags')
    io.warn(`${printCompileError(compilation, { errtags })}\n${printCompileErrors(compilation)}\n`)
    return 1
  }
  return execute({ ...compilation, catalog }, options, host, io, sink)
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
  const quiet = options.quiet || settings.has('quiet')
  if (!quiet && host.json !== true) announce(ready, settings, io)
  if (options.compileOnly) return 0
  const printer = host.json === true ? jsonPrinter(sink) : textPrinter(settings, quiet, io, sink)
  const result = await runProgramAsync(ready.program, host.machine(), ready.catalog, {
    options: settings,
    sink: (record) => printer.record(record),
    shouldStop: () => io.signal.aborted,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  })
  printer.finish(result)
  return result.status
}

function announce(ready: Ready, settings: ReadonlyMap<string, string>, io: CommandIo): void {
  if (settings.has('destructive')) io.warn('dtrace: allowing destructive actions\n')
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
  const linux = settings.get('dialect') === 'linux'
  return new TextPrinter({
    write: sink,
    warn: (text) => io.warn(text),
    quiet,
    dialect: linux ? 'linux' : 'illumos',
    options: settings,
  })
}

function jsonPrinter(sink: Sink): RunPrinter {
  return {
    record: (record) => sink(`${JSON.stringify(recordJson(record))}\n`),
    finish: (result) => sink(`${JSON.stringify(resultJson(result))}\n`),
  }
}

/** `-l`: all probes, or those that the given descriptions match. */
function list(options: DtraceOptions, sink: Sink, io: CommandIo): number {
  const catalog = standardCatalog()
  if (options.sources.length === 0) {
    sink(printProbeList(catalog.probes, options.verbose))
    return 0
  }
  const missed: string[] = []
  const found = options.sources.flatMap((source) =>
    specsOf(source).flatMap((spec) => {
      const pattern = listPattern(spec, source)
      const probes = catalog.match(pattern)
      if (probes.length === 0) missed.push(spec)
      return probes
    }),
  )
  sink(printProbeList(found, options.verbose))
  for (const spec of missed) io.warn(unmatched(spec, catalog))
  return missed.length === 0 ? 0 : 1
}

function unmatched(spec: string, catalog: ProbeCatalog): string {
  const near = suggestProbe(catalog, spec)
  const hint = near === undefined ? '' : `  did you mean ${near}?\n`
  return `dtrace: failed to match ${spec}: No probe matches description\n${hint}`
}

/** The probe descriptions of one -n, -P ... word: what stands before a predicate or a body. */
function specsOf(source: DSource): string[] {
  const text = source.part === 'script' ? withText(source).text : source.text
  return (text.split(/[/{]/, 1)[0] ?? '').split(',').map((spec) => spec.trim())
}

function listPattern(spec: string, source: DSource): ProbePattern {
  const part = source.part === 'script' || source.part === 'id' ? 'name' : source.part
  const pattern = parsePattern(spec, part)
  if (pattern !== 'overspecified') return pattern
  throw new XpvError(
    'dtrace.usage',
    `invalid probe specifier ${spec}: Overspecified probe description`,
  )
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
