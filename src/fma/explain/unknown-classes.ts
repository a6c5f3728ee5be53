// UnknownClasses: rules that know nothing of what came, which looks like a host without faults.
//
//   intel.esc, l1dcache and mem_ce seen  ->  these rules know none of the 2 classes seen: ...
//
// Holds: it is said where rules know none; of one that is not known there is a diagnosis.
import { stringMember } from '../event/nvlist.js'
import type { RuleSet } from '../eversholt/rule-set.js'
import type { FaultManagement } from '../host/fault-management.js'
import { someOf } from './place-text.js'

/** What fmd makes of itself. */
const OWN = 'ereport.fm.'

/** A sentence without a stop; undefined where rules know one of the classes, or none came. */
export function unknownClasses(
  { ereports }: Pick<RuleSet, 'ereports'>,
  seen: Iterable<string>,
): string | undefined {
  const classes = [...new Set(seen)].filter((name) => !name.startsWith(OWN)).sort()
  const known = new Set(ereports)
  if (classes.length === 0 || classes.some((name) => known.has(name))) return undefined
  const many =
    classes.length === 1 ? 'do not know the class' : `know none of the ${classes.length} classes`
  return `these rules ${many} seen: ${someOf(classes)}`
}

/** Classes of the ereports that were logged. */
export function classesSeen(management: FaultManagement): ReadonlySet<string> {
  return new Set(management.log('error').map(({ event }) => stringMember(event, 'class') ?? ''))
}
