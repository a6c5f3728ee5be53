// Fault: one suspect of a diagnosis: what may be broken, how sure that is, and what it affects.
//
//   fault.memory.generic-x86.page_ce, 100 %, asru mem:///…/physaddr=12345000, fru hc:///…/dimm=1
//
// Holds: certainty is a whole percentage. The ASRU is what can be taken out of service, the FRU
// what can be replaced, the resource what is broken; each may be unknown. Source: illumos-gate
// protocol.h, fmd_protocol.c (fmd_protocol_fault).
import { XpvError } from '../../base/error.js'
import { eventKind } from './event-class.js'
import { type Fmri, fmriFromNvlist, fmriToNvlist } from './fmri.js'
import {
  booleanMember,
  integerMember,
  listMember,
  type NvList,
  type NvValue,
  nv,
  nvlist,
  stringMember,
} from './nvlist.js'

/** One suspect: a fault or a defect. */
export interface Fault {
  readonly class: string
  readonly certainty: number
  readonly asru?: Fmri | undefined
  readonly fru?: Fmri | undefined
  readonly resource?: Fmri | undefined
  /** What is written on the case beside the FRU. */
  readonly location?: string | undefined
  /** False when people are not to be told; when agents are not to retire it, or to do nothing. */
  readonly message?: boolean | undefined
  readonly retire?: boolean | undefined
  readonly response?: boolean | undefined
  /** What its class adds, by name: why something could not be diagnosed, for one. */
  readonly payload?: NvList | undefined
}

const OWN = new Set(
  'version class certainty asru fru resource location message retire response'.split(' '),
)

/** A suspect as an event carries it. */
export function faultToNvlist(fault: Fault): NvList {
  const { location } = fault
  const own = nvlist({
    version: nv.uint8(0),
    class: nv.string(fault.class),
    certainty: nv.uint8(fault.certainty),
    asru: fmriMember(fault.asru),
    fru: fmriMember(fault.fru),
    resource: fmriMember(fault.resource),
    location: location === undefined ? undefined : nv.string(location),
    message: booleanValue(fault.message),
    retire: booleanValue(fault.retire),
    response: booleanValue(fault.response),
  })
  return fault.payload === undefined ? own : new Map([...own, ...fault.payload])
}

const fmriMember = (fmri: Fmri | undefined): NvValue | undefined =>
  fmri && nv.list(fmriToNvlist(fmri))
const booleanValue = (value: boolean | undefined): NvValue | undefined =>
  value === undefined ? undefined : nv.boolean(value)

/** Reads a suspect. Throws XpvError `fma.fault` for a class that is none or a certainty that is no
 *  percentage, and what `fmriFromNvlist` throws. */
export function faultFromNvlist(list: NvList): Fault {
  const name = stringMember(list, 'class') ?? ''
  const kind = eventKind(name)
  if (kind !== 'fault' && kind !== 'defect') {
    throw new XpvError('fma.fault', `"${name}" is the class of no fault or defect`)
  }
  const certainty = integerMember(list, 'certainty')
  if (certainty === undefined || certainty < 0n || certainty > 100n) {
    throw new XpvError('fma.fault', `the certainty of ${name} is ${certainty ?? 'not said'}`)
  }
  const more = [...list].filter(([member]) => !OWN.has(member))
  return {
    class: name,
    certainty: Number(certainty),
    asru: fmriOf(list, 'asru'),
    fru: fmriOf(list, 'fru'),
    resource: fmriOf(list, 'resource'),
    location: stringMember(list, 'location'),
    message: booleanMember(list, 'message'),
    retire: booleanMember(list, 'retire'),
    response: booleanMember(list, 'response'),
    payload: more.length === 0 ? undefined : new Map(more),
  }
}

function fmriOf(list: NvList, name: string): Fmri | undefined {
  const member = listMember(list, name)
  return member && fmriFromNvlist(member)
}
