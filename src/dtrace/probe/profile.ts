// The profile provider: probes that time fires, not the machine. On a recording, the recording's
// time.
//
//   tick-1s       once a second, on one cpu        profile-997   997 times a second, on every pcpu
//
// Source: illumos uts/common/dtrace/profile.c (profile_provide): default rates and suffixes.

/** What a name such as `tick-10ms` asks for. */
export interface ProfileProbe {
  readonly kind: 'tick' | 'profile'
  /** Nanoseconds between two firings, at least 1. */
  readonly periodNs: number
}

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

/** Reads `tick-<n>[unit]` or `profile-<n>[unit]`; a bare number or `hz` is a rate. Undefined for
 *  any other name, for a zero, and for a rate above 10^9. */
export function parseProfileName(name: string): ProfileProbe | undefined {
  const parts = /^(tick|profile)-(\d+)([a-zA-Z]*)$/.exec(name)
  if (parts === null) return undefined
  const count = Number(parts[2])
  const suffix = (parts[3] ?? '').toLowerCase()
  const unit = UNITS.get(suffix)
  const isRate = suffix === '' || suffix === 'hz'
  if (count === 0 || (unit === undefined && !isRate)) return undefined
  const periodNs = unit === undefined ? Math.floor(1e9 / count) : count * unit
  if (periodNs < 1 || !Number.isSafeInteger(periodNs)) return undefined
  return { kind: parts[1] === 'tick' ? 'tick' : 'profile', periodNs }
}
