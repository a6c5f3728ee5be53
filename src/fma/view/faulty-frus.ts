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

/** All FRUs, with -s without rules and serial numbers. */
export function printFaultyFrus(records: readonly FaultyRecord[], options: FaultyOptions): string {
  const page = options.pages === true && options.summary !== true ? '\f\n' : ''
  return resourcesOf(records, 'frus')
    .filter(({ isShown }) => options.all === true || isShown)
    .map((fru) => `${page}${options.summary === true ? '' : RULE}${printFru(fru, options)}`)
    .join('')
}

function printFru({ name, records, injected }: NamedResource, options: FaultyOptions): string {
  const shown = records.filter(({ isShown }) => isShown)
  const named = shown.flatMap(({ frus }) => frus.filter((each) => each.name === name))
  const [first] = named
  const title = first?.label === undefined ? name : `"${first.label}" (${name})`
  const status = named.reduce((bits, each) => bits | each.status, 0) as FaultStatus
  const state = `${fruState(status)}${injected ? ' injected' : ''}\n`
  const lines = shown.flatMap((record, i) => linesOf(record, named[i], options))
  const serial = options.summary === true ? '' : serialsOf(shown)
  return `${first === undefined ? '' : `${title} `}${state}${lines.join('')}${serial}`
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
