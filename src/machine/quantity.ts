// Quantities as people read them, each with its unit.
//
//   536870912 bytes  ->  512 MiB      1834000000 ns  ->  1.834 s      2600000000 Hz  ->  2.6 GHz

/** What a number counts. */
export type Unit = 'bytes' | 'ns' | 'hz' | 'percent' | 'mfn'

/** A number with its unit. */
export function quantity(value: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return bytesText(value)
    case 'ns':
      return nsText(value)
    case 'hz':
      return scaled(value, ['Hz', 'kHz', 'MHz', 'GHz'], 1000)
    case 'percent':
      return `${Number(value.toFixed(2))} %`
    case 'mfn':
      return `0x${value.toString(16)}`
  }
}

/** Bytes, in the greatest binary unit there is one of. */
export function bytesText(bytes: number): string {
  return scaled(bytes, ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'], 1024)
}

/** Nanoseconds, in the greatest unit there is one of, up to seconds. */
export function nsText(ns: number): string {
  return scaled(ns, ['ns', 'us', 'ms', 's'], 1000)
}

function scaled(value: number, units: readonly string[], step: number): string {
  let [at, left] = [0, value]
  while (left >= step && at < units.length - 1) {
    left /= step
    at += 1
  }
  return `${rounded(left)} ${units[at]}`
}

/** Four digits that count, no zeros behind them. */
const rounded = (value: number): string =>
  value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)))
