// Fenced cells: a notebook's session in a process of its own that may do only what was granted.
//
//   fencedSession(place, fence, context)  ->  NotebookSession      the cells run behind IPC
//
// Notebooks with the same fence share processes, one after another (cell-process.ts). One that was
// ended since a cell took too long is replaced: the cells before that one run again in the next.
//
// Holds: what comes from it is text: nothing it says makes us do anything but store and print.
import { XpvError } from '../base/error.js'
import { readDotEnv } from '../config/config.js'
import type { Want } from '../notebook/permission/want.js'
import type { CellOutcome, NotebookSession } from '../notebook/run.js'
import { redacted, redactor } from '../session/secrets.js'
import { type CellProcess, takeProcess } from './cell-process.js'
import type { Context } from './context.js'
import type { notebookSession } from './notebook-session.js'

/** What a notebook's cells may do, and where they are. */
export interface Fence {
  readonly grants: readonly Want[]
  /** Absolute paths that may be read besides those granted. */
  readonly reads: readonly string[]
  readonly directory: string
  /** What the notebook is called when something is said of it. */
  readonly name: string
}

/** Opens a session behind a fence. Throws what opening its machine throws. */
export async function fencedSession(
  place: Parameters<typeof notebookSession>[0],
  fence: Fence,
  context: Context,
): Promise<NotebookSession> {
  const cells = new FencedCells(place, fence, context)
  await cells.open()
  return cells
}

type Evaluated = Parameters<NotebookSession['evaluate']>

/** The cells of one notebook, in one process after another. */
class FencedCells implements NotebookSession {
  readonly #place: Parameters<typeof notebookSession>[0]
  readonly #fence: Fence
  readonly #context: Context
  readonly #redact: (text: string) => string
  /** Cells that ran, but for those with which a process ended. */
  readonly #ran: Evaluated[] = []
  #process: CellProcess

  constructor(place: Parameters<typeof notebookSession>[0], fence: Fence, context: Context) {
    this.#place = place
    this.#fence = fence
    this.#context = context
    this.#redact = redactor(process.env, readDotEnv(fence.directory))
    this.#process = takeProcess(fence, context)
  }

  async open(): Promise<void> {
    try {
      await this.#process.ask('open', [this.#place])
    } catch (error) {
      this.#process.release()
      throw error
    }
  }

  async evaluate(...[cell, timeoutMs]: Evaluated): Promise<CellOutcome> {
    try {
      if (!this.#process.isThere) await this.#again(cell.id)
      const outcome = await this.#ask(cell, timeoutMs)
      this.#ran.push([cell, timeoutMs])
      return redacted(outcome, this.#redact)
    } catch (error) {
      if (!(error instanceof XpvError)) throw error
      return { kind: 'error', error: error.code, text: `${error.code}: ${error.message}` }
    }
  }

  close(): void {
    void this.#process
      .ask('close', [])
      .catch(() => {})
      .then(() => this.#process.release())
  }

  async #ask(...[cell, timeoutMs]: Evaluated): Promise<CellOutcome> {
    const limit = timeoutMs === undefined ? undefined : this.#process.limit(timeoutMs)
    try {
      const outcome = outcomeOf(await this.#process.ask('evaluate', [cell, timeoutMs]))
      // Its clock began a little later than ours.
      const isLate = outcome.kind === 'interrupted' && limit?.isTold() === true
      return isLate ? late(timeoutMs ?? 0, outcome.text) : outcome
    } finally {
      limit?.end()
    }
  }

  /** A fresh process, in which what ran has run. */
  async #again(id: string): Promise<void> {
    const ran = this.#ran.splice(0)
    const what = ran.length === 0 ? '' : `; ${countOf(ran.length)} again`
    this.#context.out.warn(`${this.#fence.name}: #${id} is in a fresh process${what}\n`)
    this.#process.release()
    this.#process = takeProcess(this.#fence, this.#context)
    await this.open()
    for (const [cell, timeoutMs] of ran) {
      await this.#ask(cell, timeoutMs)
      this.#ran.push([cell, timeoutMs])
    }
  }
}

function countOf(cells: number): string {
  return cells === 1 ? 'one cell before it runs' : `${cells} cells before it run`
}

function late(timeoutMs: number, said: string): CellOutcome {
  const text = `${said}nb.timeout: the cell took longer than ${timeoutMs} ms`
  return { kind: 'error', error: 'nb.timeout', text }
}

/** What a process says that runs cells of anybody: texts, or it is nothing. */
function outcomeOf(said: unknown): CellOutcome {
  const part = (name: string): string => {
    const value: unknown = typeof said === 'object' && said !== null && Reflect.get(said, name)
    return typeof value === 'string' ? value : ''
  }
  const kind = part('kind')
  const [error, text, svg] = ['error', 'text', 'svg'].map(part)
  return {
    kind: kind === 'ok' || kind === 'interrupted' ? kind : 'error',
    ...{ error: error ?? '', text: text ?? '' },
    ...(svg === '' ? {} : { svg }),
  }
}
