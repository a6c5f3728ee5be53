// Dump time: a point in time as fmdump's -t and -T take it.
//
//   12/10/2007 12:00:05.5    10Dec07    2007-12-10T12:00    Dec 10 12:00:05    12:00    90min
//
// Holds: times are UTC, as they are printed. What is not said is taken from the time of whoever
// asks; a number with a unit is so long before it. Source: fmdump(8), illumos-gate usr/src/cmd/fm/
// fmdump/common/fmdump.c (gettimeopt).
import { XpvError } from '../../base/error.js'

const CLOCK = '(?<hour>\\d{1,2}):(?<minute>\\d{1,2})'
const SECONDS = `${CLOCK}:(?<second>\\d{1,2})`
const YEARS = ['(?<year>\\d{4})', '(?<short>\\d{2})']
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const WORD = '(?<word>[A-Za-z]{3})[a-z]*'

const WITH_DATE = (date: (year: string) => string, joint: string): readonly string[] =>
  [`${joint}${SECONDS}`, `${joint}${CLOCK}`, ''].flatMap((clock) =>
    YEARS.map((year) => `${date(year)}${clock}`),
  )

/** What may stand at the beginning, the first that does. */
const FORMS: readonly RegExp[] = [
  ...WITH_DATE((year) => `(?<month>\\d{1,2})/(?<day>\\d{1,2})/${year}`, '\\s+'),
  ...WITH_DATE((year) => `${year}-(?<month>\\d{1,2})-(?<day>\\d{1,2})`, 'T'),
  ...WITH_DATE((year) => `(?<day>\\d{1,2})${WORD}${year}`, '\\s+'),
  `${WORD}\\s+(?<day>\\d{1,2})\\s+${SECONDS}`,
  SECONDS,
  CLOCK,
].map((form) => new RegExp(`^\\s*${form}`))

const SECOND = 1_000_000_000n
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  nsec: 1n,
  us: 1000n,
  usec: 1000n,
  ms: 1_000_000n,
  msec: 1_000_000n,
  s: SECOND,
  sec: SECOND,
  m: 60n * SECOND,
  min: 60n * SECOND,
  h: 3600n * SECOND,
  hour: 3600n * SECOND,
  d: 86_400n * SECOND,
  day: 86_400n * SECOND,
}

/** Nanoseconds since 1970. Throws XpvError `fma.time` for a text that is no time. */
export function parseDumpTime(text: string, nowNs: bigint): bigint {
  for (const form of FORMS) {
    const found = form.exec(text)
    const seconds = found === null ? undefined : secondsOf(found.groups ?? {}, nowNs)
    if (found === null || seconds === undefined) continue
    return BigInt(seconds) * SECOND + fractionOf(text, text.slice(found[0].length))
  }
  return before(text, nowNs)
}

/** Seconds since 1970; undefined for a date or a time of day that there is not. */
function secondsOf(
  parts: Readonly<Record<string, string | undefined>>,
  nowNs: bigint,
): number | undefined {
  const now = new Date(Number(nowNs / 1_000_000n))
  const number = (name: string): number | undefined =>
    parts[name] === undefined ? undefined : Number(parts[name])
  const named = MONTHS.toLowerCase().indexOf(parts['word']?.toLowerCase() ?? ' ')
  if (parts['word'] !== undefined && named % 3 !== 0) return undefined
  const month = named >= 0 ? named / 3 : (number('month') ?? now.getUTCMonth() + 1) - 1
  const year = number('year') ?? century(number('short')) ?? now.getUTCFullYear()
  const day = number('day') ?? now.getUTCDate()
  const [hour, minute, second] = ['hour', 'minute', 'second'].map((name) => number(name) ?? 0)
  const isTime = (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 62
  const date = new Date(Date.UTC(year, month, day))
  if (!isTime || date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined
  return date.getTime() / 1000 + (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0)
}

const century = (short: number | undefined): number | undefined =>
  short === undefined ? undefined : short + (short < 69 ? 2000 : 1900)

/** What stands behind a time: nothing, or a fraction of a second, to the microsecond. */
function fractionOf(text: string, rest: string): bigint {
  if (rest === '') return 0n
  if (!rest.startsWith('.')) throw refused(`unexpected suffix after time ${text} -- ${rest}`)
  if (!/^\.\d+$/.test(rest)) throw refused(`illegal time suffix -- .${rest}`)
  return BigInt(rest.slice(1, 7).padEnd(6, '0')) * 1000n
}

function before(text: string, nowNs: bigint): bigint {
  const [, digits = '', unit = ''] = /^\s*([-+]?\d+)(.+)$/s.exec(text) ?? []
  const scale = UNITS[unit.toLowerCase()]
  if (scale === undefined || BigInt(digits) === 0n) throw refused(`illegal time format -- ${text}`)
  const timeNs = nowNs - BigInt(digits) * scale
  if (timeNs < 0n) throw refused(`time delta precedes UTC time origin -- ${text}`)
  return timeNs
}

const refused = (message: string): XpvError =>
  new XpvError('fma.time', message, "fmdump -t '12/10/2007 12:00:05'")
