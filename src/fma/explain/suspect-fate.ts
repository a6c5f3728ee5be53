// SuspectFate: what has become of a suspect, in words that mislead nobody, and what it is about.
//
//   a strand that an agent took out of service   ->  faulty, unusable
//   a defect of the rules, its case closed       ->  suspected: nothing that could be taken out ...
//
// Holds: fmd marks all suspects of a case that is closed as unusable, as illumos' does, those among
// them that nobody can take out of service: here they are not said to be. Source: illumos-gate
// fmd_case.c (fmd_case_transition), fme.c (publish_undiagnosable).
import { faultStatusWords } from '../event/fault-status.js'
import { stringMember } from '../event/nvlist.js'
import type { ListedSuspect } from '../event/suspect-list.js'
import { placeText } from './place-text.js'

/** What has become of it, in the words of its status. */
export function suspectWords({ fault, status }: ListedSuspect): readonly string[] {
  const words = faultStatusWords(status)
  return fault.asru === undefined ? words.filter((word) => word !== 'unusable') : words
}

/** The part, or what else it is about; `?` where nothing is named. */
export function suspectPlace({ fault }: ListedSuspect): string {
  const named = fault.asru ?? fault.resource
  if (named !== undefined) return placeText(named)
  const name = unclaimedClass({ fault })
  return name === undefined ? '?' : `${name}, to which no module subscribes`
}

/** The class of ereports that nobody subscribes to, of a suspect that says so. */
export function unclaimedClass({ fault }: Pick<ListedSuspect, 'fault'>): string | undefined {
  return fault.payload && stringMember(fault.payload, 'nosub_class')
}
