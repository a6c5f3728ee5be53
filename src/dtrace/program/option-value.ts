// Values of options as they are written: 4m, 10hz, 1s, yes, 0x10.
//
// Source: libdtrace dt_options.c (dt_optval_parse, dt_opt_rate, dt_opt_runtime).
import { INT64_MAX } from '../../base/int64.js'

const COUNT = /^[ \t\n]*\+?(0[xX][0-9a-fA-F]+|[0-9]+)/
const WORDS = /^(yes|no|enabled?|disabled?|true|false|on|off|set|unset)$/i
const SIZE_UNITS = 'kmgt'

/** Nanoseconds of each unit of a rate; `hz` counts how often a second. */
const RATE_UNITS: Readonly<Record<string, bigint | 'hz'>> = {
  '': 1n,
  ns: 1n,
  nsec: 1n,
  us: 1_000n,
  usec: 1_000n,
  ms: 1_000_000n,
  msec: 1_000_000n,
  s: 1_000_000_000n,
  sec: 1_000_000_000n,
  m: 60_000_000_000n,
  min: 60_000_000_000n,
  h: 3_600_000_000_000n,
  hour: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  day: 86_400_000_000_000n,
  hz: 'hz',
}

/** Bytes: a number in decimal, octal (0...) or hexadecimal, then k, m, g or t. Undefined when the
 *  text is none. */
export function parseSize(text: string): bigint | undefined {
  const found = leadingCount(text)
  if (found === undefined) return undefined
  const unit = found.rest.toLowerCase()
  const power = unit === '' ? 0 : SIZE_UNITS.indexOf(unit) + 1
  if (unit.length > 1 || (unit !== '' && power === 0)) return undefined
  const size = found.count << BigInt(10 * power)
  return size > INT64_MAX ? undefined : size
}

/** The interval of a rate in nanoseconds: a bare number counts them. */
export function parseRate(text: string): bigint | undefined {
  const found = leadingCount(text)
  const unit = found && RATE_UNITS[found.rest.toLowerCase()]
  if (found === undefined || unit === undefined) return undefined
  if (unit !== 'hz') return found.count * unit
  return found.count === 0n ? 0n : 1_000_000_000n / found.count
}

/** A number without a unit. */
export function parseCount(text: string): bigint | undefined {
  const found = leadingCount(text)
  return found === undefined || found.rest !== '' ? undefined : found.count
}

/** Whether a run-time switch can have this value: a word for yes or no, or a number. */
export function isSwitchValue(text: string): boolean {
  return text === '' || WORDS.test(text) || parseCount(text) !== undefined
}

function leadingCount(text: string): { count: bigint; rest: string } | undefined {
  const [all = '', digits] = COUNT.exec(text) ?? []
  if (digits === undefined) return undefined
  const isOctal = /^0[0-9]/.test(digits)
  if (isOctal && /[89]/.test(digits)) return undefined
  const count = BigInt(isOctal ? `0o${digits.slice(1)}` : digits)
  return count > INT64_MAX ? undefined : { count, rest: text.slice(all.length) }
}
