// A compiled program over a machine on which time passes, and how its output gets out.
//
//   in the background   it watches while other lines run; somebody else lets time pass
//   in the foreground   time passes until exit(), Ctrl-C, or the end of the command of -c
//
// Holds: virtual time passes as fast as it can, and not at all once the program is spent. A command
// of dom0 is never cut off in the middle: what is left of it when tracing ends happens unwatched.
import { XpvError } from '../../base/error.js'
import type { LiveRun } from '../../dtrace/run/live-run.js'
import type { ActiveMachine, Dom0Process } from '../../machine/active-machine.js'
import type { CommandIo, Voice } from '../command.js'
import type { Trace } from '../traces.js'
import type { RunPrinter } from './dtrace-printers.js'
import { letPass, ToolWords } from './tool-run.js'

/** A running program and its printer. */
export class LiveTrace implements Trace {
  readonly line: string
  readonly #live: LiveRun
  readonly #printer: RunPrinter
  readonly #close: () => void
  #status: number | undefined
  #firings = 0

  /** `close` is called once the last word is printed. */
  constructor(line: string, live: LiveRun, printer: RunPrinter, close: () => void) {
    this.line = line
    this.#live = live
    this.#printer = printer
    this.#close = close
  }

  get isDone(): boolean {
    return this.#live.done
  }

  /** Whether nothing but END is left to fire, whenever that is. */
  get isSpent(): boolean {
    return this.#live.isSpent
  }

  /** What exit() said; 0 without, or before. */
  get status(): number {
    return this.#status ?? 0
  }

  get sum(): string {
    return this.#firings === 1 ? '1 firing' : `${this.#firings} firings`
  }

  catchUp(): void {
    this.#live.catchUp()
  }

  stop(): void {
    if (this.#status !== undefined) return
    this.#status = 0
    try {
      const result = this.#live.end()
      this.#status = result.status
      this.#firings = result.firings
      this.#printer.finish(result)
    } finally {
      this.#close()
    }
  }
}

/** How time passes under a trace. */
export interface Passing {
  readonly machine: ActiveMachine
  /** The command of -c: time passes until it has ended. */
  readonly tool: Dom0Process | undefined
  readonly io: CommandIo
  readonly notice: (text: string) => void
}

/** Lets time pass under a trace until it is done; yields the status. */
export async function traceOn(trace: LiveTrace, passing: Passing): Promise<number> {
  const { machine, tool, io, notice } = passing
  const words = tool === undefined ? undefined : new ToolWords(tool, io)
  let isInterrupted = false
  if (tool === undefined && trace.isSpent && !trace.isDone) await interruption(io.signal)
  while (!trace.isDone && !isInterrupted && tool?.status === undefined) {
    isInterrupted = letPass(machine, words) === 'interrupted' || io.interrupted()
    trace.catchUp()
    words?.tell()
    await new Promise(setImmediate)
  }
  if (tool?.status !== undefined && !isInterrupted) notice(ending(tool.pid, tool.status))
  trace.stop()
  return trace.status
}

/** The farthest that a timer can be set, in milliseconds. */
const LONGEST_MS = 0x7fffffff

/** Waits for Ctrl-C, at no cost. A process with nothing due would end: a timer keeps it. */
function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const keep = setInterval(() => {}, LONGEST_MS)
    const wake = (): void => {
      clearInterval(keep)
      resolve()
    }
    if (signal.aborted) wake()
    else signal.addEventListener('abort', wake, { once: true })
  })
}

function ending(pid: number, status: number): string {
  return status === 0 ? `pid ${pid} has exited` : `pid ${pid} exited with status ${status}`
}

/** Starts the command of -c in dom0. Throws `XpvError` `dtrace.command` where dom0 has no such
 *  command, as DTrace says it. */
export function startInDom0(machine: ActiveMachine, words: readonly string[]): Dom0Process {
  const [name = ''] = words
  if (machine.tools.includes(name)) return machine.start(words)
  throw new XpvError(
    'dtrace.command',
    `failed to execute ${name}: No such file or directory`,
    `dom0 of ${machine.spec} has ${machine.tools.join(', ')}`,
  )
}

/** The io of a program in the background: what it prints belongs to whatever cell runs then, and
 *  Ctrl-C in that cell is not meant for it alone. But it asks: who asks does not hang, whatever it
 *  prints. */
export function laterVoice(io: CommandIo): CommandIo {
  const voice: Voice = io.later ?? io
  return {
    write: (text) => voice.write(text),
    warn: (text) => voice.warn(text),
    signal: new AbortController().signal,
    interrupted: () => {
      io.interrupted()
      return false
    },
    columns: io.columns,
  }
}
