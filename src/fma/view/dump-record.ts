// Dump record: one record of a log as fmdump prints it, by the log it is in and how much is asked.
//
//   Dec 10 12:00:30.0000 1f2e3d4c-0000-4000-8000-000000000001 GMCA-8000-LF Diagnosed
//   Dec 10 12:00:30.0000 ereport.cpu.generic-x86.l1dcache
//   Dec 10 12:00:30.0000 resource.fm.asru.faulted
//
// Holds: what a record does not say is `-`. Source: illumos-gate usr/src/cmd/fm/fmdump/common/
// {fault,error,asru,info}.c.
import { booleanMember, integerMember, type NvList, stringMember } from '../event/nvlist.js'
import { printNvlistJson } from '../event/nvlist-json.js'
import { printNvlist } from '../event/nvlist-text.js'
import type { EreportReference, LogName, LogRecord } from '../fmd/input.js'
import { messageOf } from '../message/catalog.js'
import { printMessage } from '../message/message-text.js'
import { withFmriStrings } from './fmri-strings.js'
import { fullMoment, recordMoment } from './moment.js'
import { printSuspects } from './suspect-lines.js'

/** How much of a record: a line; the most important (-v); all (-V), with FMRIs as strings (-Vp), as
 *  JSON (-Vj); what people are told (-m). */
export type DumpForm = 'short' | 'verbose' | 'full' | 'pretty' | 'json' | 'message'

interface LogFormat {
  readonly heading: Readonly<Record<'short' | 'verbose' | 'full', string>>
  line(record: LogRecord, nowNs: bigint): string
  verbose(record: LogRecord, nowNs: bigint): string
  /** What stands above the members. */
  head(record: LogRecord): string
}

const TIME = 'TIME'.padEnd(20)
const LONG_TIME = 'TIME'.padEnd(30)
const UUID = 'UUID'.padEnd(36)
const CLASS = `${TIME} CLASS`
const DIAGNOSED = `${UUID} SUNW-MSG-ID`

const classOf = ({ event }: LogRecord): string => stringMember(event, 'class') ?? '-'
const uuidOf = ({ event }: LogRecord, missing = '-'): string =>
  stringMember(event, 'uuid') ?? missing

const classLine = (record: LogRecord, nowNs: bigint): string =>
  `${recordMoment(record.timeNs, nowNs)} ${classOf(record).padEnd(32)}\n`

const ERROR: LogFormat = {
  heading: {
    short: CLASS,
    verbose: `${TIME} ${'CLASS'.padEnd(37)} ENA`,
    full: `${LONG_TIME} CLASS`,
  },
  line: classLine,
  verbose: (record, nowNs) => {
    const ena = integerMember(record.event, 'ena') ?? 0n
    return referenceLine({ timeNs: record.timeNs, class: classOf(record), ena }, nowNs)
  },
  head: (record) => `${fullMoment(record.timeNs)} ${classOf(record)}\n`,
}

/** An ereport with its ENA. */
function referenceLine(reference: EreportReference, nowNs: bigint): string {
  const ena = reference.ena.toString(16).padStart(16, '0')
  return `${recordMoment(reference.timeNs, nowNs)} ${reference.class.padEnd(37)} 0x${ena}\n`
}

const CHANGES: Readonly<Record<string, string>> = {
  'list.suspect': 'Diagnosed',
  'list.repaired': 'Repaired',
  'list.resolved': 'Resolved',
  'list.updated': 'Updated',
  'list.isolated': 'Isolated',
}

/** The code of a diagnosis and what happened to it, in one word; some are told in a line only. */
function codeAndChange(record: LogRecord, untold: readonly string[] = []): string {
  const change = CHANGES[classOf(record)]
  const isTold = change !== undefined && !untold.includes(change)
  return `${stringMember(record.event, 'code') ?? '-'}${isTold ? ` ${change}` : ''}`
}

const faultLine = (record: LogRecord, nowNs: bigint): string => {
  const moment = recordMoment(record.timeNs, nowNs)
  return `${moment} ${uuidOf(record).padEnd(32)} ${codeAndChange(record)}\n`
}

const FAULT: LogFormat = {
  heading: {
    short: `${TIME} ${DIAGNOSED} EVENT`,
    verbose: `${TIME} ${DIAGNOSED} EVENT`,
    full: `${LONG_TIME} ${DIAGNOSED}`,
  },
  line: faultLine,
  verbose: (record, nowNs) => faultLine(record, nowNs) + printSuspects(record.event),
  head: (record) => {
    const code = codeAndChange(record, ['Diagnosed', 'Isolated'])
    return `${fullMoment(record.timeNs)} ${uuidOf(record).padEnd(32)} ${code}\n`
  },
}

function stateOf(event: NvList): string {
  const words = ['faulty', 'unusable'].filter((word) => booleanMember(event, word) === true)
  return words.length === 0 ? 'ok' : words.join(',')
}

const RESOURCE: LogFormat = {
  heading: {
    short: CLASS,
    verbose: `${TIME} ${UUID} STATE`,
    full: `${LONG_TIME} ${UUID} STATE`,
  },
  line: classLine,
  verbose: (record, nowNs) => {
    const moment = recordMoment(record.timeNs, nowNs)
    return `${moment} ${uuidOf(record).padEnd(36)} ${stateOf(record.event)}\n`
  },
  head: (record) =>
    `${fullMoment(record.timeNs)} ${uuidOf(record).padEnd(36)} ${stateOf(record.event)}\n`,
}

const INFO: LogFormat = {
  heading: { short: CLASS, verbose: `${TIME} ${UUID} CLASS`, full: `${LONG_TIME} UUID` },
  line: classLine,
  verbose: (record, nowNs) => {
    const moment = recordMoment(record.timeNs, nowNs)
    return `${moment} ${uuidOf(record, '(absent)').padEnd(36)} ${classOf(record)}\n`
  },
  head: (record) => `${fullMoment(record.timeNs)} ${uuidOf(record, '(absent)')}\n`,
}

const FORMATS: Readonly<Record<LogName, LogFormat>> = {
  error: ERROR,
  fault: FAULT,
  resource: RESOURCE,
  info: INFO,
}

/** What stands above a log's records, '' for nothing: in full a diagnosis has its own heading. */
export function dumpHeading(log: LogName, form: DumpForm): string {
  if (form === 'json' || form === 'message') return ''
  const isFull = form === 'full' || form === 'pretty'
  if (isFull && log === 'fault') return ''
  return `${FORMATS[log].heading[isFull ? 'full' : (form as 'short' | 'verbose')]}\n`
}

/** A record; undefined where it cannot be printed so: a message that nobody has. */
export function dumpRecord(record: LogRecord, form: DumpForm, nowNs: bigint): string | undefined {
  const format = FORMATS[record.log]
  switch (form) {
    case 'short':
      return format.line(record, nowNs)
    case 'verbose':
      return format.verbose(record, nowNs)
    case 'json':
      return `${printNvlistJson(record.event)}\n`
    case 'message':
      return messageText(record)
    case 'full':
      return inFull(record, record.event, nowNs)
    case 'pretty':
      return inFull(record, withFmriStrings(record.event), nowNs)
  }
}

function inFull(record: LogRecord, members: NvList, nowNs: bigint): string {
  const head = FORMATS[record.log].head(record)
  const body = `${printNvlist(members)}\n`
  if (record.log !== 'fault') return `${head}${body}`
  const { ereports = [] } = record
  const lines = ereports.map((each) => `  ${referenceLine(each, nowNs)}`)
  const above = ereports.length === 0 ? '' : `\n  ${ERROR.heading.verbose}\n${lines.join('')}`
  return `${FAULT.heading.full}\n${head}${above}\n${body}`
}

/** Empty lines in it are left out, and one follows. */
function messageText({ event }: LogRecord): string | undefined {
  const message = messageOf(stringMember(event, 'code') ?? '')
  if (message === undefined) return undefined
  return `${printMessage(message, event).replace(/\n{2,}/g, '\n')}\n`
}
