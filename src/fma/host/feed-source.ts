// FeedSource: the telemetry of a host as ereports, in the order in which it came, with an account
// of what the records did not say.
//
//   machine checks from the n-th on  \
//   PCI errors from the m-th on       ->  ereports, each with the time at which it was noticed
//
// Holds: each record is handed over once; where a fork of the host goes on is two numbers.

import type { HostAccess } from '../../machine/host-access.js'
import type {
  MachineCheckRecord,
  PciErrorRecord,
  TelemetryFeed,
  TelemetryGap,
} from '../../machine/telemetry.js'
import type { Ereport } from '../event/ereport.js'
import type { TelemetryAccount } from '../telemetry/account.js'
import { machineCheckEreports } from '../telemetry/machine-check.js'
import { noteMachineCheck } from '../telemetry/machine-check-losses.js'
import { pciEreports } from '../telemetry/pci/pci-ereports.js'
import { notePciLosses } from '../telemetry/pci/pci-look.js'
import { Unknowns } from '../telemetry/unknowns.js'
import type { Topology } from '../topo/topology.js'
import type { EreportSource, TimedEreport } from './fault-management.js'

/** What ereports of a host rest on. */
export interface FeedSourceParts {
  readonly access: HostAccess
  readonly topology: () => Topology
  /** When the host booted, in nanoseconds since 1970. */
  readonly bootNs: bigint
  /** Records that somebody else has had already. */
  readonly position?: readonly number[] | undefined
}

const NO_FEED: readonly TelemetryGap[] = (['machine-check', 'pci'] as const).map((kind) => ({
  ...{ kind, extent: 'all' },
  reason: 'nothing that was kept of this host tells of its errors',
}))

const HOLLOW =
  'an interrupt (VIRQ_MCA) told dom0 of a machine check, and the hypervisor had no record of one'

/** The telemetry of one host. */
export class FeedSource implements EreportSource {
  readonly #parts: FeedSourceParts
  readonly #feed: TelemetryFeed | undefined
  readonly #unknowns = new Unknowns()
  #checks: number
  #pci: number
  #ereports = 0

  constructor(parts: FeedSourceParts) {
    this.#parts = parts
    this.#feed = parts.access.telemetry
    const [checks = 0, pci = 0] = parts.position ?? []
    this.#checks = checks
    this.#pci = pci
  }

  get position(): readonly number[] {
    return [this.#checks, this.#pci]
  }

  get gaps(): readonly TelemetryGap[] {
    return this.#feed?.gaps ?? NO_FEED
  }

  get accounts(): readonly TelemetryAccount[] {
    if (this.#feed === undefined) return []
    const account = this.#unknowns.account('the host itself', this.#ereports)
    const { hollowInterrupts: count } = this.#feed
    const hollow = count === 0 ? [] : [{ what: 'record', count, reason: HOLLOW }]
    return [{ ...account, unknown: [...account.unknown, ...hollow] }]
  }

  next(): readonly TimedEreport[] {
    const checks = this.#feed?.machineChecks(this.#checks) ?? []
    const pci = this.#feed?.pciErrors(this.#pci) ?? []
    if (checks.length === 0 && pci.length === 0) return []
    this.#checks += checks.length
    this.#pci += pci.length
    const found = [
      ...checks.map((record) => this.#timed(record.atNs, this.#ofChecks(record))),
      ...pci.map((record) => this.#timed(record.atNs, this.#ofPci(record))),
    ]
    return found.sort((a, b) => a.atNs - b.atNs).flatMap(({ ereports }) => ereports)
  }

  #timed(atNs: number, ereports: readonly Ereport[]) {
    this.#ereports += ereports.length
    const timeNs = this.#parts.bootNs + BigInt(Math.trunc(atNs))
    return { atNs, ereports: ereports.map((ereport) => ({ timeNs, ereport })) }
  }

  #ofChecks(record: MachineCheckRecord): readonly Ereport[] {
    const { access, bootNs } = this.#parts
    const { processor } = access.hypervisor()
    const topology = this.#parts.topology()
    const vendor = processor.kind === 'known' ? processor.value.vendor : undefined
    noteMachineCheck(record, { unknowns: this.#unknowns, topology, vendor })
    return machineCheckEreports(record, { topology, vendor, bootNs })
  }

  #ofPci(record: PciErrorRecord): readonly Ereport[] {
    const { bootNs } = this.#parts
    const topology = this.#parts.topology()
    notePciLosses(record, { unknowns: this.#unknowns, topology })
    return pciEreports(record, { topology, bootNs })
  }
}
