// The pager: what is longer than the window, a window at a time.
//
//   Space, f, Down   the next window      Enter, j   a line      b, Up   back
//   /word            on to that word, n again            G   the rest      q, Ctrl-C   no more
//
// Holds: what was shown stays on the screen and in its scrollback. While it asks for a key nobody
// else reads the terminal; afterwards it is as it was. $PAGER does it instead, when it is set.
import { spawnSync } from 'node:child_process'
import stringWidth from 'string-width'
import { setRaw } from './prompt.js'
import type { ShellInput, ShellOutput } from './shell.js'

/** The terminal it pages on. */
export interface PagerPlace {
  readonly input: ShellInput
  readonly output: ShellOutput & { readonly rows?: number; readonly columns?: number }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Whether a text is longer than the window, and somebody can page. */
export function needsPager(text: string, { input, output, env }: PagerPlace): boolean {
  if (input.isTTY !== true || output.isTTY !== true || env['TERM'] === 'dumb') return false
  const { rows = 0, columns = 80 } = output
  return rows > 3 && rowsOf(text.replace(/\n$/, '').split('\n'), columns) >= rows
}

/** Shows a text to its end, or to where its reader has seen enough. Yields what was typed beyond
 *  that. */
export async function showPaged(text: string, place: PagerPlace): Promise<string> {
  const command = place.env['PAGER'] ?? ''
  if (command !== '' && pagedBy(command, text, place)) return ''
  return new Pager(text, place).run()
}

/** Has a program page; false when it could not be run. */
function pagedBy(command: string, text: string, { input, env }: PagerPlace): boolean {
  const wasRaw = Reflect.get(input, 'isRaw') === true
  setRaw(input, false)
  const { status } = spawnSync('/bin/sh', ['-c', command], {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: 'FRX', ...env },
  })
  setRaw(input, wasRaw)
  return status !== 126 && status !== 127 && status !== null
}

function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + rowsOfLine(line, columns), 0)
}

const rowsOfLine = (line: string, columns: number): number =>
  Math.max(1, Math.ceil(stringWidth(line) / columns))

/** One text being paged. */
class Pager {
  readonly #lines: readonly string[]
  readonly #place: PagerPlace
  /** The first line that was not shown yet. */
  #next = 0
  #wanted = ''
  /** What was typed and not yet obeyed. */
  #typed = ''
  #hasEnded = false
  #wake: () => void = () => {}
  readonly #onData = (bytes: Buffer | string) => {
    this.#typed += String(bytes)
    this.#wake()
  }
  readonly #onEnd = () => {
    this.#hasEnded = true
    this.#wake()
  }
  #note = ''

  constructor(text: string, place: PagerPlace) {
    this.#lines = text.replace(/\n$/, '').split('\n')
    this.#place = place
  }

  async run(): Promise<string> {
    const { input } = this.#place
    const others = input.rawListeners('data')
    const wasRaw = Reflect.get(input, 'isRaw') === true
    input.removeAllListeners('data')
    setRaw(input, true)
    input.on('data', this.#onData)
    input.on('end', this.#onEnd)
    input.resume()
    try {
      this.#forward(this.#height)
      while (this.#next < this.#lines.length && (await this.#obey(await this.#key())));
    } finally {
      input.pause()
      input.off('data', this.#onData)
      input.off('end', this.#onEnd)
      setRaw(input, wasRaw)
      for (const other of others) input.on('data', other as (bytes: Buffer) => void)
    }
    return this.#typed
  }

  /** Does what a key says; false when that was the end. */
  async #obey(key: string): Promise<boolean> {
    switch (key) {
      case 'q':
      case 'Q':
      case '\x03':
      case '\x04':
      case '':
        return false
      case '\r':
      case '\n':
      case 'j':
        this.#forward(1)
        return true
      case 'b':
      case '\x1b[A':
      case '\x1b[5~':
        this.#back()
        return true
      case 'G':
        this.#forward(Number.POSITIVE_INFINITY)
        return true
      case '/':
        this.#wanted = await this.#word()
        this.#search()
        return true
      case 'n':
        this.#search()
        return true
      default:
        this.#forward(this.#height)
        return true
    }
  }

  get #height(): number {
    return Math.max(1, (this.#place.output.rows ?? 24) - 1)
  }

  /** Shows as many lines as fill so many rows; one at least. */
  #forward(rows: number): void {
    const { columns = 80 } = this.#place.output
    const from = this.#next
    let room = rows
    while (this.#next < this.#lines.length) {
      room -= rowsOfLine(this.#lines[this.#next] ?? '', columns)
      if (room < 0 && this.#next > from) break
      this.#next += 1
    }
    this.#write(`${this.#lines.slice(from, this.#next).join('\r\n')}\r\n`)
  }

  /** The window before the one that is shown. */
  #back(): void {
    this.#next = Math.max(0, this.#next - 2 * this.#height)
    this.#write('\x1b[H\x1b[2J')
    this.#forward(this.#height)
  }

  /** On to the next line that has the word. */
  #search(): void {
    const wanted = this.#wanted.toLowerCase()
    const at = this.#lines.findIndex(
      (line, i) => i >= this.#next && line.toLowerCase().includes(wanted),
    )
    if (wanted === '' || at < 0) {
      this.#note = wanted === '' ? '' : `no ${this.#wanted} below; `
      return
    }
    if (at > this.#next) this.#write(`... ${at - this.#next} lines\r\n`)
    this.#next = at
    this.#forward(this.#height)
  }

  async #key(): Promise<string> {
    const left = this.#lines.length - this.#next
    const help = `${this.#note}${left} more lines: Space, b, /, q`
    this.#note = ''
    this.#write(`\x1b[7m${help}\x1b[27m`)
    const key = await this.#bytes()
    this.#write('\r\x1b[K')
    return key
  }

  async #word(): Promise<string> {
    let word = ''
    for (;;) {
      this.#write(`\r\x1b[K/${word}`)
      const typed = await this.#bytes()
      const ends = /[\r\n]/.test(typed)
      if (typed === '' || typed === '\x03' || typed === '\x1b') word = ''
      else if (typed === '\x7f') word = word.slice(0, -1)
      else word += typed.replace(/\p{Cc}/gu, '')
      if (ends || word === '') break
    }
    this.#write('\r\x1b[K')
    return word
  }

  /** The key typed next; '' when the terminal is gone. */
  async #bytes(): Promise<string> {
    while (this.#typed === '' && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const key = /^(?:\p{Cc}\[[\d;]*[A-Za-z~]|.)/su.exec(this.#typed)?.[0] ?? ''
    this.#typed = this.#typed.slice(key.length)
    return key
  }

  #write(text: string): void {
    this.#place.output.write(text)
  }
}
