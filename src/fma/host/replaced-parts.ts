// ReplacedParts: what was replaced while nobody looked: a part that is at fault, in whose place is
// one with another serial number now.
//
//   a FRU of a fault with serial A, the part in its place with serial B  ->  it was replaced
//
// Holds: nothing is concluded where either number is not known, nor from a part that is not there:
// what captures do not speak of may be there all the same. Source: illumos-gate fmd_asru.c
// (fmd_asru_hash_recreate).
import { faultStatusWords } from '../event/fault-status.js'
import { type Fmri, printFmri } from '../event/fmri.js'
import type { FaultManager } from '../fmd/manager.js'
import type { Topology } from '../topo/topology.js'

/** The FRUs of faults that are not those of the host any more, each once. */
export function replacedParts(manager: FaultManager, topology: Topology): readonly Fmri[] {
  const suspects = manager.resources().flatMap((each) => each.suspects)
  const gone = suspects.flatMap(({ fault: { fru }, status }) => {
    const isFaulty = faultStatusWords(status).includes('faulty')
    return isFaulty && fru !== undefined && isOther(fru, topology) ? [fru] : []
  })
  return [...new Map(gone.map((fru) => [printFmri(fru), fru])).values()]
}

function isOther(fru: Fmri, topology: Topology): boolean {
  if (fru.scheme !== 'hc' || fru.serial === undefined) return false
  const serial = topology.node(fru)?.serial
  return serial !== undefined && serial !== fru.serial
}
