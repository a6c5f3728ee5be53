// Replay: the ereports of an error log through other modules, at the times at which they came.
//
//   records of an error log  ->  another engine, other rules  ->  what that would have diagnosed
//
// Holds: ereports that fmd made of itself, and what people and the machine said, take no part, for
// they are about what happened then. What the modules ask to be done is refused, unless somebody
// answers for the machine. In the end all timers have run, for as long as modules ask for less than
// `settleNs` at a time.
import { stringMember } from '../../../src/fma/event/nvlist.js'
import type { FmdAction, FmdInput, LogRecord } from '../../../src/fma/fmd/input.js'
import { inputOf } from '../../../src/fma/fmd/input-record.js'
import { FaultManager, type FmdParts } from '../../../src/fma/fmd/manager.js'
import type { MachineOutcome, MachineRequest } from '../../../src/fma/fmd/module.js'

/** How a replay goes. */
export interface ReplayOptions {
  /** How long after the last ereport timers still run; a minute when absent. */
  readonly settleNs?: bigint
  /** Answers for the machine. */
  readonly act?: (what: MachineRequest, timeNs: bigint) => MachineOutcome
}

/** What came of it. */
export interface Replay {
  readonly manager: FaultManager
  /** Of all logs, in order. */
  readonly records: readonly LogRecord[]
}

const MINUTE_NS = 60_000_000_000n

const NO_MACHINE: MachineOutcome = {
  kind: 'refused',
  error: 'ENOTSUP',
  why: 'a replay has no machine',
}

/** Replays an error log. Throws what ereports throw that cannot be read. */
export function replayErrorLog(
  log: Iterable<LogRecord>,
  parts: FmdParts,
  { settleNs = MINUTE_NS, act = () => NO_MACHINE }: ReplayOptions = {},
): Replay {
  const manager = new FaultManager(parts)
  const records: LogRecord[] = []
  let lastNs = 0n
  const give = (input: FmdInput): void => {
    lastNs = input.timeNs
    for (const action of manager.take(input)) follow(action, input.timeNs)
  }
  const follow = (action: FmdAction, timeNs: bigint): void => {
    if (action.kind === 'log') records.push(action.record)
    else give({ kind: 'acted', timeNs, request: action.request, outcome: act(action.what, timeNs) })
  }
  for (const record of log) if (isError(record)) give(inputOf(record))
  const endNs = lastNs + settleNs
  for (let next = manager.nextTimerNs; next !== undefined && next <= endNs; ) {
    give({ kind: 'time', timeNs: next })
    next = manager.nextTimerNs
  }
  return { manager, records }
}

function isError({ log, event }: LogRecord): boolean {
  const name = log === 'error' ? stringMember(event, 'class') : undefined
  return name !== undefined && !name.startsWith('ereport.fm.fmd.')
}
