// What dtrace(8) says on stderr while a program runs: faults and drops, one line each.
//
//   dtrace: error on enabled probe ID 2 (ID 1: dtrace:::BEGIN): divide-by-zero in action #1
//   dtrace: 12 drops on CPU 0
//
// Lost trace records are ours to report: no DTrace host has them. They are worded like its drops.
// Source: illumos libdtrace dt_handle.c; DTrace for Linux dt_handle.c.
import { probeSpec } from '../probe/description.js'
import type { DropRecord, FaultRecord } from '../program/record.js'
import type { Dialect } from './conversion.js'
import { isSet, type OptionMap } from './options.js'
import { addressText } from './symbol.js'

/** The line for either, newline included; with -x noerror none for a fault. */
export function warningLine(
  record: FaultRecord | DropRecord,
  dialect: Dialect,
  options: OptionMap,
): string {
  if (record.kind === 'drop') return dropLine(record, isSet(options, 'droptags'))
  return isSet(options, 'noerror') ? '' : faultLine(record, dialect)
}

/** The line for a fault, newline included. A clause is no DIF and no BPF program here. illumos
 *  leaves an unknown offset out, and so do we; Linux always says where, and we say the number of
 *  the action there, the predicate being the first. What failed after the clause (`action` -1) has
 *  no place in it. */
function faultLine(fault: FaultRecord, dialect: Dialect): string {
  const { epid, probe, action, clause } = fault
  const what = `${fault.text}${details(fault, dialect)}`
  if (dialect === 'linux') {
    const place = action < 0 ? '' : ` at BPF pc ${action + 1}`
    const name = `dt_clause_${clause ?? epid - 1}`
    const id = `probe ID ${probe.id} (${probeSpec(probe)})`
    return `dtrace: error in ${name} for ${id}: ${what}${place}\n`
  }
  const part = action === 0 ? 'predicate' : `action #${action}`
  const place = action < 0 ? '' : ` in ${part}`
  const id = `(ID ${probe.id}: ${probeSpec(probe)})`
  return `dtrace: error on enabled probe ID ${epid} ${id}: ${what}${place}\n`
}

const BAD_ADDRESS = 1
const BAD_SIZE = 10
const BAD_INDEX = 11
const WITH_ADDRESS: ReadonlySet<number> = new Set([BAD_ADDRESS, 2, 9])

/** The address or index that was bad, in parentheses. */
function details({ fault, value }: FaultRecord, dialect: Dialect): string {
  if (value === undefined) return ''
  const address = ` (${addressText(value)})`
  if (dialect === 'linux' && fault === BAD_ADDRESS && BigInt.asIntN(64, value) === -1n) return ''
  if (WITH_ADDRESS.has(fault)) return address
  if (dialect === 'illumos') return ''
  if (fault === BAD_SIZE) return address
  return fault === BAD_INDEX ? ` (${BigInt.asIntN(64, value)})` : ''
}

interface DropWords {
  readonly tag: string
  readonly before: string
  /** Counted: takes an s unless there is one. */
  readonly noun: string
  readonly after: string
}

const DROPS: Readonly<Record<DropRecord['what'], DropWords>> = {
  principal: { tag: 'DTRACEDROP_PRINCIPAL', before: '', noun: 'drop', after: '' },
  aggregation: { tag: 'DTRACEDROP_AGGREGATION', before: 'aggregation ', noun: 'drop', after: '' },
  dynamic: { tag: 'DTRACEDROP_DYNAMIC', before: 'dynamic variable ', noun: 'drop', after: '' },
  speculation: { tag: 'DTRACEDROP_SPEC', before: 'speculative ', noun: 'drop', after: '' },
  'speculation-unavailable': {
    tag: 'DTRACEDROP_SPECUNAVAIL',
    before: 'failed ',
    noun: 'speculation',
    after: ' (no speculative buffer available)',
  },
  'error-in-error': {
    tag: 'DTRACEDROP_DBLERROR',
    before: '',
    noun: 'error',
    after: ' in ERROR probe enabling',
  },
  'records-lost': { tag: 'XPVDROP_RECORDS', before: 'trace ', noun: 'record', after: ' lost' },
  'bytes-lost': { tag: 'XPVDROP_BYTES', before: 'trace ', noun: 'byte', after: ' lost' },
}

/** What DTrace has a buffer for on each CPU. Here one holds all: that of CPU 0. */
const ONE_BUFFER: ReadonlySet<DropRecord['what']> = new Set(['principal', 'aggregation'])

/** The line for a drop, newline included; `tagged` (-x droptags) puts the kind before it. */
function dropLine(drop: DropRecord, tagged: boolean): string {
  const words = DROPS[drop.what]
  const counted = `${drop.count} ${words.before}${words.noun}${drop.count === 1 ? '' : 's'}`
  const buffer = drop.cpu ?? (ONE_BUFFER.has(drop.what) ? 0 : undefined)
  const place = buffer === undefined ? '' : ` on CPU ${buffer}`
  const detail = drop.text === undefined ? '' : `: ${drop.text}`
  return `dtrace: ${tagged ? `[${words.tag}] ` : ''}${counted}${words.after}${place}${detail}\n`
}
