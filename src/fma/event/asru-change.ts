// ASRU change: what became of a thing that can be taken out of service, as fmd's event of it.
//
//   resource.fm.asru.faulted   mem:///…/physaddr=12345000, of case 1a2b…
//
// Holds: ok is neither faulty nor unusable, degraded faulty but usable, unknown unusable though not
// faulty, faulted both. Source: illumos-gate fmd_protocol.c (fmd_protocol_rsrc_asru), fmd_asru.c.
import { XpvError } from '../../base/error.js'
import { type Fault, faultFromNvlist, faultToNvlist } from './fault.js'
import { type Fmri, fmriFromNvlist, fmriToNvlist } from './fmri.js'
import {
  booleanMember,
  integersMember,
  listMember,
  type NvList,
  nv,
  nvlist,
  stringMember,
} from './nvlist.js'

/** What state an ASRU is said to be in. */
export type AsruState = 'ok' | 'degraded' | 'unknown' | 'faulted'

/** One change of one ASRU. */
export interface AsruChange {
  readonly asru: Fmri
  readonly uuid: string
  readonly code: string
  readonly timeNs: bigint
  readonly faulty: boolean
  readonly unusable: boolean
  readonly repaired: boolean
  readonly replaced: boolean
  readonly acquitted: boolean
  readonly resolved: boolean
  readonly message: boolean
  readonly fault: Fault
}

const SECOND = 1_000_000_000n
const MICROSECOND = 1_000n

/** The state that two facts make. */
export function asruState(facts: {
  readonly faulty: boolean
  readonly unusable: boolean
}): AsruState {
  if (facts.faulty) return facts.unusable ? 'faulted' : 'degraded'
  return facts.unusable ? 'unknown' : 'ok'
}

/** A change as the log of the resource cache keeps it. */
export function asruChangeToNvlist(change: AsruChange): NvList {
  return nvlist({
    version: nv.uint8(0),
    class: nv.string(`resource.fm.asru.${asruState(change)}`),
    resource: nv.list(fmriToNvlist(change.asru)),
    uuid: nv.string(change.uuid),
    code: nv.string(change.code),
    faulty: nv.boolean(change.faulty),
    repaired: nv.boolean(change.repaired),
    replaced: nv.boolean(change.replaced),
    acquitted: nv.boolean(change.acquitted),
    resolved: nv.boolean(change.resolved),
    unusable: nv.boolean(change.unusable),
    message: nv.boolean(change.message),
    'diag-time': nv.int64s([change.timeNs / SECOND, (change.timeNs % SECOND) / MICROSECOND]),
    event: nv.list(faultToNvlist(change.fault)),
  })
}

/** Reads a change. Throws XpvError `fma.asru` for an event that is none or lacks whose it is, and
 *  what `fmriFromNvlist` and `faultFromNvlist` throw. Facts that are missing are false. */
export function asruChangeFromNvlist(list: NvList): AsruChange {
  const name = stringMember(list, 'class') ?? ''
  const [uuid, code] = [stringMember(list, 'uuid'), stringMember(list, 'code')]
  const [asru, fault] = [listMember(list, 'resource'), listMember(list, 'event')]
  if (!name.startsWith('resource.fm.asru.')) {
    throw new XpvError('fma.asru', `"${name}" is no change of a resource`)
  }
  if (uuid === undefined || code === undefined || asru === undefined || fault === undefined) {
    throw new XpvError('fma.asru', `${name} lacks uuid, code, resource or event`)
  }
  const fact = (member: string): boolean => booleanMember(list, member) ?? false
  const [seconds = 0n, micros = 0n] = integersMember(list, 'diag-time') ?? []
  return {
    asru: fmriFromNvlist(asru),
    uuid,
    code,
    timeNs: seconds * SECOND + micros * MICROSECOND,
    faulty: fact('faulty'),
    unusable: fact('unusable'),
    repaired: fact('repaired'),
    replaced: fact('replaced'),
    acquitted: fact('acquitted'),
    resolved: fact('resolved'),
    message: booleanMember(list, 'message') ?? true,
    fault: faultFromNvlist(fault),
  }
}
