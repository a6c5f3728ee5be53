// When tick- and profile- probes fire, in the stream's own ticks: one period after its start, and
// every period after that.
//
// Holds: a due time is the first tick at which the clock shows it, without rounding errors that add
// up.
import type { Clock } from '../../machine/clock.js'
import type { ProbeDescription } from '../probe/description.js'
import { parseProfileName } from '../probe/profile.js'

/** A probe that time fires. */
export interface TimedProbe {
  readonly probe: ProbeDescription
  readonly kind: 'tick' | 'profile'
  readonly periodNs: number
}

/** Picks those of some probes that time fires, ascending by id. */
export function timedProbes(probes: Iterable<ProbeDescription>): TimedProbe[] {
  const timed: TimedProbe[] = []
  for (const probe of probes) {
    const parsed = probe.provider === 'profile' ? parseProfileName(probe.name) : undefined
    if (parsed !== undefined) timed.push({ probe, ...parsed })
  }
  return timed.sort((a, b) => a.probe.id - b.probe.id)
}

/** The due times of some probes, in order; of several at once the lowest id comes first. */
export class Schedule {
  readonly #hz: bigint
  readonly #pending: { readonly timed: TimedProbe; count: bigint; ticks: number }[]
  /** When the next probe is due; infinite when there is none. */
  nextTicks = Number.POSITIVE_INFINITY

  constructor(timed: readonly TimedProbe[], clock: Clock) {
    this.#hz = BigInt(clock.hz ?? 0)
    this.#pending = timed.map((probe) => {
      return { timed: probe, count: 1n, ticks: this.#due(probe, 1n) }
    })
    this.#settle()
  }

  /** Takes the probe that is due at `nextTicks`, and sets that to the next due time. */
  take(): TimedProbe | undefined {
    const first = this.#pending.find((entry) => entry.ticks === this.nextTicks)
    if (first === undefined) return undefined
    first.count += 1n
    first.ticks = this.#due(first.timed, first.count)
    this.#settle()
    return first.timed
  }

  #settle(): void {
    this.nextTicks = Number.POSITIVE_INFINITY
    for (const { ticks } of this.#pending) this.nextTicks = Math.min(this.nextTicks, ticks)
  }

  // The least t with floor(t * 10^9 / hz) >= count * period.
  #due(timed: TimedProbe, count: bigint): number {
    const ns = count * BigInt(timed.periodNs)
    return Number((ns * this.#hz + 999_999_999n) / 1_000_000_000n)
  }
}

/** The first tick, at or after `ticks`, at which a whole number of periods of `periodNs` have gone
 *  by. */
export function periodEnd(ticks: number, periodNs: bigint, clock: Clock): number {
  const hz = BigInt(clock.hz ?? 0)
  if (hz === 0n || periodNs === 0n) return ticks
  const ns = (BigInt(ticks) * 1_000_000_000n) / hz
  const end = ((ns + periodNs - 1n) / periodNs) * periodNs
  return Number((end * hz + 999_999_999n) / 1_000_000_000n)
}

/** The first row, from `from` on, whose time is at or after `ticks`; `length` when there is
 *  none. */
export function firstAtOrAfter(
  column: Float64Array,
  ticks: number,
  range: { readonly from: number; readonly length: number },
): number {
  let low = range.from
  let high = range.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((column[middle] ?? 0) < ticks) low = middle + 1
    else high = middle
  }
  return low
}
