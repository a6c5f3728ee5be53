// Reading: the ereports of a source and its account.
//
//   records  ->  [what is unknown, places, times]  ->  ereports in the order of their times
//
// Holds: the account is whole before the first ereport is made; ereports are made as they are asked
// for, and as often as asked for.
import type { Ereport } from '../event/ereport.js'
import type { HcPair } from '../event/fmri-hc.js'
import { listsMember, type NvList, stringMember } from '../event/nvlist.js'
import { type Topology, topoProperty } from '../topo/topology.js'
import type { TelemetryAccount } from './account.js'
import { ImpliedTopology } from './implied-topology.js'
import { machineCheckEreports } from './machine-check.js'
import { MORE_ERRORS, NO_ADDRESS, noteMachineCheck } from './machine-check-losses.js'
import type { ProcessorVendor } from './memory-ereport.js'
import { memoryErrorEreport } from './memory-error.js'
import { bootOf, type PlacedTime, RecordTimes, type TimeOptions } from './record-times.js'
import type { SourceRecord, TelemetrySource } from './source.js'
import { Unknowns } from './unknowns.js'

/** What is known besides the source. */
export interface ReadingOptions extends TimeOptions {
  /** Of the host that the telemetry is of; without it, what the telemetry speaks of is all there
   *  is. */
  readonly topology?: Topology | undefined
}

/** What a source says. */
export interface TelemetryReading {
  /** Times never decrease. */
  readonly ereports: Iterable<Ereport>
  readonly account: TelemetryAccount
  /** That which was given, or what the source speaks of. */
  readonly topology: Topology
}

/** Reads a source. Throws XpvError `fma.no-time`. */
export function readingOf(
  name: string,
  source: TelemetrySource,
  options: ReadingOptions,
): TelemetryReading {
  const quiet = (): Iterable<SourceRecord> => source.records(new Unknowns())
  const topology = hasParts(options.topology) ? options.topology : impliedBy(quiet())
  const vendor = vendorOf(topology)
  const bootNs = bootOf(quiet())
  const unknowns = new Unknowns()
  const times = new RecordTimes(options, bootNs)
  const notes = { unknowns, topology, vendor, everyNs: options.everyNs }
  let ereports = 0
  let firstNs: bigint | undefined
  let lastNs: bigint | undefined
  let isOrdered = true
  let hasPcpus = false
  for (const record of source.records(unknowns)) {
    hasPcpus ||= record.kind === 'machine-check'
    const placed = times.next(record)
    isOrdered &&= lastNs === undefined || placed.timeNs >= lastNs
    lastNs = placed.timeNs
    if (firstNs === undefined || lastNs < firstNs) firstNs = lastNs
    ereports += note(record, placed, notes)
  }
  if (hasPcpus && topology !== options.topology) unknowns.add('place', NO_TOPOLOGY, undefined)
  const making = { topology, vendor, bootNs: bootNs ?? firstNs ?? 0n }
  const timed = (): Iterable<TimedRecord> => {
    const records = timedRecords(quiet(), new RecordTimes(options, bootNs))
    return isOrdered ? records : inOrder(records)
  }
  return {
    ereports: {
      *[Symbol.iterator]() {
        for (const record of timed()) yield* ereportsOf(record, making)
      },
    },
    account: unknowns.account(`${name} (${source.format})`, ereports),
    topology,
  }
}

const NO_TOPOLOGY =
  'which core a pcpu is was taken from its APIC id, as if each core had one thread'

const hasParts = (topology: Topology | undefined): topology is Topology =>
  topology !== undefined && topology.roots.length > 0

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
    case 'ereport':
      return [timeAssumed ? assumed(record.ereport, timeNs) : { ...record.ereport, timeNs }]
  }
}

function assumed(ereport: Ereport, timeNs: bigint): Ereport {
  const payload = new Map(ereport.payload).set('time_assumed', { kind: 'boolean', value: true })
  return { ...ereport, timeNs, payload }
}

/** The parts that records speak of. */
function impliedBy(records: Iterable<SourceRecord>): Topology {
  const implied = new ImpliedTopology()
  for (const record of records) {
    if (record.kind === 'machine-check') {
      const { pcpu } = record.record
      if (pcpu !== undefined) implied.addPcpu(pcpu, record.place)
      if (record.vendor !== undefined) implied.setVendor(record.vendor)
    } else if (record.kind === 'ereport') {
      const { detector, payload } = record.ereport
      if (detector.scheme === 'hc') implied.addPath(detector.path)
      for (const list of listsMember(payload, 'resource') ?? []) implied.addPath(pathOf(list))
    }
  }
  return implied.topology()
}

/** The path of an FMRI in an ereport; one that makes no sense is nowhere. */
const pathOf = (list: NvList): readonly HcPair[] =>
  (listsMember(list, 'hc-list') ?? []).map((pair) => {
    return { name: stringMember(pair, 'hc-name') ?? '', id: stringMember(pair, 'hc-id') ?? '' }
  })

function vendorOf(topology: Topology): ProcessorVendor | undefined {
  for (const node of topology.nodes()) {
    if (node.name !== 'chip') continue
    const name = topoProperty(node, 'vendor_id')?.value
    return name === 'AuthenticAMD' ? 'amd' : name === 'GenuineIntel' ? 'intel' : undefined
  }
  return undefined
}

/** What notes are taken with. */
interface Notes {
  readonly unknowns: Unknowns
  readonly topology: Topology
  readonly vendor: ProcessorVendor | undefined
  readonly everyNs: bigint | undefined
}

/** Notes what a record does not say; how many ereports it makes. */
function note(record: SourceRecord, { from }: PlacedTime, notes: Notes): number {
  const { unknowns, everyNs } = notes
  if (from === 'assumed') {
    const apart = everyNs === undefined ? '' : `; ${Number(everyNs) / 1e9} s apart was assumed`
    unknowns.add('time', `a record does not say when it was${apart}`)
  } else if (from === 'boot') {
    unknowns.add('time', 'times count from the start of the host, of which the date is not known')
  }
  if (record.kind === 'machine-check') {
    const vendor = notes.vendor ?? record.vendor
    return noteMachineCheck(record.record, { unknowns, vendor, topology: notes.topology })
  }
  if (record.kind === 'memory') {
    const { count, physaddr } = record.error
    if (count > 1) unknowns.add('count', MORE_ERRORS, count - 1)
    if (physaddr === undefined) unknowns.add('address', NO_ADDRESS)
    unknowns.add('pcpu', 'a driver of a memory controller does not say who met an error')
  }
  return 1
}
