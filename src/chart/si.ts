// Numbers for people: three digits and a prefix, `1.28k`, `35.1µs`.
//
// Holds: `ns` is read as seconds times 10^-9, so it prints as ns, µs, ms or s; other units keep
// their name.

const PREFIXES = ['p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const ONE = 4

/** A power of 1000 and what stands for it. */
interface Scale {
  readonly factor: number
  readonly suffix: string
}

/** The scale in which `largest` has one to three digits before the point. */
function scaleFor(largest: number, unit = ''): Scale {
  const [base, name] = unit === 'ns' ? [1e-9, 's'] : [1, unit]
  const size = Math.abs(largest) * base
  if (size === 0 || !Number.isFinite(size)) return { factor: 1, suffix: unit }
  const exponent = Math.max(-100, Math.floor(Math.log10(size) / 3 + 1e-12))
  const prefix = PREFIXES[exponent + ONE] ?? `e${exponent * 3}`
  return { factor: base / 1000 ** exponent, suffix: `${prefix}${name}` }
}

/** A number with three significant digits, prefix and unit. */
export function siText(value: number, unit = ''): string {
  const { factor, suffix } = scaleFor(value, unit)
  return `${threeDigits(value * factor)}${suffix}`
}

/** The labels of an axis, descending or ascending by even steps: one scale for all. Undefined
 *  when four digits after the point do not tell them apart. */
export function axisLabels(values: readonly number[], unit = ''): readonly string[] | undefined {
  const { factor, suffix } = scaleFor(Math.max(...values.map(Math.abs)), unit)
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0)) * factor
  if (values.length < 2) return values.map((v) => siText(v, unit))
  const digits = [0, 1, 2, 3, 4].find((d) =>
    values.every((v) => Math.abs(Number((v * factor).toFixed(d)) - v * factor) <= step / 20),
  )
  if (digits === undefined) return undefined
  const labels = values.map((v) => `${withoutMinus((v * factor).toFixed(digits))}${suffix}`)
  return new Set(labels).size === labels.length ? labels : undefined
}

/** -0.0 is 0.0. */
const withoutMinus = (text: string): string => text.replace(/^-(0(\.0*)?)$/, '$1')

function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toString()
}
