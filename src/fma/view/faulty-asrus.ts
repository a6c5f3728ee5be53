// Faulty ASRUs: what `fmadm faulty -r` prints: each thing that can be taken out of service, and
// whether it is.
//
//   cpu:///cpuid=1                                                        faulted
//
// Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c (print_asru).
import type { FaultStatus } from '../event/fault-status.js'
import type { FaultyOptions } from './faulty.js'
import { type NamedResource, resourcesOf } from './faulty-order.js'
import type { FaultyRecord } from './faulty-record.js'
import { asruWord } from './faulty-state.js'

/** A line for each. */
export function printFaultyAsrus(records: readonly FaultyRecord[], options: FaultyOptions): string {
  return resourcesOf(records, 'asrus')
    .filter(({ isShown }) => options.all === true || isShown)
    .map((asru) => {
      const state = `${asruWord(statusOf(asru))}${asru.injected ? ' injected' : ''}`
      return `${asru.name.padEnd(69)} ${state}\n`
    })
    .join('')
}

/** What the diagnoses that are shown say together. */
function statusOf({ name, records }: NamedResource): FaultStatus {
  return records
    .filter(({ isShown }) => isShown)
    .flatMap(({ asrus }) => asrus.filter((each) => each.name === name))
    .reduce((bits, { status }) => bits | status, 0) as FaultStatus
}
