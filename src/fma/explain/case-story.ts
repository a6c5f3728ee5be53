// CaseStory: why a case is what it is, in sentences: what was seen, which rule makes what of it and
// how many of what are too many, why it is this part, what else was considered.
//
//   cpu.generic-x86.l1dcache 4 times, 2007-12-10 08:00:10 to 08:00:40, by pcpu 1 (chip0/...)
//   fault.cpu.generic-x86.l1dcache of pcpu 1 explains it: up to 3 in 3d are chance, and these ...
//
// Holds: it says nothing that is not in the case and its reason.
import { spanText } from '../../base/span-text.js'
import type { Ereport } from '../event/ereport.js'
import type { Case, SolvedCase } from '../fmd/case.js'
import type { Reason } from '../fmd/reason.js'
import type { Topology } from '../topo/topology.js'
import { decidingCondition, droppedGroups, hypothesesText, placeOf } from './dropped.js'
import { betweenText } from './moment-text.js'
import { partName } from './part-name.js'
import { pathText, someOf } from './place-text.js'
import { unclaimedClass } from './suspect-fate.js'

/** Kinds of ereports that are told; those of more are counted. */
const SHOWN = 12

/** What was seen: those of one class from one part together. */
export function seenLines({ ereports }: Case, topology: Topology): readonly string[] {
  const groups = new Map<string, Ereport[]>()
  for (const ereport of ereports) {
    const key = `${ereport.class}\n${partName(ereport.detector, topology)}`
    groups.set(key, [...(groups.get(key) ?? []), ereport])
  }
  const lines = [...groups.values()].map((group) => seenLine(group, topology))
  const left = lines.length - SHOWN
  return left <= 0 ? lines : [...lines.slice(0, SHOWN), `  ... and ${left} more kinds`]
}

function seenLine(group: readonly Ereport[], topology: Topology): string {
  const [first] = group
  const times = group.flatMap(({ timeNs }) => timeNs ?? [])
  const [from, until] = [times[0], times.at(-1)]
  const when =
    from === undefined || until === undefined ? 'nobody knows when' : betweenText(from, until)
  const many = group.length === 1 ? '' : ` ${group.length} times`
  const name = first?.class.replace(/^ereport\./, '')
  return `  ${name}${many}, ${when}\n    by ${partName(first?.detector, topology)}`
}

/** Why that is the diagnosis. */
export function whyLines(of: SolvedCase, topology: Topology): readonly string[] {
  const { reason } = of
  if (reason === undefined) return selfLines(of)
  const suspects = partsOf(reason).filter(({ verdict }) => verdict === 'suspect')
  if (suspects.length === 0)
    return [`  No rule explains it: ${pathText(reason.because ?? 'nobody knows why')}.`]
  const rules = [...new Map(suspects.map((each) => [ruleLine(each), each]))].map(([line]) => line)
  return [...rules, whereLine(of, { suspects, root: reason }, topology)]
}

/** Cases that the fault manager makes about itself. */
function selfLines({ suspects, module }: SolvedCase): readonly string[] {
  const name = suspects.map(unclaimedClass).find((each) => each !== undefined)
  if (name === undefined) return [`  ${module} does not say why.`]
  return [
    `  No module subscribes to ${name}: no rule that is loaded declares the class, so nobody can ` +
      'make anything of it. Rules that do would (rules of files: --rules FILE).',
  ]
}

/** How a suspect explains what was seen: `fault.x: up to 3 in 1d are chance, and these are 4`. */
function ruleLine(suspect: Reason): string {
  const name = suspect.what.split('@')[0]
  const serd = suspect.children.find(({ kind }) => kind === 'serd')
  if (serd === undefined) return `  ${name} explains it, and needs to be seen but once.`
  const [, over = ''] = /more than (.*?)(?:;|$)/.exec(serd.because ?? '') ?? []
  const increment = /; each counts (\d+) times/.exec(serd.because ?? '')?.[1]
  const held = serd.values ?? []
  const much =
    increment === undefined
      ? `up to ${over} are chance, and ${countedText(held)}`
      : `up to ${over} are chance, and one of these counts for ${increment}`
  return `  ${name} explains it: ${much}.`
}

function countedText(values: NonNullable<Reason['values']>): string {
  const times = values.flatMap(([, value]) => (/^\d+$/.test(value) ? [BigInt(value)] : []))
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined || first === last)
    return `these are ${values.length}`
  return `the ${ordinal(values.length)} came ${spanText(last - first)} after the first`
}

function ordinal(count: number): string {
  const [ten, one] = [Math.floor(count / 10) % 10, count % 10]
  return `${count}${ten === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][one] ?? 'th')}`
}

/** Why it is this part, or these. */
function whereLine(
  { suspects: listed }: SolvedCase,
  { suspects, root }: { readonly suspects: readonly Reason[]; readonly root: Reason },
  topology: Topology,
): string {
  const parts = [...new Set(listed.map(({ fault }) => partName(fault.resource, topology)))]
  const names = someOf(parts)
  if (suspects.some(isNamed)) return `  It is ${names}, since the ereports name it.`
  const seen = partsOf(root).filter(({ kind, verdict }) => kind === 'ereport' && verdict === 'seen')
  const places = new Set(seen.map(placeOf))
  if (suspects.every((each) => places.has(placeOf(each))) && parts.length === 1)
    return `  It is ${names}, where it was noticed.`
  return parts.length === 1
    ? `  It is ${names}: from there it comes to all that was seen.`
    : `  It is one of ${names}: from each of them it comes to all that was seen.`
}

/** Whether a condition that holds is that the ereport names the part. */
function isNamed({ children }: Reason): boolean {
  return children.some((each) => {
    const { kind, verdict, what } = each
    const holds = kind === 'constraint' && verdict === 'holds'
    return holds && (/^payloadprop_contains\("resource"/.test(what) || isNamed(each))
  })
}

/** What else was considered, and why it was dropped: problems, and errors on the way to some that a
 *  condition kept out. */
export function droppedLines({ reason }: SolvedCase): readonly string[] {
  if (reason === undefined) return []
  const parts = partsOf(reason)
  const gone = parts.filter((each) => {
    const isGone = each.verdict === 'disproved' || each.verdict === 'dropped'
    const isProblem = each.kind !== 'error' || decidingCondition(each) !== undefined
    return isGone && isProblem && each !== reason
  })
  const lines = [...droppedGroups(gone)]
    .sort((a, b) => b.parts.length - a.parts.length)
    .map((group) => `  ${hypothesesText(group)}\n    ${group.why}`)
  const others = parts.filter(({ because }) => because === 'it is in a case of its own')
  const apart = others.map(({ what }) => `  ${pathText(what)} stands too, in a case of its own`)
  return [...lines, ...apart]
}

/** A part of a walk and all below it that is no condition. */
function partsOf(reason: Reason): readonly Reason[] {
  return [
    reason,
    ...reason.children.flatMap((each) => (each.kind === 'constraint' ? [] : partsOf(each))),
  ]
}
