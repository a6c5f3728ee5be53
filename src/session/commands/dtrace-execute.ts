// A compiled program, run over a machine: what dtrace(8) says before, its output, its status.
import { XpvError } from '../../base/error.js'
import { isOn } from '../../base/switch-value.js'
import type { Enabling } from '../../dtrace/d/compile.js'
import { stabilityReport } from '../../dtrace/explain/stability.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import type { Program } from '../../dtrace/program/program.js'
import type { RunResult } from '../../dtrace/program/record.js'
import type { Consumer } from '../../dtrace/run/consumer.js'
import { runProgramAsync } from '../../dtrace/run/run.js'
import type { Machine } from '../../machine/machine.js'
import type { CommandIo } from '../command.js'
import type { WaitingChild } from './dtrace-child.js'
import { RunOutput } from './dtrace-effects.js'
import type { DtraceFormat, DtraceOptions } from './dtrace-options.js'
import type { Sink } from './dtrace-output.js'
import { runPrinter } from './dtrace-printers.js'

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
  /** Rows without CPU and ID, where the dialect is that of Linux. */
  readonly testing: boolean
}

/** Runs a program to its end; yields the exit status. Throws `XpvError` `dtrace.nothing` for one
 *  that enables no probe, unless -Z allows that. */
export async function execute(ready: Ready, how: Execution): Promise<number> {
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
  const output = new RunOutput(sink, io)
  try {
    return await run(ready, how, { output, settings, quiet, notice })
  } finally {
    output.close()
  }
}

interface Running {
  readonly output: RunOutput
  readonly settings: ReadonlyMap<string, string>
  readonly quiet: boolean
  readonly notice: (text: string) => void
}

async function run(ready: Ready, how: Execution, running: Running): Promise<number> {
  const { output, settings, quiet, notice } = running
  const { options, format, io, child } = how
  const { dialect } = options
  const write = (text: string): void => output.write(text)
  const warn = (text: string): void => io.warn(text)
  const printer = runPrinter({
    format,
    write,
    warn,
    quiet,
    dialect,
    options: settings,
    testing: how.testing && dialect === 'linux',
    ...(how.acts ? { effects: output } : {}),
  })
  child?.release()
  const result = await runProgramAsync(ready.program, how.machine(), ready.catalog, {
    options: settings,
    consumer: how.consumer,
    sink: (record) => printer.record(record),
    shouldStop: () => io.signal.aborted,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  })
  if (child !== undefined) await outlive(child, result, io.signal, notice)
  printer.finish(result)
  return result.status
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
