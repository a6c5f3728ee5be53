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
import { momentText } from './moment-text.js'
import { placeText } from './place-text.js'
import { type ReasonOptions, reasonLines } from './reason-lines.js'
import { requestText } from './request-text.js'
import { unseenLines } from './unseen.js'

/** Ereports of a case that are shown: the first and the last of more. */
const SHOWN = 12

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
    ereportLines(of).join('\n'),
    ...(of.state === 'unsolved' ? [] : whyParts(of, options)),
    acts.length === 0 ? noActs(of) : '\nwhat was done:',
    acts.map(actLine).join('\n'),
    ...unseenParts(management),
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

function ereportLines({ ereports }: Case): readonly string[] {
  const lines = ereports.map(({ timeNs, class: name, detector }) => {
    const time = timeNs === undefined ? 'nobody knows when' : momentText(timeNs)
    return `  ${time}  ${name.replace(/^ereport\./, '')}\n    ${placeText(detector)}`
  })
  const left = lines.length - SHOWN
  if (left <= 0) return lines
  const half = SHOWN / 2
  return [...lines.slice(0, half), `  ... and ${left} more`, ...lines.slice(-half)]
}

function whyParts({ reason, module }: SolvedCase, options: ReasonOptions): readonly string[] {
  if (reason === undefined) return [`${module} does not say why.`]
  return ['\nwhy this is the diagnosis:', reasonLines(reason, options).join('\n')]
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
    : ['\nwhat could not be seen:', lines.map((l) => `- ${l}`).join('\n')]
}
