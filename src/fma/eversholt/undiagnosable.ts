// Undiagnosable: why an ereport, or all of an exercise, came to nothing, as the suspects that say
// so.
//
//   nothing explains it  ->  defect and fault sunos.eft.unexpected_telemetry, 50 % each
//
// Holds: what an engine cannot explain is a mistake in its rules, or in what reported it: both are
// suspects, and neither is acted on. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/fme.c (undiag_2defect_str, publish_undiagnosable), fme.h.
import type { Fault } from '../event/fault.js'
import type { Fmri } from '../event/fmri.js'
import { nv, nvlist } from '../event/nvlist.js'
import type { Reason } from '../fmd/reason.js'

/** Why nothing can be diagnosed. */
export type Undiagnosable =
  | 'no-path'
  | 'path-not-in-topology'
  | 'class-and-path'
  | 'empty-tree'
  | 'not-in-tree'
  | 'all-disproved'
  | 'too-many-exercises'
  | 'too-much-to-consider'
  | 'saved-case-damaged'
  | 'saved-first-missing'
  | 'saved-path-bad'
  | 'saved-observation-missing'
  | 'saved-observation-unknown'
  | 'saved-topology-differs'
  | 'unknown'

type Kind = 'telemetry' | 'limit' | 'checkpoint' | 'unknown'

const REASONS: Readonly<Record<Undiagnosable, readonly [kind: Kind, text: string]>> = {
  'no-path': ['telemetry', 'nothing says which part of the host $ is about'],
  'path-not-in-topology': ['telemetry', 'the part that $ is about is not in the topology'],
  'class-and-path': ['telemetry', 'no rule knows this class at such a part: $'],
  'empty-tree': ['telemetry', 'the rules that lead to $ find no parts in this topology'],
  'not-in-tree': ['telemetry', 'on this host nothing leads to $'],
  'all-disproved': ['telemetry', 'all hypotheses were disproved'],
  'too-many-exercises': ['limit', 'too many problems are being considered at once'],
  'too-much-to-consider': ['limit', 'the rules make more of $ than can be considered'],
  'saved-case-damaged': ['checkpoint', 'what was saved of the case is damaged'],
  'saved-first-missing': ['checkpoint', 'the first ereport of the case was not saved'],
  'saved-path-bad': ['checkpoint', 'a saved observation does not say where it was'],
  'saved-observation-missing': ['checkpoint', 'an observation of the case was not saved'],
  'saved-observation-unknown': [
    'checkpoint',
    'by the rules of today a saved observation cannot be',
  ],
  'saved-topology-differs': ['checkpoint', 'the topology is not the one the case was saved with'],
  unknown: ['unknown', 'nobody knows why'],
}

const DEFECTS: Readonly<Record<Kind, string>> = {
  telemetry: 'defect.sunos.eft.unexpected_telemetry',
  limit: 'defect.sunos.eft.undiag.limit',
  checkpoint: 'defect.sunos.eft.undiag.checkpoint',
  unknown: 'defect.sunos.eft.undiag.unknown',
}

const FAULT = 'fault.sunos.eft.unexpected_telemetry'

/** Why, in words; `what` is what it is about. */
function undiagnosableText(why: Undiagnosable, what: string): string {
  return REASONS[why][1].replace('$', () => what)
}

/** Suspects for one resource, of `resources` in all. */
export function undiagnosableFaults(
  why: Undiagnosable,
  what: string,
  resources: readonly (Fmri | undefined)[],
): readonly Fault[] {
  const [kind] = REASONS[why]
  const certainty = kind === 'telemetry' ? Math.floor(50 / Math.max(1, resources.length)) : 100
  const payload = nvlist({ reason: nv.string(undiagnosableText(why, what)) })
  const classes = kind === 'telemetry' ? [DEFECTS[kind], FAULT] : [DEFECTS[kind]]
  const each = resources.length === 0 ? [undefined] : resources
  return classes.flatMap((name) =>
    each.map((resource) => ({
      class: name,
      certainty,
      resource,
      retire: false,
      response: false,
      payload,
    })),
  )
}

/** The reason that goes with them. */
export function undiagnosableReason(
  why: Undiagnosable,
  what: string,
  children: readonly Reason[] = [],
): Reason {
  const because = undiagnosableText(why, what)
  return { kind: 'ereport', what, verdict: 'disproved', because, children }
}
