// The cell runner: what happens between a prepared cell and its end. Owns the bindings and the line
// to V8.
//
//   commands -> each line's command in turn       code -> names declared, evaluated, the value
// shown
//
// Holds: showing a value is part of the cell, for a query runs when it is shown: it can fail, and
// be stopped.
import { DiagnosticError } from '../base/diagnostic.js'
import type { Position } from '../base/span.js'
import type { RunningCell, WorkEnd } from './cell.js'
import type { CellContexts } from './cell-context.js'
import { type CellError, describeError } from './cell-error.js'
import type { CommandIo, CommandRegistry, Voice } from './command.js'
import { type Engine, Evaluator, type Outcome } from './evaluator.js'
import type { GlobalScope } from './global-scope.js'
import { type PreparedCell, type PreparedCode, prepareCell } from './prepare.js'

/** A cell that could not even be prepared, with what was thrown. */
export interface FailedCell {
  readonly kind: 'failed'
  readonly thrown: unknown
}

/** What the runner needs of the session around it. */
export interface RunnerHost {
  readonly scope: GlobalScope
  readonly contexts: CellContexts
  /** What runs code; V8's own prompt mode when absent. */
  readonly engine: (() => Engine) | undefined
  readonly commands: CommandRegistry
  columns(): number
  /** Whether values are shown in HTML too. */
  readonly isRich: boolean
  warn(cell: RunningCell, text: string): void
  interrupted(): boolean
  /** Where output goes that comes while another cell runs. */
  readonly later: Voice
  /** Called when a cell has done its work, before its value is shown. */
  settle(): void
  /** The manual's page on a function that the session was given. */
  pageOn(value: unknown): string | undefined
}

/** Runs cells one at a time. */
export class CellRunner {
  readonly #host: RunnerHost
  readonly #codes = new Map<number, PreparedCode>()
  #evaluator: Engine | undefined

  constructor(host: RunnerHost) {
    this.#host = host
  }

  /** The line to V8, opened when first needed. */
  get evaluator(): Engine {
    this.#evaluator ??= this.#host.engine?.() ?? new Evaluator()
    return this.#evaluator
  }

  /** Runs a cell to its end and shows its value. Never rejects; may never settle if it is
   *  stopped. */
  async run(
    cell: RunningCell,
    source: string,
    prepared: PreparedCell | FailedCell,
  ): Promise<WorkEnd> {
    try {
      return await this.#shown(() => this.#work(cell, source, prepared))
    } catch (thrown) {
      return { kind: 'threw', thrown }
    }
  }

  /** Does a piece of a running cell as if it were one: command lines, or what yields a value, which
   *  is shown on lines of its own. Yields the exit status; throws what the piece throws. */
  async piece(
    cell: RunningCell,
    prepared: PreparedCell | (() => Promise<unknown>),
  ): Promise<number> {
    const work = (): Promise<WorkEnd> =>
      typeof prepared === 'function'
        ? prepared().then((value) => ended(value, 0))
        : this.#work(cell, '', prepared)
    const end = await this.#shown(work)
    if (end.kind === 'threw') throw end.thrown
    if (end.kind === 'stopped') return 0
    const text = end.shown?.['text/plain'] ?? ''
    const isBegun = cell.output !== '' && !cell.output.endsWith('\n')
    if (text !== '') cell.write(`${isBegun ? '\n' : ''}${text}\n`)
    return end.status
  }

  /** Does work, then renders its value. */
  async #shown(work: () => Promise<WorkEnd>): Promise<WorkEnd> {
    const end = await this.#settled(work)
    if (end.kind !== 'value' || end.value === undefined) return end
    const page = this.#host.pageOn(end.value)
    if (page !== undefined) return { ...end, shown: { 'text/plain': page.trimEnd() } }
    const { renderValue } = await import('./render.js') // measuring widths takes 25 ms to load
    return { ...end, shown: renderValue(end.value, this.#host.columns(), this.#host.isRich) }
  }

  /** Loads what the first cell needs. */
  async warm(): Promise<void> {
    await turn()
    await this.evaluator.run('0', 'xpv:warm')
    await turn()
    await prepareCell('0', { isCommand: () => false, isBinding: () => false })
    await turn()
    await import('./render.js')
  }

  /** Takes back the names of a cell that did not get as far as giving them a value. */
  retract(cell: RunningCell): void {
    this.#host.scope.forgetUnset(this.#codes.get(cell.number)?.names ?? [])
  }

  /** Forgets the text of a cell that nobody will ask for. */
  forget(cell: RunningCell): void {
    this.#codes.delete(cell.number)
  }

  /** Anything thrown, with places in cells as they were typed. */
  describe(thrown: unknown): CellError {
    const origin = (cell: number, at: Position) => this.#codes.get(cell)?.origin(at) ?? at
    return describeError(thrown, origin)
  }

  close(): void {
    this.#evaluator?.close()
    this.#evaluator = undefined
  }

  async #settled(work: () => Promise<WorkEnd>): Promise<WorkEnd> {
    try {
      return await work()
    } finally {
      this.#host.settle()
    }
  }

  async #work(
    cell: RunningCell,
    source: string,
    prepared: PreparedCell | FailedCell,
  ): Promise<WorkEnd> {
    switch (prepared.kind) {
      case 'failed':
        return { kind: 'threw', thrown: prepared.thrown }
      case 'mistake':
      case 'incomplete':
        return { kind: 'threw', thrown: new DiagnosticError(source, prepared.diagnostics) }
      case 'commands':
        return this.#runCommands(cell, prepared.lines)
      case 'code':
        return this.#runCode(cell, prepared)
    }
  }

  /** Runs command lines one after another, up to the first that fails. */
  async #runCommands(cell: RunningCell, lines: readonly (readonly string[])[]): Promise<WorkEnd> {
    const io = this.#commandIo(cell)
    for (const [name = '', ...argv] of lines) {
      const status = await this.#host.commands.get(name).run(argv, io)
      if (status !== 0 || io.interrupted()) return ended(undefined, status)
    }
    return ended(undefined, 0)
  }

  async #runCode(cell: RunningCell, prepared: PreparedCode): Promise<WorkEnd> {
    this.#codes.set(cell.number, prepared)
    this.#host.scope.declare(prepared.names)
    for (const name of prepared.fresh) Reflect.set(globalThis, name, undefined)
    const evaluate = (): Promise<Outcome> =>
      this.evaluator.run(prepared.code, `xpv:cell/${cell.number}`)
    const outcome = await this.#host.contexts.run(cell.number, evaluate)
    if (outcome.kind !== 'value') return outcome
    if (!prepared.yields) return ended(undefined, 0)
    const value = outcome.value instanceof Promise ? await outcome.value : outcome.value
    if (cell.signal.aborted) return { kind: 'stopped' }
    if (value !== undefined) this.#host.scope.inject({ _: value }, false)
    return ended(value, 0)
  }

  #commandIo(cell: RunningCell): CommandIo {
    const host = this.#host
    return {
      write: (text) => cell.write(text),
      warn: (text) => host.warn(cell, text),
      signal: cell.signal,
      interrupted: () => host.interrupted(),
      columns: host.columns(),
      later: host.later,
    }
  }
}

/** Lets keys be answered that came meanwhile. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function ended(value: unknown, status: number): WorkEnd {
  return { kind: 'value', value, status, shown: undefined }
}
