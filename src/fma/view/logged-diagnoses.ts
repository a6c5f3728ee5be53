// Logged diagnoses: what a log of diagnoses says of each by its end: as it was published, with what
// became of its suspects since.
//
//   list.suspect 0x1, list.isolated 0x3, list.repaired 0x12  ->  list.suspect 0x12
//
// Holds: a diagnosis has its own code, not that of what happened to it. Oldest first.
import { type SuspectList, suspectListFromNvlist } from '../event/suspect-list.js'
import type { LogRecord } from '../fmd/input.js'

/** The diagnoses that a log of them knows. Throws what `suspectListFromNvlist` throws. */
export function loggedDiagnoses(records: Iterable<LogRecord>): readonly SuspectList[] {
  const known = new Map<string, SuspectList>()
  for (const { log, event: members } of records) {
    if (log !== 'fault') continue
    const list = suspectListFromNvlist(members)
    const first = known.get(list.uuid)
    if (list.change === 'suspect' || first === undefined) known.set(list.uuid, list)
    else known.set(list.uuid, { ...first, suspects: list.suspects })
  }
  return [...known.values()]
}
