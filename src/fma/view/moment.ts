// Moment: a time as fmdump and fmadm print it.
//
//   Dec 10 12:00:05.0000          a record of the last half year
//   Dec 10 2007 12:00:05          an older one, or one that is still to come
//   Dec 10 2007 12:00:05.000000000   in full
//
// Holds: times are UTC, so that the same log reads the same anywhere. `nowNs` is the time of
// whoever reads, nanoseconds since 1970 as all times here. Source: illumos-gate usr/src/cmd/fm/
// fmdump/common/fmdump.c, fmadm/common/faulty.c.

const SECOND = 1_000_000_000n
const HALF_YEAR = 6n * 30n * 24n * 60n * 60n
const MINUTE = 60n

/** Whether a time needs its year: older than 180 days, or more than a minute ahead. */
function needsYear(timeNs: bigint, nowNs: bigint): boolean {
  const [time, now] = [timeNs / SECOND, nowNs / SECOND]
  return time > now + MINUTE || time < now - HALF_YEAR
}

interface Parts {
  /** `Dec 10` */
  readonly day: string
  readonly year: string
  /** `12:00:05` */
  readonly clock: string
}

function partsOf(timeNs: bigint): Parts {
  const [, day = '', month = '', year = '', clock = ''] = new Date(Number(timeNs / 1_000_000n))
    .toUTCString()
    .split(' ')
  return { day: `${month} ${day}`, year, clock }
}

/** A record's time in 20 columns: with four decimals when it is recent, else with its year. */
export function recordMoment(timeNs: bigint, nowNs: bigint): string {
  const { day, year, clock } = partsOf(timeNs)
  if (needsYear(timeNs, nowNs)) return `${day} ${year} ${clock}`
  return `${day} ${clock}.${fraction(timeNs, 4)}`
}

/** A record's time in full, 30 columns: `Dec 10 2007 12:00:05.000000000`. */
export function fullMoment(timeNs: bigint): string {
  const { day, year, clock } = partsOf(timeNs)
  return `${`${day} ${year} ${clock}`.padEnd(20)}.${fraction(timeNs, 9)}`
}

/** A diagnosis' time in 15 columns: to the second when it is recent, else its day and year. */
export function caseMoment(timeNs: bigint, nowNs: bigint): string {
  const { day, year, clock } = partsOf(timeNs)
  return needsYear(timeNs, nowNs) ? `${day} ${year}    ` : `${day} ${clock}`
}

const fraction = (timeNs: bigint, digits: number): string =>
  String(timeNs % SECOND)
    .padStart(9, '0')
    .slice(0, digits)
