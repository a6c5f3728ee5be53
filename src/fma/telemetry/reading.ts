// Reading: the ereports of a source and its account.
//
//   records  ->  [what is unknown, places, times]  ->  ereports in the order of their times
//
// Holds: the account is whole before the first ereport is made; ereports are made as they are asked
// for, and as often as asked for.
import { assertNever } from '../../base/assert.js'
import type { Ereport } from '../event/ereport.js'
import { type Topology, topoProperty } from '../topo/topology.js'
import type { TelemetryAccount } from './account.js'
import { machineCheckEreports } from './machine-check.js'
import { MORE_ERRORS, NO_ADDRESS, NO_DIMM, noteMachineCheck } from './machine-check-losses.js'
import type { ProcessorVendor } from './memory-ereport.js'
import { hasDimm, memoryErrorEreport } from './memory-error.js'
import { momentOf } from './pci/fabric-ereports.js'
import { lookEreports, noteLook } from './pci/pci-look.js'
import { bootOf, type PlacedTime, RecordTimes, type TimeOptions } from './record-times.js'
import type { SourceRecord, TelemetrySource } from './source.js'
import {
  assumedHost,
  givenHost,
  type HostTexts,
  type TelemetryHost,
  telemetryHost,
} from './telemetry-host.js'
import { Unknowns } from './unknowns.js'

/** What is known besides the source. */
export interface ReadingOptions extends TimeOptions {
  /** Of the host that the telemetry is of; without it, what the telemetry speaks of is all there
   *  is. */
  readonly topology?: Topology | undefined
  /** The topology is what somebody says, nothing that was captured: the account says so. */
  readonly isTopologyAssumed?: boolean
}

/** What a source says. */
export interface TelemetryReading {
  /** Times never decrease. */
  readonly ereports: Iterable<Ereport>
  readonly account: TelemetryAccount
  /** That which was given, or what the source speaks of. */
  readonly topology: Topology
  /** It tells dates: its times are those of a clock. */
  readonly isDated: boolean
  /** Between which times it tells of errors; undefined where it tells of none. */
  readonly span: { readonly fromNs: bigint; readonly untilNs: bigint } | undefined
}

/** Reads a source of a host. Throws XpvError `fma.no-time`. */
export function readingOf(
  name: string,
  source: TelemetrySource,
  options: TimeOptions & { readonly host: TelemetryHost },
): TelemetryReading {
  const { host } = options
  const { topology } = host
  const vendor = vendorOf(topology)
  const records = (): Iterable<SourceRecord> => source.records(new Unknowns())
  const tiedNs = bootOf(records())
  const survey = new Survey({ host, vendor })
  const times = new RecordTimes(options, tiedNs)
  for (const record of source.records(survey.unknowns)) {
    survey.take(record, times.next(record))
  }
  survey.end(options)
  const making = { topology, vendor, bootNs: tiedNs ?? survey.firstNs ?? 0n }
  const timed = (): Iterable<TimedRecord> => {
    const found = timedRecords(records(), new RecordTimes(options, tiedNs))
    return survey.isOrdered ? found : inOrder(found)
  }
  return {
    ereports: {
      *[Symbol.iterator]() {
        for (const record of timed()) yield* ereportsOf(record, making)
      },
    },
    account: survey.unknowns.account(`${name} (${source.format})`, survey.ereports),
    topology,
    isDated: survey.isDated,
    span: survey.span,
  }
}

/** The host of sources: that which is given, if there is anything in it. */
export function hostOf(
  sources: readonly TelemetrySource[],
  texts: HostTexts,
  { topology, isTopologyAssumed }: ReadingOptions,
): TelemetryHost {
  if (topology !== undefined && topology.roots.length > 0)
    return isTopologyAssumed === true ? assumedHost(topology) : givenHost(topology)
  return telemetryHost(sources, texts)
}

interface TimedRecord {
  readonly record: SourceRecord
  readonly placed: PlacedTime
}

function* timedRecords(records: Iterable<SourceRecord>, times: RecordTimes): Iterable<TimedRecord> {
  for (const record of records) yield { record, placed: times.next(record) }
}

function inOrder(records: Iterable<TimedRecord>): readonly TimedRecord[] {
  const order = (a: TimedRecord, b: TimedRecord): number => {
    const before = a.placed.timeNs - b.placed.timeNs
    return before < 0n ? -1 : before > 0n ? 1 : 0
  }
  return [...records].sort(order)
}

/** What ereports are made with. */
interface Making {
  readonly topology: Topology
  readonly vendor: ProcessorVendor | undefined
  readonly bootNs: bigint
}

function ereportsOf({ record, placed }: TimedRecord, making: Making): readonly Ereport[] {
  const { topology, bootNs } = making
  const { timeNs, from } = placed
  const timeAssumed = from === 'assumed'
  switch (record.kind) {
    case 'machine-check': {
      const vendor = making.vendor ?? record.vendor
      const looked = { ...record.record, atNs: Number(timeNs - bootNs) }
      return machineCheckEreports(looked, { topology, vendor, bootNs, timeAssumed })
    }
    case 'memory':
      return [memoryErrorEreport(record.error, { topology, timeNs, timeAssumed })]
    case 'pci': {
      const moment = momentOf(timeNs - bootNs, timeNs)
      const ereports = lookEreports(record.look, moment, topology)
      return timeAssumed ? ereports.map((ereport) => assumed(ereport, timeNs)) : ereports
    }
    case 'ereport':
      return [timeAssumed ? assumed(record.ereport, timeNs) : { ...record.ereport, timeNs }]
    default:
      return assertNever(record)
  }
}

function assumed(ereport: Ereport, timeNs: bigint): Ereport {
  const payload = new Map(ereport.payload).set('time_assumed', { kind: 'boolean', value: true })
  return { ...ereport, timeNs, payload }
}

function vendorOf(topology: Topology): ProcessorVendor | undefined {
  for (const node of topology.nodes()) {
    if (node.name !== 'chip') continue
    const name = topoProperty(node, 'vendor_id')?.value
    return name === 'AuthenticAMD' ? 'amd' : name === 'GenuineIntel' ? 'intel' : undefined
  }
  return undefined
}

const NO_DATE = 'when the host started, or in which year, is not told: times count from there'
const NO_PCPU = 'a driver of a memory controller does not say who met an error'

/** What one walk through all records finds, before any ereport is made. */
class Survey {
  readonly unknowns = new Unknowns()
  /** How many there will be. */
  ereports = 0
  /** The earliest time. */
  firstNs: bigint | undefined
  /** Times never decreased. */
  isOrdered = true
  #lastNs: bigint | undefined
  /** Some record has a date. */
  isDated = false
  #untimed = 0
  /** Some of them were assumed to be at other times than others. */
  #isSpaced = false
  #hasPcpus = false
  #hasFunctions = false
  #untilNs: bigint | undefined
  readonly #host: TelemetryHost
  readonly #vendor: ProcessorVendor | undefined

  constructor({ host, vendor }: { host: TelemetryHost; vendor: ProcessorVendor | undefined }) {
    this.#host = host
    this.#vendor = vendor
  }

  get span(): TelemetryReading['span'] {
    const [fromNs, untilNs] = [this.firstNs, this.#untilNs]
    return fromNs === undefined || untilNs === undefined ? undefined : { fromNs, untilNs }
  }

  take(record: SourceRecord, { timeNs, from }: PlacedTime): void {
    if (this.#lastNs !== undefined && timeNs < this.#lastNs) this.isOrdered = false
    if (this.firstNs === undefined || timeNs < this.firstNs) this.firstNs = timeNs
    if (this.#untilNs === undefined || timeNs > this.#untilNs) this.#untilNs = timeNs
    const isApart = timeNs !== this.#lastNs
    this.#lastNs = timeNs
    if (from === 'date') this.isDated = true
    if (from === 'assumed') {
      if (this.#untimed > 0 && isApart) this.#isSpaced = true
      this.#untimed += 1
    }
    if (from === 'boot') this.unknowns.add('time', NO_DATE)
    this.ereports += this.#note(record)
  }

  /** All records were taken. */
  end({ everyNs }: TimeOptions): void {
    const { pcpus, functions } = this.#host.assumed
    const assumed = [...(this.#hasPcpus ? pcpus : []), ...(this.#hasFunctions ? functions : [])]
    for (const what of assumed) this.unknowns.add('place', what, undefined)
    if (this.#untimed === 0) return
    const reason = 'a record does not say when it was'
    const apart = this.#isSpaced ? `; ${Number(everyNs) / 1e9} s apart was assumed` : ''
    this.unknowns.add('time', `${reason}${apart}`, this.#untimed)
  }

  /** Notes what a record does not say; how many ereports it makes. */
  #note(record: SourceRecord): number {
    const { unknowns } = this
    switch (record.kind) {
      case 'machine-check': {
        this.#hasPcpus = true
        const { topology } = this.#host
        const vendor = this.#vendor ?? record.vendor
        return noteMachineCheck(record.record, { unknowns, topology, vendor })
      }
      case 'memory': {
        const { count, physaddr } = record.error
        if (count > 1) unknowns.add('count', MORE_ERRORS, count - 1)
        if (physaddr === undefined) unknowns.add('address', NO_ADDRESS)
        unknowns.add('pcpu', NO_PCPU)
        if (!hasDimm(record.error, this.#host.topology)) unknowns.add('dimm', NO_DIMM)
        return 1
      }
      case 'pci': {
        this.#hasFunctions = true
        const { topology } = this.#host
        noteLook(record.look, { unknowns, topology })
        return lookEreports(record.look, momentOf(0n, 0n), topology).length
      }
      case 'ereport':
        return 1
      default:
        return assertNever(record)
    }
  }
}
