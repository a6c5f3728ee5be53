// Faulty: what `fmadm faulty` prints: each diagnosis with what is at fault, what that affects, what
// to replace, and what people are told of it.
//
//   --------------- ------------------------------------  -------------- ---------
//   TIME            EVENT-ID                              MSG-ID         SEVERITY
//   --------------- ------------------------------------  -------------- ---------
//   Dec 10 12:00:30 1f2e3d4c-0000-4000-8000-000000000001  GMCA-8000-LF   Major
//
//   Host        : atrium
//   ...
//   Fault class : fault.cpu.generic-x86.l1dcache
//   Affects     : cpu:///cpuid=1
//                     faulted and taken out of service
//
// Holds: no diagnosis, no line. With -a all count that are hidden without; illumos' tool forgets
// them again under -f and -r. Texts are wrapped at 80 columns; FMRIs are not. Source:
// illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c.
import type { Authority } from '../event/authority.js'
import { type SuspectList, suspectListToNvlist } from '../event/suspect-list.js'
import { messageOf } from '../message/catalog.js'
import { expandMessage } from '../message/message-text.js'
import { printFaultyAsrus } from './faulty-asrus.js'
import { printFaultyFrus } from './faulty-frus.js'
import { inOrder } from './faulty-order.js'
import { type FaultyRecord, faultyRecord } from './faulty-record.js'
import { asruState, fruState, resourceState } from './faulty-state.js'
import { caseMoment } from './moment.js'
import { commonStatus, type NamedThing, type NameFormat, printNames } from './names.js'
import { isSerialIn } from './serials.js'
import { wrappedText } from './wrapped-text.js'

/** What is shown, and how. */
export interface FaultyOptions {
  /** -a: also those that are over, or that people are not told of. */
  readonly all?: boolean
  /** -f and -r: by what is to be replaced, by what is taken out of service. */
  readonly by?: ReadonlySet<'fru' | 'resource'>
  /** -i: under the ids of the resource cache. */
  readonly cacheIds?: boolean
  /** -n: how many of a list are shown; 0 is all. */
  readonly most?: number
  /** -p: each on a page of its own. */
  readonly pages?: boolean
  /** -s: a line each. */
  readonly summary?: boolean
  /** -u: only these. */
  readonly uuids?: readonly string[]
  /** -v */
  readonly full?: boolean
  /** Nanoseconds since 1970, of whoever reads. */
  readonly nowNs: bigint
}

/** A diagnosis, and under which ids the resource cache keeps what it names. */
export interface Diagnosis {
  readonly list: SuspectList
  readonly cacheIds: readonly string[]
}

/** What `fmadm faulty` prints. */
export function printFaulty(diagnoses: readonly Diagnosis[], options: FaultyOptions): string {
  const { uuids = [], by = new Set() } = options
  const records = diagnoses
    .filter(({ list }) => uuids.length === 0 || uuids.includes(list.uuid))
    .sort((a, b) => (a.list.uuid < b.list.uuid ? -1 : 1))
    .map(({ list, cacheIds }) => faultyRecord(list, cacheIds))
    .filter(({ isShown }) => isShown || options.all === true || uuids.length > 0)
  if (by.size === 0) return printRecords(records, options)
  const frus = by.has('fru') ? printFaultyFrus(records, options) : ''
  return frus + (by.has('resource') ? printFaultyAsrus(records) : '')
}

function printRecords(records: readonly FaultyRecord[], options: FaultyOptions): string {
  const page = options.pages === true && options.summary !== true ? '\f\n' : ''
  return inOrder(records)
    .map((record, i) => {
      const isHeaded = options.summary !== true || i === 0
      const body = options.summary === true ? '' : printBody(record, options)
      return `${page}${isHeaded ? heading(options) : ''}${printLines(record, options)}${body}`
    })
    .join('')
}

function heading({ cacheIds }: FaultyOptions): string {
  const rule = `${'-'.repeat(15)} ${'-'.repeat(36)}  ${'-'.repeat(14)} ${'-'.repeat(9)}\n`
  const id = (cacheIds === true ? 'CACHE-ID' : 'EVENT-ID').padEnd(36)
  return `${rule}TIME            ${id}  MSG-ID         SEVERITY\n${rule}`
}

/** The line of a diagnosis, or one for each id of the resource cache. */
function printLines({ list, severity, cacheIds }: FaultyRecord, options: FaultyOptions): string {
  const ids = options.cacheIds === true ? cacheIds : [list.uuid]
  const moment = caseMoment(list.diagTimeNs, options.nowNs).padEnd(15)
  const rest = `${list.code.padEnd(14)} ${severity.padEnd(9)} ${list.injected ? 'injected' : ''}`
  return ids.map((id) => `${moment} ${id.padEnd(37)} ${rest}\n`).join('')
}

function printBody(record: FaultyRecord, options: FaultyOptions): string {
  const { classes, asrus, resources, frus, serials } = record
  const full = options.full === true
  const limit = full ? 0 : (options.most ?? 0)
  const format = (label: string, certainty: number): NameFormat => ({
    label: `${label.padEnd(12)}:`,
    limit: 0,
    certainty,
    full,
  })
  const limited = (label: string): NameFormat => ({ ...format(label, 0), limit })
  const isResourceTold = full || frus.length === 0 || asrus.length === 0
  const isSerialTold = !isSerialIn(frus, serials) && !isSerialIn(asrus, serials)
  return [
    '\n',
    printHost(record.host),
    printSome(classes, format('Fault class', classes[0]?.certainty ?? 0)),
    printStated(asrus, limited('Affects'), asruState),
    isResourceTold ? printStated(resources, limited('Problem in'), resourceState) : '',
    printStated(frus, format('FRU', certaintyOf(frus[0])), fruState),
    isSerialTold ? printSome(serials, format('Serial ID.', 0)) : '',
    printTexts(record.list),
    '\n',
  ].join('')
}

const certaintyOf = (fru: NamedThing | undefined): number =>
  fru?.certainty === 100 ? 100 : (fru?.highest ?? 0)

const printSome = (names: readonly NamedThing[], format: NameFormat): string =>
  names.length === 0 ? '' : printNames(names, format)

const indented = (text: string): string => (text === '' ? '' : `${' '.repeat(18)}${text}\n`)

/** Names with their states: below the last one where all are in the same, else below each. */
function printStated(
  names: readonly NamedThing[],
  format: NameFormat,
  say: (status: NamedThing['status']) => string,
): string {
  if (names.length === 0) return ''
  const status = commonStatus(names)
  if (status !== undefined) return printNames(names, format) + indented(say(status))
  return printNames(names, { ...format, state: (each) => indented(say(each)) })
}

function printHost(host: Authority | undefined): string {
  if (host === undefined) return ''
  const domain = host.get('domain-id')
  return (
    `Host        : ${host.get('server-id') ?? '-'}` +
    `${domain === undefined ? '' : `\tDomain      : ${domain}`}\n` +
    `Platform    : ${host.get('product-id') ?? '-'}` +
    `\tChassis_id  : ${host.get('chassis-id') ?? ''}\n` +
    `Product_sn  : ${host.get('product-sn') ?? ''}\n\n`
  )
}

function printTexts(list: SuspectList): string {
  const message = messageOf(list.code)
  if (message === undefined) return ''
  const context = { code: list.code, diagnosis: suspectListToNvlist(list) }
  const told: readonly (readonly [string, string])[] = [
    ['Description : ', message.description],
    ['Response    : ', message.response],
    ['Impact      : ', message.impact],
    ['Action      : ', message.action],
  ]
  return told.map(([label, text]) => wrappedText(label, expandMessage(text, context))).join('')
}
