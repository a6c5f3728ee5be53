// The blocks of quantize(), lquantize() and llquantize(), byte for byte.
//
//            value  ------------- Distribution ------------- count
//                1 |@@@@@@@@@@@@@                            1
//                2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@              2
//
// Holds: a block starts with a newline and each row ends with one; a bar's share is of the sum of
// |count| over the rows shown. Source: illumos libdtrace dt_consume.c; DTrace for Linux for its own
// llquantize(). There a quantize() whose only bucket is the very last one prints as if it were
// empty; we print it, as DTrace for Linux does.

import { assertNever } from '../../base/assert.js'
import type { BucketFunction, LinearFunction, LogLinearFunction } from '../aggregate/aggregation.js'
import { quantizeValue, ZERO_BUCKET } from '../aggregate/buckets.js'
import { type LogLinearBound, linuxMiddle, logLinearBounds } from '../aggregate/log-linear.js'
import { type BarStyle, bar, PLAIN_BARS, scaleOf } from './bar.js'
import { divideUnsigned } from './scalar.js'

/** One row: what stands on the left, already formatted but not padded, and the count. */
export interface Row {
  readonly label: string
  readonly count: bigint
}

interface Range {
  readonly first: number
  readonly last: number
}

/** The block of one group. Without data: the rows around zero, or the first ones. */
export function histogramBlock(
  fn: BucketFunction,
  buckets: readonly bigint[],
  normal: bigint,
  style: BarStyle = PLAIN_BARS,
): string {
  return barBlock(histogramRows(fn, buckets), normal, style)
}

/** Rows under a head: of a histogram, or of anything else that is counted by label. */
function barBlock(
  rows: readonly Row[],
  normal: bigint,
  style: BarStyle,
  [value, count] = ['value', 'count'],
): string {
  const scale = scaleOf(
    rows.map((row) => row.count),
    style,
  )
  const lines = rows.map((row) => {
    const shown = divideUnsigned(row.count, normal).toString().padEnd(9)
    return `${row.label.padStart(16)} ${bar(row.count, scale, style)} ${shown}\n`
  })
  return `\n${barHead(value ?? '', count ?? '', 16)}${lines.join('')}`
}

/** The head of bars, after labels of a width. */
export function barHead(value: string, count: string, width: number): string {
  const title = '------------- Distribution -------------'
  return `${value.padStart(width)} ${title.padStart(41)} ${count.padEnd(9)}\n`
}

/** What stands beside an lquantize() bucket: `< base`, a lower bound, or `>= limit`. */
export function lquantizeLabel(bucket: number, levels: number, fn: LinearFunction): string {
  if (bucket === 0) return `< ${fn.base}`
  if (bucket === levels + 1) return `>= ${fn.base + levels * fn.step}`
  return `${fn.base + (bucket - 1) * fn.step}`
}

/** The buckets that get a row: one more than the data on either side, as far as there are any.
 *  Undefined when all are zero. */
export function shownRange(buckets: readonly bigint[]): Range | undefined {
  const first = buckets.findIndex((count) => count !== 0n)
  if (first < 0) return undefined
  const last = buckets.findLastIndex((count) => count !== 0n)
  return { first: Math.max(0, first - 1), last: Math.min(buckets.length - 1, last + 1) }
}

function histogramRows(fn: BucketFunction, buckets: readonly bigint[]): readonly Row[] {
  const shown = shownRange(buckets) ?? emptyRange(fn)
  switch (fn.kind) {
    case 'quantize':
      return rowsOf(buckets, shown, (i) => quantizeValue(i).toString())
    case 'lquantize':
      return rowsOf(buckets, shown, (i) => lquantizeLabel(i, buckets.length - 2, fn))
    case 'llquantize':
      return fn.dialect === 'linux'
        ? linuxRows(fn, buckets, shown)
        : rowsOf(buckets, shown, (i) => illumosLabel(logLinearBounds(fn)[i]))
    default:
      return assertNever(fn)
  }
}

/** What is shown of a histogram without data. */
function emptyRange(fn: BucketFunction): Range {
  if (fn.kind === 'quantize') return { first: ZERO_BUCKET - 1, last: ZERO_BUCKET + 1 }
  if (fn.kind === 'lquantize') return { first: 0, last: 2 }
  const middle = fn.dialect === 'linux' ? linuxMiddle(fn) : 0
  return { first: middle, last: middle + (fn.dialect === 'linux' ? 2 : 1) }
}

function rowsOf(
  buckets: readonly bigint[],
  { first, last }: Range,
  label: (bucket: number) => string,
): readonly Row[] {
  return buckets.slice(first, last + 1).map((count, i) => ({ label: label(first + i), count }))
}

const PREFIX = { under: '< ', from: '', over: '>= ' } as const

function illumosLabel(bound: LogLinearBound | undefined): string {
  return bound === undefined ? '' : `${PREFIX[bound.kind]}${bound.bound}`
}

const LINUX_LABEL_LENGTH = 15

/** Buckets that no value falls into have no row; where one would be the first or the last, it
 *  stands for the next that has. */
function linuxRows(
  fn: LogLinearFunction,
  buckets: readonly bigint[],
  { first, last }: Range,
): readonly Row[] {
  const bounds = logLinearBounds(fn)
  const onlyPositive = first >= linuxMiddle(fn)
  const nearest = (at: number, step: 1 | -1): LogLinearBound | undefined => {
    for (let i = at; i >= 0 && i < bounds.length; i += step) if (bounds[i]) return bounds[i]
    return undefined
  }
  return rowsOf(buckets, { first, last }, (i) => {
    const bound = i === first ? nearest(i, -1) : i === last ? nearest(i, 1) : bounds[i]
    return bound === undefined ? '' : linuxLabel(bound, onlyPositive)
  }).filter((row) => row.label !== '')
}

function linuxLabel({ kind, bound }: LogLinearBound, onlyPositive: boolean): string {
  const text = (): string => {
    if (kind === 'from') return `${bound}`
    if (kind === 'over') return `${bound < 0n ? '<=' : '>='} ${bound}`
    if (bound === 1n) return '0'
    return onlyPositive ? `< ${bound}` : `abs() < ${bound}`
  }
  return text().slice(0, LINUX_LABEL_LENGTH)
}
