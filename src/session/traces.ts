// Traces: D programs, and views of the prompt, that watch the machine in the background, while
// lines are typed at the same prompt.
//
//   dtrace -n 'xpv::: {}'  ->  [1]      xm create web1  ->  its firings below that line
//   stop 1, Ctrl-C at an empty prompt, exit()  ->  END, aggregations
//
// Holds: a trace prints only when it is told to catch up: between two lines nothing appears. A view
// prints nothing; it may look again while a cell runs, between two steps of the machine.
import { XpvError } from '../base/error.js'

/** One program that watches, or one view. */
export interface Trace {
  /** The command that began it, as words. */
  readonly line: string
  /** exit() was called: it needs only be stopped. */
  readonly isDone: boolean
  /** Prints what has happened since. */
  catchUp(): void
  /** Fires END, prints what is left. */
  stop(): void
  /** What has come of it when it is stopped: `31 firings`. */
  readonly sum?: string
  /** Whether it only shows a value. */
  readonly isView?: boolean
}

/** A trace and its number. */
export interface NumberedTrace {
  readonly number: number
  readonly trace: Trace
}

/** The traces of one session. */
export class Traces {
  #running: NumberedTrace[] = []
  /** Called while time passes in a cell: views may look again. */
  glance: (() => void) | undefined
  /** What the program that runs over a recording right now has counted so far, as text. */
  soFar: (() => string) | undefined

  /** Those that watch, in the order of their numbers. */
  get running(): readonly NumberedTrace[] {
    return this.#running
  }

  /** Those that are no views. */
  get programs(): readonly NumberedTrace[] {
    return this.#running.filter(({ trace }) => trace.isView !== true)
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

  /** Ends one trace, or all; which. Throws `XpvError` `session.no-trace`. */
  stop(number?: number): readonly NumberedTrace[] {
    const chosen = this.#running.filter((each) => number === undefined || each.number === number)
    if (number !== undefined && chosen.length === 0) {
      const isBusy = this.#running.length > 0
      const message = `there is no [${number}]${isBusy ? '' : ', nothing watches at all'}`
      throw new XpvError('session.no-trace', message, isBusy ? 'jobs' : BEGUN)
    }
    this.#end(chosen)
    return chosen
  }

  /** Ends all programs; views stay. */
  stopPrograms(): void {
    this.#end(this.programs)
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

/** What begins to watch. */
const BEGUN = "dtrace -n 'xpv:::dom-create-start { trace(probefunc); }'"

/** What is said of a trace that was ended. */
export function endingOf({ number, trace }: NumberedTrace): string {
  const sum = trace.sum === undefined ? '' : `: ${trace.sum}`
  return `[${number}] ended${sum}  ${trace.line}\n`
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
