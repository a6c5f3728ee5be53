// History: what was typed at the prompt, kept between sessions in the user's state directory.
//
//   {"t":1795415000000,"src":"on('xpv:::').count()"}     one line a cell, newest last, readable by
// its owner only
//
// Holds: a line that starts with a space is never kept; at most so many cells stay as are wanted.
// Source: XDG Base Directory Specification ($XDG_STATE_HOME).
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

/** Cells that stay when nobody says how many. */
const CAP = 10_000

/** Where history is kept: `$XDG_STATE_HOME/xpv/history`, by default
 *  `~/.local/state/xpv/history`. */
export function historyFile(env: Readonly<Record<string, string | undefined>>): string {
  const state = env['XDG_STATE_HOME'] ?? ''
  const base = isAbsolute(state) ? state : join(homedir(), '.local', 'state')
  return join(base, 'xpv', 'history')
}

/** The cells typed at this prompt, now and before. */
export class History {
  readonly #path: string | undefined
  readonly #warn: (text: string) => void
  readonly #cells: string[] = []
  readonly #cap: number
  #broken = false

  /** `path` undefined keeps nothing; `cap` is how many cells stay. A file that cannot be read or
   *  written is told of, once. */
  constructor(path: string | undefined, warn: (text: string) => void, cap = CAP) {
    this.#cap = cap
    this.#path = path
    this.#warn = warn
    this.#attempt(() => this.#load())
  }

  /** All cells, oldest first. */
  get cells(): readonly string[] {
    return this.#cells
  }

  /** The lines of all cells, newest first, as a line editor wants them. */
  get lines(): string[] {
    return this.#cells.flatMap((cell) => cell.split('\n')).reverse()
  }

  add(cell: string): void {
    if (cell.startsWith(' ') || cell.trim() === '' || cell === this.#cells.at(-1)) return
    this.#cells.push(cell)
    this.#attempt(() => this.#append(cell))
  }

  #load(): void {
    if (this.#path === undefined || !existsSync(this.#path)) return
    const lines = readFileSync(this.#path, 'utf8').split('\n').filter(Boolean)
    const kept = lines.slice(-this.#cap)
    this.#cells.push(...kept.flatMap(parseRecord))
    if (lines.length <= this.#cap * 1.1) return
    const next = `${this.#path}.${process.pid}`
    writeFileSync(next, `${kept.join('\n')}\n`, { mode: 0o600 })
    renameSync(next, this.#path)
  }

  #append(cell: string): void {
    if (this.#path === undefined) return
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
    appendFileSync(this.#path, `${JSON.stringify({ t: Date.now(), src: cell })}\n`, { mode: 0o600 })
  }

  #attempt(work: () => void): void {
    if (this.#broken) return
    try {
      work()
    } catch (thrown) {
      this.#broken = true
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      this.#warn(`history is not kept: ${why}\n`)
    }
  }
}

/** The cell of one line of the file; nothing for a line that is not a record. */
function parseRecord(line: string): string[] {
  try {
    const record: unknown = JSON.parse(line)
    if (typeof record !== 'object' || record === null || !('src' in record)) return []
    return typeof record.src === 'string' ? [record.src] : []
  } catch {
    return []
  }
}
