// StartedTool: a tool of dom0 that gets on while time passes.
import type { Dom0Process } from '../../machine/active-machine.js'
import type { Processes } from './processes.js'
import type { ToolOutput } from './toolstack/tool-output.js'

/** A process of dom0 and its words. */
export class StartedTool implements Dom0Process {
  readonly pid: number
  readonly #processes: Processes
  readonly #output: ToolOutput
  #status: number | undefined

  constructor(processes: Processes, pid: number, output: ToolOutput) {
    this.pid = pid
    this.#processes = processes
    this.#output = output
  }

  get stdout(): string {
    return this.#output.stdout
  }

  get stderr(): string {
    return this.#output.stderr
  }

  get status(): number | undefined {
    this.#status ??= this.#processes.ended(this.pid)
    return this.#status
  }
}
