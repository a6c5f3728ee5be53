// Clock: turns the ticks of an observation stream into nanoseconds since its start, exactly.
//
//   xentrace   ticks are TSC cycles; the file does not say the rate, so `hz` may be missing
//   ftrace     ticks are nanoseconds
//
// Holds: ns = floor(ticks * 10^9 / hz) exactly, wherever ticks and ns are below 2^53.
// xenalyze instead multiplies by a truncated factor and runs 0.02 % fast at 2.4 GHz (xenalyze.c,
// cycles_to_time).
import { XpvError } from '../base/error.js'

/** How a stream counts time. `zero` is the absolute count at tick 0, a full 64-bit number. */
export interface Clock {
  readonly unit: 'cycles' | 'ns'
  /** Ticks a second, a whole number; undefined when the recording does not say it. Always 10^9
   *  when `unit` is 'ns'. */
  readonly hz: number | undefined
  readonly zero: bigint
  /** What the clock belongs to, for messages: a file's name. */
  readonly source: string
}

/** A clock that already counts nanoseconds. */
export function nanosecondClock(source: string, zero = 0n): Clock {
  return { unit: 'ns', hz: 1e9, zero, source }
}

/** The function from ticks to nanoseconds, both since the stream's start. Throws `XpvError`
 *  `trace.no-clock` when the rate is unknown: nanoseconds are never guessed. `trace.clock-rate`
 *  when it is no whole number of ticks. */
export function tickToNs(clock: Clock): (ticks: number) => number {
  const { hz } = clock
  if (hz === undefined) {
    throw new XpvError(
      'trace.no-clock',
      `${clock.source} counts cycles and does not say how many make a second`,
      '--hz 2.6G (xl info prints cpu_mhz; xl dmesg prints "Detected ... MHz processor")',
    )
  }
  if (!Number.isSafeInteger(hz) || hz < 1) {
    throw new XpvError('trace.clock-rate', `${clock.source}: ${hz} ticks a second is no clock rate`)
  }
  if (hz === 1e9) return (ticks) => ticks
  const divisor = gcd(1e9, hz)
  const numerator = 1e9 / divisor
  const denominator = hz / divisor
  if (hz * numerator < 2 ** 53) {
    return (ticks) => {
      // The quotient is at least 1 / denominator below the next whole number, the rounding error
      // less than that: it cannot reach it.
      if (ticks * numerator < 2 ** 53) return Math.floor((ticks * numerator) / denominator)
      const seconds = Math.floor(ticks / hz)
      return seconds * 1e9 + Math.floor(((ticks - seconds * hz) * numerator) / denominator)
    }
  }
  const exactHz = BigInt(hz)
  return (ticks) => Number((BigInt(ticks) * 1_000_000_000n) / exactHz)
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
