// A run: a program over one pass of a machine's observations, from BEGIN to END.
//
//   ObservationBatch -> Firer -> FiringBatch -> engine -> OutputRecords, RunResult
//                        ^ cut where a tick- or profile- probe is due
//
// Holds: firings happen in the order of the stream's time, unless no order can change the result
// (order.ts); a tick due exactly at an observation's time fires before it. Nothing here reads a
// clock: time is the stream's.
import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import { isOn } from '../../base/switch-value.js'
import { type Clock, tickToNs } from '../../machine/clock.js'
import type { Machine } from '../../machine/machine.js'
import type { Loss, ObservationBatch, ObservationStream } from '../../machine/observation.js'
import type { AggregationSnapshot } from '../aggregate/aggregation.js'
import { BEGIN_ID, END_ID, ERROR_ID, type ProbeCatalog } from '../probe/catalog.js'
import type { Firer, FiringBatch } from '../probe/firing.js'
import { parseRate } from '../program/option-value.js'
import type { Program } from '../program/program.js'
import type { DropRecord, OutputRecord, RunResult } from '../program/record.js'
import { isDestructive } from '../program/statements.js'
import type { Consumer } from './consumer.js'
import { RunEffects } from './effects.js'
import type { Engine, EngineParts } from './engine.js'
import { generateEngine } from './generate.js'
import { Interpreter } from './interpret-clause.js'
import { bufferOptions, limitsOf, settingsOf } from './options.js'
import { contextFirings, ownFiring, partOf, tickFiring } from './own-firings.js'
import { type FirerMaker, type Plan, planRun } from './plan.js'
import { firstAtOrAfter, periodEnd, Schedule, type TimedProbe } from './schedule.js'

/** How a program runs, and where its records go. */
export interface RunOptions {
  /** 'generated' unless said otherwise; without the right to make code from strings,
   *  'interpreter'. */
  readonly engine?: 'generated' | 'interpreter'
  /** Options over those of the program's own pragmas: name in lower case to value text. */
  readonly options?: ReadonlyMap<string, string>
  readonly sink?: (record: OutputRecord) => void
  /** In whose name BEGIN and END fire. */
  readonly consumer?: Consumer
  /** Asked between batches: true ends the run as an interrupt does, END included. */
  readonly shouldStop?: () => boolean
  /** Makes the firer: that of the standard providers when absent. */
  readonly createFirer?: FirerMaker
}

/** Timed firings between two chances to stop. */
const TIMED_SLICE = 4096
/** Observations between two pauses of an asynchronous run: some tens of milliseconds. */
const PAUSE_ROWS = 2 ** 17

/** One run of a program, fed by its caller: `begin`, `feed` until `done` or the stream's end,
 *  `end`. Throws `XpvError` `trace.no-clock` when the program needs time and the clock has no
 *  rate. */
export class ProgramRun {
  readonly #plan: Plan
  readonly #firer: Firer
  readonly #engine: Engine
  readonly #effects: RunEffects
  readonly #schedule: Schedule
  readonly #options: RunOptions
  /** The only pcpu that is traced, if one was asked for. */
  readonly #cpu: number | undefined
  /** When dtrace(8) sees that exit() was called: it looks once every statusrate, if that is
   *  given. */
  readonly #noticed: (ticks: number) => number
  /** Values that found no room in an aggregation, where the pcpu is known. */
  readonly #aggregationDrops = new Map<number, number>()
  #lastTicks = 0
  #firings = 0

  constructor(
    program: Program,
    catalog: ProbeCatalog,
    clock: Clock,
    options: RunOptions = {},
    plan = planRun(program, catalog, options),
  ) {
    this.#plan = plan
    this.#firer = plan.firer
    this.#options = options
    const toNs = plan.needsTime || clock.hz !== undefined ? tickToNs(clock) : undefined
    const settings = settingsOf(program, options.options)
    refuseDestructive(program, settings)
    this.#cpu = plan.cpu
    this.#effects = new RunEffects({
      program,
      ecbs: plan.ecbs,
      buffers: bufferOptions(program, settings),
      sink: options.sink ?? (() => {}),
      timeNs: (ticks) => toNs?.(ticks),
      errorEnabled: plan.probes.has(ERROR_ID),
    })
    this.#engine = makeEngine(options.engine ?? 'generated', {
      program,
      ecbs: plan.ecbs,
      effects: this.#effects,
      limits: limitsOf(program, settings),
      clock,
      toNs: toNs ?? (() => 0),
      ...(options.consumer === undefined ? {} : { consumer: options.consumer }),
    })
    this.#effects.attach(this.#engine)
    this.#schedule = new Schedule(plan.timed, clock)
    const rate = parseRate(settings.get('statusrate') ?? '')
    this.#noticed = (ticks) => (rate === undefined ? ticks : periodEnd(ticks, rate, clock))
  }

  /** Whether no more observations are needed: exit() was called. */
  get done(): boolean {
    return this.#effects.stopped
  }

  /** All aggregations as they are now. */
  get aggregations(): readonly AggregationSnapshot[] {
    return this.#plan.program.aggregations.map((_, id) => this.#engine.snapshot(id))
  }

  /** Whether an observation of this code matters to the run. */
  wants(code: number): boolean {
    return this.#plan.wants(code)
  }

  /** Fires BEGIN. */
  begin(): void {
    this.#fireOwn(BEGIN_ID)
  }

  /** Fires what a batch of observations fires, and what time fires in between. */
  feed(batch: ObservationBatch, strings: readonly string[]): void {
    for (const _ of this.steps(batch, strings)) if (this.#options.shouldStop?.() === true) return
  }

  /** The same in steps: yields after every few thousand firings of timed probes. */
  *steps(batch: ObservationBatch, strings: readonly string[]): Generator<void> {
    const last = this.#lastOf(batch)
    let from = 0
    let timed = 0
    while (!this.done) {
      const due = this.#schedule.nextTicks
      const to =
        due > last ? batch.length : firstAtOrAfter(batch.ticks, due, { from, length: batch.length })
      if (to > from) this.#fireRows(partOf(batch, from, to), strings)
      from = to
      if (due > last || this.done) break
      this.#fireTimed(due)
      if (++timed % TIMED_SLICE === 0) yield
    }
    if (!this.done) this.#lastTicks = last
  }

  /** Says that time has passed until then without anything of interest. */
  passUntil(ticks: number): void {
    if (!this.done) this.#lastTicks = Math.max(this.#lastTicks, ticks)
  }

  /** Fires END, says what was lost, and yields the result. */
  end(interrupted = false, loss?: Loss): RunResult {
    const effects = this.#effects
    effects.ending = true
    effects.stopped = false
    if (effects.exited) this.#lastTicks = this.#noticed(this.#lastTicks)
    this.#fireOwn(END_ID)
    for (const record of effects.left()) this.#options.sink?.(record)
    for (const drop of this.#drops(loss)) this.#options.sink?.(drop)
    const { aggregations } = this
    return {
      status: effects.status,
      exited: effects.exited,
      interrupted,
      aggregations,
      unprinted: aggregations.map((a) => a.decl.id).filter((id) => !effects.printed.has(id)),
      firings: this.#firings,
    }
  }

  #fireRows(batch: ObservationBatch, strings: readonly string[]): void {
    const firings = this.#firer.fire(batch, strings)
    const ran = this.#runRows(firings)
    this.#firings += ran
    if (this.done) this.#lastTicks = firings.ticks[ran - 1] ?? this.#lastTicks
  }

  /** The time of a batch's last row: END fires then. */
  #lastOf(batch: ObservationBatch): number {
    if (this.#plan.order === 'time') return batch.ticks[batch.length - 1] ?? this.#lastTicks
    if (!this.#plan.probes.has(END_ID)) return this.#lastTicks
    let last = this.#lastTicks
    for (let i = 0; i < batch.length; i++) last = Math.max(last, batch.ticks[i] as number)
    return last
  }

  #fireOwn(id: number): void {
    if (!this.#plan.probes.has(id)) return
    this.#firings += this.#runOwn(this.#ownFiring(id))
  }

  #ownFiring(id: number): FiringBatch {
    const owner = { execname: 'dtrace', pid: this.#options.consumer?.pid ?? 0 }
    return ownFiring(id, this.#lastTicks, owner)
  }

  #fireTimed(ticks: number): void {
    this.#lastTicks = ticks
    const timed: TimedProbe | undefined = this.#schedule.take()
    assert(timed !== undefined, 'a due time without a probe')
    this.#firings +=
      timed.kind === 'tick'
        ? this.#runOwn(tickFiring(timed.probe.id, ticks))
        : this.#runRows(contextFirings(timed.probe.id, ticks, this.#firer.contexts()))
  }

  // Runs one firing; what finds no room there is known to be of its pcpu.
  #runOwn(firing: FiringBatch): number {
    const before = this.#engine.drops().aggregation
    const ran = this.#engine.run(firing, 0, 1)
    const dropped = this.#engine.drops().aggregation - before
    if (dropped > 0) {
      const pcpu = firing.cpu[0] ?? 0
      this.#aggregationDrops.set(pcpu, (this.#aggregationDrops.get(pcpu) ?? 0) + dropped)
    }
    return ran
  }

  // Runs a batch; of one pcpu alone, its rows of that pcpu.
  #runRows(firings: FiringBatch): number {
    const { length } = firings
    if (this.#cpu === undefined) return this.#engine.run(firings, 0, length)
    for (let row = 0; row < length; row++) {
      if (firings.cpu[row] !== this.#cpu) continue
      this.#engine.run(firings, row, row + 1)
      if (this.done) return row + 1
    }
    return length
  }

  *#drops(loss: Loss | undefined): Iterable<DropRecord> {
    const { aggregation, dynamic } = this.#engine.drops()
    let elsewhere = aggregation
    for (const [cpu, count] of this.#aggregationDrops) {
      yield { kind: 'drop', what: 'aggregation', count, cpu }
      elsewhere -= count
    }
    const counts = [
      ['aggregation', elsewhere],
      ['dynamic', dynamic],
      ['error-in-error', this.#effects.doubleFaults],
      ['records-lost', loss?.records ?? 0],
      ['bytes-lost', loss?.bytes ?? 0],
    ] as const
    yield* this.#effects.drops()
    for (const [what, count] of counts) if (count > 0) yield { kind: 'drop', what, count }
  }
}

/** What changes the system runs only with -w. */
function refuseDestructive(program: Program, options: ReadonlyMap<string, string>): void {
  if (isOn(options.get('destructive'))) return
  if (!program.clauses.some((clause) => clause.statements.some(isDestructive))) return
  const message = 'could not enable tracing: Destructive actions not allowed'
  throw new XpvError('dtrace.enabling', message, 'dtrace -w allows them')
}

/** Runs a program over everything a machine lets see, at once. */
export function runProgram(
  program: Program,
  machine: Machine,
  catalog: ProbeCatalog,
  options: RunOptions = {},
): RunResult {
  return withRun({ program, machine, catalog, options }, (run, stream, needed) => {
    let interrupted = false
    run.begin()
    while (needed && !run.done && !interrupted) {
      const batch = stream.next()
      if (batch === undefined) break
      run.feed(batch, stream.strings)
      interrupted = options.shouldStop?.() === true
    }
    return run.end(interrupted, stream.loss)
  })
}

/** The same with pauses, in which a terminal can hear Ctrl-C. */
export async function runProgramAsync(
  program: Program,
  machine: Machine,
  catalog: ProbeCatalog,
  options: RunOptions & { pause(soFar: () => readonly AggregationSnapshot[]): Promise<void> },
): Promise<RunResult> {
  return withRun({ program, machine, catalog, options }, async (run, stream, needed) => {
    let interrupted = false
    let rows = 0
    const breathe = async (): Promise<void> => {
      rows = 0
      await options.pause(() => run.aggregations)
      interrupted = options.shouldStop?.() === true
    }
    run.begin()
    while (needed && !run.done && !interrupted) {
      const batch = stream.next()
      if (batch === undefined) break
      for (const _ of run.steps(batch, stream.strings)) {
        await breathe()
        if (interrupted) break
      }
      rows += batch.length
      if (rows >= PAUSE_ROWS) await breathe()
    }
    return run.end(interrupted || options.shouldStop?.() === true, stream.loss)
  })
}

interface RunInput {
  readonly program: Program
  readonly machine: Machine
  readonly catalog: ProbeCatalog
  readonly options: RunOptions
}

function withRun<T extends RunResult | Promise<RunResult>>(
  { program, machine, catalog, options }: RunInput,
  body: (run: ProgramRun, stream: ObservationStream, needed: boolean) => T,
): T {
  const plan = planRun(program, catalog, options)
  const stream = machine.observe((code) => plan.wants(code), { order: plan.order })
  let result: T
  try {
    const run = new ProgramRun(program, catalog, stream.clock, options, plan)
    result = body(run, stream, plan.needsStream)
  } catch (e) {
    stream.close()
    throw e
  }
  if (!(result instanceof Promise)) stream.close()
  else result.then(() => stream.close()).catch(() => stream.close())
  return result
}

function makeEngine(kind: 'generated' | 'interpreter', parts: EngineParts): Engine {
  if (kind === 'interpreter') return new Interpreter(parts)
  try {
    return generateEngine(parts)
  } catch (e) {
    // node --disallow-code-generation-from-strings: slower, the same answers.
    if (e instanceof EvalError) return new Interpreter(parts)
    throw e
  }
}
