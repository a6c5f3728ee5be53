// Message text: a diagnosis as people read it on the console: eleven lines with fixed labels.
//
//   SUNW-MSG-ID: GMCA-8000-LF, TYPE: Fault, VER: 1, SEVERITY: Major
//   EVENT-TIME: Mon Dec 10 12:00:00 UTC 2007
//   ...
//
// Holds: what the event does not say is `-`. In a text `%%` is a percent sign, `%s` the address of
// an article, `%<fault-list[0].class>` a member of the event; any other sequence is left out.
// Times are UTC. Source: illumos-gate usr/src/lib/fm/libfmd_msg/common/fmd_msg.c and its test.
import {
  integersMember,
  listMember,
  memberAt,
  type NvList,
  type NvValue,
  stringMember,
} from '../event/nvlist.js'
import type { Message } from './message.js'

/** What a text may speak of. */
export interface MessageContext {
  readonly code: string
  /** The diagnosis; without one, `%<...>` stays as it is. */
  readonly diagnosis?: NvList | undefined
  /** What the address of an article begins with. */
  readonly articles?: string | undefined
}

const ARTICLES = 'http://illumos.org/msg/'
const MISSING = '-'

/** A text with its `%` sequences replaced. */
export function expandMessage(text: string, context: MessageContext): string {
  const { code, diagnosis, articles = ARTICLES } = context
  return text.replace(/%(?:<([^>]*)>|(.)|$)/gs, (whole, path?: string, letter?: string) => {
    if (letter === '%') return '%'
    if (letter === 's') return `${articles}${code}`
    if (path === undefined) return ''
    return diagnosis === undefined ? whole : printMember(memberAt(diagnosis, path))
  })
}

/** A member in decimal and words; lists have no text. */
function printMember(member: NvValue | undefined): string {
  if (member === undefined || member.kind === 'nvlist' || member.kind === 'nvlist[]') return ''
  if (member.kind === 'flag') return 'true'
  if (member.kind === 'byte') return `0x${member.value.toString(16)}`
  return Array.isArray(member.value) ? member.value.join(' ') : String(member.value)
}

/** A diagnosis with its message, each line ended. */
export function printMessage(message: Message, diagnosis: NvList, articles?: string): string {
  const engine = listMember(diagnosis, 'de') ?? new Map()
  const host = listMember(engine, 'authority') ?? new Map()
  const say = (list: NvList, name: string): string => stringMember(list, name) ?? MISSING
  const context = { code: message.code, diagnosis, articles }
  const expand = (text: string): string => expandMessage(text, context)
  const serial = stringMember(host, 'product-sn') ?? say(host, 'chassis-id')
  const lines = [
    `SUNW-MSG-ID: ${message.code}, TYPE: ${message.type}, VER: 1, SEVERITY: ${message.severity}`,
    `EVENT-TIME: ${printTime(integersMember(diagnosis, 'diag-time')?.[0])}`,
    `PLATFORM: ${say(host, 'product-id')}, CSN: ${serial}, HOSTNAME: ${say(host, 'server-id')}`,
    `SOURCE: ${say(engine, 'mod-name')}, REV: ${say(engine, 'mod-version')}`,
    `EVENT-ID: ${say(diagnosis, 'uuid')}`,
    `DESC: ${expand(message.description)}`,
    `AUTO-RESPONSE: ${expand(message.response)}`,
    `IMPACT: ${expand(message.impact)}`,
    `REC-ACTION: ${expand(message.action)}`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Seconds since 1970 as `Mon Dec 10 12:00:00 UTC 2007`, the day of the month two wide. */
function printTime(seconds: bigint | undefined): string {
  const date = new Date(Number(seconds ?? Number.NaN) * 1000)
  if (seconds === undefined || Number.isNaN(date.getTime())) return MISSING
  const [weekday, day, month, year, time] = date.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} UTC ${year}`
}
