// Traces: D programs, and views of the prompt, that watch the machine in the background, while
// lines are typed at the same prompt.
//
//   dtrace -n 'xpv::: {}'  ->  [1]      xm create web1  ->  its firings below that line
//   stop 1, Ctrl-C at an empty prompt, exit()  ->  END, aggregations
//
// Holds: a trace prints only when it is told to catch up: between two lines nothing appears.
import { XpvError } from '../base/error.js'

/** One program that watches. */
export interface Trace {
  /** The command that began it, as words. */
  readonly line: string
  /** exit() was called: it needs only be stopped. */
  readonly isDone: boolean
  /** Prints what has happened since. */
  catchUp(): void
  /** Fires END, prints what is left. */
  stop(): void
}

/** A trace and its number. */
export interface NumberedTrace {
  readonly number: number
  readonly trace: Trace
}

/** The traces of one session. */
export class Traces {
  #running: NumberedTrace[] = []

  /** Those that watch, in the order of their numbers. */
  get running(): readonly NumberedTrace[] {
    return this.#running
  }

  /** Takes over a trace; its number: the least that is free. One that is done already ends. */
  begin(trace: Trace): number {
    const taken = new Set(this.#running.map((each) => each.number))
    let number = 1
    while (taken.has(number)) number += 1
    const entry = { number, trace }
    this.#running = [...this.#running, entry].sort((a, b) => a.number - b.number)
    if (trace.isDone) this.#end([entry])
    return number
  }

  /** All print what has happened; those that are done end. The first failure is thrown when all
   *  had their turn. */
  catchUp(): void {
    const failures = this.#running.flatMap((each) => failureOf(() => each.trace.catchUp(), each))
    const failed = failures.map(({ of }) => of)
    this.#end(this.#running.filter((each) => each.trace.isDone || failed.includes(each)))
    const [first] = failures
    if (first !== undefined) throw first.thrown
  }

  /** Ends one trace, or all; how many. Throws `XpvError` `session.no-trace`. */
  stop(number?: number): number {
    const chosen = this.#running.filter((each) => number === undefined || each.number === number)
    if (number !== undefined && chosen.length === 0) {
      const message = `there is no trace ${number}`
      throw new XpvError('session.no-trace', message, 'jobs lists them')
    }
    this.#end(chosen)
    return chosen.length
  }

  /** A line for each. */
  list(): string {
    return this.#running.map(({ number, trace }) => `[${number}]  ${trace.line}\n`).join('')
  }

  #end(some: readonly NumberedTrace[]): void {
    if (some.length === 0) return
    this.#running = this.#running.filter((each) => !some.includes(each))
    const failures = some.flatMap((each) => failureOf(() => each.trace.stop(), each))
    const [first] = failures
    if (first !== undefined) throw first.thrown
  }
}

interface Failure {
  readonly of: NumberedTrace
  readonly thrown: unknown
}

/** What an attempt throws, if it does: one trace does not keep the others from their turn. */
function failureOf(attempt: () => void, of: NumberedTrace): Failure[] {
  try {
    attempt()
    return []
  } catch (thrown) {
    return [{ of, thrown }]
  }
}
