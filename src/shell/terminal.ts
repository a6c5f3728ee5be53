// The shell at a terminal: cells from an editor, to a session.
//
//   CellInput (line editor, or plain lines) -> session.evaluate -> report -> prompt
//
// Holds: while a cell runs the main thread does not read the terminal; the session's watchdog does,
// and hands back what was typed. Ctrl-C clears the cell being written; at an empty prompt it ends
// what watches in the background, and when nothing does, twice leaves; in a cell, it interrupts.
import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { Assist, Suggested } from '../session/assist.js'
import { isCutOff } from '../session/cell-context.js'
import { type CellError, describeError } from '../session/cell-error.js'
import type { Session } from '../session/session.js'
import type { Traces } from '../session/traces.js'
import { firstWord } from '../session/words.js'
import { cellIdsAt } from './cell-ids.js'
import type { Answer, Beginning, CellInput } from './cell-input.js'
import { beginning, CellReader, type CellSink, isChained } from './cell-reader.js'
import { LineEditor } from './editor/line-editor.js'
import type { Row } from './editor/row.js'
import type { Place } from './editor/text-rows.js'
import { isTracing, narrowing } from './flood.js'
import { meantLine } from './habits.js'
import { History, historyFile } from './history.js'
import type { LiveViews } from './live-views.js'
import type { DeskAnswer, DeskPlace } from './notebook-words.js'
import type { PagerPlace } from './pager.js'
import { pastedIn } from './pasted.js'
import { PlainInput } from './plain-input.js'
import { CONTINUATION, canPaint, PROMPT } from './prompt.js'
import { reportError, reportResult } from './report.js'
import type { EarlyNames, ShellOptions } from './shell.js'
import { completed, shellAssist } from './shell-assist.js'
import { isShellWord, obeyShellWord } from './shell-word.js'
import { makeTheme, type Theme, wantsColour } from './theme.js'

const FREED = 'interrupted; what cells had left running is ended'
/** Milliseconds after an interrupted cell in which Ctrl-C still means that cell. */
const DEAF_MS = 700

/** A running interactive shell, whose first prompt is shown already. */
export class Terminal {
  readonly #options: ShellOptions
  readonly #theme: Theme
  readonly #history: History
  readonly #input: CellInput
  readonly #reader: CellReader
  /** Undefined until it is open: the prompt does not wait for it. */
  #session: Session | undefined
  /** Completes until then. */
  readonly #early: EarlyNames | undefined
  #assist: Assist | undefined
  #opening: Promise<Session> | undefined
  /** Loaded when the first watch begins. */
  #watches: typeof import('./watches.js') | undefined
  #views: LiveViews | undefined
  #hasLeft = false
  #wantsToLeave = false
  /** A cell that goes into the editor, and how it shall run. */
  #edited: Extract<DeskAnswer, { kind: 'edit' }> | undefined
  /** When a cell was interrupted last. */
  #interruptedMs = Number.NEGATIVE_INFINITY

  constructor(options: ShellOptions, early?: EarlyNames) {
    this.#options = options
    this.#early = early
    this.#theme = makeTheme(this.#hasColour, options.env)
    const { historyFile: path = historyFile(options.env) } = options
    this.#history = new History(
      path === false ? undefined : path,
      (text) => this.#write(text),
      Number(options.env['XPV_HISTORY']) || undefined,
    )
    this.#reader = new CellReader(this.#sink())
    this.#input = canPaint(options) ? this.#lineEditor() : this.#plainInput()
    options.besides?.((text) => this.#input.interject(text))
  }

  /** Serves until the user leaves. */
  async run(): Promise<number> {
    const stray = (thrown: unknown) => this.#onStray(thrown)
    process.on('uncaughtException', stray)
    process.on('unhandledRejection', stray)
    setImmediate(() => this.#prepare())
    try {
      let next: Beginning = {}
      while (!this.#hasLeft) {
        next = await this.#take(await this.#input.read(next))
        if (next.goesOn !== true) await this.#look()
        this.#stayOnce()
      }
    } finally {
      this.#views?.close()
      this.#input.close()
      process.off('uncaughtException', stray)
      process.off('unhandledRejection', stray)
    }
    return 0
  }

  get #hasColour(): boolean {
    const { env, output } = this.#options
    return wantsColour(env, output.isTTY === true)
  }

  #lineEditor(): CellInput {
    const { input, output, errors, env } = this.#options
    const options = {
      ...{ input, output, errors, env, colour: this.#hasColour },
      keys: env['XPV_EDITOR'] === 'vi' ? 'vi' : 'emacs',
      pairs: env['XPV_BRACKETS'] !== 'off',
      prompts: { first: PROMPT, further: CONTINUATION },
      history: () => this.#history.cells,
      assistNow: () => this.#assist,
      complete: (text: string, offset: number) => this.#complete(text, offset),
      chains: (line: string) => isChained(line) && !isShellWord(line, false),
      isDeaf: () => this.#isDeaf(),
      above: (place: Place) => this.#above(place),
    } as const
    return new LineEditor(options, true)
  }

  #plainInput(): CellInput {
    const { input, output } = this.#options
    const [prompt, continuation] = [PROMPT, CONTINUATION].map((each) => this.#theme.prompt(each))
    return new PlainInput({
      ...{ input, output, history: this.#history.lines },
      ...{ prompt: prompt ?? PROMPT, continuation: continuation ?? CONTINUATION },
    })
  }

  /** What would be lost is said before it is. */
  #stayOnce(): void {
    const lost = this.#hasLeft ? (this.#options.deskNow?.()?.beforeLeaving() ?? '') : ''
    if (lost === '') return
    this.#hasLeft = false
    this.#write(`${this.#theme.hint(lost)}\n`)
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
      this.#assistOf(session)
      this.#guard(session)
      return session
    })
    return this.#opening
  }

  #assistOf(session: Session): Assist {
    this.#assist ??= shellAssist(session.assist)
    return this.#assist
  }

  /** What may stand at a place of a text. */
  async #complete(text: string, offset: number): Promise<readonly Suggested[]> {
    const ids = await cellIdsAt(text.slice(0, offset), this.#options.desk)
    if (ids !== undefined) return ids
    const early = this.#assist === undefined ? this.#early : undefined
    if (early === undefined) return this.#assistOf(await this.#open()).complete(text, offset)
    return completed(text, offset, async (cell, at) => {
      return early(cell.slice(0, at)) ?? (await this.#open()).assist.complete(cell, at)
    })
  }

  #guard(session: Session): void {
    if (this.#options.input !== process.stdin) return
    const path = ['/proc/self/fd/0', '/dev/tty'].find((each) => existsSync(each)) ?? '/dev/tty'
    const freed = (): void => {
      this.#input.interject(`${this.#theme.hint(FREED)}\n`)
    }
    session.guard({ path, typedAhead: (text) => this.#input.feed(text), freed })
  }

  /** Does what an answer says; yields how the next cell begins. */
  async #take(answer: Answer): Promise<Beginning> {
    const wantedToLeave = this.#wantsToLeave
    this.#wantsToLeave = false
    if (answer.kind === 'left') this.#hasLeft = true
    else if (answer.kind === 'cancelled') await this.#cancelled(answer.wasEmpty, wantedToLeave)
    else return this.#work(answer.text)
    return {}
  }

  async #cancelled(wasEmpty: boolean, wantedToLeave: boolean): Promise<void> {
    this.#edited = undefined
    this.#options.deskNow?.()?.dropEdit()
    if (!wasEmpty || this.#isDeaf()) return
    if ((this.#options.traces?.()?.running.length ?? 0) > 0) await this.#obey('.stop')
    else if (wantedToLeave) this.#hasLeft = true
    else {
      this.#wantsToLeave = true
      this.#write(`${this.#theme.hint('Ctrl-C again, Ctrl-D or .exit leaves')}\n`)
    }
  }

  /** Works on a cell, or on the lines that a paste consists of. A machine that cannot be opened is
   *  told of, and the prompt stays. */
  async #work(text: string): Promise<Beginning> {
    try {
      if (text.includes('\n')) await this.#open()
      const lines = await this.#linesIn(text)
      return lines === undefined ? await this.#workOnCell(text) : await this.#workOn(lines)
    } catch (thrown) {
      this.#input.done()
      this.#onStray(thrown)
      return {}
    } finally {
      this.#write(this.#options.endLine?.() ?? '')
    }
  }

  /** The lines that a paste consists of; undefined when it is one cell. */
  async #linesIn(text: string): Promise<readonly string[] | undefined> {
    const pasted = pastedIn(text, (line) => this.#isLine(line))
    if (pasted === undefined || pasted.between === '') return pasted?.lines
    const mistakes = (await this.#assist?.check(pasted.between)) ?? []
    const isCode = !mistakes.some(({ code }) => code === 'nb.syntax')
    return isCode ? text.split('\n') : pasted.lines
  }

  async #workOnCell(text: string): Promise<Beginning> {
    const source = beginning(text)
    const answer = isShellWord(text, false) ? await this.#obey(text) : await this.#mean(source)
    if (answer === 'incomplete') return { goesOn: true }
    this.#input.done()
    if (answer === 'leave') this.#hasLeft = true
    return this.#edited === undefined ? {} : { text: this.#edited.text }
  }

  async #workOn(lines: readonly string[]): Promise<Beginning> {
    this.#input.done()
    for (const line of lines) this.#reader.push(line)
    await this.#reader.drain()
    if (this.#reader.hasLeft) this.#hasLeft = true
    const text = this.#reader.pending
    this.#reader.clear()
    return text === '' ? {} : { text: `${text}\n` }
  }

  /** Whether a line is a cell by itself, wherever it stands: a command, a word to the shell. */
  #isLine(line: string): boolean {
    const isCommand = this.#session?.commands.has(firstWord(line)) === true
    return isCommand || isShellWord(line, true) || /^\s*[#$]\s+\S/.test(line)
  }

  #sink(): CellSink {
    return {
      isShellWord,
      evaluate: (source) => this.#mean(source),
      obey: (line) => this.#obey(line),
    }
  }

  /** Evaluates a cell, or does what is meant by the words of another prompt. */
  async #mean(source: string): Promise<'done' | 'incomplete' | 'leave'> {
    const declared = this.#session?.names() ?? []
    const line = meantLine(source, (name) => declared.includes(name))
    return isShellWord(line, false) ? this.#obey(line) : this.#evaluate(line)
  }

  async #evaluate(source: string): Promise<'done' | 'incomplete'> {
    if (source.trim() === '') return 'done'
    const session = await this.#open()
    const release = this.#holdLong(session, source)
    const endViews = await this.#viewsOf(source)
    const result = await session.evaluate(source, this.#edited?.how)
    endViews()
    const held = release()
    if (result.kind === 'incomplete') return 'incomplete'
    this.#edited = undefined
    this.#history.add(session.redact(source))
    if (result.kind === 'interrupted') {
      this.#interruptedMs = performance.now()
      this.#reader.clear()
    }
    this.#write(this.#options.endLine?.() ?? '')
    const report = `${held}${reportResult(result, this.#theme)}`
    if (result.kind === 'interrupted') this.#write(report)
    else await this.#show(report)
    const marks = this.#options.deskNow?.()?.afterCell() ?? ''
    if (marks !== '') this.#write(`${this.#theme.hint(marks)}\n`)
    const less = narrowing(source, result.output, this.#options.traces?.())
    if (less !== '') this.#write(`${this.#theme.hint(less)}\n`)
    return 'done'
  }

  async #obey(line: string): Promise<'done' | 'leave'> {
    const { desk, open, output } = this.#options
    const { columns }: PagerPlace['output'] = output
    const session = await this.#open()
    const [history, remark] = [this.#history.cells, (text: string) => this.#write(text)]
    const watchIn = canPaint(this.#options) ? this.#options.traces?.() : undefined
    const own = { session, history, columns, watchIn, remark }
    try {
      const place = { desk, deskPlace: this.#deskPlace(), open }
      const answer = await obeyShellWord(line, { ...own, ...place })
      if (typeof answer === 'string') await this.#show(answer)
      else if (answer.kind === 'edit') this.#edited = answer
      else return 'leave'
    } catch (thrown) {
      this.#write(reportError(this.#describe(thrown), this.#theme))
    }
    return 'done'
  }

  #deskPlace(): DeskPlace {
    return {
      tell: (text) => this.#write(`${this.#options.endLine?.() ?? ''}${text}`),
      report: (result) => reportResult(result, this.#theme),
      reopen: () => {
        this.#opening = undefined
        this.#assist = undefined
        return this.#open()
      },
    }
  }

  /** What a command writes at once is paged if it is longer than the window, unless something
   *  runs in the background, whose lines would come in between. */
  #holdLong(session: Session, source: string): () => string {
    const { hold, traces, output } = this.#options
    const { rows = 0 } = this.#options.output as PagerPlace['output']
    const isCommand = session.commands.has(firstWord(source))
    const isAlone = (traces?.()?.running.length ?? 0) === 0
    if (hold === undefined || !isCommand || !isAlone || rows === 0) return () => ''
    if (output.isTTY !== true || this.#options.env['TERM'] === 'dumb') return () => ''
    return hold((text) => text.split('\n').length > rows)
  }

  /** What watches looks again, and is shown above the next cell. */
  async #look(): Promise<void> {
    const traces = this.#options.traces?.()
    if (traces === undefined || traces.running.length === 0 || this.#hasLeft) return
    this.#watches = await import('./watches.js')
    await this.#keepViews(traces)
    for (const { line, reason } of await this.#watches.lookAgain(await this.#open(), traces))
      this.#write(`${this.#theme.mistake(`${line} ended`)}\n${reason}\n`)
  }

  /** Keeps views up to date while a line runs; what is yielded ends that. */
  async #viewsOf(line: string): Promise<() => void> {
    const traces = this.#options.traces?.()
    if (traces !== undefined && isTracing(line) && canPaint(this.#options))
      await this.#keepViews(traces)
    return this.#views?.whileRunning() ?? (() => {})
  }

  async #keepViews(traces: Traces): Promise<void> {
    const { LiveViews } = await import('./live-views.js')
    const { output, errors } = this.#options
    const onChange = (): void => this.#input.refresh()
    const place = { traces, output, errors, onChange, colour: this.#hasColour }
    this.#views ??= new LiveViews(place)
  }

  #above(place: Place): readonly Row[] {
    const traces = this.#options.traces?.()
    return traces === undefined ? [] : (this.#watches?.watchRows(traces, place) ?? [])
  }

  /** Writes a text; one longer than the window a window at a time. */
  async #show(text: string): Promise<void> {
    const place: PagerPlace = this.#options
    const { rows = 0, columns = 80 } = place.output
    const isShort = text.split('\n').length + (2 * text.length) / columns < rows
    if (isShort || rows === 0) return this.#write(text)
    const { needsPager, showPaged } = await import('./pager.js')
    if (needsPager(text, place)) this.#input.feed(await showPaged(text, place))
    else this.#write(text)
  }

  /** Whoever presses Ctrl-C several times to end a cell does not mean what comes after the cell. */
  #isDeaf(): boolean {
    return performance.now() - this.#interruptedMs < DEAF_MS
  }

  /** Something a cell left behind failed after the cell had ended. */
  #onStray(thrown: unknown): void {
    if (isCutOff(thrown)) return
    const report = reportError(this.#describe(thrown), this.#theme)
    if (!this.#input.interject(report)) this.#write(`\n${report}`)
  }

  #describe(thrown: unknown): CellError {
    return this.#session?.describe(thrown) ?? describeError(thrown, (_, at) => at)
  }

  #write(text: string): void {
    if (text !== '') this.#options.output.write(text)
  }
}
