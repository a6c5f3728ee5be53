// Faulty order: in which order `fmadm faulty` shows diagnoses, and with -f and -r what they name.
//
// Holds: the most urgent comes first, the newest of those; what follows it keeps the order in which
// it came, as in the tool, which looks for an equal and not for a lesser one. What several
// diagnoses name stands once, with all of them. Source: illumos-gate usr/src/cmd/fm/fmadm/common/
// faulty.c (cmp_priority, add_rec_list, add_resource_list).
import type { FaultyRecord } from './faulty-record.js'
import type { NamedThing } from './names.js'

const URGENCY: Readonly<Record<string, number>> = { Minor: 1, Major: 10, Critical: 100 }
const SECOND = 1_000_000_000n

/** Above 0 when `a` goes before `b`, 0 when neither does. */
function compareUrgency(a: FaultyRecord, b: FaultyRecord): number {
  const urgency = (URGENCY[a.severity] ?? 0) - (URGENCY[b.severity] ?? 0)
  if (urgency !== 0) return urgency
  return Number(a.list.diagTimeNs / SECOND - b.list.diagTimeNs / SECOND)
}

/** The records with one more in its place. */
function withRecord(records: readonly FaultyRecord[], one: FaultyRecord): readonly FaultyRecord[] {
  const [first, ...others] = records
  if (first === undefined || compareUrgency(one, first) > 0) return [one, ...records]
  const at = others.findIndex((each) => compareUrgency(one, each) === 0)
  return records.toSpliced(at < 0 ? records.length : at + 1, 0, one)
}

/** Diagnoses in the order in which they are shown. */
export function inOrder(records: readonly FaultyRecord[]): readonly FaultyRecord[] {
  let ordered: readonly FaultyRecord[] = []
  for (const record of records) ordered = withRecord(ordered, record)
  return ordered
}

/** A FRU or an ASRU with the diagnoses that name it. */
export interface NamedResource {
  readonly name: string
  readonly records: readonly FaultyRecord[]
  readonly isShown: boolean
  readonly injected: boolean
  /** Percent, by the surest suspect of the diagnosis that named it first. */
  readonly highest: number
}

/** What diagnoses name of one kind, in the order in which it is shown. */
export function resourcesOf(
  records: readonly FaultyRecord[],
  kind: 'frus' | 'asrus',
): readonly NamedResource[] {
  let all: readonly NamedResource[] = []
  for (const record of records) {
    if (kind === 'frus' && record.hasDummyFru) continue
    for (const name of record[kind]) all = withResource(all, record, name)
  }
  return all
}

function withResource(
  all: readonly NamedResource[],
  record: FaultyRecord,
  { name, highest }: NamedThing,
): readonly NamedResource[] {
  const at = all.findIndex((each) => each.name === name)
  const known = all[at] ?? { name, records: [], isShown: false, injected: false, highest }
  const next: NamedResource = {
    ...known,
    records: withRecord(known.records, record),
    isShown: known.isShown || record.isShown,
    injected: known.injected || record.list.injected,
  }
  if (at < 0) return placed(all, record, next)
  const isRising = at > 0 && compareResources(record, highest, known) > 0
  return isRising ? placed(all.toSpliced(at, 1), record, next) : all.with(at, next)
}

/** A new first one sends the old one to the end; any other goes before the first that is not more
 *  urgent. */
function placed(
  all: readonly NamedResource[],
  record: FaultyRecord,
  one: NamedResource,
): readonly NamedResource[] {
  const [first, ...others] = all
  if (first === undefined) return [one]
  if (compareResources(record, one.highest, first) > 0) return [one, ...others, first]
  const at = others.findIndex((each) => compareResources(record, one.highest, each) >= 0)
  return all.toSpliced(at < 0 ? all.length : at + 1, 0, one)
}

function compareResources(record: FaultyRecord, highest: number, other: NamedResource): number {
  const [first] = other.records
  const order = first === undefined ? 0 : compareUrgency(record, first)
  return order === 0 ? highest - other.highest : order
}
