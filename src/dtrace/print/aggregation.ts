// Aggregations as text: the default lines, and printa() with or without a format.
//
//   dom0                                            5          1280
//   key parts by their type and size, then the value or its histogram, then a newline
//
// Source: illumos libdtrace dt_consume.c (dt_print_aggs) and dt_printf.c (dtrace_fprinta).
import { assert } from '../../base/assert.js'
import type { AggregationSnapshot, GroupState, KeyPart, KeyType } from '../aggregate/aggregation.js'
import { bundleGroups, sortGroups, sortOrder } from '../aggregate/sort.js'
import type { Conversion, PrintfFormat } from '../program/format.js'
import type { TypedValue } from '../program/record.js'
import { integerType, STRING } from '../program/types.js'
import { type Dialect, readsSigned } from './conversion.js'
import { lquantizeBlock, quantizeBlock } from './histogram.js'
import type { OptionMap } from './options.js'
import { pad } from './pad.js'
import { argumentsOf, formatFrom } from './printf.js'
import { conversionType, conversionValue, defaultValue, type ScalarState } from './scalar.js'

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
): string {
  const sign = sortOrder(options).reverse ? -1 : 1
  return [...aggregations]
    .sort((a, b) => sign * (a.decl.id - b.decl.id))
    .flatMap((aggregation) => rowsOf([aggregation], options))
    .map((row) => line(row.key, row.members))
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
  const rows = rowsOf(aggregations, options)
  if (format === undefined) return `\n${rows.map((row) => line(row.key, row.members)).join('')}`
  return rows.map((row) => formatted(format, row.key, row.members, dialect)).join('')
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

function line(key: readonly KeyPart[], members: readonly Member[]): string {
  const types = members[0]?.aggregation.decl.keys ?? []
  const keys = key.map((part, i) => keyText(part, types[i]))
  const values = members.map((member) => histogramOf(member) ?? scalarText(member))
  return `${keys.join('')}${values.join('')}\n`
}

const WIDTHS = { 1: 3, 2: 5, 4: 8, 8: 16 } as const

/** One part of a key: 1 and 2 bytes zero-extended, 4 and 8 as signed, strings 50 wide on the
 *  left. */
function keyText(part: KeyPart, type: KeyType | undefined): string {
  assert(type !== undefined, 'a key with more parts than its aggregation declares')
  if (typeof part === 'string') return `  ${pad(part, 50, 'left')}`
  const bytes = type.kind === 'int' ? type.bytes : 8
  const bits = bytes * 8
  const value = bytes <= 2 ? BigInt.asUintN(bits, part) : BigInt.asIntN(bits, part)
  return ` ${value.toString().padStart(WIDTHS[bytes])}`
}

function scalarText({ aggregation, state }: Member): string {
  return ` ${defaultValue(scalarOf(state), aggregation.normal).toString().padStart(16)}`
}

/** The block of a histogram; undefined for a function that is one number. */
function histogramOf({ aggregation, state }: Member): string | undefined {
  const { decl, normal } = aggregation
  if (state.kind === 'quantize') return quantizeBlock(state.buckets, normal)
  if (state.kind !== 'lquantize' || decl.function.kind !== 'lquantize') return undefined
  return lquantizeBlock(state.buckets, decl.function, normal)
}

function scalarOf(state: GroupState): ScalarState {
  assert(state.kind !== 'quantize' && state.kind !== 'lquantize', 'a histogram is no number')
  return state
}

function formatted(
  format: PrintfFormat,
  key: readonly KeyPart[],
  members: readonly Member[],
  dialect: Dialect,
): string {
  const types = members[0]?.aggregation.decl.keys ?? []
  const argument = argumentsOf(key.map((part, i) => typedKey(part, types[i])))
  let next = 0
  const aggregation = (conversion: Conversion): TypedValue | string => {
    const member = members[Math.min(next++, members.length - 1)]
    assert(member !== undefined, 'printa() of no aggregation')
    return histogramOf(member) ?? scalarValue(member, conversion, dialect)
  }
  return formatFrom(format, { argument, aggregation }, dialect)
}

function typedKey(part: KeyPart, type: KeyType | undefined): TypedValue {
  if (typeof part === 'string') return { type: STRING, value: part }
  const int = type?.kind === 'int' ? type : { bytes: 8 as const, signed: true }
  return { type: integerType('key', int.bytes, int.signed), value: part }
}

function scalarValue(
  { aggregation, state }: Member,
  conversion: Conversion,
  dialect: Dialect,
): TypedValue {
  const type = conversionType(aggregation.decl.function)
  const signed = readsSigned(conversion, type, dialect)
  return conversionValue(scalarOf(state), aggregation.normal, signed)
}
