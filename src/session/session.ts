// Session: one evaluation context. Cells go in as text, results come out; bindings live from cell
// to cell.
//
//   source  ->  prepare (command | code | incomplete | mistake)  ->  run  ->  CellResult, journal
//
// Shell, notebook runner and kernels drive it; it has no terminal and opens no file. Cells run in
// this realm, on the real global object, so that `instanceof` holds and code is fast.
//
// Holds: one session at a time is open in a process; `close` takes every name it brought away
// again. A cell that failed or was interrupted leaves the bindings it had made.
import { performance } from 'node:perf_hooks'
import { isDescribed } from '../base/describe.js'
import type { Displayable } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Asked, LOOK_FUNCTION } from './asked.js'
import type { Assist } from './assist.js'
import { type CellResult, type EvaluateOptions, RunningCell, type WorkEnd } from './cell.js'
import { CellContexts, isCutOff } from './cell-context.js'
import type { CellError } from './cell-error.js'
import { CellGuard, type Guarded } from './cell-guard.js'
import { cutShort, NOTHING } from './cell-outcome.js'
import { CellRecorder } from './cell-recorder.js'
import { CellRunner, type FailedCell } from './cell-runner.js'
import { CommandRegistry } from './command.js'
import type { Completion, CompletionContext } from './complete.js'
import { sessionConsole } from './console.js'
import { prepareRules, RULES_FUNCTION, rulesAsCode, rulesFunction } from './esc/cell-rules.js'
import { GlobalScope } from './global-scope.js'
import { importMeta, moduleImporter } from './import-module.js'
import { type CellLanguage, Journal } from './journal.js'
import { helpFunction } from './manual.js'
import { type PreparedCell, prepareCell, prepareCommands, tooDeep } from './prepare.js'
import { FIRST_QUIET, QuietCell } from './quiet-cell.js'
import { IMPORT_FUNCTION, META_NAME } from './rewrite.js'
import { scriptFunctions } from './script-functions.js'
import { type Redact, redacted } from './secrets.js'
import { SessionNames } from './session-names.js'
import type { SessionOptions } from './session-options.js'
import { checkedCell } from './types/checked-cell.js'
import { type TypedAssist, typedAssist } from './types/typed-assist.js'
import { untypedAssist } from './untyped-assist.js'
import { dropPromptSign } from './words.js'

/** One evaluation context. Owns names on the global object and a connection to V8: close it. */
export class Session {
  readonly journal: Journal
  /** Takes out of a text what must not be written anywhere. */
  readonly redact: Redact
  readonly commands: CommandRegistry
  readonly #options: SessionOptions
  readonly #scope = new GlobalScope()
  readonly #runner: CellRunner
  readonly #names: SessionNames
  readonly #recorder: CellRecorder
  readonly #contexts = new CellContexts(() => this.#guard)
  readonly #guard = new CellGuard(this.#contexts)
  #cells = 0
  #quietCells = FIRST_QUIET
  #assist: (Assist & Partial<TypedAssist>) | undefined

  /** Throws `XpvError` `session.busy` when another session of this process is open. */
  constructor(options: SessionOptions) {
    this.#options = options
    this.journal = new Journal(options.keeper)
    this.redact = options.redact ?? ((text) => text)
    this.#recorder = new CellRecorder(this.journal, this.redact)
    this.commands = new CommandRegistry(options.commands, options.topics)
    this.#names = new SessionNames({
      ...{ scope: this.#scope, commands: this.commands, globals: options.globals },
      ...{ topics: options.topics ?? [], probeSpecs: options.probeSpecs },
      ...{ parts: options.parts, wordsIn: options.wordsIn },
      evaluate: (expression) => this.#runner.evaluator.peek(expression),
    })
    this.#runner = new CellRunner({
      scope: this.#scope,
      contexts: this.#contexts,
      engine: options.engine,
      commands: this.commands,
      columns: () => this.#columns(),
      isRich: options.isRich === true,
      warn: (cell, text) => cell.write(text, options.warn),
      interrupted: () => this.interrupted(),
      later: {
        write: (text) => this.#print(text),
        warn: (text) => this.#print(text, options.warn),
      },
      settle: () => options.settle?.(),
      pageOn: (value) => (typeof value === 'function' ? this.#names.pageOn(value) : undefined),
    })
    const { directory = process.cwd(), modules: given = {}, ownAddress } = options
    const importer = moduleImporter({ directory, given, ownAddress })
    const errors = (text: string): void => this.#print(text, options.warn)
    const console = sessionConsole((text) => this.#print(text), errors)
    const meta = importMeta(directory)
    this.#scope.inject({ [IMPORT_FUNCTION]: importer, [META_NAME]: meta }, false)
    this.#scope.inject({ ...this.#contexts.gates(), ...this.#contexts.timers(), console }, false)
    const nameOf = (value: unknown) => this.#names.topicOf(value)
    const help = helpFunction((name) => this.commands.page(name), nameOf)
    const rules = rulesFunction(directory)
    this.#scope.inject({ help, [LOOK_FUNCTION]: this.#look(help), [RULES_FUNCTION]: rules }, false)
    const running = (): RunningCell | undefined => this.#guard.running
    this.#scope.inject({ ...scriptFunctions({ runner: this.#runner, running }) }, false)
    this.#scope.inject(options.globals)
  }

  /** Evaluates one cell. Never rejects for what the cell did; throws `XpvError` `session.running`
   *  while another cell runs. A promise as the last value is awaited. */
  async evaluate(source: string, options: EvaluateOptions = {}): Promise<CellResult> {
    if (this.#guard.running !== undefined)
      throw new XpvError('session.running', 'a cell is still running', 'wait, or interrupt it')
    if (source.trim() === '') return NOTHING
    if (options.quiet === true) return this.#looked(source, options)
    const prepared = await this.#guard.prepare(() => this.#checked(source, options))
    if (prepared.kind === 'incomplete' && options.final !== true) return { kind: 'incomplete' }
    const language = options.language ?? (prepared.kind === 'commands' ? 'command' : 'ts')
    const { write, keepOutput } = this.#options
    this.#cells = options.number ?? this.#cells + 1
    const cell = new RunningCell(this.#cells, language, write, keepOutput)
    const started = performance.now()
    const isTyped = language === 'ts' || language === 'command'
    const text = isTyped ? dropPromptSign(source) : source
    const typed = { source: text, name: options.name }
    this.#recorder.begin(cell, typed)
    const work = (): Promise<WorkEnd> => this.#runner.run(cell, text, prepared)
    const end = await this.#guard.run(cell, work, options.timeoutMs)
    const result = this.#result(cell, text, end, performance.now() - started)
    this.#recorder.end(cell, typed, result, performance.now() - started)
    const code = language === 'esc' ? rulesAsCode(options.name) : source
    if (prepared.kind === 'code' && code !== undefined) await this.#options.types?.ran(code)
    return result
  }

  /** Evaluates a cell of which nothing stays. */
  async #looked(source: string, options: EvaluateOptions): Promise<CellResult> {
    const number = ++this.#quietCells
    const last: unknown = Reflect.get(globalThis, '_')
    const prepared = await this.#prepare(source, options, number)
    const cell = new QuietCell(number, prepared.kind === 'commands' ? 'command' : 'ts', () => {})
    const started = performance.now()
    const work = (): Promise<WorkEnd> => this.#runner.run(cell, source, prepared)
    const end = await this.#guard.run(cell, work, options.timeoutMs)
    const result = this.#result(cell, source, end, performance.now() - started)
    this.#runner.forget(cell)
    if (Reflect.get(globalThis, '_') !== last) this.#scope.inject({ _: last }, false)
    return result
  }

  /** Does work that is interrupted as a command is; yields undefined when it was. Throws what the
   *  work throws. */
  async interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const cell = new QuietCell(++this.#quietCells, 'command', () => {})
    const begun = async (): Promise<WorkEnd> => {
      try {
        const value = await work(cell.signal)
        return { kind: 'value', value, shown: undefined, status: 0 }
      } catch (thrown) {
        return { kind: 'threw', thrown }
      }
    }
    const end = await this.#guard.run(cell, begun)
    if (cell.signal.aborted || end.kind === 'stopped') return undefined
    if (end.kind === 'threw') throw end.thrown
    return end.value as T
  }

  /** Tells the running cell to end. Works while the event loop turns; a cell that only computes is
   *  ended by the watchdog (`guard`, `timeoutMs`). */
  interrupt(): void {
    this.#guard.interrupt()
  }

  /** Ends the running cell as if it had thrown this; false when nobody has taken note of it. What
   *  an interrupted cell dies of is nothing to tell. */
  fail(thrown: unknown): boolean {
    if (isCutOff(thrown)) return true
    this.#guard.running?.end({ kind: 'threw', thrown })
    return this.#guard.running !== undefined
  }

  /** Whether the running cell was told to end; to be asked by loops that never await. */
  interrupted(): boolean {
    return this.#guard.isAsked()
  }

  /** Starts the watchdog, and lets it read Ctrl-C from the terminal while a cell runs, or hear the
   *  process's SIGINT, or messages of another thread. */
  guard(by?: Guarded): void {
    this.#guard.watch(by)
  }

  /** The language of the cell that runs; undefined while none does. */
  get running(): CellLanguage | undefined {
    return this.#guard.running?.language
  }

  /** Does work for whoever asks from outside, cells among it, one such work at a time. */
  undisturbed<T>(work: () => Promise<T>): Promise<T> {
    return this.#guard.undisturbed(work)
  }

  /** Loads what the first cell needs, so that it need not wait for it. */
  async warm(): Promise<void> {
    void this.#options.types?.service.start()
    await this.#runner.warm()
  }

  /** Names that cells have declared, in order. */
  names(): string[] {
    return [...this.#scope.declared]
  }

  /** Gives cells further names, or new values for those they were given. */
  define(values: Readonly<Record<string, unknown>>): void {
    this.#scope.inject(values)
  }

  /** What may stand at `offset` of `text`, best first. */
  complete(text: string, offset: number): Completion[] {
    return this.#names.complete(text, offset)
  }

  /** What there is to complete from, now. */
  get completing(): CompletionContext {
    return this.#names.completing
  }

  /** The value of an expression, if it can be had without any effect; else undefined. */
  peek(expression: string): unknown {
    return this.#names.peek(expression)
  }

  /** What whoever edits a cell is told of it. */
  get assist(): Assist & Partial<TypedAssist> {
    const { types } = this.#options
    this.#assist ??= types === undefined ? untypedAssist(this) : typedAssist(this, types, this)
    return this.#assist
  }

  /** Anything thrown, with places in this session's cells. */
  describe(thrown: unknown): CellError {
    return redacted(this.#runner.describe(thrown), this.redact)
  }

  /** Ends the session: its names are gone, its connection is closed. */
  close(): void {
    this.#guard.close()
    this.#contexts.close()
    this.#scope.restore()
    this.#runner.close()
    this.#options.types?.close()
  }

  /** Prepares a cell; one whose types are certain to be wrong does not run. */
  #checked(source: string, options: EvaluateOptions): Promise<PreparedCell | FailedCell> {
    const { types } = this.#options
    if (options.language === 'esc') return this.#prepare(source, options)
    return checkedCell(source, {
      prepare: (text) => this.#prepare(text, options),
      mistakes: async (text) =>
        (await types?.mistakes(text, (unknown) => this.#names.meant(text, unknown))) ?? [],
    })
  }

  async #prepare(
    source: string,
    { language, name, number: wanted }: EvaluateOptions,
    number = wanted ?? this.#cells + 1,
  ): Promise<PreparedCell | FailedCell> {
    if (language === 'esc') return prepareRules(source, name)
    if (language === 'd')
      return { kind: 'commands', lines: [['dtrace', '--past', '--text', source]] }
    try {
      if (language === 'command') return prepareCommands(source)
      return await prepareCell(source, {
        isCommand: (word) => language !== 'ts' && this.commands.has(word),
        isBinding: (word) => this.#scope.isDeclared(word),
        number,
        isPlain: this.#runner.evaluator.isPlain,
      })
    } catch (thrown) {
      return { kind: 'failed', thrown: tooDeep(thrown) }
    }
  }

  #result(cell: RunningCell, source: string, end: WorkEnd, durationMs: number): CellResult {
    const { output } = cell
    if (end.kind !== 'value') this.#runner.retract(cell)
    if (cell.signal.aborted || end.kind === 'stopped') return cutShort(cell, end)
    if (end.kind === 'threw') {
      const error = this.#names.hinted(this.describe(end.thrown), source)
      return { kind: 'error', error: redacted(error, this.redact), output }
    }
    const { value, shown, status } = end
    return { kind: 'ok', value, shown, output, durationMs, status }
  }

  /** What answers `x?`; it is loaded when it is asked. */
  #look(help: (what?: unknown) => Displayable) {
    const host = {
      help,
      manual: (value: unknown) => {
        const isThing = typeof value === 'function' || (typeof value === 'object' && value !== null)
        return isThing && !isDescribed(value) ? this.#names.pageOn(value) : undefined
      },
      hover: async (text: string) => this.assist.describeAt?.(text, text.length),
      cells: () => this.journal.entries.map(({ source }) => source),
    }
    return async (asked: Asked, ...read: (() => unknown)[]): Promise<unknown> =>
      (await import('./look.js')).look(asked, host, read)
  }

  /** What console.log prints: part of the running cell, or of none. */
  #print(text: string, through = this.#options.write): void {
    const { running } = this.#guard
    if (running === undefined) through(text)
    else running.write(text, through)
  }

  #columns(): number {
    const { width } = this.#options
    return (typeof width === 'function' ? width() : width) ?? 80
  }
}
