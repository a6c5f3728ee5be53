// The command `dtrace`: dtrace(8) over whatever machine is open.
//
//   words -> DtraceOptions -> sources, read -> compile -> list | explain | run -> text, JSON ...
//
// Holds: output and messages are DTrace's; statuses are 0, 1 (a program that does not compile), 2
// (usage) or what exit(n) said. An interrupt ends the run as ^C ends dtrace: END fires, then
// aggregations print. Over a machine on which time passes, a program watches in the background, or
// time passes under it.
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
import { type ActiveMachine, type Dom0Process, isActive } from '../../machine/active-machine.js'
import { historyOf } from '../../machine/history.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import type { Traces } from '../traces.js'
import { startWaiting, type WaitingChild } from './dtrace-child.js'
import {
  type Execution,
  execute,
  executeLive,
  type Ready,
  stabilityOfSource,
  watchLive,
} from './dtrace-execute.js'
import { dtraceHelp, dtraceOptionHelp } from './dtrace-help.js'
import { listAll, listMatches } from './dtrace-list.js'
import { laterVoice, startInDom0 } from './dtrace-live.js'
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
  /** Where programs go that watch a machine on which time passes: to the background. Without,
   *  time passes under them, here and now. */
  readonly traces?: Traces
  /** Says how a program in the background is ended. */
  readonly hints?: boolean | undefined
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
    first: ["dtrace -n 'xpv:::dom-*'", 'watch domains come and go'],
    examples: [
      "dtrace -l -i 'xpv:::'",
      "dtrace -n 'xpv:::dom-*'",
      "dtrace -n 'xpv:::*-start { @[probename] = count(); }'",
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
      return withChild(options, host, (waiting) => compileAndDo(options, host, io, waiting))
  }
}

/** A command of -c that waits, in dom0 of the machine or beside it. */
type Waiting =
  | { readonly kind: 'none' }
  | { readonly kind: 'beside'; readonly pid: number; readonly child: WaitingChild }
  | { readonly kind: 'dom0'; readonly pid: number; readonly tool: Dom0Process }

/** Starts the command of -c, which waits; it does not outlive a program that does not run. */
async function withChild(
  options: DtraceOptions,
  host: DtraceHost,
  work: (waiting: Waiting) => Promise<number>,
): Promise<number> {
  const { command, mode } = options
  if (command === undefined || mode !== 'run') return work({ kind: 'none' })
  const machine = host.machine()
  if (isActive(machine)) {
    const tool = startInDom0(machine, command)
    return work({ kind: 'dom0', pid: tool.pid, tool })
  }
  if (host.startsCommands !== true) {
    throw new XpvError(
      'dtrace.refused',
      '-c: commands run only from the command line, where nothing needs to come out the same again',
      `xpv dtrace -c '${command.join(' ')}' ...`,
    )
  }
  const child = startWaiting(command)
  try {
    return await work({ kind: 'beside', pid: child.pid, child })
  } catch (error) {
    child.kill()
    throw error
  }
}

async function compileAndDo(
  options: DtraceOptions,
  host: DtraceHost,
  io: CommandIo,
  waiting: Waiting,
): Promise<number> {
  const catalog = standardCatalog(host.machine().lacks)
  const style = { verbose: options.verbose, explain: host.explain === true }
  const isListOfAll = options.mode === 'list' && options.sources.length === 0
  if (isListOfAll) return writeOut(options, io, listAll(catalog, style).text)
  const target = waiting.kind === 'none' ? undefined : waiting.pid
  const compilation = compileSources(options, host, { catalog, io, target })
  if (compilation.kind === 'errors') {
    if (waiting.kind === 'beside') waiting.child.kill()
    return tellErrors(compilation, options, style.explain || style.verbose, io)
  }
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
  return runCompiled({ ...compilation, catalog }, options, host, { io, waiting })
}

/** Runs a program over what has happened, or over what happens from now on. */
async function runCompiled(
  ready: Ready,
  options: DtraceOptions,
  host: DtraceHost,
  { io, waiting }: { readonly io: CommandIo; readonly waiting: Waiting },
): Promise<number> {
  const execution = (sink: Sink, voice: CommandIo = io): Execution => ({
    options,
    format: options.format === 'text' && host.json === true ? 'ndjson' : options.format,
    machine: () => pastOf(host.machine()),
    consumer: consumer(host),
    child: waiting.kind === 'beside' ? waiting.child : undefined,
    io: voice,
    sink,
    acts: host.startsCommands === true,
    testing: host.testing === true,
    traces: host.traces,
  })
  const machine = host.machine()
  if (!isActive(machine) || options.past) {
    return withSink(options, io, (sink) => execute(ready, execution(sink)))
  }
  const tool = waiting.kind === 'dom0' ? waiting.tool : undefined
  const { traces } = host
  if (traces === undefined || tool !== undefined) {
    if (tool === undefined && host.explain === true) io.warn(timePasses(machine))
    return withSink(options, io, (sink) => executeLive(ready, execution(sink), { machine, tool }))
  }
  const voice = laterVoice(io)
  const sink = openSink(options.output, (text) => voice.write(text))
  const line = commandLineOf(options)
  const number = traces.begin(watchLive(ready, execution(sink, voice), { machine, line }))
  if (host.hints === true && traces.running.length > 0) {
    io.warn(`[${number}] watches from now on; stop, or Ctrl-C at an empty prompt, ends it\n`)
  }
  return 0
}

/** What can be asked again: a recording, or what a machine has let see so far. */
function pastOf(machine: Machine): Machine {
  return isActive(machine) ? historyOf(machine) : machine
}

function timePasses({ spec }: ActiveMachine): string {
  return `time on ${spec} passes until exit() or Ctrl-C; -c 'sleep 5' lets 5 s pass\n`
}

/** What began a trace, for a list of them: the first line of its programs. */
function commandLineOf({ sources }: DtraceOptions): string {
  const texts = sources.map(({ part, text, file }) => {
    if (part === 'script') return file === undefined ? `'${text}'` : `-s ${file}`
    return `-n '${text}'`
  })
  return `dtrace ${texts.join(' ')}`.split('\n', 1)[0] ?? ''
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
    readonly target: number | undefined
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
  const target = options.target ?? given.target ?? 0
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
