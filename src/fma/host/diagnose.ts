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
  const reading = await readTelemetry(name, bytes, options)
  const source = new FileSource()
  source.add(reading)
  const host = fileHost({ name, topology: reading.topology, source, options })
  const management = new FaultManagement(host)
  management.wake()
  return management
}

/** What a file of telemetry is as a host. */
export function fileHost(of: {
  readonly name: string
  readonly topology: Topology
  readonly source: FileSource
  readonly options: DiagnosisOptions & { readonly seed?: number }
  /** Where what is known is kept. */
  readonly kept?: Pick<ManagedHost, 'logs' | 'begin' | 'taken'>
}): ManagedHost {
  const { name, topology, source, options, kept = {} } = of
  return {
    ...kept,
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

/** The ereports of files, one file after the other, some at a time. */
export class FileSource implements EreportSource {
  readonly gaps = []
  readonly #accounts: TelemetryAccount[] = []
  #ereports: Iterator<Ereport> | undefined
  #nowNs = 0n
  #taken = 0
  /** Of all ereports that were read, those taken before too. */
  readonly classes = new Set<string>()

  /** Goes on with a file, of which so many ereports were taken before. */
  add({ ereports, account }: TelemetryReading, takenBefore = 0): void {
    this.#accounts.push(account)
    this.#ereports = ereports[Symbol.iterator]()
    for (let i = 0; i < takenBefore; i++) if (this.#next() === undefined) break
  }

  get accounts(): readonly TelemetryAccount[] {
    return this.#accounts
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
      const timed = this.#next()
      if (timed === undefined) break
      found.push(timed)
    }
    this.#taken += found.length
    return found
  }

  #next(): TimedEreport | undefined {
    const { value: ereport, done } = this.#ereports?.next() ?? { done: true, value: undefined }
    if (done === true) {
      if (this.#ereports !== undefined) this.#nowNs += AFTER_NS
      this.#ereports = undefined
      return undefined
    }
    this.classes.add(ereport.class)
    const timeNs = ereport.timeNs ?? this.#nowNs
    if (timeNs > this.#nowNs) this.#nowNs = timeNs
    return { timeNs, ereport }
  }
}
