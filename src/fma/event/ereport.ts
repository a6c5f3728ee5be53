// Ereport: one error that was noticed: what, where, when, and what the hardware said about it.
//
//   ereport.cpu.generic-x86.l1dcache, ena, detector hc:///motherboard=0/chip=0/core=1/strand=0
//
// Holds: it says what was seen and nothing of its cause. A time is nanoseconds since 1970, or since
// the machine's start where its source knows no better. Source: illumos-gate protocol.h (fmd adds
// `__tod` and `__ttl` when it takes an ereport in).
import { XpvError } from '../../base/error.js'
import { type Ena, enaOf } from './ena.js'
import { eventKind } from './event-class.js'
import { type Fmri, fmriFromNvlist, fmriToNvlist } from './fmri.js'
import {
  booleanMember,
  integerMember,
  integersMember,
  listMember,
  type NvList,
  type NvValue,
  nv,
  stringMember,
} from './nvlist.js'

/** One error that was noticed. */
export interface Ereport {
  readonly class: string
  readonly ena: Ena
  readonly detector: Fmri
  /** Undefined when its source did not say. */
  readonly timeNs: bigint | undefined
  /** What its class adds, by name. */
  readonly payload: NvList
  /** Made by somebody for a test, and marked so all the way to the case. */
  readonly injected?: boolean | undefined
}

const SECOND = 1_000_000_000n
const OWN = new Set(['class', 'ena', 'detector', '__ttl', '__tod', '__injected'])

/** An ereport as the error log keeps it. */
export function ereportToNvlist(ereport: Ereport): NvList {
  const { timeNs } = ereport
  const list = new Map<string, NvValue>([
    ['class', nv.string(ereport.class)],
    ['ena', nv.uint64(ereport.ena)],
    ['detector', detectorOf(ereport.detector)],
    ...ereport.payload,
  ])
  if (ereport.injected === true) list.set('__injected', nv.boolean(true))
  list.set('__ttl', nv.uint8(1))
  if (timeNs !== undefined) list.set('__tod', nv.uint64s([timeNs / SECOND, timeNs % SECOND]))
  return list
}

/** The parts of a host are few, and each detects again and again. */
const DETECTORS = new WeakMap<Fmri, NvValue>()

function detectorOf(fmri: Fmri): NvValue {
  const known = DETECTORS.get(fmri)
  if (known !== undefined) return known
  const made = nv.list(fmriToNvlist(fmri))
  DETECTORS.set(fmri, made)
  return made
}

/** Reads an ereport. Throws XpvError `fma.ereport` when class, ENA or detector are missing, and
 *  what `fmriFromNvlist` throws. */
export function ereportFromNvlist(list: NvList): Ereport {
  const name = stringMember(list, 'class')
  if (name === undefined || eventKind(name) !== 'ereport') {
    throw new XpvError('fma.ereport', `the class of an ereport is not ${name ?? 'said'}`)
  }
  const ena = integerMember(list, 'ena')
  const detector = listMember(list, 'detector')
  if (ena === undefined || detector === undefined) {
    const missing = ena === undefined ? 'ena' : 'detector'
    throw new XpvError('fma.ereport', `${name} has no ${missing}`)
  }
  const [seconds, ns = 0n] = integersMember(list, '__tod') ?? []
  return {
    class: name,
    ena: enaOf(ena),
    detector: fmriFromNvlist(detector),
    timeNs: seconds === undefined ? undefined : seconds * SECOND + ns,
    payload: new Map([...list].filter(([member]) => !OWN.has(member))),
    injected: booleanMember(list, '__injected'),
  }
}
