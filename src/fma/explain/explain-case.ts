// ExplainCase: one case from the first ereport to what was done, with what could not be known: a
// page for people.
//
//   what was seen, why that is the diagnosis, what was done about it, what could not be seen
//
// Holds: it says nothing that is not in the case, its logs or the accounts of its telemetry.
import { type Page, page } from '../../base/page.js'
import { type Table, table } from '../../base/table.js'
import { faultStatusWords } from '../event/fault-status.js'
import type { Case, SolvedCase } from '../fmd/case.js'
import type { FaultManagement, MachineAct } from '../host/fault-management.js'
import { messageOf } from '../message/catalog.js'
import { momentText, spanText } from './moment-text.js'
import { placeText } from './place-text.js'
import { reasonLines } from './reason-lines.js'
import { requestText } from './request-text.js'
import { unseenLines } from './unseen.js'

/** Ereports of a case that are shown: the first and the last of more. */
const SHOWN = 12

/** Explains a case of a host. */
export function explainCase(management: FaultManagement, of: Case): Page {
  const acts = management.acts.filter(({ uuid, what }) => uuid === of.uuid && what.kind !== 'tell')
  const parts = [
    titleOf(of),
    of.state === 'unsolved' ? undefined : suspectTable(of),
    `what was seen: ${seenText(of)}`,
    ereportTable(of),
    ...(of.state === 'unsolved' ? [] : whyParts(of)),
    acts.length === 0 ? noActs(of) : 'what was done:',
    acts.length === 0 ? undefined : actTable(acts),
    ...unseenParts(management),
  ]
  return page(parts, { uuid: of.uuid, state: of.state })
}

function titleOf(of: Case): string {
  if (of.state === 'unsolved') return `case ${of.uuid}: not solved yet, by ${of.module}`
  const { code, severity, state, solvedNs, uuid } = of
  const description = messageOf(code)?.description
  const first = `${code}, ${severity}: solved ${momentText(solvedNs)}, now ${state} (case ${uuid})`
  return description === undefined ? first : `${first}\n${description}`
}

function suspectTable({ suspects }: SolvedCase): Table {
  const columns = [{ name: 'suspect', wraps: true }, { name: 'what', wraps: true }, 'status']
  return table(
    columns,
    suspects.map(({ fault, status }) => {
      return [
        `${fault.class} ${fault.certainty}%`,
        placeText(fault.resource ?? fault.asru),
        faultStatusWords(status).join(' '),
      ]
    }),
  )
}

function seenText({ ereports }: Case): string {
  const times = ereports.flatMap(({ timeNs }) => timeNs ?? [])
  const [first, last] = [times[0], times.at(-1)]
  const many = `${ereports.length} ereport${ereports.length === 1 ? '' : 's'}`
  if (first === undefined || last === undefined) return many
  return last === first ? many : `${many} in ${spanText(last - first)}`
}

function ereportTable({ ereports }: Case): Table | undefined {
  if (ereports.length === 0) return undefined
  const isLong = ereports.length > SHOWN
  const half = SHOWN / 2
  const shown = isLong ? [...ereports.slice(0, half), ...ereports.slice(-half)] : ereports
  const columns = ['time', 'ereport', { name: 'detector', wraps: true }]
  const rows = shown.map(({ timeNs, class: name, detector }) => [
    timeNs === undefined ? null : momentText(timeNs),
    name.replace(/^ereport\./, ''),
    placeText(detector),
  ])
  const left = `... and ${ereports.length - SHOWN} more`
  if (isLong) rows.splice(half, 0, [left, '', ''])
  return table(columns, rows)
}

function whyParts({ reason, module }: SolvedCase): readonly string[] {
  if (reason === undefined) return [`${module} does not say why.`]
  return ['why this is the diagnosis:', reasonLines(reason).join('\n')]
}

function noActs(of: Case): string | undefined {
  return of.state === 'unsolved' ? undefined : 'what was done: nothing that anybody asked for.'
}

function actTable(acts: readonly MachineAct[]): Table {
  return table(
    ['time', 'who', 'what', { name: 'what became of it', wraps: true }],
    acts.map(({ timeNs, module, what, outcome }) => [
      momentText(timeNs),
      module,
      requestText(what),
      outcomeText(outcome),
    ]),
  )
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
    : ['what could not be seen:', lines.map((l) => `- ${l}`).join('\n')]
}
