// WhatIf: two diagnoses of one physical history, side by side: what both found, what only one did,
// and what was done about it.
//
//   as it was: GMCA-8000-LF strand=0 after 30 s, closed      as it would be: nothing, and why
//
// Holds: diagnoses are the same when their code and what they blame are; hosts of other eras name
// what can be taken out of service in other ways, so that is not compared. That something came some
// seconds earlier is no difference unless it is asked for. Diagnoses alike are told together.

import { type Page, page } from '../../base/page.js'
import { spanText } from '../../base/span-text.js'
import { type Table, table } from '../../base/table.js'
import type { RuleSet } from '../eversholt/rule-set.js'
import type { SolvedCase } from '../fmd/case.js'
import type { FaultManagement, MachineAct } from '../host/fault-management.js'
import type { Topology } from '../topo/topology.js'
import { partKey, partName } from './part-name.js'
import { someOf } from './place-text.js'
import { kindOfRequestText, requestText } from './request-text.js'
import { classesSeen, unknownClasses } from './unknown-classes.js'
import { unseenLines } from './unseen.js'

/** One of the two. */
export interface Diagnosed {
  /** What is said above its column. */
  readonly title: string
  readonly management: FaultManagement
  /** When its host booted, nanoseconds since 1970. */
  readonly bootNs: bigint
  /** By which it diagnosed; our own when absent. */
  readonly rules?: RuleSet | undefined
}

/** What counts as a difference. */
export interface WhatIfOptions {
  /** Another second does. */
  readonly seconds?: boolean | undefined
}

const LEGEND = '* found by one alone, or something else was done about it'
const LEGEND_SECONDS = '* found by one alone, at another moment, or something else was done'

/** Two diagnoses, compared. */
export interface Comparison {
  /** What one would have found where the other found something. What differs has a star. */
  readonly shown: Page
  readonly isDifferent: boolean
  /** Each diagnosis of either with what became of it on both. */
  readonly diagnoses: Table
  /** How many ereports came to each. */
  readonly ereports: Table
  /** What each could not know. */
  readonly unseen: readonly string[]
}

/** Compares what one would have found with what the other found. */
export function diffDiagnoses(
  was: Diagnosed,
  other: Diagnosed,
  options: WhatIfOptions = {},
): Comparison {
  const compared = compare(was, other, options.seconds === true)
  const isDifferent = compared.some(({ differs }) => differs)
  const ereports = table(
    ['', was.title, other.title],
    [['ereports', was.management.log('error').length, other.management.log('error').length]],
  )
  const unseen = [was, other].flatMap((each) => unseenOf(each) ?? [])
  const json = compared.map(({ key, sides: [a, b] }) => ({ key, was: textOf(a), is: textOf(b) }))
  const found = foundParts(compared, [was.title, other.title], options.seconds === true)
  const shown = page([...found, unknownTo(other), ereports, ...unseen], json)
  const diagnoses = diagnosisTable(compared, [was.title, other.title])
  return { shown, isDifferent, diagnoses, ereports, unseen }
}

/** What was found in blocks, and what their stars say. */
function foundParts(
  compared: readonly Compared[],
  titles: readonly [string, string],
  bySeconds: boolean,
): readonly string[] {
  if (compared.length === 0) return ['neither diagnoses anything']
  const legend = bySeconds ? LEGEND_SECONDS : LEGEND
  const isDifferent = compared.some(({ differs }) => differs)
  const blocks = grouped(compared).map((group) => blockText(group, titles))
  return [...blocks, isDifferent ? legend : 'both find and do the same']
}

/** Its title says which is which. */
function diagnosisTable(
  compared: readonly Compared[],
  [was, other]: readonly [string, string],
): Table {
  const columns = [
    { name: 'code', isKey: true },
    { name: 'suspects', priority: -1 },
    { name: 'part', wraps: true },
    { name: 'was', wraps: true },
    { name: 'would be', wraps: true },
    'differs',
  ]
  const rows = compared.map(({ code, classes, place, sides, differs }) => {
    const [a, b] = sides.map((side) => textOf(side) ?? 'not diagnosed')
    return [code, classes, place, a ?? '', b ?? '', differs]
  })
  return { ...table(columns, rows), title: `was: ${was}; would be: ${other}`, empty: 'none' }
}

const textOf = (fate: Fate | undefined): string | null =>
  fate === undefined ? null : fullText(fate)

/** What became of a diagnosis on one host. */
interface Fate {
  readonly afterNs: bigint
  /** What was done, with what it was done to. */
  readonly done: string
  /** The same of any part of that kind. */
  readonly kind: string
}

/** One diagnosis, on both hosts. */
interface Compared {
  readonly key: string
  readonly code: string
  readonly classes: string
  readonly place: string
  readonly differs: boolean
  readonly sides: readonly [Fate | undefined, Fate | undefined]
}

function compare(was: Diagnosed, other: Diagnosed, bySeconds: boolean): readonly Compared[] {
  const [left, right] = [foundBy(was), foundBy(other)]
  const keys = [...new Set([...left.keys(), ...right.keys()])]
  return keys.map((key) => {
    const [a, b] = [left.get(key), right.get(key)]
    const one = (a ?? b) as Found
    const isSame = a?.fate.done === b?.fate.done && (a === undefined) === (b === undefined)
    const isLater = bySeconds && a?.fate.afterNs !== b?.fate.afterNs
    const { code, classes, place } = one
    return { key, code, classes, place, differs: !isSame || isLater, sides: [a?.fate, b?.fate] }
  })
}

/** A diagnosis of one host. */
interface Found {
  readonly code: string
  readonly classes: string
  readonly place: string
  readonly fate: Fate
}

/** What became of each diagnosis, by its code and whom it blames; of several alike the first. */
function foundBy({ management, bootNs }: Diagnosed): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>()
  const acts = management.acts
  for (const each of management.manager.cases()) {
    if (each.state === 'unsolved') continue
    const { code, suspects } = each
    const classes = [...new Set(suspects.map(({ fault }) => fault.class))].join(', ')
    const place = placesOf(each, management.topology)
    const key = `${code} ${blamedBy(each)}`
    if (!found.has(key)) found.set(key, { code, classes, place, fate: fateOf(each, acts, bootNs) })
  }
  return found
}

function placesOf({ suspects }: SolvedCase, topology: Topology): string {
  return [...new Set(suspects.map(({ fault }) => partName(fault.resource, topology)))].join(', ')
}

function blamedBy({ suspects }: SolvedCase): string {
  return suspects
    .map(({ fault }) => {
      const { class: name, resource } = fault
      return resource === undefined ? name : `${name}@${partKey(resource)}`
    })
    .join(', ')
}

function fateOf(of: SolvedCase, acts: readonly MachineAct[], bootNs: bigint): Fate {
  const done = acts.filter(({ uuid, what }) => uuid === of.uuid && what.kind !== 'tell')
  const said = (text: (what: MachineAct['what']) => string): string =>
    done.length === 0
      ? 'nothing is done'
      : [...new Set(done.map((act) => `${text(act.what)}: ${endOf(act)}`))].join('; ')
  return {
    afterNs: of.solvedNs - bootNs,
    done: said(requestText),
    kind: said(kindOfRequestText),
  }
}

function endOf({ outcome }: MachineAct): string {
  if (outcome === undefined) return 'not ended'
  return outcome.kind === 'refused' ? outcome.error : outcome.kind
}

/** Those of one code and kind, to which the same happened, together. */
function grouped(compared: readonly Compared[]): readonly (readonly Compared[])[] {
  const groups = new Map<string, Compared[]>()
  for (const each of compared) {
    const { code, classes, differs, sides } = each
    const key = [code, classes, differs, ...sides.map((side) => side?.kind)].join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return [...groups.values()]
}

function blockText(group: readonly Compared[], titles: readonly [string, string]): string {
  const [first] = group
  if (first === undefined) return ''
  const { code, classes, differs } = first
  const many = group.length === 1 ? '' : `${group.length} times, `
  const places = someOf(group.map(({ place }) => place))
  return [
    `${differs ? '*' : ' '} ${code}  ${many}${classes}`,
    `    ${places}`,
    ...titles.map((title, i) => `    ${title}: ${sideText(group.map(({ sides }) => sides[i]))}`),
  ].join('\n')
}

function sideText(fates: readonly (Fate | undefined)[]): string {
  const [first] = fates
  if (first === undefined) return 'not diagnosed'
  if (fates.length === 1) return fullText(first)
  const times = fates.flatMap((fate) => fate?.afterNs ?? [])
  const least = times.reduce((a, b) => (b < a ? b : a), first.afterNs)
  const most = times.reduce((a, b) => (b > a ? b : a), first.afterNs)
  const when = least === most ? spanText(least) : `${spanText(least)} to ${spanText(most)}`
  return `after ${when}; ${first.kind}`
}

const fullText = ({ afterNs, done }: Fate): string => `after ${spanText(afterNs)}; ${done}`

function unknownTo({ title, rules, management }: Diagnosed): string | undefined {
  const line = rules && unknownClasses(rules, classesSeen(management))
  return line === undefined ? undefined : `${title}: ${line}`
}

function unseenOf({ title, management }: Diagnosed): string | undefined {
  const lines = unseenLines(management)
  return lines.length === 0
    ? undefined
    : lines.map((line) => (line.startsWith(' ') ? line : `${title}: ${line}`)).join('\n')
}
