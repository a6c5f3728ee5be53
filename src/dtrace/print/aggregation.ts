// Aggregations as text: the default lines, and printa() with or without a format.
//
//   dom0                                            5          1280
//   key parts by their type and size, then the value or its histogram, then a newline
//
// Source: illumos libdtrace dt_consume.c (dt_print_aggs) and dt_printf.c (dtrace_fprinta).
import { assert } from '../../base/assert.js'
import type {
  AggregatingFunction,
  AggregationSnapshot,
  BucketFunction,
  GroupState,
  KeyPart,
  KeyType,
  ScalarState,
} from '../aggregate/aggregation.js'
import { bundleGroups, sortGroups, sortOrder } from '../aggregate/sort.js'
import type { Conversion, PrintfFormat } from '../program/format.js'
import type { TypedValue } from '../program/record.js'
import { arrayOf, integerType, STACK, STRING, SYMBOL_ADDRESS } from '../program/types.js'
import { type BarStyle, barStyle } from './bar.js'
import { type Dialect, readsSigned } from './conversion.js'
import { histogramBlock } from './histogram.js'
import { type KeyStyle, keyText, PLAIN_KEYS } from './key-text.js'
import { isSet, numberOption, type OptionMap } from './options.js'
import { heatmapBlock, quantileText, seriesBlock } from './over-time.js'
import { barLines, distributionLines, type PackedLines } from './packed.js'
import { argumentsOf, formatFrom } from './printf.js'
import { conversionType, conversionValue, defaultValue, shownState } from './scalar.js'

/** A value under its key: one of several in a joined printa(). */
interface Member {
  readonly aggregation: AggregationSnapshot
  readonly state: GroupState
}

/** The default lines of aggregations one after the other, in order of first use (aggsortrev: the
 *  last first): what ends a run. Nothing is put before them. */
export function printAggregations(
  aggregations: readonly AggregationSnapshot[],
  options: OptionMap = new Map(),
  dialect: Dialect = 'illumos',
): string {
  const sign = sortOrder(options).reverse ? -1 : 1
  return [...aggregations]
    .sort((a, b) => sign * (a.decl.id - b.decl.id))
    .map((aggregation) => linesOf([aggregation], options, dialect))
    .join('')
}

/** What printa() prints. Without a format: a newline, then default lines; several aggregations
 *  share a line a key. With one: the format once a key. */
export function formatPrinta(
  aggregations: readonly AggregationSnapshot[],
  format: PrintfFormat | undefined,
  options: OptionMap = new Map(),
  dialect: Dialect = 'illumos',
): string {
  if (format === undefined) return `\n${linesOf(aggregations, options, dialect)}`
  const style = barStyle(options)
  return rowsOf(aggregations, options)
    .map((row) => formatted(format, row, style, dialect))
    .join('')
}

interface KeyRow {
  readonly key: readonly KeyPart[]
  readonly members: readonly Member[]
}

function rowsOf(
  aggregations: readonly AggregationSnapshot[],
  options: OptionMap,
): readonly KeyRow[] {
  const order = sortOrder(options)
  const [only] = aggregations
  if (only !== undefined && aggregations.length === 1)
    return sortGroups(only, order).map(({ key, state }) => ({
      key,
      members: [{ aggregation: only, state }],
    }))
  return bundleGroups(aggregations, order).map(({ key, states }) => ({
    key,
    members: aggregations.flatMap((aggregation, i) => {
      const state = states[i]
      return state === undefined ? [] : [{ aggregation, state }]
    }),
  }))
}

/** The lines of one aggregation, or of several joined; packed where options say so and there is
 *  only one. */
function linesOf(
  aggregations: readonly AggregationSnapshot[],
  options: OptionMap,
  dialect: Dialect,
): string {
  const rows = rowsOf(aggregations, options)
  const bars = barStyle(options)
  const [only] = aggregations
  const packed = aggregations.length === 1 && only ? packedLines(only, options, bars) : undefined
  const keys = { ...keyStyle(options), packed: packed !== undefined }
  const types = only?.decl.keys ?? []
  const lines = rows.map(({ key, members }) => {
    const parts = key.map((part, i) => keyText(part, types[i], keys)).join('')
    const [member] = members
    if (packed !== undefined && member !== undefined) return parts + packed.line(member.state)
    const values = members.map((m) => blockOf(m, bars) ?? scalarText(m, dialect))
    return `${parts}${values.join('')}\n`
  })
  return `${rows.length > 0 ? (packed?.head ?? '') : ''}${lines.join('')}`
}

function packedLines(
  only: AggregationSnapshot,
  options: OptionMap,
  style: BarStyle,
): PackedLines | undefined {
  const bars = isSet(options, 'agghist') ? barLines(only, style) : undefined
  return bars ?? (isSet(options, 'aggpack') ? distributionLines(only, style) : undefined)
}

function keyStyle(options: OptionMap): KeyStyle {
  return {
    packed: false,
    strsize: numberOption(options, 'strsize', PLAIN_KEYS.strsize),
    stackIndent: numberOption(options, 'stackindent', PLAIN_KEYS.stackIndent),
  }
}

function scalarText({ aggregation, state }: Member, dialect: Dialect): string {
  const shown = shownState(scalarOf(state), dialect)
  return ` ${defaultValue(shown, aggregation.normal).toString().padStart(16)}`
}

/** What is printed of a state that is more than a number; undefined for one that is. */
function blockOf({ aggregation, state }: Member, style: BarStyle): string | undefined {
  const { decl, normal } = aggregation
  const { function: fn } = decl
  if ('buckets' in state && isBucketFunction(fn))
    return histogramBlock(fn, state.buckets, normal, style)
  if ('cells' in state && fn.kind === 'quantile') return quantileText(fn, state.cells, normal)
  if ('slots' in state && fn.kind === 'series') return seriesBlock(fn, state.slots, normal, style)
  if ('slots' in state && fn.kind === 'heatmap') return heatmapBlock(fn, state.slots, normal, style)
  return undefined
}

function isBucketFunction(fn: AggregatingFunction): fn is BucketFunction {
  return fn.kind === 'quantize' || fn.kind === 'lquantize' || fn.kind === 'llquantize'
}

function scalarOf(state: GroupState): ScalarState {
  const isOther = 'buckets' in state || 'cells' in state || 'slots' in state
  assert(!isOther, `${state.kind} is no number`)
  return state
}

function formatted(
  format: PrintfFormat,
  { key, members }: KeyRow,
  style: BarStyle,
  dialect: Dialect,
): string {
  const types = members[0]?.aggregation.decl.keys ?? []
  const argument = argumentsOf(key.map((part, i) => typedKey(part, types[i])))
  let next = 0
  const aggregation = (conversion: Conversion): TypedValue | string => {
    const member = members[Math.min(next++, members.length - 1)]
    assert(member !== undefined, 'printa() of no aggregation')
    return blockOf(member, style) ?? scalarValue(member, conversion, dialect)
  }
  return formatFrom(format, { argument, aggregation }, dialect)
}

function typedKey(part: KeyPart, type: KeyType | undefined): TypedValue {
  if (part instanceof Uint8Array) return { type: arrayOf(UCHAR, part.length), value: part }
  if (typeof part === 'string') return { type: isStack(type) ? STACK : STRING, value: part }
  if (type?.kind === 'int' && type.form === 'address') return { type: SYMBOL_ADDRESS, value: part }
  const int = type?.kind === 'int' ? type : { bytes: 8 as const, signed: true }
  return { type: integerType('key', int.bytes, int.signed), value: part }
}

const UCHAR = integerType('unsigned char', 1, false)

const isStack = (type: KeyType | undefined): boolean =>
  type?.kind === 'string' && type.form === 'stack'

function scalarValue(
  { aggregation, state }: Member,
  conversion: Conversion,
  dialect: Dialect,
): TypedValue {
  const type = conversionType(aggregation.decl.function)
  const signed = readsSigned(conversion, type, dialect)
  return conversionValue(shownState(scalarOf(state), dialect), aggregation.normal, signed)
}
