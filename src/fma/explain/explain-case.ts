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

/** What is told of a case, part by part: lines without an end, none where there is nothing. */
export interface CaseAccount {
  /** What it is: its line, its suspects, its message. */
  readonly head: readonly string[]
  readonly seen: readonly string[]
  readonly why: readonly string[]
  /** What else was considered. */
  readonly dropped: readonly string[]
  readonly done: readonly string[]
  readonly unseen: readonly string[]
  /** What the engine thought, step by step. */
  readonly tree: readonly string[]
}

/** The account of a case of a host. */
export function caseAccount(
  management: FaultManagement,
  of: Case,
  options: ReasonOptions = {},
): CaseAccount {
  const { topology } = management
  const acts = management.acts.filter(({ uuid, what }) => uuid === of.uuid && what.kind !== 'tell')
  const isSolved = of.state !== 'unsolved'
  const message = isSolved ? messageOf(of.code)?.description : undefined
  return {
    head: [caseLines(of), ...(isSolved ? [`case ${of.uuid}`] : []), message ?? []].flat(),
    seen: options.full === true ? ereportLines(of, management) : seenLines(of, topology),
    why: isSolved ? whyLines(of, topology) : [],
    dropped: isSolved ? droppedLines(of) : [],
    done: acts.map(actLine),
    unseen: unseenLines(management).map((line) => `  ${line}`),
    tree: isSolved ? walkLines(of, options) : [],
  }
}

/** Explains a case of a host. */
export function explainCase(
  management: FaultManagement,
  of: Case,
  options: ReasonOptions = {},
): Page {
  return accountPage(caseAccount(management, of, options), of, options)
}

/** An account of a case as a page. */
export function accountPage(account: CaseAccount, of: Case, options: ReasonOptions = {}): Page {
  const { head, seen, why, dropped, done, unseen, tree } = account
  const how = options.full === true ? '' : ' ({ full: true } has every condition)'
  const nothing = of.state === 'unsolved' ? [] : [NOTHING_DONE]
  const parts = [
    ...head,
    ...titled(`\nwhat was seen: ${seenText(of)}`, seen),
    ...(why.length === 0 ? [] : titled('\nwhy this is the diagnosis:', why)),
    ...(dropped.length === 0 ? [] : titled('\nwhat else was considered, and dropped:', dropped)),
    ...(done.length === 0 ? nothing : titled('\nwhat was done:', done)),
    ...(unseen.length === 0 ? [] : titled('\nwhat could not be seen:', unseen)),
    ...(tree.length === 0 ? [] : titled(`\nhow it was found${how}:`, tree)),
  ]
  return page(parts, { uuid: of.uuid, state: of.state })
}

const NOTHING_DONE = '\nwhat was done: nothing that anybody asked for.'

const titled = (title: string, lines: readonly string[]): readonly string[] => [
  title,
  lines.join('\n'),
]

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

/** What the engine thought, where it thought more than one step. */
function walkLines({ reason }: SolvedCase, options: ReasonOptions): readonly string[] {
  return reason === undefined || reason.children.length === 0 ? [] : reasonLines(reason, options)
}

function actLine({ timeNs, module, what, outcome }: MachineAct): string {
  return `  ${momentText(timeNs)}  ${module}: ${requestText(what)}: ${outcomeText(outcome)}`
}

function outcomeText(outcome: MachineAct['outcome']): string {
  if (outcome === undefined) return 'not ended yet'
  if (outcome.kind === 'refused') return `refused: ${outcome.error}: ${outcome.why}`
  return outcome.note === undefined ? outcome.kind : `${outcome.kind}: ${outcome.note}`
}
