// The command `dtrace`: dtrace(8) over whatever machine is open.
//
//   words -> DtraceOptions -> sources, read -> compile -> list | explain | run -> text, JSON ...
//
// Holds: output and messages are DTrace's; statuses are 0, 1 (a program that does not compile), 2
// (usage) or what exit(n) said. An interrupt ends the run as ^C ends dtrace: END fires, then
// aggregations print.
import { XpvError } from '../../base/error.js'
import { isOn } from '../../base/switch-value.js'
import { type Compilation, compile } from '../../dtrace/d/compile.js'
import { printCompileError, printCompileErrors } from '../../dtrace/d/print-error.js'
import { explainProgram } from '../../dtrace/explain/explain.js'
import { listProgram } from '../../dtrace/explain/listing.js'
import { probeReport } from '../../dtrace/print/list.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import { standardCatalog } from '../../dtrace/probe/standard-catalog.js'
import { VERSIONS } from '../../dtrace/program/options.js'
import { type Consumer, consumerOf } from '../../dtrace/run/consumer.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import { startWaiting, type WaitingChild } from './dtrace-child.js'
import { execute, stabilityOfSource } from './dtrace-execute.js'
import { dtraceHelp, dtraceOptionHelp } from './dtrace-help.js'
import { listAll, listMatches } from './dtrace-list.js'
import { type DtraceOptions, parseDtraceOptions, USAGE } from './dtrace-options.js'
import { openSink, type Sink } from './dtrace-output.js'
import { readLibraries, readSource } from './dtrace-sources.js'

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
  /** Whether -c may start a command here: not where a result must come out the same again. */
  readonly startsCommands?: boolean
  /** Leaves the columns CPU and ID out, as DTrace does for its own tests. */
  readonly testing?: boolean
}

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
    const isRefused = error.code === 'dtrace.refused'
    const hint = isUsage || isRefused || host.explain === true ? error.hint : undefined
    io.warn(`dtrace: ${error.message}\n${hintLine(hint, isUsage)}`)
    return isUsage || isRefused ? 2 : 1
  }
}

function hintLine(hint: string | undefined, isUsage: boolean): string {
  if (hint === undefined) return ''
  if (isUsage) return `Usage: ${hint}\n`
  return `  ${hint.startsWith('did you mean') ? '' : 'try: '}${hint}\n`
}

async function perform(options: DtraceOptions, host: DtraceHost, io: CommandIo): Promise<number> {
  switch (options.mode) {
    case 'help':
      io.write(dtraceHelp())
      return 0
    case 'options':
      io.write(dtraceOptionHelp())
      return 0
    case 'version':
      io.write(`dtrace: ${VERSIONS[options.dialect].name}\n`)
      return 0
    default:
      return withChild(options, host, (child) => compileAndDo(options, host, io, child))
  }
}

/** Starts the command of -c, which waits; it does not outlive a program that does not run. */
async function withChild(
  options: DtraceOptions,
  host: DtraceHost,
  work: (child: WaitingChild | undefined) => Promise<number>,
): Promise<number> {
  const { command, mode } = options
  if (command === undefined || mode !== 'run') return work(undefined)
  if (host.startsCommands !== true) {
    throw new XpvError(
      'dtrace.refused',
      '-c: commands run only from the command line, where nothing needs to come out the same again',
      `xpv dtrace -c '${command.join(' ')}' ...`,
    )
  }
  const child = startWaiting(command)
  try {
    return await work(child)
  } catch (error) {
    child.kill()
    throw error
  }
}

async function compileAndDo(
  options: DtraceOptions,
  host: DtraceHost,
  io: CommandIo,
  child: WaitingChild | undefined,
): Promise<number> {
  const catalog = standardCatalog()
  const style = { verbose: options.verbose, explain: host.explain === true }
  const isListOfAll = options.mode === 'list' && options.sources.length === 0
  if (isListOfAll) return writeOut(options, io, listAll(catalog, style).text)
  const compilation = compileSources(options, host, { catalog, io, child })
  if (compilation.kind === 'errors') {
    child?.kill()
    return tellErrors(compilation, options, style.explain || style.verbose, io)
  }
  const ready = { ...compilation, catalog }
  if (options.mode === 'list') {
    const { text, warnings } = listMatches(compilation, catalog, style)
    if (warnings !== '') io.warn(warnings)
    return writeOut(options, io, text)
  }
  if (options.listing) io.warn(listProgram(compilation.program))
  if (options.mode === 'compile') return report(compilation, options, io)
  if (options.mode === 'explain') {
    const text = explainProgram(compilation.program, options.options)
    return writeOut(options, io, text)
  }
  const format = options.format === 'text' && host.json === true ? 'ndjson' : options.format
  const machine = (): Machine => host.machine()
  return withSink(options, io, (sink) =>
    execute(ready, {
      options,
      format,
      machine,
      consumer: consumer(host),
      child,
      io,
      sink,
      acts: host.startsCommands === true,
      testing: host.testing === true,
    }),
  )
}

/** -e stops here; -ev tells of each source and each of its clauses first. */
function report(
  { enablings }: Extract<Compilation, { kind: 'ok' }>,
  options: DtraceOptions,
  io: CommandIo,
): Promise<number> | number {
  if (!options.verbose) return 0
  const text = enablings.map((enabling) => {
    const clauses = enabling.clauses.map(({ specs = [], probes: [probe] }) =>
      probe === undefined ? '' : `\n${specs.join(',')}\n${probeReport(probe)}`,
    )
    return stabilityOfSource(enabling) + clauses.join('')
  })
  return writeOut(options, io, text.join(''))
}

/** Who traces: this process, of which BEGIN and END can say what no recording holds. */
function consumer(host: DtraceHost): Consumer {
  return { ...consumerOf(host.ids), zonename: 'global', root: '/', cwd: process.cwd() }
}

/** The file of -o is opened when all has compiled, and closed whatever happens. */
async function withSink(
  options: DtraceOptions,
  io: CommandIo,
  work: (sink: Sink) => Promise<number>,
): Promise<number> {
  const sink = openSink(options.output, (text) => io.write(text))
  try {
    return await work(sink)
  } finally {
    sink.close()
  }
}

function writeOut(options: DtraceOptions, io: CommandIo, text: string): Promise<number> {
  return withSink(options, io, async (sink) => {
    sink.write(text)
    return 0
  })
}

function tellErrors(
  errors: Extract<Compilation, { kind: 'errors' }>,
  options: DtraceOptions,
  all: boolean,
  io: CommandIo,
): number {
  const errtags = isOn(options.options.get('errtags'))
  io.warn(`${printCompileError(errors, { errtags })}\n`)
  if (all) io.warn(`${printCompileErrors(errors)}\n`)
  return 1
}

function compileSources(
  options: DtraceOptions,
  host: DtraceHost,
  given: {
    readonly catalog: ProbeCatalog
    readonly io: CommandIo
    readonly child: WaitingChild | undefined
  },
): Compilation {
  const settings = new Map(options.options)
  // -l lists what there is: what there is not is no mistake yet.
  if (options.mode === 'list') settings.set('zdefs', '')
  const script = options.sources.find((source) => source.part === 'script')?.file
  const tell = (said: string): void => {
    if (said !== '') given.io.warn(said)
  }
  const folders =
    options.options.has('nolibs') || options.sources.length === 0 ? [] : options.libraries
  const target = options.target ?? given.child?.pid ?? 0
  return compile(
    options.sources.map((source) => readSource(source, options, tell)),
    {
      catalog: given.catalog,
      macros: options.macros,
      options: settings,
      scriptName: script ?? 'dtrace',
      libraries: readLibraries(folders),
      ids: new Map([...(host.ids ?? []), ['target', target]]),
    },
  )
}
