// Cells from a terminal that can do nothing but print: Node's own line reader, line by line.
import { createInterface, type Interface } from 'node:readline'
import type { Answer, Beginning, CellInput } from './cell-input.js'
import type { ShellInput, ShellOutput } from './shell.js'

/** What a plain input is made of. */
export interface PlainInputOptions {
  readonly input: ShellInput
  readonly output: ShellOutput
  readonly prompt: string
  readonly continuation: string
  /** Lines of earlier times, newest first. */
  readonly history: string[]
}

/** Owns a line reader. What is pending is the cell as far as it was read. */
export class PlainInput implements CellInput {
  readonly #options: PlainInputOptions
  readonly #lines: Interface
  #arrived: string[] = []
  #pending = ''
  #resolve: ((answer: Answer) => void) | undefined
  #isClosed = false

  constructor(options: PlainInputOptions) {
    this.#options = options
    const { input, output, history } = options
    this.#lines = createInterface({ input, output, terminal: true, history, historySize: 1000 })
    this.#lines.on('line', (line) => this.#take(line))
    this.#lines.on('SIGINT', () => this.#cancel())
    this.#lines.on('close', () => this.#leave())
  }

  read({ goesOn = false }: Beginning = {}): Promise<Answer> {
    if (!goesOn) this.#pending = ''
    return new Promise((resolve) => {
      this.#resolve = resolve
      const next = this.#arrived.shift()
      if (next !== undefined) this.#take(next)
      else if (this.#isClosed) this.#answer({ kind: 'left' })
      else this.#prompt()
    })
  }

  feed(keys: string): void {
    this.#options.input.emit('data', Buffer.from(keys))
  }

  interject(text: string): boolean {
    if (this.#resolve === undefined) return false
    this.#options.output.write(`\n${text}${text.endsWith('\n') ? '' : '\n'}`)
    this.#lines.prompt(true)
    return true
  }

  refresh(): void {}

  done(): void {
    this.#pending = ''
  }

  close(): void {
    if (!this.#isClosed) this.#lines.close()
  }

  #prompt(): void {
    const { prompt, continuation } = this.#options
    this.#lines.setPrompt(this.#pending === '' ? prompt : continuation)
    this.#lines.prompt(true)
  }

  #take(line: string): void {
    if (this.#resolve === undefined) {
      this.#arrived.push(line)
      return
    }
    this.#pending = this.#pending === '' ? line : `${this.#pending}\n${line}`
    this.#lines.pause()
    this.#answer({ kind: 'cell', text: this.#pending })
  }

  #cancel(): void {
    const wasEmpty = this.#lines.line === '' && this.#pending === ''
    const clear: unknown = Reflect.get(this.#lines, 'clearLine')
    if (typeof clear === 'function') clear.call(this.#lines)
    this.#arrived = []
    this.#answer({ kind: 'cancelled', wasEmpty })
  }

  #leave(): void {
    this.#isClosed = true
    if (this.#resolve !== undefined) this.#options.output.write('\n')
    this.#answer({ kind: 'left' })
  }

  #answer(answer: Answer): void {
    const resolve = this.#resolve
    this.#resolve = undefined
    resolve?.(answer)
  }
}
