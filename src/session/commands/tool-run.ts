// Running a tool of dom0 while others watch: time passes in small pieces, what it prints appears
// when it prints it, what the traces saw before that above it.
//
//   start(['xm', 'create', 'web1'])  ->  pieces of time  ->  its exit status
//
// Holds: between two pieces the machine is whole; Ctrl-C counts only there.
import { XpvError } from '../../base/error.js'
import type { ActiveMachine, Dom0Process } from '../../machine/active-machine.js'
import type { CommandIo } from '../command.js'
import type { Traces } from '../traces.js'

/** Steps of the machine in one piece. */
const PIECE_STEPS = 2048
/** Nanoseconds of a piece in which nothing is due. */
const QUIET_NS = 10_000_000
/** What whoever lets time pass is told when its user wants it to end. */
export const INTERRUPTED = 'session.interrupted'

/** What a tool prints, handed on as it comes. */
export class ToolWords {
  readonly #tool: Dom0Process
  readonly #io: CommandIo
  #out = 0
  #error = 0

  constructor(tool: Dom0Process, io: CommandIo) {
    this.#tool = tool
    this.#io = io
  }

  /** Whether it has said something that was not handed on yet, or has ended. */
  get isNews(): boolean {
    const { stdout, stderr, status } = this.#tool
    return status !== undefined || stdout.length > this.#out || stderr.length > this.#error
  }

  /** Hands on what is new. */
  tell(): void {
    const { stdout, stderr } = this.#tool
    const [out, error] = [stdout.slice(this.#out), stderr.slice(this.#error)]
    this.#out = stdout.length
    this.#error = stderr.length
    if (out !== '') this.#io.write(out)
    if (error !== '') this.#io.warn(error)
  }
}

/** Lets a piece of time pass: less, when a tool has news. */
export function letPass(machine: ActiveMachine, words?: ToolWords): 'passed' | 'interrupted' {
  try {
    for (let i = 0; i < PIECE_STEPS && words?.isNews !== true; i++) {
      if (!machine.step()) {
        machine.run(QUIET_NS)
        break
      }
    }
    return 'passed'
  } catch (error) {
    if (error instanceof XpvError && error.code === INTERRUPTED) return 'interrupted'
    throw error
  }
}

/** Runs a tool to its end; yields its exit status. Left alone by Ctrl-C, it goes on as time
 *  passes. */
export async function runTool(
  machine: ActiveMachine,
  argv: readonly string[],
  io: CommandIo,
  traces: Traces,
): Promise<number> {
  const tool = machine.start(argv)
  const words = new ToolWords(tool, io)
  while (tool.status === undefined) {
    const isInterrupted = letPass(machine, words) === 'interrupted'
    traces.catchUp()
    words.tell()
    if (isInterrupted) {
      io.warn(`${argv.join(' ')} goes on as time passes\n`)
      return 130
    }
    // Once interrupted it hurries: nobody else gets a turn until it has ended or was left alone.
    if (!io.interrupted()) await new Promise(setImmediate)
  }
  traces.catchUp()
  words.tell()
  return tool.status
}
