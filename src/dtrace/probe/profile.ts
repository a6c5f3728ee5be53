// The profile provider: probes that time fires, not the machine. On a recording, the recording's
// time.
//
//   tick-1s       once a second, on one cpu        profile-997   997 times a second, on every pcpu
//
// Holds: no probe fires more often than every 200 us, on either dialect's host.
// Source: illumos uts/common/dtrace/profile.c (profile_provide, profile_create): default rates,
// suffixes, the shortest interval.

/** What a name such as `tick-10ms` asks for. */
export interface ProfileProbe {
  readonly kind: 'tick' | 'profile'
  /** Nanoseconds between two firings, at least `SHORTEST_NS`. */
  readonly periodNs: number
}

/** Nanoseconds between two firings of the fastest probe there is: 5000 a second. */
const SHORTEST_NS = 200_000

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['nsec', 1],
  ['us', 1e3],
  ['usec', 1e3],
  ['ms', 1e6],
  ['msec', 1e6],
  ['s', 1e9],
  ['sec', 1e9],
  ['m', 60e9],
  ['min', 60e9],
  ['h', 3600e9],
  ['hour', 3600e9],
  ['d', 86400e9],
  ['day', 86400e9],
])

/** The rates of profile-n that dtrace(8) lists without being asked, in hertz. */
export const PROFILE_RATES: readonly number[] = [97, 199, 499, 997, 1999, 4001, 4999]
/** The rates of tick-n that it lists, in hertz. */
export const TICK_RATES: readonly number[] = [1, 10, 100, 500, 1000, 5000]

/** Reads `tick-<n>[unit]` or `profile-<n>[unit]`. Undefined for any other name, for a zero, and
 *  for what would fire more often than every 200 us. */
export function parseProfileName(name: string): ProfileProbe | undefined {
  const parts = /^(tick|profile)-(.*)$/.exec(name)
  const periodNs = parseInterval(parts?.[2] ?? '')
  if (periodNs === undefined || periodNs < SHORTEST_NS) return undefined
  return { kind: parts?.[1] === 'tick' ? 'tick' : 'profile', periodNs }
}

/** Reads `<n>[unit]` as nanoseconds; a bare number or `hz` is a rate, of which this is the period.
 *  Undefined for a zero, for a unit there is not, and for what rounds to no time at all. */
export function parseInterval(text: string): number | undefined {
  const parts = /^(\d+)([a-zA-Z]*)$/.exec(text)
  if (parts === null) return undefined
  const count = Number(parts[1])
  const suffix = (parts[2] ?? '').toLowerCase()
  const unit = UNITS.get(suffix)
  const isRate = suffix === '' || suffix === 'hz'
  if (count === 0 || (unit === undefined && !isRate)) return undefined
  const periodNs = unit === undefined ? Math.floor(1e9 / count) : count * unit
  return periodNs >= 1 && Number.isSafeInteger(periodNs) ? periodNs : undefined
}
