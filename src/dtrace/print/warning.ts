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

/** The line for a fault, newline included. illumos adds a DIF offset and Linux a BPF pc: we have
 *  neither. Linux names the clause by its number, which equals our enabling's when each clause
 *  has one probe. */
export function faultLine(fault: FaultRecord, dialect: Dialect): string {
  const where = `ID ${fault.probe.id} (${probeSpec(fault.probe)}): ${fault.text}`
  if (dialect === 'linux')
    return `dtrace: error in dt_clause_${fault.epid - 1} for probe ${where}\n`
  const part = fault.action === 0 ? 'predicate' : `action #${fault.action}`
  const probe = `(ID ${fault.probe.id}: ${probeSpec(fault.probe)})`
  return `dtrace: error on enabled probe ID ${fault.epid} ${probe}: ${fault.text} in ${part}\n`
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
  'error-in-error': {
    tag: 'DTRACEDROP_DBLERROR',
    before: '',
    noun: 'error',
    after: ' in ERROR probe enabling',
  },
  'records-lost': { tag: 'XPVDROP_RECORDS', before: 'trace ', noun: 'record', after: ' lost' },
  'bytes-lost': { tag: 'XPVDROP_BYTES', before: 'trace ', noun: 'byte', after: ' lost' },
}

/** The line for a drop, newline included; `tagged` (-x droptags) puts the kind before it. */
export function dropLine(drop: DropRecord, tagged: boolean): string {
  const words = DROPS[drop.what]
  const counted = `${drop.count} ${words.before}${words.noun}${drop.count === 1 ? '' : 's'}`
  const place = drop.cpu === undefined ? '' : ` on CPU ${drop.cpu}`
  const detail = drop.text === undefined ? '' : `: ${drop.text}`
  return `dtrace: ${tagged ? `[${words.tag}] ` : ''}${counted}${words.after}${place}${detail}\n`
}
