// Faulty order: in which order `fmadm faulty` shows diagnoses, and with -f and -r what they name.
//
// Holds: the most urgent comes first, the newest of those; what several diagnoses name stands once,
// with all of them. illumos' tool means the same order and misses it where three or more diagnoses
// are inserted. Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c (cmp_priority,
// add_rec_list, add_resource_list).
import type { FaultyRecord } from './faulty-record.js'
import type { NamedThing } from './names.js'

const URGENCY: Readonly<Record<string, number>> = { Minor: 1, Major: 10, Critical: 100 }
const SECOND = 1_000_000_000n

/** Below 0 when `a` goes before `b`, 0 when neither does. */
function compareUrgency(a: FaultyRecord, b: FaultyRecord): number {
  const urgency = (URGENCY[b.severity] ?? 0) - (URGENCY[a.severity] ?? 0)
  if (urgency !== 0) return urgency
  return Number(b.list.diagTimeNs / SECOND - a.list.diagTimeNs / SECOND)
}

/** Diagnoses in the order in which they are shown. */
export function inOrder(records: readonly FaultyRecord[]): readonly FaultyRecord[] {
  return [...records].sort(compareUrgency)
}

/** A FRU or an ASRU as the diagnoses have it that name it. */
export interface NamedResource {
  readonly name: string
  /** The most urgent first. */
  readonly records: readonly FaultyRecord[]
  /** What each of them says of it. */
  readonly named: readonly NamedThing[]
}

/** What diagnoses name of one kind: that of the most urgent first, of one the surest. */
export function resourcesOf(
  records: readonly FaultyRecord[],
  kind: 'frus' | 'asrus',
): readonly NamedResource[] {
  const all = new Map<string, { records: FaultyRecord[]; named: NamedThing[] }>()
  for (const record of inOrder(records)) {
    if (kind === 'frus' && record.hasDummyFru) continue
    for (const one of record[kind]) {
      const known = all.get(one.name) ?? { records: [], named: [] }
      known.records.push(record)
      known.named.push(one)
      all.set(one.name, known)
    }
  }
  return [...all].map(([name, known]) => ({ name, ...known }))
}
