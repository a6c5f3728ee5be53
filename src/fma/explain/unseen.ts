// Unseen: what whoever diagnosed could not know: errors that never reach him, and what was missing
// in those that did; a line each.
import type { FaultManagement } from '../host/fault-management.js'

/** Sentences without a stop; none where all could be seen. */
export function unseenLines(management: FaultManagement): readonly string[] {
  const gaps = management.gaps.map(({ kind, extent, reason }) => {
    const what = kind === 'pci' ? 'PCI errors' : 'machine checks'
    return `${extent === 'all' ? 'all' : 'some'} ${what}: ${reason}`
  })
  const unknown = management.account.flatMap(({ source, unknown }) =>
    unknown.map(({ what, count, reason }) => {
      const many = count === undefined ? '' : ` (${count} times)`
      return `${source}: ${what}${many}: ${reason}`
    }),
  )
  return [...gaps, ...unknown]
}
