// Faulty ASRUs: what `fmadm faulty -r` prints: each thing that can be taken out of service, and
// whether it is.
//
//   cpu:///cpuid=1                                                        faulted
//
// Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c (print_asru).
import type { FaultStatus } from '../event/fault-status.js'
import { resourcesOf } from './faulty-order.js'
import type { FaultyRecord } from './faulty-record.js'
import { asruWord } from './faulty-state.js'

/** A line for each that the diagnoses name. */
export function printFaultyAsrus(shown: readonly FaultyRecord[]): string {
  return resourcesOf(shown, 'asrus')
    .map(({ name, records, named }) => {
      const status = named.reduce((bits, each) => bits | each.status, 0) as FaultStatus
      const injected = records.some(({ list }) => list.injected) ? ' injected' : ''
      return `${name.padEnd(69)} ${asruWord(status)}${injected}\n`
    })
    .join('')
}
