// Faulty FRUs: what `fmadm faulty -f` prints: each thing to replace, its state, and the diagnoses
// that suspect it.
//
//   "CPU 0" (hc:///motherboard=0/chip=0) faulty
//   1f2e3d4c-0000-4000-8000-000000000001 1 suspects in this FRU total certainty 100%
//
// Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c (print_fru).
import type { FaultStatus } from '../event/fault-status.js'
import type { FaultyOptions } from './faulty.js'
import { type NamedResource, resourcesOf } from './faulty-order.js'
import type { FaultyRecord } from './faulty-record.js'
import { fruState } from './faulty-state.js'
import { type NamedThing, printNames } from './names.js'
import { isSerialIn } from './serials.js'

const RULE = `${'-'.repeat(78)}\n`

/** All FRUs that the diagnoses name, with -s without rules and serial numbers. */
export function printFaultyFrus(shown: readonly FaultyRecord[], options: FaultyOptions): string {
  const page = options.pages === true && options.summary !== true ? '\f\n' : ''
  const rule = options.summary === true ? '' : RULE
  return resourcesOf(shown, 'frus')
    .map((fru) => `${page}${rule}${printFru(fru, options)}`)
    .join('')
}

function printFru({ name, records, named }: NamedResource, options: FaultyOptions): string {
  const label = named[0]?.label
  const title = label === undefined ? name : `"${label}" (${name})`
  const status = named.reduce((bits, each) => bits | each.status, 0) as FaultStatus
  const injected = records.some(({ list }) => list.injected) ? ' injected' : ''
  const lines = records.flatMap((record, i) => linesOf(record, named[i], options))
  const serial = options.summary === true ? '' : serialsOf(records)
  return `${title} ${fruState(status)}${injected}\n${lines.join('')}${serial}`
}

function linesOf(
  { list, cacheIds }: FaultyRecord,
  fru: NamedThing | undefined,
  options: FaultyOptions,
): readonly string[] {
  if (fru === undefined) return []
  const [which, percent] = fru.certainty === 100 ? ['total', 100] : ['max', fru.highest]
  const ids = options.cacheIds === true ? cacheIds : [list.uuid]
  return ids.map((id) => `${id} ${fru.count} suspects in this FRU ${which} certainty ${percent}%\n`)
}

/** Those of the first diagnosis whose FRUs do not say them. */
function serialsOf(records: readonly FaultyRecord[]): string {
  const record = records.find(({ frus, serials }) => !isSerialIn(frus, serials))
  if (record === undefined) return ''
  return printNames(record.serials, { label: 'Serial ID.  :', limit: 0, certainty: 0, full: true })
}
