// What clauses do to the world: records to the sink, faults to the ERROR probe, exit() to the run.
//
// Source: illumos dtrace.c (dtrace_probe, dtrace_probe_error): a fault drops the clause's record
// and fires ERROR before the next clause; a fault within ERROR is only counted. After exit() no
// further clause runs but those of ERROR and END; of several exits the last one gives the status.
import { ERROR_ID } from '../probe/catalog.js'
import { allocateFirings, type FiringBatch } from '../probe/firing.js'
import type { OutputRecord, RecordItem } from '../program/record.js'
import type { Effects, Engine, Fault, Place } from './engine.js'

/** What effects need of the run they belong to. */
export interface RunSide {
  readonly sink: (record: OutputRecord) => void
  /** Time of a record, undefined without a clock rate. */
  readonly timeNs: (ticks: number) => number | undefined
  readonly errorEnabled: boolean
}

/** The effects of one run. */
export class RunEffects implements Effects {
  stopped = false
  status = 0
  exited = false
  /** Ids of aggregations that some printa() printed. */
  readonly printed = new Set<number>()
  /** Faults within ERROR clauses. */
  doubleFaults = 0
  /** Once END fires, exit() no longer stops anything. */
  ending = false
  readonly #side: RunSide
  #engine: Engine | undefined

  constructor(side: RunSide) {
    this.#side = side
  }

  /** Says which engine runs the ERROR clauses. */
  attach(engine: Engine): void {
    this.#engine = engine
  }

  record({ ecb, batch, row }: Place, items: readonly RecordItem[]): void {
    for (const item of items) {
      if (item.kind !== 'printa') continue
      for (const { decl, groups } of item.aggregations) {
        if (groups.length > 0) this.printed.add(decl.id)
      }
    }
    this.#side.sink({
      kind: 'firing',
      epid: ecb.epid,
      probe: ecb.probe,
      cpu: batch.cpu[row] ?? 0,
      timeNs: this.#side.timeNs(batch.ticks[row] ?? 0),
      items,
    })
  }

  fault(place: Place, fault: Fault, action: number): void {
    const { epid, probe } = place.ecb
    if (probe.id === ERROR_ID) {
      this.doubleFaults++
      return
    }
    const { code, text } = fault
    this.#side.sink({ kind: 'fault', epid, probe, fault: code, action, text })
    if (!this.#side.errorEnabled) return
    this.#engine?.run(errorFiring(place, [0, epid, action, -1, code, 0]), 0, 1)
  }

  exit(status: number): void {
    this.status = status
    this.exited = true
    if (!this.ending) this.stopped = true
  }
}

// ERROR fires where the fault was: same cpu, thread and time, with arguments of its own.
function errorFiring({ batch, row }: Place, args: readonly number[]): FiringBatch {
  const firing = allocateFirings(1)
  firing.length = 1
  firing.strings = batch.strings
  firing.probe[0] = ERROR_ID
  const columns = ['ticks', 'pcpu', 'domid', 'vcpu', 'cpu', 'tid', 'pid', 'execname'] as const
  for (const name of columns) firing[name][0] = batch[name][row] ?? 0
  args.forEach((value, n) => {
    const column = firing.args[n]
    if (column !== undefined) column[0] = BigInt(value)
  })
  return firing
}
