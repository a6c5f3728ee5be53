// What clauses do to the world: records to buffers and the sink, faults to the ERROR probe, exit()
// to the run.
//
// Source: illumos dtrace.c (dtrace_probe, dtrace_probe_error): a fault drops the clause's record
// and fires ERROR before the next clause; a fault within ERROR is only counted. After exit() no
// further clause runs but those of ERROR and END; of several exits the last one gives the status.
import { XpvError } from '../../base/error.js'
import { END_ID, ERROR_ID } from '../probe/catalog.js'
import { allocateFirings, type FiringBatch } from '../probe/firing.js'
import { optionMistake } from '../program/options.js'
import type { Program } from '../program/program.js'
import type { DropRecord, OutputRecord, RecordItem } from '../program/record.js'
import { speculates } from '../program/statements.js'
import { PrincipalBuffers } from './buffers.js'
import {
  type Ecb,
  type Effects,
  type Engine,
  type Fault,
  NO_ELEMENT,
  type Place,
} from './engine.js'
import type { BufferOptions } from './options.js'
import { type RecordSize, recordSize } from './record-size.js'
import { type Recorded, Speculations, type WaitingRecord } from './speculations.js'

/** What effects need of the run they belong to. */
export interface RunSide {
  readonly program: Program
  readonly ecbs: readonly Ecb[]
  readonly buffers: BufferOptions
  readonly sink: (record: OutputRecord) => void
  /** Time of a record, undefined without a clock rate. */
  readonly timeNs: (ticks: number) => number | undefined
  readonly errorEnabled: boolean
}

/** The fault of what the consumer of records was asked to do and could not. */
const CONSUMER_FAULT = 1000
const SIZE_NONE: RecordSize = { stored: 0, needed: 0 }

/** The effects of one run. */
export class RunEffects implements Effects {
  readonly asks: boolean
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
  /** By place of the clause. */
  readonly #sizes: readonly RecordSize[]
  readonly #buffers: PrincipalBuffers
  readonly #speculations: Speculations
  #engine: Engine | undefined

  /** Throws `XpvError` `dtrace.enabling` when what the program records can never fit. */
  constructor(side: RunSide) {
    this.#side = side
    this.#sizes = side.program.clauses.map((c) => recordSize(c, side.program, side.buffers))
    const atEnd = side.ecbs.filter((ecb) => ecb.probe.id === END_ID)
    const reserve = atEnd.reduce((sum, { clause }) => sum + this.#size(clause).needed + 8, 0)
    refuseTooSmall(side, this.#sizes, reserve)
    this.#buffers = new PrincipalBuffers(side.buffers, reserve)
    this.#speculations = new Speculations(side.buffers)
    const most = side.ecbs.reduce((sum, { clause }) => sum + this.#size(clause).needed + 8, 0)
    this.asks = side.buffers.policy !== 'switch' || most > side.buffers.bufsize - 8
  }

  /** Says which engine runs the ERROR clauses. */
  attach(engine: Engine): void {
    this.#engine = engine
  }

  admits(place: Place): boolean {
    const fits = this.#buffers.admits(place, this.#size(place.ecb.clause), this.ending)
    if (this.#buffers.full && !this.ending) this.stopped = true
    return fits
  }

  record(place: Place, items: readonly Recorded[], speculation?: bigint): void {
    const { ecb, batch, row } = place
    const size = this.#size(ecb.clause)
    const { epid, probe } = ecb
    const timeNs = this.#side.timeNs(batch.ticks[row] ?? 0)
    const record = { kind: 'firing', epid, probe, cpu: batch.cpu[row] ?? 0, timeNs, items } as const
    if (speculation !== undefined) this.#speculations.add(speculation, record, size)
    else this.#emit(place, record, size)
  }

  fault(place: Place, fault: Fault, action: number): void {
    if (fault === NO_ELEMENT) return
    const { epid, probe, description: clause } = place.ecb
    if (probe.id === ERROR_ID) {
      this.doubleFaults++
      return
    }
    const { code, text, value } = fault
    const told = { kind: 'fault', epid, probe, clause, fault: code, action, text } as const
    this.#side.sink(value === undefined ? told : { ...told, value })
    if (!this.#side.errorEnabled) return
    const where =
      this.#side.buffers.dialect === 'linux' ? [probe.id, clause, action] : [epid, action, -1]
    this.#engine?.run(errorFiring(place, [0, ...where, code, value ?? 0]), 0, 1)
  }

  exit(status: number): void {
    this.status = status
    this.exited = true
    if (!this.ending) this.stopped = true
  }

  speculation(): number {
    return this.#speculations.take()
  }

  speculate({ ecb, batch, row }: Place, id: bigint): boolean {
    return this.#speculations.admits(id, batch.cpu[row] ?? 0, this.#size(ecb.clause))
  }

  overflow(): void {
    this.#speculations.drop()
  }

  commit(place: Place, id: bigint): void {
    const timeNs = this.#side.timeNs(place.batch.ticks[place.row] ?? 0)
    for (const record of this.#speculations.commit(id))
      this.#emit(place, { ...record, timeNs }, SIZE_NONE)
  }

  discard(id: bigint): void {
    this.#speculations.discard(id)
  }

  /** What buffers of policy ring still hold, in order. */
  *left(): Iterable<OutputRecord> {
    yield* this.#buffers.left()
  }

  /** What found no room, or no buffer to speculate in. */
  *drops(): Iterable<DropRecord> {
    for (const [cpu, count] of [...this.#buffers.drops].sort(([a], [b]) => a - b))
      yield { kind: 'drop', what: 'principal', count, cpu }
    const { drops, unavailable } = this.#speculations
    if (drops > 0) yield { kind: 'drop', what: 'speculation', count: drops }
    if (unavailable > 0) yield { kind: 'drop', what: 'speculation-unavailable', count: unavailable }
  }

  #size(clause: number): RecordSize {
    return this.#sizes[clause] ?? SIZE_NONE
  }

  #emit(place: Place, waiting: WaitingRecord, size: RecordSize): void {
    const items = waiting.items.flatMap((item) =>
      typeof item === 'function' ? (item() ?? []) : item,
    )
    for (const item of items) this.#note(item)
    const refused = items.map((item) => this.#refusal(item))
    const done = items.filter((_, i) => refused[i] === undefined)
    const record = this.#buffers.add(place, { ...waiting, items: done }, size)
    if (record === undefined) return
    this.#side.sink(record)
    const { epid, probe, description: clause } = place.ecb
    const fault = { kind: 'fault', fault: CONSUMER_FAULT, action: -1 } as const
    for (const text of refused)
      if (text !== undefined) this.#side.sink({ ...fault, epid, probe, clause, text })
  }

  #note(item: RecordItem): void {
    if (item.kind !== 'printa') return
    for (const { decl, groups } of item.aggregations) {
      if (groups.length > 0) this.printed.add(decl.id)
    }
  }

  // setopt() of an option that is none, or that cannot change any more.
  #refusal(item: RecordItem): string | undefined {
    if (item.kind !== 'setopt') return undefined
    const { option, value = '1' } = item
    const { dialect } = this.#side.buffers
    const mistake = optionMistake(option, value, { dialect, from: 'setopt' })
    // DTrace ends this message with a newline of its own: an empty line follows it.
    return mistake && `couldn't set option "${option}" to "${value}": ${mistake}\n`
  }
}

/** On Linux, a head before each record, and the record of the probe that tells of faults: room for
 *  these there must be. */
const PERF_HEAD = 8
const ERROR_RECORD = 56

function refuseTooSmall(
  { buffers: { policy, bufsize, specsize, dialect }, program }: RunSide,
  sizes: readonly RecordSize[],
  reserve: number,
): void {
  const refuse = (why: string): never => {
    throw new XpvError('dtrace.enabling', `could not enable tracing: ${why}`)
  }
  const none = dialect === 'linux' ? 1 : 8
  const most = Math.max(0, ...sizes.map(({ needed }) => needed))
  // Linux needs room for the largest record; illumos drops what finds none.
  const least = dialect === 'linux' ? PERF_HEAD + Math.max(most, ERROR_RECORD) : most > 0 ? none : 0
  if (bufsize < least || (specsize < none && program.clauses.some(speculates)))
    refuse('Enabling exceeds size of buffer')
  if (policy === 'fill' && reserve > 0 && bufsize - (bufsize % 8) < reserve)
    refuse('END enablings exceed size of principal buffer')
}

// ERROR fires where the fault was: same cpu, thread and time, with arguments of its own.
function errorFiring({ batch, row }: Place, args: readonly (number | bigint)[]): FiringBatch {
  const firing = allocateFirings(1)
  firing.length = 1
  firing.strings = batch.strings
  firing.probe[0] = ERROR_ID
  const columns = ['ticks', 'pcpu', 'domid', 'vcpu', 'cpu', 'tid', 'pid', 'execname'] as const
  for (const name of columns) firing[name][0] = batch[name][row] ?? 0
  args.forEach((value, n) => {
    const column = firing.args[n]
    if (column !== undefined) column[0] = BigInt.asIntN(64, BigInt(value))
  })
  return firing
}
