// Beyond DTrace: quantile(), series() and heatmap() as text.
//
//   quantile     p50           12 p99          833
//
//   series                time  ------------- Distribution ------------- count
//                        100ms |@@@@@@@@@@@@@                            7
//
//   heatmap               time    8 .---. 32   | count
//                        100ms      : ▒█:      | 7
//
// Holds: intervals without a value are shown where they are few; a row `...` stands for more of
// them. Times are those at which intervals begin, from the start of the recording.
import type {
  GroupState,
  HeatmapFunction,
  QuantileFunction,
  SeriesFunction,
  Sparse,
} from '../aggregate/aggregation.js'
import { QUANTIZE_BUCKETS, quantizeValue } from '../aggregate/buckets.js'
import { sketchQuantile } from '../aggregate/sketch.js'
import { scalarValue } from '../aggregate/value.js'
import { intervalTimes } from '../program/interval.js'
import { printPercent } from '../program/percent.js'
import { type BarStyle, bar, scaleOf } from './bar.js'
import { barHead } from './histogram.js'
import { divideUnsigned } from './scalar.js'

/** The quantiles of one group in a line, `-` without values. */
export function quantileText(fn: QuantileFunction, cells: Sparse<bigint>, normal: bigint): string {
  const parts = fn.ranks.map((rank) => {
    const value = sketchQuantile(cells, rank)
    const text = value === undefined ? '-' : divideUnsigned(value, normal).toString()
    return ` p${printPercent(rank)} ${text.padStart(12)}`
  })
  return parts.join('')
}

/** A bar for each interval: that of the largest value is nearly full. */
export function seriesBlock(
  fn: SeriesFunction,
  slots: Sparse<GroupState>,
  normal: bigint,
  style: BarStyle,
): string {
  const values = slots.map(([at, state]) => [at, scalarValue(state, normal) ?? 0n] as const)
  const scale = scaleOf(
    values.map(([, value]) => value),
    { ...style, zoom: true },
  )
  const nothing = fn.of === 'count' || fn.of === 'sum' ? '0' : '-'
  const lines = timeRows(values).map((row) => {
    if (row === undefined) return `${'...'.padStart(16)}\n`
    const [at, value] = row
    const shown = (value?.toString() ?? nothing).padEnd(9)
    return `${timeLabel(fn, at)} ${bar(value ?? 0n, scale, style)} ${shown}\n`
  })
  return `\n${barHead('time', fn.of, 16)}${lines.join('')}`
}

/** A row of shades for each interval: the darker, the more values of that power of two. */
export function heatmapBlock(
  fn: HeatmapFunction,
  slots: Sparse<GroupState>,
  normal: bigint,
  style: BarStyle,
): string {
  const rows = slots.map(([at, state]) => {
    return [at, 'buckets' in state ? state.buckets : []] as const
  })
  const { first, last } = usedBuckets(rows.map(([, buckets]) => buckets))
  const [low, high] = [quantizeValue(first).toString(), quantizeValue(last).toString()]
  const ends = [low.padStart(5), high.padEnd(5)] as const
  const blank = [' '.repeat(ends[0].length), ' '.repeat(ends[1].length)] as const
  const head = `${'time'.padStart(16)} ${ends[0]} .${'-'.repeat(last - first + 1)}. ${ends[1]}`
  const most = greatest(rows.flatMap(([, buckets]) => buckets))
  const empty = Array<bigint>(QUANTIZE_BUCKETS).fill(0n)
  const lines = timeRows(rows).map((row) => {
    if (row === undefined) return `${'...'.padStart(16)}\n`
    const counts = row[1] ?? empty
    const shades = counts.slice(first, last + 1).map((count) => shade(count, most, style))
    const total = divideUnsigned(
      counts.reduce((sum, count) => sum + count, 0n),
      normal,
    )
    return `${timeLabel(fn, row[0])} ${blank[0]} :${shades.join('')}: ${blank[1]} | ${total}\n`
  })
  return `\n${head} | count\n${lines.join('')}`
}

/** Intervals in a row that are shown although they hold nothing. */
const MOST_EMPTY = 3

/** Each interval from the first to the last, without a value where there is none; undefined for
 *  many of those. */
function timeRows<T>(
  slots: Sparse<T>,
): readonly (readonly [at: number, value: T | undefined] | undefined)[] {
  return slots.flatMap((slot, i) => {
    const before = slots[i - 1]?.[0] ?? slot[0] - 1
    const missing = slot[0] - before - 1
    if (missing > MOST_EMPTY) return [undefined, slot]
    const gap = Array.from({ length: missing }, (_, n) => [before + 1 + n, undefined] as const)
    return [...gap, slot]
  })
}

function timeLabel({ intervalNs }: HeatmapFunction | SeriesFunction, at: number): string {
  return intervalTimes(intervalNs, at).padStart(16)
}

/** The least and the greatest bucket that any of them has something in; that of zero without. */
function usedBuckets(all: readonly (readonly bigint[])[]): { first: number; last: number } {
  const firsts = all.map((buckets) => buckets.findIndex((count) => count !== 0n))
  const lasts = all.map((buckets) => buckets.findLastIndex((count) => count !== 0n))
  const found = firsts.filter((first) => first >= 0)
  const middle = (QUANTIZE_BUCKETS - 1) / 2
  if (found.length === 0) return { first: middle, last: middle }
  return {
    first: found.reduce((a, b) => Math.min(a, b)),
    last: lasts.reduce((a, b) => Math.max(a, b)),
  }
}

const greatest = (counts: readonly bigint[]): bigint =>
  counts.reduce((most, count) => (count > most ? count : most), 1n)

const SHADES = { ascii: ' .:*#', utf8: ' ░▒▓█' } as const

/** One of four shades by the share of the greatest count, rounded up: what is there is seen. */
function shade(count: bigint, most: bigint, { encoding }: BarStyle): string {
  const shades = SHADES[encoding ?? 'utf8']
  return shades[Number((count * 4n + most - 1n) / most)] ?? ' '
}
