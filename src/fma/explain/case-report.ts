// CaseReport: a case for whoever has to do something about it: what is at fault, which pcpu it is,
// what is replaced, and what to do next.
//
//   GMCA-8000-LF  Major  closed, solved 2007-12-10 08:00:31
//     fault.cpu.generic-x86.l1dcache 100%: faulty
//       motherboard=0/chip=0/core=1/strand=0
//       which is pcpu 1
//       to replace: CPU 1, motherboard=0/chip=0
//     next: Plan to replace ...
//
// Holds: it says nothing that the case, the parts of its host and its message do not say.
import type { Fault } from '../event/fault.js'
import { printFmri } from '../event/fmri.js'
import type { Case } from '../fmd/case.js'
import { messageOf } from '../message/catalog.js'
import { expandMessage } from '../message/message-text.js'
import { pcpuOf } from '../topo/resolve.js'
import type { Topology } from '../topo/topology.js'
import { caseLines } from './case-lines.js'
import { placeText } from './place-text.js'

/** The lines, without an end. */
export function caseReport(of: Case, topology: Topology): string {
  return [caseLines(of, (fault) => partLines(fault, topology)), ...nextLines(of)].join('\n')
}

/** Which pcpu a strand is, and what is replaced. */
function partLines({ asru, resource, fru, location }: Fault, topology: Topology): string[] {
  const [place, name] = [asru ?? resource, fru === undefined ? [] : placeText(fru)]
  const node = place && topology.node(place)
  const pcpu = node && pcpuOf(node)
  const isNamed = asru?.scheme === 'cpu' && asru.cpuid === pcpu
  const strand = isNamed && resource !== undefined ? placeText(resource) : `pcpu ${pcpu}`
  const isSame = fru !== undefined && place !== undefined && printFmri(fru) === printFmri(place)
  const replaced = [location ?? [], isSame ? [] : name].flat().join(', ')
  return [
    ...(pcpu === undefined ? [] : [`which is ${strand}`]),
    ...(replaced === '' ? [] : [`to replace: ${replaced}`]),
  ]
}

function nextLines(of: Case): readonly string[] {
  if (of.state === 'unsolved') return []
  const action = messageOf(of.code)?.action
  return action === undefined ? [] : [`  next: ${expandMessage(action, { code: of.code })}`]
}
