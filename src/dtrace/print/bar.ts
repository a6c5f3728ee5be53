// Bars of histograms: how long, of which characters, on which side.
//
//   |@@@@@@@@@@@@@                            1
//                 @@@@@@|@@@@@@@@@@@@@@       a side each for counts below and above zero
//
// Holds: a bar is 40 columns wide, or twice 20; its length is |count| * width / total, rounded half
// up in ASCII, in eighths rounded down in UTF-8.
// Source: illumos libdtrace dt_consume.c (dt_quantize_total, dt_print_quantline,
// dt_print_quantline_utf8).
import { isSet, type OptionMap } from './options.js'

/** How bars are drawn. */
export interface BarStyle {
  /** aggzoom: the largest count fills 95 % of a bar, whatever the others are. */
  readonly zoom: boolean
  readonly encoding: 'ascii' | 'utf8' | undefined
}

/** What a bar is a share of, as a fraction, and the signs of the counts it is drawn among. */
export interface Scale {
  readonly total: bigint
  readonly per: bigint
  readonly negative: boolean
  readonly positive: boolean
}

/** The style that options ask for. */
export function barStyle(options: OptionMap): BarStyle {
  const encoding = options.get('encoding')
  return {
    zoom: isSet(options, 'aggzoom'),
    encoding: encoding === 'ascii' || encoding === 'utf8' ? encoding : undefined,
  }
}

export const PLAIN_BARS: BarStyle = { zoom: false, encoding: undefined }

/** The scale of counts that are shown together. */
export function scaleOf(counts: readonly bigint[], { zoom }: BarStyle): Scale {
  const sizes = counts.map(magnitude)
  const negative = counts.some((count) => count < 0n)
  const positive = counts.some((count) => count > 0n)
  if (!zoom)
    return { total: sizes.reduce((sum, size) => sum + size, 0n), per: 1n, negative, positive }
  const largest = sizes.reduce((most, size) => (size > most ? size : most), 0n)
  return { total: largest * 20n, per: 19n, negative, positive }
}

/** `width` times the share that a count has, rounded half up. */
export function share(count: bigint, width: number, { total, per }: Scale): number {
  if (total === 0n) return 0
  return Number((2n * magnitude(count) * BigInt(width) * per + total) / (2n * total))
}

/** The bar of one count. */
export function bar(count: bigint, scale: Scale, { encoding }: BarStyle): string {
  const { negative, positive } = scale
  if (!negative && positive && encoding === 'utf8') return `|${blocks(count, scale).padEnd(40)}`
  if (!negative) return `|${ats(count, scale, 40).padEnd(40)}`
  if (!positive) return `${ats(count, scale, 40).padStart(40)}|`
  const half = ats(count, scale, 20)
  const blank = ' '.repeat(20)
  return count <= 0n ? `${half.padStart(20)}|${blank}` : `${blank}|${half.padEnd(20)}`
}

function ats(count: bigint, scale: Scale, width: number): string {
  return '@'.repeat(share(count, width, scale))
}

const FULL_BLOCK = 0x2588
const ONE_EIGHTH = 0x258f

/** Whole blocks, and one of as many eighths as are left. */
function blocks(count: bigint, { total, per }: Scale): string {
  const eighths = Number((magnitude(count) * 320n * per) / total)
  const partial = eighths % 8
  const last = partial === 0 ? '' : String.fromCodePoint(ONE_EIGHTH - (partial - 1))
  return String.fromCodePoint(FULL_BLOCK).repeat(Math.floor(eighths / 8)) + last
}

const magnitude = (v: bigint): bigint => (v < 0n ? -v : v)
