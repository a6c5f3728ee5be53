// The line editor at a terminal: keys in, cells out, the screen kept up to date.
//
//   bytes -> keys -> editor (a pure step each) -> rows -> painter -> bytes
//
// Holds: keys are worked on one after another; the screen is painted once for all that came
// together. Between two cells nothing is read: what runs then has the terminal.
import type { Assist } from '../../session/assist.js'
import type { Answer, Beginning, CellInput } from '../cell-input.js'
import { setRaw } from '../prompt.js'
import type { ShellInput, ShellOutput } from '../shell.js'
import { isInBlock } from './auto-pair.js'
import { step } from './editor.js'
import {
  changed,
  type EditorContext,
  type EditorState,
  nextState,
  startState,
  type Wish,
} from './editor-state.js'
import { breakLine, writtenIn } from './emacs-keys.js'
import { editOutside } from './external-editor.js'
import { isPlain, loadWidths } from './grapheme.js'
import { GuestWriting } from './guest-writing.js'
import { suggestionFor } from './history-walk.js'
import type { Key } from './key.js'
import { KeyQueue, type QueuedKey } from './key-queue.js'
import { offer } from './menu.js'
import { menuColumns } from './menu-rows.js'
import { Painter } from './painter.js'
import type { Row } from './row.js'
import { finalRows, type Prompts, screenRows, type Told } from './screen-rows.js'
import { stopProcess } from './stop-process.js'
import { Teller } from './teller.js'
import { bufferOf, inserted } from './text-buffer.js'
import type { Place } from './text-rows.js'
import { VI_START } from './vi-state.js'

/** Milliseconds that a completion may take; whoever answers has a shorter deadline of its own. */
const COMPLETION_MS = 2_000
const PASTE_ON = '\x1b[?2004h'
const PASTE_OFF = '\x1b[?2004l'

/** What an editor is made of. */
export interface LineEditorOptions {
  readonly input: ShellInput
  readonly output: ShellOutput
  /** What else writes on the same terminal. */
  readonly errors?: ShellOutput | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly colour: boolean
  readonly keys: 'emacs' | 'vi'
  /** Whether brackets and quotes bring their other half. */
  readonly pairs: boolean
  readonly prompts: Prompts
  /** Cells of earlier times, oldest first. */
  readonly history: () => readonly string[]
  /** Who tells of the text; undefined as long as nobody can. */
  readonly assistNow: () => Assist | undefined
  /** What may stand at a place, waited for. */
  readonly complete: Assist['complete']
  /** Whether a line goes on with the value above it. */
  readonly chains: (line: string) => boolean
  /** What stands above the text while it is written. */
  readonly above: (place: Place) => readonly Row[]
  /** Whether Ctrl-C at an empty prompt means something that is over. */
  readonly isDeaf: () => boolean
}

/** Owns a terminal's input from its making to `close`. */
export class LineEditor implements CellInput {
  readonly #options: LineEditorOptions
  readonly #queue = new KeyQueue(() => this.#onKeys())
  readonly #painter: Painter
  readonly #teller: Teller
  readonly #guest: GuestWriting
  readonly #onData = (bytes: Buffer | string) => this.#queue.push(bytes)
  readonly #onEnd = () => this.#end({ kind: 'left' })
  readonly #onResize = () => this.#resize()
  #state: EditorState
  #resolve: ((answer: Answer) => void) | undefined
  #isPumping = false
  /** Ends the wait for a completion. */
  #giveUp: () => void = () => {}
  /** Whether the Enter that handed out a cell was pressed by itself. */
  #wasTyped = false
  /** Whether the terminal is somebody else's for a while. */
  #isAway = false
  #shape = ''

  /** `promptIsShown`: the first prompt stands on the screen already. */
  constructor(options: LineEditorOptions, promptIsShown = false) {
    this.#options = options
    this.#state = startState(this.#vi())
    this.#painter = new Painter(options.colour, this.#columns)
    this.#teller = new Teller(options.assistNow, () => this.#paint())
    const { output, errors } = options
    this.#guest = new GuestWriting(errors?.isTTY === true ? [output, errors] : [output], {
      makeRoom: () => this.#write(this.#painter.erase()),
      goOn: (rest) => {
        this.#write(rest)
        this.#paint()
      },
    })
    if (promptIsShown) {
      const [row] = finalRows(this.#state, this.#teller.told, this.#prompts, this.#columns)
      if (row !== undefined) this.#painter.adopt(row, this.#columns)
    }
    options.input.on('data', this.#onData)
    options.input.on('end', this.#onEnd)
    options.output.on('resize', this.#onResize)
  }

  read({ text, goesOn = false }: Beginning = {}): Promise<Answer> {
    if (this.#painter.columns !== this.#columns) this.#painter.begin(this.#columns)
    if (goesOn) this.#goOn()
    else if (text !== undefined) this.#state = { ...this.#state, buffer: bufferOf(text) }
    this.#options.input.resume()
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#guest.expect()
      this.#write(PASTE_ON)
      this.#paint()
      void this.#pump()
    })
  }

  feed(keys: string): void {
    this.#queue.push(keys)
  }

  interject(text: string): boolean {
    if (this.#resolve === undefined) return false
    const line = text.endsWith('\n') ? text : `${text}\n`
    this.#write(this.#painter.erase() + line.replaceAll('\n', '\r\n'))
    this.#paint()
    return true
  }

  refresh(): void {
    this.#paint()
  }

  close(): void {
    this.#teller.reset()
    this.#options.input.off('data', this.#onData)
    this.#options.input.off('end', this.#onEnd)
    this.#options.output.off('resize', this.#onResize)
    this.#options.input.pause()
    setRaw(this.#options.input, false)
  }

  get #columns(): number {
    return Math.max(4, sizeOf(this.#options.output, 'columns') ?? 80)
  }

  /** In a window too narrow for them prompts are but marks. */
  get #prompts(): Prompts {
    return this.#columns < 12 ? { first: '> ', further: '. ' } : this.#options.prompts
  }

  get #height(): number {
    return Math.max(1, sizeOf(this.#options.output, 'rows') ?? 24)
  }

  #vi(): typeof VI_START | undefined {
    return this.#options.keys === 'vi' ? VI_START : undefined
  }

  #onKeys(): void {
    if (this.#queue.holds('C-c')) this.#giveUp()
    void this.#pump()
  }

  /** Works on all keys there are. One at a time: a completion may have to be waited for. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      while (this.#resolve !== undefined) {
        const next = this.#queue.shift()
        if (next === undefined) break
        if (next.key.kind !== 'chord' && !isPlain(next.key.text)) await loadWidths()
        await this.#press(next)
      }
    } finally {
      this.#isPumping = false
    }
    this.#paint()
  }

  async #press({ key, isAlone }: QueuedKey): Promise<void> {
    const { state, wish } = step(this.#state, key, this.#context())
    this.#state = state
    if (wish === 'enter') await this.#enter(isAlone)
    else if (wish === 'complete') await this.#complete()
    else if (wish !== undefined) this.#grant(wish, key)
  }

  #context(): EditorContext {
    const { menu } = this.#state
    return {
      history: this.#options.history(),
      suggests: this.#options.colour,
      pairs: this.#options.pairs,
      menuColumns: menu === undefined ? 1 : menuColumns(menu, this.#columns),
    }
  }

  #grant(wish: Wish, key: Key): void {
    if (wish === 'cancel') this.#cancel()
    else if (wish === 'leave') this.#end({ kind: 'left' })
    else if (wish === 'clear-screen') this.#clearScreen()
    else if (wish === 'suspend') this.#suspend()
    else if (wish === 'open-editor') this.#openEditor()
    else if (wish === 'bell' && key.kind === 'chord' && key.name !== 'Escape') this.#write('\x07')
  }

  /** Enter runs what is whole. What was pasted without being marked comes line by line: a line that
   *  goes on with the one above it belongs to it. */
  async #enter(isAlone: boolean): Promise<void> {
    const { text } = this.#state.buffer
    this.#wasTyped = isAlone
    if (this.#queue.first === undefined) await new Promise((resolve) => setImmediate(resolve))
    const next = this.#queue.first
    const goesOn = next?.kind === 'text' && text.trim() !== '' && this.#options.chains(next.text)
    const isWhole = text.trim() === '' || (this.#options.assistNow()?.isWhole(text) ?? true)
    if (goesOn || !isWhole || isInBlock(this.#state)) this.#newLine(isAlone)
    else this.#end({ kind: 'cell', text })
  }

  /** A line that was typed is indented; one that was sent brings its own blanks. */
  #newLine(isTyped: boolean): void {
    this.#state =
      isTyped || isInBlock(this.#state)
        ? breakLine(this.#state)
        : changed(this.#state, inserted(this.#state.buffer, '\n'))
  }

  /** The cell that was taken goes on: its last row is above the cursor. */
  #goOn(): void {
    const buffer = bufferOf(this.#state.buffer.text)
    this.#state = { ...this.#state, buffer }
    this.#newLine(this.#wasTyped)
  }

  async #complete(): Promise<void> {
    this.#paint()
    const { text, cursor } = this.#state.buffer
    const givenUp = new Promise<'given up'>((resolve) => {
      this.#giveUp = () => resolve('given up')
    })
    const answer = Promise.race([this.#options.complete(text, cursor), givenUp])
    const found = await within(COMPLETION_MS, answer)
    if (found === 'given up') return
    const offered = offer(this.#state.buffer, found ?? [])
    if (offered.menu === undefined && offered.buffer.text === text) this.#write('\x07')
    this.#state = { ...changed(this.#state, offered.buffer), menu: offered.menu }
  }

  #cancel(): void {
    const wasEmpty = this.#state.buffer.text === ''
    if (wasEmpty && this.#options.isDeaf()) return
    this.#end({ kind: 'cancelled', wasEmpty })
  }

  /** Hands out an answer; what was written stays on the screen. */
  #end(answer: Answer): void {
    const resolve = this.#resolve
    if (resolve === undefined) return
    this.#resolve = undefined
    this.#guest.refuse()
    this.#options.input.pause()
    const { text } = this.#state.buffer
    this.#teller.recolour(text)
    const rows = finalRows(this.#state, this.#teller.told, this.#prompts, this.#columns)
    const last = rows.length - 1
    const shape = this.#shape === '' ? '' : '\x1b[0 q'
    this.#shape = ''
    const out = this.#painter.paint(rows, { row: last, column: 0 }) + this.#painter.leave()
    this.#write(`${out}${PASTE_OFF}${shape}`)
    this.#teller.reset()
    this.#settle(answer, rows.length)
    resolve(answer)
  }

  /** A cell may turn out to go on; anything else, and one too long to be painted anew, is over. */
  #settle(answer: Answer, rows: number): void {
    if (answer.kind === 'cell' && rows < this.#height) return
    this.#painter.begin(this.#columns)
    if (answer.kind !== 'cell') this.#state = nextState(this.#state, this.#vi())
  }

  /** The cell that was taken is over: the next one begins at the cursor. */
  done(): void {
    this.#state = nextState(this.#state, this.#vi())
    this.#painter.begin(this.#columns)
  }

  #told(): Told {
    const { buffer, menu, search } = this.#state
    this.#teller.look(buffer.text, buffer.cursor)
    const isQuiet = menu !== undefined || search !== undefined || !this.#options.colour
    const written = isQuiet ? undefined : writtenIn(this.#state)
    const suggested = suggestionFor(written ?? '', this.#options.history())
    return { ...this.#teller.told, suggested: suggested.replace(/\n[\s\S]*/, ' …') }
  }

  #paint(): void {
    if (this.#resolve === undefined || this.#isAway || this.#guest.isThere) return
    const place = { columns: this.#columns, height: this.#height }
    const above = this.#options.above(place)
    const below = { ...place, height: Math.max(1, place.height - above.length) }
    const told = this.#told()
    const { rows, cursor } = screenRows(this.#seen(told), told, this.#prompts, below)
    const spot = { row: above.length + cursor.row, column: cursor.column }
    this.#write(this.#painter.paint([...above, ...rows], spot) + this.#cursorShape())
  }

  /** What history suggests stands where a half was put in by itself: it has its own. */
  #seen({ suggested }: Told): EditorState {
    const written = suggested === '' ? undefined : writtenIn(this.#state)
    return written === undefined ? this.#state : { ...this.#state, buffer: bufferOf(written) }
  }

  /** A block in vi's normal mode, a bar while typing. */
  #cursorShape(): string {
    const { vi } = this.#state
    const shape = vi === undefined ? '' : vi.mode === 'normal' ? '\x1b[2 q' : '\x1b[6 q'
    if (shape === this.#shape) return ''
    this.#shape = shape
    return shape
  }

  #resize(): void {
    if (this.#resolve === undefined) return
    this.#write(this.#painter.eraseAfterResize(this.#columns))
    this.#paint()
  }

  #clearScreen(): void {
    this.#write('\x1b[H\x1b[2J')
    this.#painter.begin(this.#columns)
  }

  #suspend(): void {
    this.#release()
    stopProcess()
    this.#regain()
  }

  #openEditor(): void {
    this.#release()
    const text = editOutside(this.#state.buffer.text, this.#options.env)
    this.#regain()
    if (text !== undefined) this.#state = changed(this.#state, bufferOf(text))
  }

  /** Gives the terminal to somebody else for a while. */
  #release(): void {
    this.#guest.refuse()
    this.#isAway = true
    this.#write(`${this.#painter.leave()}${PASTE_OFF}`)
    setRaw(this.#options.input, false)
  }

  #regain(): void {
    this.#isAway = false
    this.#guest.expect()
    setRaw(this.#options.input, true)
    this.#painter.begin(this.#columns)
    this.#write(PASTE_ON)
    this.#paint()
  }

  #write(text: string): void {
    if (text !== '') this.#guest.asOurs(() => this.#options.output.write(text))
  }
}

function sizeOf(output: ShellOutput, name: 'columns' | 'rows'): number | undefined {
  const size: unknown = Reflect.get(output, name)
  return typeof size === 'number' && size > 0 ? size : undefined
}

/** What a promise yields if it does so in time. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  const first = await Promise.race([answer.catch(() => undefined), late])
  clearTimeout(timer)
  return first
}
