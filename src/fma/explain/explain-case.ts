// ExplainCase: one case from the first ereport to what was done, with what could not be known: a
// page for people.
//
//   what was seen, why that is the diagnosis, what was done about it, what could not be seen
//
// Holds: it says nothing that is not in the case, its logs or the accounts of its telemetry.
import { type Page, page } from '../../base/page.js'
import { spanText } from '../../base/span-text.js'
import type { Case, SolvedCase } from '../fmd/case.js'
import type { FaultManagement, MachineAct } from '../host/fault-management.js'
import { messageOf } from '../message/catalog.js'
import { caseLines } from './case-lines.js'
import { droppedLines, seenLines, whyLines } from './case-story.js'
import { momentText } from './moment-text.js'
import { partName } from './part-name.js'
import { type ReasonOptions, reasonLines } from './reason-lines.js'
import { requestText } from './request-text.js'
import { unseenLines } from './unseen.js'

/** Explains a case of a host. */
export function explainCase(
  management: FaultManagement,
  of: Case,
  options: ReasonOptions = {},
): Page {
  const acts = management.acts.filter(({ uuid, what }) => uuid === of.uuid && what.kind !== 'tell')
  const parts = [
    caseLines(of),
    ...(of.state === 'unsolved' ? [] : [`case ${of.uuid}`, messageOf(of.code)?.description]),
    `\nwhat was seen: ${seenText(of)}`,
    (options.full === true
      ? ereportLines(of, management)
      : seenLines(of, management.topology)
    ).join('\n'),
    ...(of.state === 'unsolved' ? [] : whyParts(of, management)),
    acts.length === 0 ? noActs(of) : '\nwhat was done:',
    acts.map(actLine).join('\n'),
    ...unseenParts(management),
    ...(of.state === 'unsolved' ? [] : walkParts(of, options)),
  ]
  return page(parts, { uuid: of.uuid, state: of.state })
}

function seenText({ ereports }: Case): string {
  const times = ereports.flatMap(({ timeNs }) => timeNs ?? [])
  const [first, last] = [times[0], times.at(-1)]
  const many = `${ereports.length} ereport${ereports.length === 1 ? '' : 's'}`
  if (first === undefined || last === undefined) return many
  return last === first ? many : `${many} in ${spanText(last - first)}`
}

/** Each ereport. */
function ereportLines({ ereports }: Case, { topology }: FaultManagement): readonly string[] {
  return ereports.map(({ timeNs, class: name, detector }) => {
    const time = timeNs === undefined ? 'nobody knows when' : momentText(timeNs)
    return `  ${time}  ${name.replace(/^ereport\./, '')}\n    by ${partName(detector, topology)}`
  })
}

function whyParts(of: SolvedCase, { topology }: FaultManagement): readonly string[] {
  const dropped = droppedLines(of)
  return [
    '\nwhy this is the diagnosis:',
    whyLines(of, topology).join('\n'),
    ...(dropped.length === 0 ? [] : ['\nwhat else was considered, and dropped:']),
    dropped.join('\n'),
  ]
}

/** What the engine thought, step by step. */
function walkParts({ reason }: SolvedCase, options: ReasonOptions): readonly string[] {
  if (reason === undefined || reason.children.length === 0) return []
  const how = options.full === true ? '' : ' ({ full: true } has every condition)'
  return [`\nhow it was found${how}:`, reasonLines(reason, options).join('\n')]
}

function noActs(of: Case): string | undefined {
  return of.state === 'unsolved' ? undefined : '\nwhat was done: nothing that anybody asked for.'
}

function actLine({ timeNs, module, what, outcome }: MachineAct): string {
  return `  ${momentText(timeNs)}  ${module}: ${requestText(what)}: ${outcomeText(outcome)}`
}

function outcomeText(outcome: MachineAct['outcome']): string {
  if (outcome === undefined) return 'not ended yet'
  if (outcome.kind === 'refused') return `refused: ${outcome.error}: ${outcome.why}`
  return outcome.note === undefined ? outcome.kind : `${outcome.kind}: ${outcome.note}`
}

function unseenParts(management: FaultManagement): readonly string[] {
  const lines = unseenLines(management)
  return lines.length === 0
    ? []
    : ['\nwhat could not be seen:', lines.map((line) => `  ${line}`).join('\n')]
}
