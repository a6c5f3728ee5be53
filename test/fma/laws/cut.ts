// Fault management over a file of telemetry, killed in the middle of what it logs, and gone on with
// by another one, as often as asked for.
import { createHash } from 'node:crypto'
import { printData } from '../../../src/fma/fmd/data-text.js'
import type { LogName, LogRecord } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord } from '../../../src/fma/fmd/log-format.js'
import { recover } from '../../../src/fma/fmd/recover.js'
import type { FmdState } from '../../../src/fma/fmd/state.js'
import { FileSource, fileHost } from '../../../src/fma/host/diagnose.js'
import { type FaultLogs, FaultManagement } from '../../../src/fma/host/fault-management.js'
import type { TelemetryReading } from '../../../src/fma/telemetry/reading.js'

/** What outlives whoever writes it. */
export class Disk implements FaultLogs {
  readonly all: LogRecord[] = []
  checkpoint: FmdState | undefined
  /** How many records it still takes; then who writes is killed. */
  left = Number.POSITIVE_INFINITY

  append(records: readonly LogRecord[]): void {
    for (const record of records) {
      if (this.left-- <= 0) throw new Killed()
      this.all.push(record)
    }
  }

  records(name: LogName): readonly LogRecord[] {
    return this.all.filter(({ log }) => log === name)
  }

  /** A sum of each record's bytes. */
  get sums(): readonly string[] {
    return this.all.map((record) => `${record.log} ${sumOf(encodeLogRecord(record))}`).sort()
  }
}

const sumOf = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16)

class Killed extends Error {}

/** Works until the end of the telemetry, or until the disk takes no more. With a checkpoint after
 *  every `every` inputs. A sum of its state in the end; undefined when it was killed. */
export function work(reading: TelemetryReading, disk: Disk, every: number): string | undefined {
  let inputs = 0
  const source = new FileSource()
  const host = fileHost({
    ...{ name: 'storm', topology: reading.topology, source, options: {} },
    kept: {
      logs: disk,
      begin: (parts) => {
        const begun = recover(parts, { checkpoint: disk.checkpoint, records: disk.all })
        disk.append(begun.missing)
        return begun
      },
      taken: (manager) => {
        if (++inputs % every === 0) disk.checkpoint = manager.save()
      },
    },
  })
  source.add(reading, disk.records('error').length)
  const management = new FaultManagement(host)
  try {
    management.wake()
    return sumOf(printData(management.manager.save()))
  } catch (error) {
    if (error instanceof Killed) return undefined
    throw error
  }
}
