// Times of printf's %Y and %T. DTrace prints local time; we print UTC, so that one recording prints
// the same bytes anywhere.
//
//   nanoseconds since 1970  ->  "2003 Sep  3 17:23:41"  |  "Wed, 03 Sep 2003 17:23:41 UTC"
//
// Source: D language guide, "printf()"; %T follows strftime's "%a, %d %b %G %T %Z": its year is
// that of the ISO week, so 1970-12-31 is in 1970 but 2005-01-01 in 2004.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** %Y: year, month, blank-padded day and time of day, UTC. */
export function calendarTime(ns: bigint): string {
  const date = dateOf(ns)
  const day = String(date.getUTCDate()).padStart(2)
  return `${date.getUTCFullYear()} ${MONTHS[date.getUTCMonth()]} ${day} ${clock(date)}`
}

/** %T: the form mail and feeds use, UTC. */
export function mailTime(ns: bigint): string {
  const date = dateOf(ns)
  const day = two(date.getUTCDate())
  const month = MONTHS[date.getUTCMonth()]
  return `${DAYS[date.getUTCDay()]}, ${day} ${month} ${isoYear(date)} ${clock(date)} UTC`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Whole seconds: C divides, so a time before 1970 is cut towards it. */
function dateOf(ns: bigint): Date {
  return new Date(Number(BigInt.asIntN(64, ns) / 1_000_000_000n) * 1000)
}

function clock(date: Date): string {
  return [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
}

/** The year that the Thursday of this day's week lies in. */
function isoYear(date: Date): number {
  const toThursday = 3 - ((date.getUTCDay() + 6) % 7)
  return new Date(date.getTime() + toThursday * 86_400_000).getUTCFullYear()
}
