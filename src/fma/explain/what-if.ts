// WhatIf: two diagnoses of one physical history, side by side: what both found, what only one did,
// and what was done about it.
//
//   as it was: GMCA-8000-LF strand=0 after 30 s, closed      as it would be: nothing, and why
//
// Holds: diagnoses are the same when their code and what they blame are; hosts of other eras name
// what can be taken out of service in other ways, so that is not compared.

import { type Page, page } from '../../base/page.js'
import { spanText } from '../../base/span-text.js'
import { table } from '../../base/table.js'
import type { SolvedCase } from '../fmd/case.js'
import type { FaultManagement, MachineAct } from '../host/fault-management.js'
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

/** What one would have found where the other found something. What differs has a star. */
export function diffDiagnoses(was: Diagnosed, other: Diagnosed): Page {
  const [left, right] = [foundBy(was), foundBy(other)]
  const keys = [...new Set([...left.keys(), ...right.keys()])]
  const blocks = keys.map((key) => {
    const [a, b] = [left.get(key) ?? NOTHING, right.get(key) ?? NOTHING]
    const lines = [`${a === b ? ' ' : '*'} ${key}`, `    ${was.title}: ${a}`]
    return [...lines, `    ${other.title}: ${b}`].join('\n')
  })
  const found = keys.length === 0 ? ['neither diagnoses anything'] : blocks
  const counts = table(
    ['', was.title, other.title],
    [['ereports', was.management.log('error').length, other.management.log('error').length]],
  )
  const json = keys.map((key) => ({ key, was: left.get(key) ?? null, is: right.get(key) ?? null }))
  return page([...found, counts, unseen(was), unseen(other)], json)
}

const NOTHING = 'not diagnosed'

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
  return `after ${spanText(of.solvedNs - bootNs)}; ${fate}`
}

function endOf({ outcome }: MachineAct): string {
  if (outcome === undefined) return 'not ended'
  return outcome.kind === 'refused' ? outcome.error : outcome.kind
}

function unseen({ title, management }: Diagnosed): string | undefined {
  const lines = unseenLines(management)
  return lines.length === 0 ? undefined : lines.map((line) => `${title}: ${line}`).join('\n')
}
