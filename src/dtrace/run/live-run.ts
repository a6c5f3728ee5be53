// A live run: a program over an active machine, from now on. The machine pushes; nobody pulls.
//
//   new LiveRun(...)  ->  BEGIN  ->  ... time passes, records come ...  ->  end()  ->  END, result
//
// Holds: it never lets time pass by itself. What a sink throws does not reach the machine: it is
// thrown where the run's owner looks, in `catchUp`.
import type { ActiveMachine, Watch } from '../../machine/active-machine.js'
import { allocateBatch, type ObservationBatch } from '../../machine/observation.js'
import type { ProbeCatalog } from '../probe/catalog.js'
import type { Program } from '../program/program.js'
import type { RunResult } from '../program/record.js'
import { planRun } from './plan.js'
import { ProgramRun, type RunOptions } from './run.js'

/** Code of a row that says nothing but what time it is. */
const TIME_MARK = 0

/** One program that watches one machine. End it. */
export class LiveRun {
  readonly #machine: ActiveMachine
  readonly #run: ProgramRun
  readonly #watch: Watch
  readonly #options: RunOptions
  readonly #startNs: number
  readonly #isTimed: boolean
  readonly #isSpent: boolean
  #failure: { readonly thrown: unknown } | undefined
  #result: RunResult | undefined

  /** Begins to watch, and fires BEGIN. Throws as `runProgram` does. */
  constructor(
    program: Program,
    machine: ActiveMachine,
    catalog: ProbeCatalog,
    options: RunOptions = {},
  ) {
    this.#machine = machine
    this.#options = options
    this.#startNs = machine.nowNs
    const plan = planRun(program, catalog, options)
    this.#isTimed = plan.timed.length > 0
    this.#isSpent = !plan.needsStream
    this.#watch = machine.watch(
      (code) => plan.needsStream && plan.wants(code),
      (batch, strings) => this.#take(batch, strings),
    )
    try {
      this.#run = new ProgramRun(program, catalog, this.#watch.clock, options, plan)
      this.#run.begin()
    } catch (error) {
      this.#watch.close()
      throw error
    }
  }

  /** Whether no more observations are needed: exit() was called, or somebody said stop. */
  get done(): boolean {
    return this.#run.done || this.#stopped
  }

  /** Whether only END can still fire, and cannot tell how much time has passed: BEGIN was all that
   *  the program waited for. */
  get isSpent(): boolean {
    return this.#isSpent
  }

  get #stopped(): boolean {
    return this.#options.shouldStop?.() === true
  }

  /** Hands over everything that has happened, and fires what time has fired. */
  catchUp(): void {
    this.#watch.flush()
    if (this.#isTimed) this.#take(timeMark(this.#machine.nowNs - this.#startNs), [])
    if (this.#failure !== undefined) throw this.#failure.thrown
  }

  /** Fires END and yields the result; the same one when asked again. */
  end(interrupted = this.#stopped): RunResult {
    if (this.#result !== undefined) return this.#result
    try {
      if (!interrupted) this.catchUp()
    } finally {
      this.#watch.close()
    }
    this.#run.passUntil(this.#machine.nowNs - this.#startNs)
    this.#result = this.#run.end(interrupted)
    return this.#result
  }

  #take(batch: ObservationBatch, strings: readonly string[]): void {
    if (this.done || this.#failure !== undefined || this.#result !== undefined) return
    try {
      for (const _ of this.#run.steps(batch, strings)) if (this.#stopped) return
    } catch (thrown) {
      this.#failure = { thrown }
    }
  }
}

function timeMark(ns: number): ObservationBatch {
  const batch = allocateBatch(1)
  batch.length = 1
  batch.ticks[0] = ns
  batch.code[0] = TIME_MARK
  return batch
}
