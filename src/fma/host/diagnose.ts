// Diagnose: fault management over telemetry without a machine: a file of somebody else's errors.
//
//   diagnose('mcelog.bin', bytes, { everyNs: 19_000_000_000n })  ->  cases, logs, an account
//
// Holds: there is nothing to act upon, and the agents are told so. Once the telemetry is over, time
// goes on for as long as whoever still waits needs to make up his mind.
import type { Ereport } from '../event/ereport.js'
import type { TelemetryAccount } from '../telemetry/account.js'
import { readTelemetry } from '../telemetry/read.js'
import type { ReadingOptions, TelemetryReading } from '../telemetry/reading.js'
import type { Topology } from '../topo/topology.js'
import {
  type EreportSource,
  FaultManagement,
  type ManagedHost,
  type TimedEreport,
} from './fault-management.js'
import { type DiagnosisOptions, standardModules } from './standard-modules.js'

/** What telemetry means, and by what it is diagnosed. */
export interface DiagnoseOptions extends ReadingOptions, DiagnosisOptions {
  /** Of uuids; 1 when absent. */
  readonly seed?: number
}

/** Ereports that are taken between two looks around. */
const BATCH = 1024
/** Longer than any hypothesis waits for an ereport that is still to come. */
const AFTER_NS = 600_000_000_000n

/** Diagnoses one file. Throws what `readTelemetry` throws. */
export async function diagnose(
  name: string,
  bytes: Uint8Array,
  options: DiagnoseOptions = {},
): Promise<FaultManagement> {
  const management = managementOf(name, await readTelemetry(name, bytes, options), options)
  management.wake()
  return management
}

function managementOf(
  name: string,
  reading: TelemetryReading,
  options: DiagnoseOptions,
): FaultManagement {
  const source = new FileSource(reading)
  return new FaultManagement(fileHost({ name, topology: reading.topology, source, options }))
}

/** What a file of telemetry is as a host. */
export function fileHost(of: {
  readonly name: string
  readonly topology: Topology
  readonly source: FileSource
  readonly options: DiagnoseOptions
}): ManagedHost {
  const { name, topology, source, options } = of
  return {
    name,
    seed: options.seed ?? 1,
    topology: () => topology,
    modules: () => standardModules(options),
    source,
    now: () => source.nowNs,
    wakeAt: () => {},
    act: (what, ended) => {
      if (what.kind === 'tell') ended({ kind: 'done' })
      else ended({ kind: 'refused', error: 'ENODEV', why: 'there is telemetry here, no machine' })
    },
  }
}

/** The ereports of a file, some at a time. */
export class FileSource implements EreportSource {
  readonly accounts: readonly TelemetryAccount[]
  readonly gaps = []
  readonly #ereports: Iterator<Ereport>
  #nowNs = 0n
  #taken = 0

  constructor({ ereports, account }: TelemetryReading) {
    this.accounts = [account]
    this.#ereports = ereports[Symbol.iterator]()
  }

  get position(): readonly number[] {
    return [this.#taken]
  }

  /** When the last one came; once all have come, long enough afterwards. */
  get nowNs(): bigint {
    return this.#nowNs
  }

  next(): readonly TimedEreport[] {
    const found: TimedEreport[] = []
    while (found.length < BATCH) {
      const { value, done } = this.#ereports.next()
      if (done === true) break
      const timeNs = value.timeNs ?? this.#nowNs
      if (timeNs > this.#nowNs) this.#nowNs = timeNs
      found.push({ timeNs, ereport: value })
    }
    this.#taken += found.length
    if (found.length === 0 && !this.#isOver) this.#end()
    return found
  }

  #isOver = false

  #end(): void {
    this.#isOver = true
    this.#nowNs += AFTER_NS
  }
}
