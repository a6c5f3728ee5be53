// WhatIf: two diagnoses of one physical history, side by side: what both found, what only one did,
// and what was done about it.
//
//   as it was: GMCA-8000-LF strand=0 after 30 s, closed      as it would be: nothing, and why
//
// Holds: diagnoses are the same when their code and what they blame are; hosts of other eras name
// what can be taken out of service in other ways, so that is not compared.
import { type Page, page } from '../../base/page.js'
import { type Cell, table } from '../../base/table.js'
import type { SolvedCase } from '../fmd/case.js'
import type { FaultManagement, MachineAct } from '../host/fault-management.js'
import { spanText } from './moment-text.js'
import { placeText } from './place-text.js'
import { requestText } from './request-text.js'
import { unseenLines } from './unseen.js'

/** One of the two. */
export interface Diagnosed {
  /** What is said above its column. */
  readonly title: string
  readonly management: FaultManagement
  /** When its host booted, nanoseconds since 1970. */
  readonly bootNs: bigint
}

/** What one would have found where the other found something. */
export function diffDiagnoses(was: Diagnosed, other: Diagnosed): Page {
  const [left, right] = [foundBy(was), foundBy(other)]
  const keys = [...new Set([...left.keys(), ...right.keys()])]
  const rows = keys.map((key): Cell[] => {
    const [a, b] = [left.get(key), right.get(key)]
    return [a === b ? '' : '*', key, a ?? 'not diagnosed', b ?? 'not diagnosed']
  })
  const columns = [
    '',
    { name: 'diagnosis', wraps: true, isKey: true },
    { name: was.title, wraps: true },
    { name: other.title, wraps: true },
  ]
  const found = keys.length === 0 ? 'neither diagnoses anything' : table(columns, rows)
  const counts = table(
    ['', was.title, other.title],
    [['ereports', was.management.log('error').length, other.management.log('error').length]],
  )
  const json = keys.map((key) => ({ key, was: left.get(key) ?? null, is: right.get(key) ?? null }))
  return page([found, counts, unseen(was), unseen(other)], json)
}

/** What became of each diagnosis, by its code and whom it blames; of several alike the first. */
function foundBy({ management, bootNs }: Diagnosed): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const acts = management.acts
  for (const each of management.manager.cases()) {
    if (each.state === 'unsolved') continue
    const key = `${each.code} ${blamedBy(each)}`
    if (!found.has(key)) found.set(key, fateOf(each, acts, bootNs))
  }
  return found
}

function blamedBy({ suspects }: SolvedCase): string {
  return suspects
    .map(({ fault }) => {
      const { class: name, resource } = fault
      return resource === undefined ? name : `${name}@${placeText(resource)}`
    })
    .join(', ')
}

function fateOf(of: SolvedCase, acts: readonly MachineAct[], bootNs: bigint): string {
  const done = acts.filter(({ uuid, what }) => uuid === of.uuid && what.kind !== 'tell')
  const last = done.at(-1)
  const fate = last === undefined ? 'nothing is done' : `${requestText(last.what)}: ${endOf(last)}`
  return `after ${spanText(of.solvedNs - bootNs)}, from ${of.ereports.length} ereports; ${fate}`
}

function endOf({ outcome }: MachineAct): string {
  if (outcome === undefined) return 'not ended'
  return outcome.kind === 'refused' ? outcome.error : outcome.kind
}

function unseen({ title, management }: Diagnosed): string | undefined {
  const lines = unseenLines(management)
  return lines.length === 0 ? undefined : lines.map((line) => `${title}: ${line}`).join('\n')
}
