// LineClock: when a line of a log was written, by whichever stamp it begins with.
//
//   [   12.345678] ...                     dmesg, xl dmesg        since the host's start
//   [Mon Nov 23 15:01:40 2026] ...         dmesg -T               a date
//   2026-11-23T15:01:40.123456+01:00 ...   journalctl -o short-iso, dmesg --time-format iso
//   (XEN) [2026-11-23 15:01:40] ...        Xen, console_timestamps=date
//   Nov 23 15:01:40 host kernel: ...       journalctl -k, syslog  a date without its year
//
// Holds: a date goes before what is since the start, which begins anew with each start. Of a date
// without its year the time since the beginning of that year is known; where it goes back by half
// a year and more, the next year has begun. Dates without a zone are taken for UTC.
import type { RecordedTime } from './source.js'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const MONTH = `(${MONTHS.join('|')})`
const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)'
const ISO = new RegExp(
  `^(?:\\(XEN\\) )?\\[?(\\d{4})-(\\d\\d)-(\\d\\d)[T ]${TIME}(?:[.,](\\d{1,9}))?` +
    '(?: ?([+-])(\\d\\d):?(\\d\\d))?',
)
const CTIME = new RegExp(`^\\[\\w{3} ${MONTH} +(\\d{1,2}) ${TIME} (\\d{4})\\]`)
const SYSLOG = new RegExp(`^(?:<\\d+>)?${MONTH} +(\\d{1,2}) ${TIME}(?:\\.(\\d{1,9}))? `)
const STAMP = /^(?:<\d+>)?(?:\(XEN\) )?\[ *(\d{1,9})\.(\d{6})\]/
const SECOND = 1_000_000_000n
/** That from which times count; a 29 February is one day with the first of March. */
const SOME_YEAR = 1970
const YEAR_NS = 365n * 86_400n * SECOND

/** Nothing is said. */
export const NO_TIME: RecordedTime = { timeNs: undefined, sinceBootNs: undefined }

/** Reads stamps of the lines of one log, in their order. */
export class LineClock {
  #years = 0n
  #lastNs = 0n

  /** When a line was written, as far as it says. */
  timeOf(line: string): RecordedTime {
    const dateNs = isoOf(line) ?? ctimeOf(line)
    if (dateNs !== undefined) return { timeNs: dateNs, sinceBootNs: undefined }
    const yearNs = syslogOf(line)
    if (yearNs !== undefined) return { timeNs: undefined, sinceBootNs: this.#ascending(yearNs) }
    const [, seconds, micros] = STAMP.exec(line) ?? []
    if (seconds === undefined) return NO_TIME
    return { timeNs: undefined, sinceBootNs: BigInt(seconds) * SECOND + BigInt(`${micros}000`) }
  }

  #ascending(yearNs: bigint): bigint {
    if (this.#lastNs - yearNs > YEAR_NS / 2n) this.#years += 1n
    this.#lastNs = yearNs
    return this.#years * YEAR_NS + yearNs
  }
}

function isoOf(line: string): bigint | undefined {
  const [all, year, month, day, h, m, s, fraction = '', sign, zoneHours, zoneMinutes] =
    ISO.exec(line) ?? []
  if (all === undefined) return undefined
  const ns = utcOf([year, Number(month) - 1, day, h, m, s].map(Number), fraction)
  const zone = BigInt(Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60n * SECOND
  return sign === '-' ? ns + zone : ns - zone
}

function ctimeOf(line: string): bigint | undefined {
  const [all, month = '', day, h, m, s, year] = CTIME.exec(line) ?? []
  if (all === undefined) return undefined
  return utcOf([year, MONTHS.indexOf(month), day, h, m, s].map(Number), '')
}

function syslogOf(line: string): bigint | undefined {
  const [all, month = '', day, h, m, s, fraction = ''] = SYSLOG.exec(line) ?? []
  if (all === undefined) return undefined
  const begin = utcOf([SOME_YEAR, 0, 1, 0, 0, 0], '')
  return utcOf([SOME_YEAR, MONTHS.indexOf(month), day, h, m, s].map(Number), fraction) - begin
}

/** Year, month from 0, day, hour, minute, second; digits of the fraction. */
function utcOf(numbers: readonly number[], fraction: string): bigint {
  const [year = 0, month = 0, day = 1, h = 0, m = 0, s = 0] = numbers
  return BigInt(Date.UTC(year, month, day, h, m, s)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
