// The shell at a terminal: Node's line editor around a session.
//
//   keys -> readline -> lines -> CellReader -> session.evaluate -> report -> prompt
//
// Holds: while a cell runs the main thread does not read the terminal; the session's watchdog does,
// and hands back what was typed. Ctrl-C clears the line; at an empty one it ends what watches in
// the background, and when nothing does, twice leaves; in a cell, it interrupts.
import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { createInterface, type Interface } from 'node:readline'
import { type CellError, describeError } from '../session/cell-error.js'
import type { Session } from '../session/session.js'
import { CellReader, type CellSink } from './cell-reader.js'
import { History, historyFile } from './history.js'
import { reportError, reportResult } from './report.js'
import type { ShellOptions } from './shell.js'
import { isShellWord, obeyShellWord, SHELL_WORDS } from './shell-word.js'
import { makeTheme, type Theme, wantsColour } from './theme.js'

const PROMPT = 'xpv> '
const CONTINUATION = '...> '
/** Milliseconds after an interrupted cell in which Ctrl-C still means that cell. */
const DEAF_MS = 700

/** A running interactive shell. */
export class Terminal {
  readonly #options: ShellOptions
  readonly #theme: Theme
  readonly #history: History
  readonly #reader: CellReader
  readonly #lines: Interface
  /** Undefined until it is open: the prompt does not wait for it. */
  #session: Session | undefined
  #opening: Promise<Session> | undefined
  #working = false
  #closed = false
  #typed = ''
  #wantsToLeave = false
  /** When a cell was interrupted last. */
  #interruptedMs = Number.NEGATIVE_INFINITY
  #finish: (status: number) => void = () => {}

  constructor(options: ShellOptions) {
    this.#options = options
    this.#theme = makeTheme(wantsColour(options.env, options.output.isTTY === true))
    const { historyFile: path = historyFile(options.env) } = options
    this.#history = new History(path === false ? undefined : path, (text) => this.#write(text))
    this.#reader = new CellReader(this.#sink())
    this.#lines = createInterface({
      input: options.input,
      output: options.output,
      terminal: true,
      prompt: this.#theme.prompt(PROMPT),
      history: this.#history.lines,
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: (line: string) => this.#complete(line),
    })
  }

  /** Shows banner and prompt, and serves until the user leaves. */
  run(): Promise<number> {
    this.#write(`${this.#options.banner}\n`)
    this.#lines.on('line', (line) => this.#take(line))
    this.#lines.on('history', (lines) => this.#keepOut(lines))
    this.#lines.on('SIGINT', () => this.#onCtrlC())
    this.#lines.on('close', () => this.#onClose())
    this.#lines.prompt()
    const stray = (thrown: unknown) => this.#onStray(thrown)
    process.on('uncaughtException', stray)
    process.on('unhandledRejection', stray)
    setImmediate(() => this.#prepare())
    return new Promise<number>((resolve) => {
      this.#finish = resolve
    }).finally(() => {
      process.off('uncaughtException', stray)
      process.off('unhandledRejection', stray)
    })
  }

  /** What the first cell will need, loaded while its user still types. */
  #prepare(): void {
    this.#open()
      .then((session) => session.warm())
      .catch((thrown: unknown) => this.#onStray(thrown))
  }

  /** The session, opened by whoever needs it first. */
  #open(): Promise<Session> {
    this.#opening ??= this.#options.session().then((session) => {
      this.#session = session
      this.#guard(session)
      return session
    })
    return this.#opening
  }

  #guard(session: Session): void {
    if (this.#options.input === process.stdin) {
      const path = ['/proc/self/fd/0', '/dev/tty'].find((each) => existsSync(each)) ?? '/dev/tty'
      session.guard({
        path,
        typedAhead: (text) => {
          this.#typed += text
        },
      })
    }
  }

  #sink(): CellSink {
    return {
      isShellWord,
      evaluate: async (source, final) => {
        const session = await this.#open()
        const result = await session.evaluate(source, { final })
        if (result.kind === 'incomplete') return 'incomplete'
        this.#history.add(source)
        if (result.kind === 'interrupted') this.#interruptedMs = performance.now()
        this.#endLine()
        this.#write(reportResult(result, this.#theme))
        return 'done'
      },
      obey: (line) => this.#obey(line),
    }
  }

  async #obey(line: string): Promise<'done' | 'leave'> {
    const { saveNotebook, open } = this.#options
    const session = await this.#open()
    const context = { session, saveNotebook, open, history: this.#history.cells }
    try {
      const answer = await obeyShellWord(line, context)
      if (typeof answer !== 'string') return 'leave'
      this.#write(answer)
    } catch (thrown) {
      this.#write(reportError(session.describe(thrown), this.#theme))
    }
    return 'done'
  }

  /** Takes a line. Those of one paste arrive together and are worked on together. */
  #take(line: string): void {
    this.#wantsToLeave = false
    this.#reader.push(line)
    if (this.#working) return
    this.#working = true
    setImmediate(() => {
      this.#lines.pause()
      this.#work().catch((thrown: unknown) => this.#onStray(thrown))
    })
  }

  async #work(): Promise<void> {
    await this.#reader.drain()
    this.#working = false
    if (this.#reader.hasLeft) this.#closed ? this.#finish(0) : this.#lines.close()
    else if (this.#closed) this.#finish(0)
    else this.#prompt()
  }

  #endLine(): void {
    this.#write(this.#options.endLine?.() ?? '')
  }

  #prompt(): void {
    this.#endLine()
    const text = this.#reader.isPending ? CONTINUATION : PROMPT
    this.#lines.setPrompt(this.#theme.prompt(text))
    this.#lines.prompt(true)
    const typed = this.#typed
    this.#typed = ''
    if (typed !== '') this.#options.input.emit('data', Buffer.from(typed))
  }

  #onCtrlC(): void {
    if (this.#working) {
      this.#session?.interrupt()
      return
    }
    const isEmpty = this.#lines.line === '' && !this.#reader.isPending
    // Whoever presses it several times to end a cell does not mean what comes after the cell.
    if (isEmpty && performance.now() - this.#interruptedMs < DEAF_MS) return
    if (isEmpty && this.#options.isWatching?.() === true) {
      clearLine(this.#lines)
      this.#take('.stop')
      return
    }
    if (isEmpty && this.#wantsToLeave) {
      this.#lines.close()
      return
    }
    this.#reader.clear()
    clearLine(this.#lines)
    this.#wantsToLeave = isEmpty
    if (isEmpty) this.#write(`${this.#theme.hint('Ctrl-C again, Ctrl-D or .exit leaves')}\n`)
    this.#prompt()
  }

  #onClose(): void {
    this.#closed = true
    if (!this.#working) {
      this.#write('\n')
      this.#finish(0)
    }
  }

  /** Something a cell left behind failed after the cell had ended. */
  #onStray(thrown: unknown): void {
    this.#write(`\n${reportError(this.#describe(thrown), this.#theme)}`)
    if (!this.#working && !this.#closed) this.#prompt()
  }

  #describe(thrown: unknown): CellError {
    return this.#session?.describe(thrown) ?? describeError(thrown, (_, at) => at)
  }

  /** A line that starts with a space stays out of the editor's history too. */
  #keepOut(lines: string[]): void {
    if (!this.#reader.isPending && lines[0]?.startsWith(' ')) lines.shift()
  }

  #complete(line: string): [string[], string] {
    const word = /^\s*(\.[a-z]*)$/.exec(line)?.[1]
    if (word !== undefined) return [SHELL_WORDS.filter((each) => each.startsWith(word)), word]
    const found = this.#session?.complete(line, line.length) ?? []
    const start = found[0]?.start ?? line.length
    const texts = found.filter((each) => each.start === start).map((each) => each.text)
    return [texts, line.slice(start)]
  }

  #write(text: string): void {
    this.#options.output.write(text)
  }
}

/** Leaves the line as it stands on the screen and starts an empty one below, as Node's own prompt
 *  does. */
function clearLine(lines: Interface): void {
  const clear: unknown = Reflect.get(lines, 'clearLine')
  if (typeof clear === 'function') clear.call(lines)
}
