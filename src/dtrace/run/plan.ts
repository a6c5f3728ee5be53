// What a run needs before it has a clock: which probes, which firer, which observations.

import type { ObservationOrder } from '../../machine/observation.js'
import { BEGIN_ID, END_ID, ERROR_ID, type ProbeCatalog } from '../probe/catalog.js'
import type { ProbeId } from '../probe/description.js'
import { createFirer } from '../probe/firer.js'
import type { Firer, FiringNeeds } from '../probe/firing.js'
import type { Program } from '../program/program.js'
import { enableProgram } from './enabling.js'
import type { Ecb } from './engine.js'
import { onlyCpu, settingsOf } from './options.js'
import { orderOf } from './order.js'
import { type TimedProbe, timedProbes } from './schedule.js'
import { argsRead, columnsRead, readsTime } from './walk.js'

/** Makes a firer for some probes of a catalog. */
export type FirerMaker = (
  catalog: ProbeCatalog,
  enabled: ReadonlySet<ProbeId>,
  needs: FiringNeeds,
) => Firer

/** Everything about a run that follows from its program and catalog. */
export interface Plan {
  readonly program: Program
  readonly ecbs: readonly Ecb[]
  /** Ids of all enabled probes. */
  readonly probes: ReadonlySet<number>
  readonly timed: readonly TimedProbe[]
  readonly firer: Firer
  /** Whether the run needs nanoseconds, and fails without a clock rate. */
  readonly needsTime: boolean
  /** Whether there is anything to read: a program of BEGIN alone reads nothing. */
  readonly needsStream: boolean
  /** The order in which observations must come. */
  readonly order: ObservationOrder
  /** The only pcpu that is traced, if one was asked for. */
  readonly cpu: number | undefined
  wants(code: number): boolean
}

/** What a plan takes of the options of a run. */
export interface PlanOptions {
  /** Options over those of the program's own pragmas. */
  readonly options?: ReadonlyMap<string, string>
  /** Makes the firer: that of the standard providers when absent. */
  readonly createFirer?: FirerMaker
}

/** Plans a run. Time probes, and an END clause that reads the time, need the stream's span: then
 *  every observation is wanted, though only for its time. */
export function planRun(
  program: Program,
  catalog: ProbeCatalog,
  { createFirer: makeFirer = createFirer, options }: PlanOptions = {},
): Plan {
  const ecbs = enableProgram(program)
  const probes = new Set(ecbs.map((ecb) => ecb.probe.id))
  const timed = timedProbes(new Set(ecbs.map((ecb) => ecb.probe)))
  const pcpu = onlyCpu(settingsOf(program, options))
  const columns = new Set(columnsRead(program))
  if (pcpu !== undefined) columns.add('cpu')
  const firer = makeFirer(catalog, probes, { args: argsRead(program), columns })
  const endReadsTime = program.clauses.some(
    (clause) => readsTime(clause) && clause.probes.some((p) => p.id === END_ID),
  )
  const wantsAll = timed.length > 0 || endReadsTime
  const own = new Set<number>([BEGIN_ID, END_ID, ERROR_ID])
  return {
    program,
    ecbs,
    probes,
    timed,
    firer,
    needsTime: timed.length > 0 || program.clauses.some(readsTime),
    needsStream: wantsAll || [...probes].some((id) => !own.has(id)),
    order: orderOf(program),
    cpu: pcpu,
    wants: (code) => wantsAll || firer.wants(code),
  }
}
