// A watch: a cell that is looked at again after each other cell, and the lines it showed last.
//
//   .watch domains  ->  [1]  .watch domains        stands above the cell being written,
//                       NAME   ID ...              what changed since the last look is marked
//
// An expression is looked at while a cell runs, too, and while nothing does: see `glimpse.ts`.
//
// Holds: looking leaves no trace in the session: no cell is counted, kept or bound to `_`. One that
// fails, or takes too long, ends.
import { performance } from 'node:perf_hooks'
import { stripVTControlCharacters } from 'node:util'
import type { CellResult } from '../session/cell.js'
import { renderValue } from '../session/render.js'
import type { Session } from '../session/session.js'
import type { Trace } from '../session/traces.js'
import { firstWord } from '../session/words.js'
import { glimpseOf } from './glimpse.js'

/** Milliseconds that one look may take. */
const LOOK_MS = 2_000
/** How many times as long as a glance took others have until the next. */
const REST = 10

/** Milliseconds for which one that takes too long is left alone. */
const SLOW_REST_MS = 5_000

/** A line of a view. */
export interface WatchedLine {
  readonly text: string
  readonly isNew: boolean
}

/** When a view is glanced at. */
export interface GlanceTerms {
  readonly columns: number
  /** The least between two glances, in milliseconds. */
  readonly everyMs: number
  /** What took longer than so many the last time is left alone for a while. */
  readonly mostMs: number
}

/** One view, among the traces of its session. */
export class Watch implements Trace {
  readonly line: string
  readonly isView = true
  readonly #source: string
  #lines: readonly WatchedLine[] = []
  #isDone = false
  #glimpse: Promise<(() => unknown) | undefined> | undefined
  #read: (() => unknown) | undefined
  #tookMs = 0
  #nextMs = 0

  constructor(source: string) {
    this.#source = source
    this.line = `.watch ${source.replace(/\s+/g, ' ')}`
  }

  /** What it showed last. */
  get lines(): readonly WatchedLine[] {
    return this.#lines
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** It looks between two cells, and is not told of what happens in one. */
  catchUp(): void {}

  stop(): void {
    this.#isDone = true
  }

  /** Looks again; yields why it ended, if it did. */
  async look(session: Session): Promise<string | undefined> {
    const options = { final: true, quiet: true, timeoutMs: LOOK_MS }
    const result = await session.evaluate(this.#source, options)
    if (result.kind !== 'ok') {
      this.stop()
      return reasonOf(result)
    }
    this.#lines = compared(linesOf(result), this.#lines)
    const isCommand = session.commands.has(firstWord(this.#source))
    const isQuiet = !isCommand && result.output === ''
    this.#glimpse ??= isQuiet ? glimpseOf(this.#source) : Promise.resolve(undefined)
    this.#read = await this.#glimpse
    return undefined
  }

  /** Looks again at once, if it is an expression and the time has come; yields whether it shows
   *  something else now. What fails shows at the next look. */
  glance({ columns, everyMs, mostMs }: GlanceTerms): boolean {
    const startedMs = performance.now()
    const restMs = this.#tookMs > mostMs ? SLOW_REST_MS : 0
    if (this.#read === undefined || startedMs < this.#nextMs + restMs) return false
    const lines = glimpsed(this.#read, columns)
    this.#tookMs = performance.now() - startedMs
    this.#nextMs = startedMs + Math.max(everyMs, REST * this.#tookMs)
    const isSame = lines?.join('\n') === this.#lines.map(({ text }) => text).join('\n')
    if (lines === undefined || isSame) return false
    this.#lines = compared(lines, this.#lines)
    return true
  }
}

/** The lines of a value now; undefined where it cannot be had, or is not there yet. */
function glimpsed(read: () => unknown, columns: number): string[] | undefined {
  try {
    const value = read()
    if (value instanceof Promise) return undefined
    return textLines(renderValue(value, columns)?.['text/plain'] ?? '')
  } catch {
    return undefined
  }
}

/** Why a look failed; where in a cell that nobody sees is nothing to tell. */
function reasonOf(result: CellResult): string {
  if (result.kind !== 'error') return `  it was interrupted, or took over ${LOOK_MS / 1000} s`
  const lines = result.error.text.split('\n')
  return lines.filter((each) => !/^ +at cell /.test(each)).join('\n')
}

function linesOf({ output, shown }: CellResult & { readonly kind: 'ok' }): string[] {
  return textLines(`${output}${shown?.['text/plain'] ?? ''}`)
}

function textLines(given: string): string[] {
  const text = given.trimEnd()
  return text === '' ? ['(nothing)'] : stripVTControlCharacters(text).split('\n').map(printable)
}

/** A line without what would move the cursor; tabs go to each eighth column. */
function printable(line: string): string {
  const spread = line.replace(/([^\t]*)\t/g, (_, text: string) => {
    return text + ' '.repeat(8 - (text.length % 8))
  })
  return spread.replace(/\p{Cc}/gu, '')
}

/** Lines that were not there at the last look are new; at the first look none is. */
function compared(lines: readonly string[], before: readonly WatchedLine[]): WatchedLine[] {
  const known = new Set(before.map(({ text }) => text))
  return lines.map((text) => ({ text, isNew: known.size > 0 && !known.has(text) }))
}
