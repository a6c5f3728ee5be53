// LogCounts: the logs of a run of `xpv fmd` that nobody keeps: what is in them is counted and gone.
//
// Holds: memory does not grow with them.
import type { LogRecord } from '../fma/fmd/input.js'
import type { FaultLogs } from '../fma/host/fault-management.js'
import { isOfTelemetry } from './fmd-folder.js'

/** Counts ereports. */
export class LogCounts implements FaultLogs {
  /** Of telemetry, that were logged. */
  ereports = 0

  append(records: readonly LogRecord[]): void {
    for (const record of records) if (isOfTelemetry(record)) this.ereports++
  }

  records(): readonly LogRecord[] {
    return []
  }
}
