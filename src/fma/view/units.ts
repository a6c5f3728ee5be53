// Units: a length of time in the largest unit that says it exactly, a size in the nearest.
//
//   259200000000000  ->  3d      1500000000  ->  1500ms      0  ->  0d
//   43  ->  43b      1536  ->  1.5K      1468006  ->  1.4M      0  ->  0
//
// Source: illumos-gate usr/src/cmd/fm/fmstat/common/fmstat.c (time2str, size2str).

const UNITS: readonly (readonly [name: string, ns: bigint])[] = [
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
]

/** A length of time, exactly. */
export function exactTime(ns: bigint): string {
  const [name, unit] = UNITS.find(([, each]) => ns % each === 0n) ?? ['ns', 1n]
  return `${ns / unit}${name}`
}

const SIZES = 'bKMGTPE'
const SCALE = 1024n

/** A size in bytes, with one decimal below ten of a unit. Each division is rounded; of two decimals
 *  that are as near the even one is taken, as `printf` does. */
export function shortSize(bytes: bigint): string {
  let [size, before, unit] = [bytes, 0n, 0]
  while (size >= SCALE && unit < SIZES.length - 1) {
    before = size
    size = (size + SCALE / 2n) / SCALE
    unit++
  }
  if (before !== 0n && before / SCALE < 10n) {
    return `${tenths(before)}${SIZES[unit]}`
  }
  return size === 0n ? '0' : `${size}${SIZES[unit]}`
}

/** So many of 1024, to a tenth. */
function tenths(size: bigint): string {
  const [whole, rest] = [(size * 10n) / SCALE, (size * 10n) % SCALE]
  const isUp = rest > SCALE / 2n || (rest === SCALE / 2n && whole % 2n === 1n)
  const rounded = isUp ? whole + 1n : whole
  return `${rounded / 10n}.${rounded % 10n}`
}
