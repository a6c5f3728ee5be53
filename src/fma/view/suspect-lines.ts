// Suspect lines: the suspects of a diagnosis below its line, as `fmdump -v` prints them.
//
//     100%  fault.cpu.generic-x86.l1dcache
//
//           Problem in: hc:///motherboard=0/chip=0/core=1/strand=0
//              Affects: cpu:///cpuid=1
//                  FRU: hc:///motherboard=0/chip=0
//             Location: CPU 0
//
// Source: illumos-gate usr/src/cmd/fm/fmdump/common/fault.c (flt_verb1).
import { type FaultStatus, type FaultStatusWord, faultStatus } from '../event/fault-status.js'
import {
  integerMember,
  integersMember,
  listMember,
  listsMember,
  type NvList,
  stringMember,
} from '../event/nvlist.js'
import { fmriText } from './fmri-strings.js'

/** What became of a suspect that is not faulty any more; the first that holds. */
const AFTER: readonly (readonly [FaultStatusWord, string])[] = [
  ['faulty', ''],
  ['not-present', '\tRemoved'],
  ['replaced', '\tReplaced'],
  ['repaired', '\tRepair Attempted'],
  ['acquitted', '\tAcquitted'],
]

/** Six lines and an empty one for each suspect. */
export function printSuspects(diagnosis: NvList): string {
  const status = integersMember(diagnosis, 'fault-status') ?? []
  const faults = listsMember(diagnosis, 'fault-list') ?? []
  return faults.map((fault, i) => printSuspect(fault, Number(status[i] ?? 0n))).join('')
}

function printSuspect(fault: NvList, status: number): string {
  const certainty = String(integerMember(fault, 'certainty') ?? 0n).padStart(3)
  const after = AFTER.find(([word]) => has(status, word))?.[1] ?? ''
  const place = (name: string): string => {
    const member = listMember(fault, name)
    return (member && fmriText(member)) ?? '-'
  }
  return (
    `  ${certainty}%  ${stringMember(fault, 'class') ?? '-'}${after}\n\n` +
    `        Problem in: ${place('resource')}\n` +
    `           Affects: ${place('asru')}\n` +
    `               FRU: ${place('fru')}\n` +
    `          Location: ${stringMember(fault, 'location') ?? '-'}\n\n`
  )
}

const has = (status: number, word: FaultStatusWord): boolean =>
  ((status as FaultStatus) & faultStatus(word)) !== 0
