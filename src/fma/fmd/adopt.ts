// Adopt: cases that the fault log knows and a state does not: taken over from the log.
//
//   list.suspect, list.isolated of one uuid  ->  a closed case with its suspects and their status
//
// Holds: each is there once; a case of the state that was never logged and has a suspect of one
// that was goes. What the log does not say is left out: the reason of the diagnosis.
import type { Ereport } from '../event/ereport.js'
import { faultStatusWords } from '../event/fault-status.js'
import { stringMember } from '../event/nvlist.js'
import {
  type ListedSuspect,
  type SuspectList,
  suspectListFromNvlist,
} from '../event/suspect-list.js'
import { messageFor } from '../message/catalog.js'
import { suspectKey } from './duplicates.js'
import type { EreportReference, LogRecord } from './input.js'
import { inputOf } from './input-record.js'
import type { CaseState, EntryState, FmdState } from './state.js'
import { uuidOf } from './uuid.js'

/** What a fault log says of one case. */
interface Logged {
  readonly record: LogRecord
  readonly list: SuspectList
}

/** Adds the cases that are only in the log; their uuids. */
export function adoptCases(
  state: FmdState,
  records: readonly LogRecord[],
): { readonly state: FmdState; readonly adopted: readonly string[] } {
  const histories = historiesOf(records)
  const known = new Set(state.cases.map(({ uuid }) => uuid))
  const unknown = [...histories].filter(([uuid, history]) => {
    return !known.has(uuid) && history.at(-1)?.list.change !== 'resolved'
  })
  if (unknown.length === 0) return { state, adopted: [] }
  const adopted = unknown.map(([, history]) => caseOf(history, { state, records }))
  const keys = new Set(adopted.flatMap(suspectsOf))
  const kept = state.cases.filter((one) => {
    return histories.has(one.uuid) || !suspectsOf(one).some((key) => keys.has(key))
  })
  const cases = [...kept, ...adopted].sort((a, b) => Number(a.openedNs - b.openedNs))
  return { state: { ...state, cases }, adopted: adopted.map(({ uuid }) => uuid) }
}

const suspectsOf = ({ diagnosis }: CaseState): readonly string[] =>
  (diagnosis?.entries ?? []).map(({ fault }) => suspectKey(fault))

function historiesOf(records: readonly LogRecord[]): Map<string, Logged[]> {
  const histories = new Map<string, Logged[]>()
  const inOrder = records.filter(({ log }) => log === 'fault').sort((a, b) => a.number - b.number)
  for (const record of inOrder) {
    const list = suspectListFromNvlist(record.event)
    const before = histories.get(list.uuid) ?? []
    histories.set(list.uuid, [...before, { record, list }])
  }
  return histories
}

function caseOf(
  history: readonly Logged[],
  { state, records }: { readonly state: FmdState; readonly records: readonly LogRecord[] },
): CaseState {
  const [first, last] = [history[0] as Logged, history.at(-1) as Logged]
  const { uuid, suspects, injected, engine, message, diagTimeNs: solvedNs } = last.list
  const { code, severity } = messageFor(suspects.map(({ fault }) => fault.class))
  const isolated = history.some(({ list }) => list.change === 'isolated')
  const repaired = last.list.change === 'repaired'
  const changedNs = last.record.timeNs
  const entries = suspects.map((suspect, i): EntryState => {
    const id = uuidOf({ seed: state.seed, input: first.record.number, ordinal: 2 ** 30 + i })
    return { ...entryOf(suspect), id, changedNs }
  })
  return {
    ...{ uuid, injected, openedNs: solvedNs, orphaned: true },
    module: engine.scheme === 'fmd' ? engine.name : '',
    ereports: ereportsOf(first.record.ereports ?? [], records),
    diagnosis: {
      ...{ solvedNs, severity, message, entries, isolated, repaired, changedNs },
      code: first.list.change === 'suspect' ? first.list.code : code,
      reason: undefined,
      state: repaired ? 'repaired' : isolated ? 'closed' : 'solved',
    },
  }
}

function entryOf({ fault, status }: ListedSuspect): Omit<EntryState, 'id' | 'changedNs'> {
  const words = faultStatusWords(status)
  const reason = (['replaced', 'repaired', 'acquitted'] as const).find((one) => words.includes(one))
  return { fault, reason, faulty: words.includes('faulty'), unusable: words.includes('unusable') }
}

/** The ereports that are referred to, as far as the error log has them. */
function ereportsOf(
  references: readonly EreportReference[],
  records: readonly LogRecord[],
): readonly Ereport[] {
  const wanted = new Set(references.map(referenceKey))
  return records.flatMap((record): Ereport[] => {
    const name = record.log === 'error' ? stringMember(record.event, 'class') : undefined
    if (name === undefined || !references.some((one) => one.class === name)) return []
    const input = inputOf(record)
    if (input.kind !== 'ereport') return []
    const { timeNs = record.timeNs, ena } = input.ereport
    return wanted.has(referenceKey({ timeNs, ena, class: name })) ? [input.ereport] : []
  })
}

const referenceKey = ({ timeNs, ena, class: name }: EreportReference): string =>
  `${timeNs} ${ena} ${name}`
