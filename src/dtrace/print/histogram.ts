// The blocks of quantize() and lquantize(), byte for byte.
//
//            value  ------------- Distribution ------------- count
//                1 |@@@@@@@@@@@@@                            1
//                2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@              2
//
// Holds: a block starts with a newline and each row ends with one; bars are 40 wide, or twice 20
// when there are counts below and above zero; a bar's share is of the sum of |count| over the rows
// shown. Source: illumos libdtrace dt_consume.c. There a quantize() whose only bucket is the very
// last one prints as if it were empty; we print it, as DTrace for Linux does.
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import { quantizeValue, ZERO_BUCKET } from '../aggregate/buckets.js'
import { divideUnsigned } from './scalar.js'

/** One row: what stands on the left, already formatted but not padded, and the count. */
interface Row {
  readonly label: string
  readonly count: bigint
}

/** The block of one quantize() group; three rows around zero when there is no data. */
export function quantizeBlock(buckets: readonly bigint[], normal: bigint): string {
  const shown = shownRange(buckets) ?? { first: ZERO_BUCKET - 1, last: ZERO_BUCKET + 1 }
  return block(
    rowsOf(buckets, shown, (i) => quantizeValue(i).toString()),
    normal,
  )
}

/** The block of one lquantize() group; its first three rows when there is no data. */
export function lquantizeBlock(
  buckets: readonly bigint[],
  fn: AggregatingFunction & { kind: 'lquantize' },
  normal: bigint,
): string {
  const shown = shownRange(buckets) ?? { first: 0, last: Math.min(2, buckets.length - 1) }
  return block(
    rowsOf(buckets, shown, (i) => lquantizeLabel(i, buckets.length - 2, fn)),
    normal,
  )
}

/** What stands beside an lquantize() bucket: `< base`, a lower bound, or `>= limit`. */
export function lquantizeLabel(
  bucket: number,
  levels: number,
  fn: AggregatingFunction & { kind: 'lquantize' },
): string {
  if (bucket === 0) return `< ${fn.base}`
  if (bucket === levels + 1) return `>= ${fn.base + levels * fn.step}`
  return `${fn.base + (bucket - 1) * fn.step}`
}

/** The buckets that get a row: one more than the data on either side, as far as there are any.
 *  Undefined when all are zero. */
export function shownRange(
  buckets: readonly bigint[],
): { readonly first: number; readonly last: number } | undefined {
  const first = buckets.findIndex((count) => count !== 0n)
  if (first < 0) return undefined
  const last = buckets.findLastIndex((count) => count !== 0n)
  return { first: Math.max(0, first - 1), last: Math.min(buckets.length - 1, last + 1) }
}

function rowsOf(
  buckets: readonly bigint[],
  shown: { readonly first: number; readonly last: number },
  label: (bucket: number) => string,
): readonly Row[] {
  return buckets
    .slice(shown.first, shown.last + 1)
    .map((count, i) => ({ label: label(shown.first + i), count }))
}

function block(rows: readonly Row[], normal: bigint): string {
  const head = '\n           value  ------------- Distribution ------------- count    \n'
  const total = rows.reduce((sum, row) => sum + magnitude(row.count), 0n)
  const signs = {
    negative: rows.some((row) => row.count < 0n),
    positive: rows.some((row) => row.count > 0n),
  }
  const lines = rows.map(({ label, count }) => {
    const value = divideUnsigned(count, normal).toString().padEnd(9)
    return `${label.padStart(16)} ${bar(count, total, signs)} ${value}\n`
  })
  return head + lines.join('')
}

function bar(
  count: bigint,
  total: bigint,
  signs: { negative: boolean; positive: boolean },
): string {
  if (!signs.negative) return `|${ats(count, total, 40).padEnd(40)}`
  if (!signs.positive) return `${ats(count, total, 40).padStart(40)}|`
  const half = ats(count, total, 20)
  const blank = ' '.repeat(20)
  return count <= 0n ? `${half.padStart(20)}|${blank}` : `${blank}|${half.padEnd(20)}`
}

/** As many @ as `count` has of `total`, of `width`, rounded half up. */
function ats(count: bigint, total: bigint, width: number): string {
  if (total === 0n) return ''
  const depth = (2n * magnitude(count) * BigInt(width) + total) / (2n * total)
  return '@'.repeat(Number(depth))
}

const magnitude = (v: bigint): bigint => (v < 0n ? -v : v)
