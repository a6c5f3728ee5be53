// FmdLog: ereports of an error log that this program's fault manager wrote, to go through other
// rules.
//
//   errlog of `xpv fmd -d FOLDER`  ->  its ereports, at their times, with the types of all members
//
// Holds: ereports that fmd made of itself take no part, for they are of what happened then; a log
// of something else, and bytes that are garbled, are counted and left out.
import { XpvError } from '../../base/error.js'
import { ereportFromNvlist } from '../event/ereport.js'
import { stringMember } from '../event/nvlist.js'
import type { LogRecord } from '../fmd/input.js'
import { isLog, readLog } from '../fmd/log-format.js'
import type { SourceRecord, TelemetrySource } from './source.js'
import type { Unknowns } from './unknowns.js'

const OWN = 'ereport.fm.fmd.'

/** Recognises a log; undefined when it is none. Throws XpvError `fma.log` for one of a later
 *  version. */
export function fmdLogSource(bytes: Uint8Array): TelemetrySource | undefined {
  if (!isLog(bytes)) return undefined
  const { records, losses } = readLog(bytes)
  return {
    format: 'log of xpv fmd',
    *records(unknowns) {
      for (const { kind } of losses) {
        unknowns.add('record', kind === 'torn' ? 'its end is cut off' : 'bytes are garbled')
      }
      for (const record of records) yield* ereportsOf(record, unknowns)
    },
  }
}

/** The ereport of a record, if that is one of the hardware. */
function* ereportsOf(
  { log, event: members, timeNs }: LogRecord,
  unknowns: Unknowns,
): Iterable<SourceRecord> {
  if (log !== 'error') {
    unknowns.add('record', 'a record is a diagnosis or a note, no ereport: that is in errlog')
    return
  }
  if (stringMember(members, 'class')?.startsWith(OWN) === true) return
  try {
    yield { kind: 'ereport', timeNs, ereport: ereportFromNvlist(members) }
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    unknowns.add('record', `a record cannot be read (${error.code})`)
  }
}
