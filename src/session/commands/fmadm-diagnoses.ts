// What fmadm shows of a fault management: its solved cases as the diagnoses that were published,
// each with the ids of its resources in the cache.
import { type Fmri, printFmri } from '../../fma/event/fmri.js'
import { stringMember } from '../../fma/event/nvlist.js'
import { type SuspectList, suspectListFromNvlist } from '../../fma/event/suspect-list.js'
import type { SolvedCase } from '../../fma/fmd/case.js'
import type { FaultManagement } from '../../fma/host/fault-management.js'
import type { Diagnosis } from '../../fma/view/faulty.js'

/** All of them, oldest first. */
export function diagnosesOf(management: FaultManagement): readonly Diagnosis[] {
  const { manager } = management
  const engines = publishedBy(management)
  const known = manager
    .resources()
    .filter(({ state }) => state !== 'ok')
    .map(({ id, fmri, suspects }) => ({ id, suspects, name: fmri ? printFmri(fmri) : '' }))
    .sort((a, b) => (a.name < b.name ? 1 : -1))
  return manager.cases().flatMap((one): Diagnosis[] => {
    if (one.state === 'unsolved') return []
    const of = known.filter(({ suspects }) => suspects.some(({ uuid }) => uuid === one.uuid))
    const engine = engines.get(one.uuid) ?? { scheme: 'fmd', name: one.module }
    return [{ list: listOf(one, engine), cacheIds: of.map(({ id }) => id) }]
  })
}

function listOf(one: SolvedCase, engine: Fmri): SuspectList {
  const { uuid, code, severity, suspects, message, injected, solvedNs } = one
  return {
    ...{ change: 'suspect', uuid, code, severity, suspects, message, injected, engine },
    diagTimeNs: solvedNs,
  }
}

/** Who diagnosed each, and on which host: as it was published. */
function publishedBy(management: FaultManagement): ReadonlyMap<string, Fmri> {
  const published = management
    .log('fault')
    .filter(({ event: members }) => stringMember(members, 'class') === 'list.suspect')
    .map(({ event: members }) => suspectListFromNvlist(members))
  return new Map(published.map(({ uuid, engine }) => [uuid, engine]))
}
