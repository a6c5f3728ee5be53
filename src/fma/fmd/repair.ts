// Repair: what people say of what was faulty: repaired, replaced, not at fault, to be forgotten.
//
//   a resource, a label, a case  ->  entries of the cache  ->  no longer faulty  ->  their cases
//
// Holds: what is said of a thing holds of all that is part of it, once nothing says that the thing
// itself is faulty. People are believed: whether a part was replaced is not checked. Source:
// illumos-gate fmd_rpc_adm.c, fmd_asru.c.
import { XpvError } from '../../base/error.js'
import { type Fmri, printFmri } from '../event/fmri.js'
import type { CaseLife } from './case-life.js'
import { isWithin } from './fmri-key.js'
import type { RepairTarget } from './input.js'
import type { Entry, RepairReason } from './resources.js'

/** Throws XpvError `fma.not-faulty`, `fma.case-unknown` or `fma.case-state` for a target of which
 *  nothing can be said. */
export function checkRepair(life: CaseLife, what: RepairTarget): void {
  if (what.kind !== 'case') {
    if (entriesOf(life, what).length > 0) return
    const name = what.kind === 'label' ? `label "${what.label}"` : printFmri(what.fmri)
    throw new XpvError('fma.not-faulty', `no case names ${name}`, 'fmadm faulty -a')
  }
  const file = life.cases.get(what.uuid)
  if (file === undefined) {
    throw new XpvError('fma.case-unknown', `there is no case ${what.uuid}`, 'fmadm faulty -a')
  }
  if (file.diagnosis === undefined) {
    throw new XpvError('fma.case-state', `case ${what.uuid} is not solved: it has no suspects`)
  }
}

/** Notes what was said, and what follows for the cases. */
export function repair(life: CaseLife, what: RepairTarget, reason: RepairReason): void {
  const touched = new Set<string>()
  for (const entry of entriesOf(life, what)) {
    if (life.acquit(entry, reason)) touched.add(entry.uuid)
    for (const part of partsOf(life, entry)) {
      if (life.acquit(part, reason)) touched.add(part.uuid)
    }
  }
  if (what.kind === 'case') touched.add(what.uuid)
  for (const uuid of touched) {
    const file = life.cases.get(uuid)
    if (file !== undefined) life.update(file)
  }
}

/** Forgets cases about a resource that are over. */
export function flush(life: CaseLife, resource: Fmri): void {
  for (const { uuid } of life.resources.named(resource)) {
    const file = life.cases.get(uuid)
    if (file?.diagnosis?.state === 'resolved') life.forget(file)
  }
}

function entriesOf({ resources, cases }: CaseLife, what: RepairTarget): readonly Entry[] {
  if (what.kind === 'case') return cases.get(what.uuid)?.diagnosis?.entries ?? []
  const found = what.kind === 'label' ? resources.labelled(what.label) : resources.named(what.fmri)
  return found.filter(({ uuid }) => what.uuid === undefined || what.uuid === uuid)
}

/** Entries of what is part of an entry's ASRU, when nothing says that the ASRU is faulty. */
function partsOf({ resources }: CaseLife, { asru }: Entry): readonly Entry[] {
  const { fmri } = asru
  if (fmri === undefined || [...asru.entries].some(({ faulty }) => faulty)) return []
  const parts = [...resources.all()].filter((one) => {
    return one !== asru && one.fmri !== undefined && isWithin(one.fmri, fmri)
  })
  return parts.flatMap(({ entries }) => [...entries])
}
