// Faulty state: what has become of a suspect, in the words of `fmadm faulty`: is it in service, was
// it repaired.
//
// Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c (print_asru_status, print_rsrc_status,
// print_fru_status, print_asru).
import { type FaultStatus, type FaultStatusWord, faultStatus } from '../event/fault-status.js'

const IN_SERVICE = 'faulted but still in service'
const DEGRADED = 'faulted but still providing degraded service'
const OUT_OF_SERVICE = 'faulted and taken out of service'
const NO_LONGER = 'but associated components no longer faulty'

const ASRU: ReadonlyMap<FaultStatus, readonly [word: string, sentence: string]> = new Map([
  [faultStatus(), ['ok', 'ok and in service']],
  [faultStatus('degraded'), ['degraded', `service degraded, ${NO_LONGER}`]],
  [faultStatus('faulty', 'degraded'), ['degraded', DEGRADED]],
  [faultStatus('faulty'), ['degraded', IN_SERVICE]],
  [faultStatus('unusable'), ['unknown', `out of service, ${NO_LONGER}`]],
  [faultStatus('faulty', 'unusable'), ['faulted', OUT_OF_SERVICE]],
])

/** What became of something that can be taken out of service, in a sentence; '' for a status that
 *  cannot be. */
export function asruState(status: FaultStatus): string {
  return ASRU.get(status)?.[1] ?? ''
}

/** The same in a word: ok, degraded, unknown, faulted. */
export function asruWord(status: FaultStatus): string {
  return ASRU.get(status)?.[0] ?? ''
}

const AFTER: readonly (readonly [FaultStatusWord, string])[] = [
  ['replaced', 'replaced'],
  ['repaired', 'repair attempted'],
  ['acquitted', 'acquitted'],
]

/** What became of something that can be replaced. */
export function fruState(status: FaultStatus): string {
  return stateOf(status, () => 'faulty')
}

/** What became of what is broken. */
export function resourceState(status: FaultStatus): string {
  return stateOf(status, () => {
    if (has(status, 'degraded')) return DEGRADED
    return has(status, 'unusable') ? OUT_OF_SERVICE : IN_SERVICE
  })
}

function stateOf(status: FaultStatus, faulty: () => string): string {
  if (has(status, 'not-present')) return 'not present'
  if (has(status, 'faulty')) return faulty()
  return AFTER.find(([word]) => has(status, word))?.[1] ?? 'removed'
}

const has = (status: FaultStatus, word: FaultStatusWord): boolean =>
  (status & faultStatus(word)) !== 0
