// A compiled program, run over a machine: what dtrace(8) says before, its output, its status.
import { XpvError } from '../../base/error.js'
import { isOn } from '../../base/switch-value.js'
import type { Enabling } from '../../dtrace/d/compile.js'
import { stabilityReport } from '../../dtrace/explain/stability.js'
import { printAggregations } from '../../dtrace/print/aggregation.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import type { Program } from '../../dtrace/program/program.js'
import type { RunResult } from '../../dtrace/program/record.js'
import type { Consumer } from '../../dtrace/run/consumer.js'
import { LiveRun } from '../../dtrace/run/live-run.js'
import { type RunOptions, runProgramAsync } from '../../dtrace/run/run.js'
import type { ActiveMachine, Dom0Process } from '../../machine/active-machine.js'
import type { Machine } from '../../machine/machine.js'
import type { CommandIo } from '../command.js'
import type { Traces } from '../traces.js'
import type { WaitingChild } from './dtrace-child.js'
import { RunOutput } from './dtrace-effects.js'
import { LiveTrace, traceOn } from './dtrace-live.js'
import type { DtraceFormat, DtraceOptions } from './dtrace-options.js'
import type { Sink } from './dtrace-output.js'
import { type RunPrinter, runPrinter } from './dtrace-printers.js'

/** A compiled program with the catalog its probes are from. */
export interface Ready {
  readonly program: Program
  readonly enablings: readonly Enabling[]
  readonly catalog: ProbeCatalog
}

/** Where and how a program runs. */
export interface Execution {
  readonly options: DtraceOptions
  readonly format: DtraceFormat
  readonly machine: () => Machine
  readonly consumer: Consumer
  /** The command of -c, waiting. */
  readonly child: WaitingChild | undefined
  readonly io: CommandIo
  readonly sink: Sink
  /** Whether system() and freopen() may act on this machine. */
  readonly acts: boolean
  /** Who may be shown what is counted, before all of it is. */
  readonly traces: Traces | undefined
  /** Rows without CPU and ID, where the dialect is that of Linux. */
  readonly testing: boolean
}

/** Runs a program over what has happened, to its end; yields the exit status. Throws `XpvError`
 *  `dtrace.nothing` for one that enables no probe, unless -Z allows that. */
export async function execute(ready: Ready, how: Execution): Promise<number> {
  const running = begin(ready, how)
  try {
    return await runPast(ready, how, running)
  } finally {
    running.output.close()
  }
}

/** A machine on which time passes, and the command of -c, waiting in its dom0. */
export interface LivePlace {
  readonly machine: ActiveMachine
  readonly tool: Dom0Process | undefined
}

/** Runs a program while time passes, until exit(), Ctrl-C, or the end of the command; yields the
 *  status. Throws as `execute` does. */
export async function executeLive(
  ready: Ready,
  how: Execution,
  { machine, tool }: LivePlace,
): Promise<number> {
  const running = begin(ready, how)
  const trace = liveTrace(ready, how, { machine, running, line: '', close: () => {} })
  try {
    return await traceOn(trace, { machine, tool, io: how.io, notice: running.notice })
  } finally {
    running.output.close()
  }
}

/** Lets a program watch from now on; the sink is closed once it has ended. Throws as `execute`
 *  does. */
export function watchLive(
  ready: Ready,
  how: Execution,
  given: { readonly machine: ActiveMachine; readonly line: string },
): LiveTrace {
  const running = begin(ready, how)
  const close = (): void => {
    running.output.close()
    how.sink.close()
  }
  return liveTrace(ready, how, { ...given, running, close })
}

interface Running {
  readonly output: RunOutput
  readonly settings: ReadonlyMap<string, string>
  readonly quiet: boolean
  readonly notice: (text: string) => void
}

/** Says what dtrace(8) says before it traces. */
function begin(ready: Ready, how: Execution): Running {
  const { options, io, sink } = how
  const settings = new Map([...options.options, ...ready.program.options])
  const quiet = isOn(settings.get('quiet'))
  const notice = (text: string): void => {
    if (!quiet && how.format === 'text') io.warn(`dtrace: ${text}\n`)
  }
  for (const enabling of ready.enablings) {
    notice(matched(enabling))
    if (options.verbose) sink.write(`${stabilityOfSource(enabling)}\n`)
  }
  refuseNothing(ready, settings)
  if (isOn(settings.get('destructive'))) notice('allowing destructive actions')
  return { output: new RunOutput(sink, io), settings, quiet, notice }
}

async function runPast(ready: Ready, how: Execution, running: Running): Promise<number> {
  const { io, child } = how
  const printer = printerOf(how, running)
  child?.release()
  const { traces, options } = how
  const isCounting = ready.program.aggregations.length > 0
  const result = await runProgramAsync(ready.program, how.machine(), ready.catalog, {
    ...runOptions(how, running, printer),
    pause: async (soFar) => {
      const text = (): string => printAggregations(soFar(), running.settings, options.dialect)
      if (traces !== undefined) traces.soFar = isCounting ? text : undefined
      await new Promise((resolve) => setImmediate(resolve))
    },
  }).finally(() => {
    if (traces !== undefined) traces.soFar = undefined
  })
  if (child !== undefined) await outlive(child, result, io.signal, running.notice)
  printer.finish(result)
  return result.status
}

function liveTrace(
  { program, catalog }: Ready,
  how: Execution,
  given: {
    readonly machine: ActiveMachine
    readonly running: Running
    readonly line: string
    readonly close: () => void
  },
): LiveTrace {
  const printer = printerOf(how, given.running)
  const live = new LiveRun(program, given.machine, catalog, runOptions(how, given.running, printer))
  return new LiveTrace(given.line, live, printer, given.close)
}

function runOptions(how: Execution, { settings }: Running, printer: RunPrinter): RunOptions {
  return {
    options: settings,
    consumer: how.consumer,
    sink: (record) => printer.record(record),
    shouldStop: () => how.io.interrupted(),
  }
}

function printerOf(how: Execution, { output, settings, quiet }: Running): RunPrinter {
  const { dialect } = how.options
  return runPrinter({
    format: how.format,
    write: (text) => output.write(text),
    warn: (text) => how.io.warn(text),
    quiet,
    dialect,
    options: settings,
    testing: how.testing && dialect === 'linux',
    ...(how.acts ? { effects: output } : {}),
  })
}

/** What -v reports of one source. */
export function stabilityOfSource({ source, text, clauses }: Enabling): string {
  const what = source.part === 'script' ? 'script' : 'description'
  return stabilityReport(`${what} ${source.file ?? text}`, clauses)
}

function matched({ source, text, matched: count }: Enabling): string {
  const what = source.part === 'script' ? 'script' : 'description'
  return `${what} '${source.file ?? text}' matched ${count} probe${count === 1 ? '' : 's'}`
}

/** A program that can fire nothing is a mistake, unless -Z says that it may be. */
function refuseNothing(ready: Ready, settings: ReadonlyMap<string, string>): void {
  if (isOn(settings.get('zdefs')) || ready.program.clauses.length > 0) return
  const what = ready.enablings.length > 0 ? 'matched' : 'specified'
  throw new XpvError('dtrace.nothing', `no probes ${what}`)
}

/** The command of -c ends the run, as on a live host; exit() and Ctrl-C end the command. */
async function outlive(
  child: WaitingChild,
  result: RunResult,
  signal: AbortSignal,
  notice: (text: string) => void,
): Promise<void> {
  if (result.exited || result.interrupted) child.kill()
  signal.addEventListener('abort', () => child.kill(), { once: true })
  const ending = await child.ended
  if (!result.exited && !result.interrupted) notice(ending)
}
