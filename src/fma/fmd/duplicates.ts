// Duplicates: whether a new diagnosis says what an earlier case already says.
//
//   new {A, B}, open case {B, C}  ->  the new one is dropped, C is acquitted in the old one
//
// Holds: of two cases that share a suspect which is faulty and in use only one stays open. What was
// repaired before is held against a case that comes later: it stays, and suspects that had been
// repaired are acquitted when others remain, such as one that had been acquitted wrongly.
// Source: illumos-gate fmd_case.c (case matching).
import type { Fault } from '../event/fault.js'
import { stringMember } from '../event/nvlist.js'
import type { CaseFile } from './case-file.js'
import { fmriKey } from './fmri-key.js'
import type { Entry } from './resources.js'

/** What is to be done about a new diagnosis and an old case. */
export interface Verdict {
  /** The new one is dropped. */
  readonly drop: boolean
  /** In the old one: no longer suspected. */
  readonly acquit: readonly Entry[]
  /** In the old one: suspected again. */
  readonly blame: readonly Entry[]
  /** The new one stays, and what had become of its suspects in the old one. */
  readonly before: ReadonlyMap<string, Before> | undefined
}

/** What had become of a suspect in another case. */
type Before = 'faulty' | 'isolated' | 'replaced' | 'repaired' | 'acquitted'

/** A case that changed less long ago is too young for its isolated suspects to be acquitted. */
const TOO_RECENT_NS = 10_000_000_000n

const UNRELATED: Verdict = { drop: false, acquit: [], blame: [], before: undefined }

const KEYS = new WeakMap<Fault, string>()

/** By what two suspects are the same. */
export function suspectKey(fault: Fault): string {
  const known = KEYS.get(fault)
  if (known !== undefined) return known
  const key = makeKey(fault)
  KEYS.set(fault, key)
  return key
}

function makeKey(fault: Fault): string {
  const names = [fault.asru, fault.resource, fault.fru].map((fmri) => (fmri ? fmriKey(fmri) : ''))
  const of = fault.payload === undefined ? undefined : stringMember(fault.payload, 'nosub_class')
  return [fault.class, ...names, of ?? ''].join('\n')
}

/** Compares a diagnosis that is to be published at a time with one case that is solved. */
export function compareCases(suspects: readonly Fault[], old: CaseFile, nowNs: bigint): Verdict {
  const keys = new Set(suspects.map(suspectKey))
  const entries = (old.diagnosis?.entries ?? []).map((entry) => {
    return { entry, key: suspectKey(entry.fault), was: stateOf(entry) }
  })
  const shared = entries.filter(({ key }) => keys.has(key))
  const was = new Map(shared.map(({ key, was }) => [key, was]))
  const kind = overlapOf(keys, entries, was)
  if (kind === undefined) return UNRELATED
  if (old.diagnosis?.state === 'repaired' || old.diagnosis?.state === 'resolved') {
    return { ...UNRELATED, before: was }
  }
  const recent = entries.some(({ entry }) => nowNs - entry.changedNs < TOO_RECENT_NS)
  return { ...adjust(kind, entries, { wanted: keys, recent }), drop: true, before: undefined }
}

interface Seen {
  readonly entry: Entry
  readonly key: string
  readonly was: Before
}

/** On what two cases agree: a suspect that is faulty and in use, one that was acquitted while none
 *  is faulty, or all that matters. */
type Overlap = 'faulty' | 'acquitted' | 'all'

function overlapOf(
  keys: ReadonlySet<string>,
  old: readonly Seen[],
  was: ReadonlyMap<string, Before>,
): Overlap | undefined {
  const states = [...was.values()]
  if (states.includes('faulty')) return 'faulty'
  const anyFaulty = old.some((seen) => seen.was === 'faulty')
  if (states.includes('acquitted') && !anyFaulty) return 'acquitted'
  if (was.size < keys.size) return undefined
  const open: readonly Before[] = ['faulty', 'acquitted', 'repaired']
  return old.some((seen) => !keys.has(seen.key) && open.includes(seen.was)) ? undefined : 'all'
}

function adjust(
  overlap: Overlap,
  old: readonly Seen[],
  { wanted, recent }: { readonly wanted: ReadonlySet<string>; readonly recent: boolean },
): Pick<Verdict, 'acquit' | 'blame'> {
  const shared = old.filter(({ key }) => wanted.has(key))
  const others = old.filter(({ key, entry }) => !wanted.has(key) && entry.faulty)
  const isolated = recent ? [] : old.filter(({ was }) => was === 'isolated')
  const entries = (seen: readonly Seen[]): Entry[] => [...new Set(seen.map(({ entry }) => entry))]
  switch (overlap) {
    case 'faulty':
      return { acquit: entries([...others, ...isolated]), blame: [] }
    case 'acquitted': {
      const again = recent ? [] : shared.filter(({ was }) => was === 'acquitted')
      return { acquit: entries(isolated), blame: entries(again) }
    }
    case 'all': {
      const same = shared.some(({ was }) => was === 'isolated')
      const again = same ? [] : shared.filter(({ entry }) => !entry.faulty)
      return { acquit: entries(others), blame: entries(again) }
    }
  }
}

function stateOf(entry: Entry): Before {
  if (entry.faulty) return entry.asru.unusable ? 'isolated' : 'faulty'
  if (entry.reason === 'replaced' || entry.reason === 'acquitted') return entry.reason
  return 'repaired'
}

/** Which suspects of a new case are acquitted at once, by what earlier cases made of them. */
export function acquittedBefore(
  entries: readonly Entry[],
  verdicts: readonly Verdict[],
): readonly Entry[] {
  const before = verdicts.flatMap((verdict) => [...(verdict.before ?? [])])
  if (before.length === 0) return []
  const cleared: readonly Before[] = ['replaced', 'repaired']
  const unlikely = entries.filter(({ fault }) => {
    const key = suspectKey(fault)
    return before.some(([name, was]) => name === key && cleared.includes(was))
  })
  return unlikely.length < entries.length ? unlikely : []
}
