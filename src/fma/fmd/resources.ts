// Resources: what is or was faulty, by what can be taken out of service (ASRU): fmd's cache.
//
//   a case's suspects  ->  entries  ->  each ASRU: ok | degraded | unknown | faulted
//
// Holds: an entry is of one suspect of one case; an ASRU is faulty while any entry of it is, and
// usable until an agent says otherwise. That is so for cases which are not over: what was resolved
// stays as it was. A suspect without an ASRU has one of its own, without a name. Nothing is kept
// but of cases that are kept. Source: illumos-gate fmd_asru.c.
import { type AsruState, asruState } from '../event/asru-change.js'
import type { Fault } from '../event/fault.js'
import { type FaultStatus, faultStatus } from '../event/fault-status.js'
import type { Fmri } from '../event/fmri.js'
import { fmriKey } from './fmri-key.js'

/** Why something is no longer faulty; the later of two counts. */
export type RepairReason = 'acquitted' | 'repaired' | 'replaced'

const REASONS: readonly (RepairReason | undefined)[] = [
  undefined,
  'acquitted',
  'repaired',
  'replaced',
]

/** One suspect of one case, in the cache. */
export interface Entry {
  readonly id: string
  readonly uuid: string
  readonly fault: Fault
  readonly asru: Asru
  faulty: boolean
  reason: RepairReason | undefined
  /** Its case is resolved: what becomes of the ASRU later is no matter of it. */
  isOver: boolean
  /** When it last changed. */
  changedNs: bigint
}

/** What can be taken out of service. */
export interface Asru {
  readonly key: string
  readonly fmri: Fmri | undefined
  /** Changed by `Resources` alone. */
  unusable: boolean
  readonly entries: Set<Entry>
}

/** What is known of one ASRU. */
export interface ResourceState {
  /** Its number in the cache, by which `fmadm -i` names it. */
  readonly id: string
  /** Undefined for a suspect that has no ASRU. */
  readonly fmri: Fmri | undefined
  readonly state: AsruState
  /** False when people are not to be told. */
  readonly message: boolean
  /** Oldest first. */
  readonly suspects: readonly ResourceSuspect[]
}

/** A suspect in what is known of a resource. */
export interface ResourceSuspect {
  readonly uuid: string
  readonly fault: Fault
  readonly status: FaultStatus
}

/** All entries. */
export class Resources {
  readonly #asrus = new Map<string, Asru>()
  /** Entries by the keys of their ASRU, FRU and resource, and by label. */
  readonly #named = new Map<string, Set<Entry>>()
  /** Pages that are out of service. */
  readonly #pagesOut = new Set<Asru>()

  get pagesOut(): number {
    return this.#pagesOut.size
  }

  /** Notes whether it is out of service. */
  setUnusable(asru: Asru, unusable: boolean): void {
    asru.unusable = unusable
    if (unusable && isPage(asru)) this.#pagesOut.add(asru)
    else this.#pagesOut.delete(asru)
  }

  /** Adds a suspect, usable as its ASRU is. */
  add(of: Pick<Entry, 'id' | 'uuid' | 'fault' | 'changedNs'>): Entry {
    const key = of.fault.asru === undefined ? `entry:${of.id}` : fmriKey(of.fault.asru)
    const asru = this.#asrus.get(key) ?? this.#make(key, of.fault.asru)
    const entry: Entry = { ...of, asru, faulty: false, reason: undefined, isOver: false }
    asru.entries.add(entry)
    for (const name of namesOf(entry.fault)) this.#setOf(name).add(entry)
    return entry
  }

  /** Forgets an entry, and its ASRU when it was the last of it. */
  remove(entry: Entry): void {
    const { asru, fault } = entry
    asru.entries.delete(entry)
    if (asru.entries.size === 0) {
      this.#asrus.delete(asru.key)
      this.#pagesOut.delete(asru)
    }
    for (const name of namesOf(fault)) {
      const there = this.#named.get(name)
      there?.delete(entry)
      if (there?.size === 0) this.#named.delete(name)
    }
  }

  asru(fmri: Fmri): Asru | undefined {
    return this.#asrus.get(fmriKey(fmri))
  }

  /** Entries of which this is the ASRU, the FRU or the resource. */
  named(fmri: Fmri): readonly Entry[] {
    return [...(this.#named.get(fmriKey(fmri)) ?? [])]
  }

  labelled(label: string): readonly Entry[] {
    return [...(this.#named.get(`label:${label}`) ?? [])]
  }

  /** All ASRUs, in the order in which they came to be faulty. */
  all(): IterableIterator<Asru> {
    return this.#asrus.values()
  }

  clear(): void {
    this.#asrus.clear()
    this.#named.clear()
    this.#pagesOut.clear()
  }

  #make(key: string, fmri: Fmri | undefined): Asru {
    const asru: Asru = { key, fmri, unusable: false, entries: new Set() }
    this.#asrus.set(key, asru)
    return asru
  }

  #setOf(name: string): Set<Entry> {
    const there = this.#named.get(name) ?? new Set()
    this.#named.set(name, there)
    return there
  }
}

const isPage = ({ fmri }: Asru): boolean =>
  fmri?.scheme === 'mem' || (fmri?.scheme === 'hc' && fmri.physaddr !== undefined)

function namesOf({ asru, fru, resource, location }: Fault): Set<string> {
  const names = new Set<string>()
  for (const fmri of [asru, fru, resource]) if (fmri !== undefined) names.add(fmriKey(fmri))
  if (location !== undefined) names.add(`label:${location}`)
  return names
}

/** Notes why something is no longer faulty. Whether that changed anything. */
export function clearFaulty(entry: Entry, reason: RepairReason): 'cleared' | 'noted' | 'nothing' {
  const later = REASONS.indexOf(reason) > REASONS.indexOf(entry.reason)
  if (later) entry.reason = reason
  if (!entry.faulty) return later ? 'noted' : 'nothing'
  entry.faulty = false
  return 'cleared'
}

/** Whether what a suspect names is out of service, as far as its case is concerned. */
export const isUnusable = ({ asru, isOver }: Entry): boolean => asru.unusable && !isOver

/** What has become of a suspect, as events carry it. */
export function entryStatus(entry: Entry): FaultStatus {
  return faultStatus(
    ...(entry.faulty ? (['faulty'] as const) : []),
    ...(isUnusable(entry) ? (['unusable'] as const) : []),
    ...(entry.reason === undefined ? [] : [entry.reason]),
  )
}

/** What is known of an ASRU. */
export function resourceState(asru: Asru): ResourceState {
  const entries = [...asru.entries]
  const faulty = entries.some((entry) => entry.faulty)
  return {
    id: entries[0]?.id ?? '',
    fmri: asru.fmri,
    state: asruState({ faulty, unusable: asru.unusable }),
    message: entries.every(({ fault }) => fault.message !== false),
    suspects: entries.map((entry) => {
      return { uuid: entry.uuid, fault: entry.fault, status: entryStatus(entry) }
    }),
  }
}
