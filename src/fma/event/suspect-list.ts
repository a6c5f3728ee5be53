// Suspect list: a diagnosis, and each of its changes, as the event that is published.
//
//   list.suspect    diagnosed            list.updated    part of it was repaired
//   list.isolated   taken out of service list.repaired   all of it was repaired
//                                        list.resolved   and is back in service
//
// Holds: each suspect has its status; the event is the same through all five but for class, status
// and what `diag-time` says. Times are nanoseconds since 1970, in events microseconds.
// Source: illumos-gate protocol.h, fmd_protocol.c (fmd_protocol_list).
import { XpvError } from '../../base/error.js'
import { type Fault, faultFromNvlist, faultToNvlist } from './fault.js'
import { type FaultStatus, faultStatusOf } from './fault-status.js'
import { type Fmri, fmriFromNvlist, fmriToNvlist } from './fmri.js'
import {
  booleanMember,
  integersMember,
  listMember,
  listsMember,
  type NvList,
  nv,
  nvlist,
  stringMember,
} from './nvlist.js'

/** A suspect and what has become of it. */
export interface ListedSuspect {
  readonly fault: Fault
  readonly status: FaultStatus
}

/** What happened to a diagnosis, as the last word of the class. */
export type ListChange = (typeof CHANGES)[number]

const CHANGES = ['suspect', 'isolated', 'updated', 'repaired', 'resolved'] as const

/** A diagnosis as it is published. */
export interface SuspectList {
  readonly change: ListChange
  readonly uuid: string
  /** Of the message: `GMCA-8000-LF`. */
  readonly code: string
  readonly diagTimeNs: bigint
  /** Who diagnosed. */
  readonly engine: Fmri
  readonly suspects: readonly ListedSuspect[]
  readonly severity?: string | undefined
  /** False when people are not to be told. */
  readonly message: boolean
  readonly injected: boolean
}

const SECOND = 1_000_000_000n
const MICROSECOND = 1_000n

/** A diagnosis as the fault log keeps it. */
export function suspectListToNvlist(list: SuspectList): NvList {
  const { suspects, diagTimeNs, severity } = list
  const time = [diagTimeNs / SECOND, (diagTimeNs % SECOND) / MICROSECOND]
  const faults = suspects.map(({ fault }) => faultToNvlist(fault))
  const some = suspects.length > 0
  return nvlist({
    version: nv.uint8(0),
    class: nv.string(`list.${list.change}`),
    uuid: nv.string(list.uuid),
    code: nv.string(list.code),
    'diag-time': nv.int64s(time),
    de: nv.list(fmriToNvlist(list.engine)),
    'fault-list-sz': nv.uint32(suspects.length),
    __injected: list.injected ? nv.boolean(true) : undefined,
    message: list.message ? undefined : nv.boolean(false),
    'fault-list': some ? nv.lists(faults) : undefined,
    'fault-status': some ? nv.uint8s(suspects.map(({ status }) => status)) : undefined,
    severity: severity === undefined ? undefined : nv.string(severity),
  })
}

/** Reads a diagnosis. Throws XpvError `fma.list` for an event that is none or lacks what all have,
 *  and what `faultFromNvlist` throws. */
export function suspectListFromNvlist(list: NvList): SuspectList {
  const name = stringMember(list, 'class') ?? ''
  const change = CHANGES.find((word) => name === `list.${word}`)
  const [uuid, code] = [stringMember(list, 'uuid'), stringMember(list, 'code')]
  const engine = listMember(list, 'de')
  const [seconds, micros = 0n] = integersMember(list, 'diag-time') ?? []
  if (change === undefined) throw new XpvError('fma.list', `"${name}" is no diagnosis`)
  if (uuid === undefined || code === undefined || engine === undefined || seconds === undefined) {
    throw new XpvError('fma.list', `${name} lacks uuid, code, de or diag-time`)
  }
  return {
    change,
    uuid,
    code,
    diagTimeNs: seconds * SECOND + micros * MICROSECOND,
    engine: fmriFromNvlist(engine),
    suspects: suspectsOf(list),
    severity: stringMember(list, 'severity'),
    message: booleanMember(list, 'message') ?? true,
    injected: booleanMember(list, '__injected') ?? false,
  }
}

function suspectsOf(list: NvList): ListedSuspect[] {
  const status = integersMember(list, 'fault-status') ?? []
  return (listsMember(list, 'fault-list') ?? []).map((fault, i) => ({
    fault: faultFromNvlist(fault),
    status: faultStatusOf(Number(status[i] ?? 0n)),
  }))
}
