// Faulty record: what `fmadm faulty` knows of one diagnosis: the things its suspects name, by kind,
// and whether it is one to show.
//
//   list.suspect, 2 suspects  ->  classes 50 % 50 %, one FRU 100 %, two ASRUs, Major, shown
//
// Holds: a diagnosis that people are not to be told of, or of which no suspect is present and
// faulty, is shown only when all are asked for. Source: illumos-gate usr/src/cmd/fm/fmadm/common/
// faulty.c (extract_record_info, add_fault_record_to_catalog).
import { type Authority, authorityFromNvlist } from '../event/authority.js'
import { type FaultStatus, faultStatus } from '../event/fault-status.js'
import { type Fmri, printFmri } from '../event/fmri.js'
import { listMember } from '../event/nvlist.js'
import { type ListedSuspect, type SuspectList, suspectListToNvlist } from '../event/suspect-list.js'
import { messageOf } from '../message/catalog.js'
import { type NamedThing, named, withName } from './names.js'

/** One diagnosis. */
export interface FaultyRecord {
  readonly list: SuspectList
  readonly severity: string
  readonly classes: readonly NamedThing[]
  readonly resources: readonly NamedThing[]
  readonly asrus: readonly NamedThing[]
  /** With `None` where nobody knows what to replace or what is broken. */
  readonly frus: readonly NamedThing[]
  readonly serials: readonly NamedThing[]
  /** `frus` has one that is none. */
  readonly hasDummyFru: boolean
  readonly isShown: boolean
  /** Whose it is; undefined when the engine did not say. */
  readonly host: Authority | undefined
  /** Under which ids the resource cache keeps its resources. */
  readonly cacheIds: readonly string[]
}

type Kind = 'classes' | 'resources' | 'asrus' | 'frus' | 'serials'
type Names = { readonly [K in Kind]: readonly NamedThing[] }
type Said = readonly [kind: Kind, one: NamedThing]

const NOTHING: Names = { classes: [], resources: [], asrus: [], frus: [], serials: [] }

/** Takes a diagnosis apart. */
export function faultyRecord(list: SuspectList, cacheIds: readonly string[]): FaultyRecord {
  let names = NOTHING
  for (const [kind, one] of list.suspects.flatMap(saidBy)) {
    names = { ...names, [kind]: withName(names[kind], one) }
  }
  const engine = listMember(suspectListToNvlist(list), 'de')
  const isPresent = list.suspects.length === 0 || list.suspects.some(isPresentAndFaulty)
  return {
    ...names,
    list,
    cacheIds,
    severity: messageOf(list.code)?.severity ?? list.severity ?? 'unknown',
    hasDummyFru: list.suspects.some(isPlaceless),
    isShown: list.message && isPresent,
    host: authorityFromNvlist(engine && listMember(engine, 'authority')),
  }
}

const has = (status: FaultStatus, bits: FaultStatus): boolean => (status & bits) !== 0
const without = (status: FaultStatus, bits: FaultStatus): FaultStatus =>
  (status & ~bits) as FaultStatus

const isPresentAndFaulty = ({ status }: ListedSuspect): boolean =>
  has(status, faultStatus('faulty')) && !has(status, faultStatus('not-present'))

const isPlaceless = ({ fault }: ListedSuspect): boolean =>
  fault.fru === undefined && fault.resource === undefined

/** What of a status is about service, and what about repair. */
const SERVICE = faultStatus('unusable', 'degraded')
const REPAIR = faultStatus('not-present', 'repaired', 'replaced', 'acquitted')

function saidBy(suspect: ListedSuspect): readonly Said[] {
  const { fault, status } = suspect
  const { certainty, location, fru, asru, resource } = fault
  const ofFru = without(status, SERVICE)
  return [
    ['classes', named(fault.class, certainty)] as Said,
    ...said('frus', fru, (name) => named(name, certainty, ofFru, location)),
    ...serialsOf(fru, certainty),
    ...(isPlaceless(suspect) ? [['frus', named('None', certainty, ofFru)] as Said] : []),
    ...said('asrus', asru, (name) => named(name, certainty, without(status, REPAIR))),
    ...serialsOf(asru, certainty),
    ...said('resources', resource, (name) => named(name, certainty, status, location)),
  ]
}

function said(
  kind: Kind,
  fmri: Fmri | undefined,
  name: (text: string) => NamedThing,
): readonly Said[] {
  return fmri === undefined ? [] : [[kind, name(printFmri(fmri))]]
}

function serialsOf(fmri: Fmri | undefined, certainty: number): readonly Said[] {
  const serials =
    fmri?.scheme === 'hc' ? [fmri.serial] : fmri?.scheme === 'mem' ? (fmri.serials ?? []) : []
  return serials.flatMap((serial): Said[] =>
    serial === undefined ? [] : [['serials', named(serial, certainty)]],
  )
}
