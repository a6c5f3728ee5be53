// LogStore: the logs of one fault management, kept in memory.
//
// Holds: records keep the order in which they came.
import type { LogName, LogRecord } from '../fmd/input.js'
import type { FaultLogs } from './fault-management.js'

/** Logs in memory. */
export class LogStore implements FaultLogs {
  readonly #records: LogRecord[]

  constructor(records: readonly LogRecord[] = []) {
    this.#records = [...records]
  }

  append(records: readonly LogRecord[]): void {
    for (const record of records) this.#records.push(record)
  }

  /** The records of one log, oldest first. */
  records(name: LogName): readonly LogRecord[] {
    return this.#records.filter(({ log }) => log === name)
  }
}
