// CoveragePage: which faults a host could ever be diagnosed to have, for people: those alike
// together, with the reason once.
//
//   never, 29 faults: the hypervisor of this era scans no bank
//     fault.cpu.generic-x86.cache, fault.cpu.generic-x86.dcache ...
//
// Holds: every fault is there once; the page's values are all that is known of each.
import { type Page, page } from '../../base/page.js'
import type { FaultCoverage } from './coverage.js'

const VERDICTS = ['always', 'partly', 'never'] as const

/** The page. */
export function coveragePage(coverage: readonly FaultCoverage[]): Page {
  const parts = VERDICTS.flatMap((verdict) => {
    const of = coverage.filter((each) => each.verdict === verdict)
    return groups(of).map(([why, faults]) => {
      const many = `${faults.length} fault${faults.length === 1 ? '' : 's'}`
      const head = `${verdict}, ${many}${why === '' ? '' : `: ${why}`}`
      return `${head}\n  ${faults.map(faultText).join(', ')}`
    })
  })
  return page(parts.length === 0 ? ['these rules have no faults'] : parts, coverage)
}

/** Faults by why they are not seen, or not always. */
function groups(
  coverage: readonly FaultCoverage[],
): readonly (readonly [why: string, of: readonly FaultCoverage[]])[] {
  const found = new Map<string, FaultCoverage[]>()
  for (const each of coverage) {
    const why = each.why.join('; ')
    const group = found.get(why)
    if (group === undefined) found.set(why, [each])
    else group.push(each)
  }
  return [...found]
}

/** Its class; how many parts where not all of them. */
function faultText({ fault, parts, ofParts, verdict }: FaultCoverage): string {
  return verdict === 'partly' ? `${fault} (${parts} of ${ofParts} parts)` : fault
}
