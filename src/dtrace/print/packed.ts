// aggpack and agghist: a whole distribution in a line, and bars for plain counts.
//
//   aggpack    key  min .------. max  | count      agghist    key  ---- Distribution ---- count
//               xl    1 :  xX_ : 64   | 12                     xl |@@@@@@@@@@@@           12
//
// Source: illumos libdtrace dt_consume.c (dt_print_quanthdr_packed, dt_print_packed,
// dt_print_quantize_packed, dt_print_lquantize_packed), dt_aggregate.c (dt_aggregate_total,
// dt_aggregate_minmaxbin).
import { int64 } from '../../base/int64.js'
import type { AggregationSnapshot, KeyType, LinearFunction } from '../aggregate/aggregation.js'
import { QUANTIZE_BUCKETS, quantizeValue, ZERO_BUCKET } from '../aggregate/buckets.js'
import { scalarValue } from '../aggregate/value.js'
import { type BarStyle, bar, type Scale, scaleOf, share } from './bar.js'
import { barHead } from './histogram.js'
import { divideUnsigned } from './scalar.js'

/** Lines of one aggregation, each to be put after its key; `head` comes once, before the first. */
export interface PackedLines {
  readonly head: string
  /** Of one group, newline included. */
  line(state: AggregationSnapshot['groups'][number]['state']): string
}

/** Columns of a key in packed lines, with the blank before each part. */
function packedWidth(keys: readonly KeyType[]): number {
  return keys.reduce((sum, type) => sum + 1 + partWidth(type), 0)
}

function partWidth(type: KeyType): number {
  const bytes = type.kind === 'int' ? type.bytes : type.kind === 'bytes' ? type.size : 0
  return { 1: 3, 2: 5, 4: 8, 8: 16 }[bytes] ?? 16
}

/** agghist: bars under one head for an aggregation whose groups are numbers to be compared;
 *  undefined for others. */
export function barLines(snapshot: AggregationSnapshot, style: BarStyle): PackedLines | undefined {
  const { decl, groups, normal } = snapshot
  if (!['count', 'sum', 'avg', 'stddev'].includes(decl.function.kind)) return undefined
  const values = groups.map((group) => scalarValue(group.state) ?? 0n)
  const scale = totalScale(values, style)
  const width = packedWidth(decl.keys)
  const head = width === 0 ? barHead('value', 'count', 16) : barHead('key', 'count', width)
  return {
    head: `\n${head}`,
    line: (state) => {
      const value = scalarValue(state) ?? 0n
      const shown = divideUnsigned(value, normal).toString().padEnd(9)
      return ` ${bar(value, scale, style)} ${shown}\n`
    },
  }
}

/** As that of a histogram; zoomed, the largest is a whole number. */
function totalScale(values: readonly bigint[], style: BarStyle): Scale {
  const scale = scaleOf(values, style)
  if (!style.zoom || scale.total === 0n) return scale
  return { ...scale, total: (scale.total - 1n) / scale.per, per: 1n }
}

/** aggpack: a distribution a line; undefined for what is none. */
export function distributionLines(
  snapshot: AggregationSnapshot,
  style: BarStyle,
): PackedLines | undefined {
  const { function: fn, keys } = snapshot.decl
  const width = packedWidth(keys)
  if (fn.kind === 'quantize') return quantizeLines(snapshot, width, style)
  return fn.kind === 'lquantize' ? linearLines(fn, width, style) : undefined
}

interface Ends {
  readonly low: number
  readonly high: number
  readonly count: number
}

function packedHead(width: number, { low, high, count }: Ends): string {
  const key = (width > 0 ? 'key' : '').padStart(width)
  return `\n${key} ${'min'.padStart(low)} .${'-'.repeat(count)}. ${'max'.padEnd(high)} | count\n`
}

function quantizeLines(
  { groups }: AggregationSnapshot,
  width: number,
  style: BarStyle,
): PackedLines {
  const used = groups.map(({ state }) => usedBuckets('buckets' in state ? state.buckets : []))
  const first = Math.min(...used.map((range) => range.first))
  const last = Math.max(...used.map((range) => range.last))
  const from = first === 0 || first === ZERO_BUCKET ? first : first - 1
  const to = Math.min(QUANTIZE_BUCKETS - 1, last + 1)
  const [least, most] = [quantizeValue(from), quantizeValue(to)]
  const [low, high] = [digits(least), digits(most)]
  return {
    head: packedHead(width, { low, high, count: to - from + 1 }),
    line: (state) => {
      const counts = 'buckets' in state ? state.buckets.slice(from, to + 1) : []
      const cells = packedCells(counts, style)
      const ends = [least.toString().padStart(low), most.toString().padEnd(high)]
      return ` ${ends[0]} :${cells}: ${ends[1]} | ${sum(counts)}\n`
    },
  }
}

function usedBuckets(buckets: readonly bigint[]): { first: number; last: number } {
  const first = buckets.findIndex((count) => count !== 0n)
  if (first < 0) return { first: ZERO_BUCKET, last: ZERO_BUCKET }
  return { first, last: buckets.findLastIndex((count) => count !== 0n) }
}

/** All levels are shown, whatever they hold. */
function linearLines(fn: LinearFunction, width: number, style: BarStyle): PackedLines {
  const levels = Math.floor((fn.limit - fn.base) / fn.step)
  const low = `< ${fn.base}`.padStart(8)
  const high = `>= ${fn.base + levels * fn.step}`.padEnd(8)
  return {
    head: packedHead(width, { low: 7, high: 8, count: levels + 2 }),
    line: (state) => {
      const counts = 'buckets' in state ? state.buckets : []
      return `${low} :${packedCells(counts, style)}: ${high} | ${sum(counts)}\n`
    },
  }
}

const sum = (counts: readonly bigint[]): bigint =>
  counts.reduce((total, count) => total + count, 0n)

/** Digits that a bound is thought to take: at least 4. */
function digits(value: bigint): number {
  let count = value < 0n ? 2 : 1
  const size = value < 0n ? -value : value
  for (let power = 10n; size > power && power > 0n; power = int64(power * 10n)) count += 1
  return Math.max(4, count)
}

const ASCII = '__xxxxXX'
const BELOW = 'vvvvVV'
const LOWEST_BLOCK = 0x2581
const BLOCK_STEPS = 7

/** A character for each count, by its share. UTF-8 unless the encoding is said to be ASCII. */
function packedCells(counts: readonly bigint[], style: BarStyle): string {
  const scale = scaleOf(counts, style)
  return counts.map((count) => packedCell(count, scale, style)).join('')
}

function packedCell(count: bigint, scale: Scale, { encoding }: BarStyle): string {
  if (count === 0n) return ' '
  if (count < 0n) return BELOW[share(count, BELOW.length - 1, scale)] ?? ' '
  if (encoding === 'ascii') return ASCII[share(count, ASCII.length - 1, scale)] ?? ' '
  return String.fromCodePoint(LOWEST_BLOCK + share(count, BLOCK_STEPS, scale))
}
