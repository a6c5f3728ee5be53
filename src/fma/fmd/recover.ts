// Recover: a fault manager as it was before a crash, from its last checkpoint, if any, and logs.
//
//   checkpoint + records behind it  ->  take each input again  ->  manager, and what is still to do
//
// Holds: with logs written as manager.ts says, the result is what the manager was after the last
// input that is in a log, down to uuids; what a log lacks of it is handed back to be appended.
// Where logs have holes all the same, no diagnosis that was logged is lost: it is taken over from
// the fault log, in place of what was made up without the missing ereports.
import { XpvError } from '../../base/error.js'
import { stringMember } from '../event/nvlist.js'
import { adoptCases } from './adopt.js'
import type { FmdAction, LogName, LogRecord } from './input.js'
import { inputOf } from './input-record.js'
import { FaultManager, type FmdParts } from './manager.js'
import type { FmdState } from './state.js'

/** What there is to recover from. */
export interface Remains {
  readonly checkpoint: FmdState | undefined
  /** Of all logs, in any order. */
  readonly records: readonly LogRecord[]
}

/** A fault manager that goes on. */
export interface Recovery {
  readonly manager: FaultManager
  /** What the logs lack, to be appended before anything else is taken. */
  readonly missing: readonly LogRecord[]
  /** What was asked for and never told to have ended: to be done, or done again. */
  readonly acts: readonly FmdAction[]
  /** Inputs whose records are gone or make no sense. */
  readonly lostInputs: number
  /** Cases that were taken over from the fault log. */
  readonly adopted: readonly string[]
}

/** Makes the fault manager that there was. */
export function recover(parts: FmdParts, { checkpoint, records }: Remains): Recovery {
  const manager = new FaultManager(parts)
  if (checkpoint !== undefined) manager.restore(checkpoint)
  const logged = new Set(records.map(keyOf))
  const missing: LogRecord[] = []
  const lostInputs = takeAgain(manager, records, (action) => {
    if (action.kind === 'log' && !logged.has(keyOf(action.record))) missing.push(action.record)
  })
  const before = manager.save()
  const { state, adopted } = adoptCases(before, records)
  const after = numbersAfter(state, records)
  if (after !== before) manager.restore(after)
  return { manager, missing, lostInputs, adopted, acts: manager.pendingActs }
}

const keyOf = ({ log, number }: LogRecord): string => `${log} ${number}`

/** Takes all inputs behind the checkpoint; how many are not there. */
function takeAgain(
  manager: FaultManager,
  records: readonly LogRecord[],
  tell: (action: FmdAction) => void,
): number {
  let lost = 0
  for (const record of inputsAfter(manager.inputs, records)) {
    const gap = record.number - manager.inputs - 1
    if (gap > 0) manager.restore({ ...manager.save(), inputs: record.number - 1 })
    lost += Math.max(0, gap)
    try {
      for (const action of manager.take(inputOf(record))) tell(action)
    } catch (error) {
      if (!(error instanceof XpvError)) throw error
      lost++
    }
  }
  const latest = records.reduce((most, { timeNs }) => (timeNs > most ? timeNs : most), 0n)
  for (const action of manager.take({ kind: 'time', timeNs: latest })) tell(action)
  return lost
}

/** Records of inputs, in order. What fmd noticed of itself is no input: it notices it again. */
function inputsAfter(number: number, records: readonly LogRecord[]): LogRecord[] {
  const inputs = new Map<number, LogRecord>()
  for (const record of records) {
    const isInput = record.log === 'error' || record.log === 'info'
    if (isInput && record.number > number && !isOfFmd(record)) inputs.set(record.number, record)
  }
  return [...inputs.values()].sort((a, b) => a.number - b.number)
}

const isOfFmd = (record: LogRecord): boolean =>
  stringMember(record.event, 'class')?.startsWith('ereport.fm.fmd.') === true

/** A state that uses no number again that is in a log. */
function numbersAfter(state: FmdState, records: readonly LogRecord[]): FmdState {
  const last = (...logs: readonly LogName[]): number =>
    records.reduce(
      (most, { log, number }) => (logs.includes(log) ? Math.max(most, number) : most),
      0,
    )
  const inputs = Math.max(state.inputs, last('error', 'info'))
  const fault = Math.max(state.logged.fault, last('fault'))
  const resource = Math.max(state.logged.resource, last('resource'))
  const isSame = inputs === state.inputs && fault === state.logged.fault
  if (isSame && resource === state.logged.resource) return state
  const ordinal = inputs === state.inputs ? state.ordinal : 0
  return { ...state, inputs, ordinal, logged: { fault, resource } }
}
