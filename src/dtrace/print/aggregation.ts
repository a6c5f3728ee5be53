// Aggregations as text: the default lines, and printa() with or without a format.
//
//   dom0                                            5          1280
//   key parts by their type and size, then the value or its histogram, then a newline
//
// Source: illumos libdtrace dt_consume.c (dt_print_aggs) and dt_printf.c (dtrace_fprinta).
import { assert } from '../../base/assert.js'
import type {
  AggregationDecl,
  AggregationSnapshot,
  GroupState,
  KeyPart,
  KeyType,
} from '../aggregate/aggregation.js'
import type { Conversion, PrintfFormat } from '../program/format.js'
import type { TypedValue } from '../program/record.js'
import { integerType, STRING } from '../program/types.js'
import { type Dialect, readsSigned } from './conversion.js'
import { lquantizeBlock, quantizeBlock } from './histogram.js'
import type { OptionMap } from './options.js'
import { pad } from './pad.js'
import { argumentsOf, formatFrom } from './printf.js'
import { conversionType, conversionValue, defaultValue } from './scalar.js'
import { sortBundles, sortGroups } from './sort.js'

/** A value under its key: one member of a bundle. `state` is undefined where the key has none. */
interface Member {
  readonly aggregation: AggregationSnapshot
  readonly state: GroupState | undefined
}

/** The default lines of aggregations one after the other: what ends a run. Nothing is put before them. */
export function printAggregations(
  aggregations: readonly AggregationSnapshot[],
  options: OptionMap = new Map(),
): string {
  return sortGroups(aggregations, options)
    .map(({ aggregation, group }) => line(group.key, [{ aggregation, state: group.state }]))
    .join('')
}

/** What printa() prints. Without a format: a newline, then default lines; several aggregations share a line a
 *  key. With one: the format once a key. */
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
  if (aggregations.length === 1)
    return sortGroups(aggregations, options).map(({ aggregation, group }) => ({
      key: group.key,
      members: [{ aggregation, state: group.state }],
    }))
  return sortBundles(aggregations, options).map(({ key, states }) => ({
    key,
    members: aggregations.map((aggregation, i) => ({ aggregation, state: states[i] })),
  }))
}

function line(key: readonly KeyPart[], members: readonly Member[]): string {
  const types = members[0]?.aggregation.decl.keys ?? []
  const keys = key.map((part, i) => keyText(part, types[i]))
  const values = members.map((member) => histogramOf(member) ?? scalarText(member))
  return `${keys.join('')}${values.join('')}\n`
}

const WIDTHS = { 1: 3, 2: 5, 4: 8, 8: 16 } as const

/** One part of a key: 1 and 2 bytes zero-extended, 4 and 8 as signed, strings 50 wide on the left. */
function keyText(part: KeyPart, type: KeyType | undefined): string {
  assert(type !== undefined, 'a key with more parts than its aggregation declares')
  if (typeof part === 'string') return `  ${pad(part, 50, 'left')}`
  const bytes = type.kind === 'int' ? type.bytes : 8
  const bits = bytes * 8
  const value = bytes <= 2 ? BigInt.asUintN(bits, part) : BigInt.asIntN(bits, part)
  return ` ${value.toString().padStart(WIDTHS[bytes])}`
}

function scalarText({ aggregation, state }: Member): string {
  const value =
    state === undefined || state.kind === 'quantize' || state.kind === 'lquantize'
      ? 0n
      : defaultValue(state, aggregation.normal)
  return ` ${value.toString().padStart(16)}`
}

/** The block of a histogram (an empty one where the key has no state); undefined for other functions. */
function histogramOf({ aggregation, state }: Member): string | undefined {
  const fn = aggregation.decl.function
  const buckets = state !== undefined && 'buckets' in state ? state.buckets : emptyBuckets(fn)
  if (fn.kind === 'quantize') return quantizeBlock(buckets, aggregation.normal)
  if (fn.kind === 'lquantize') return lquantizeBlock(buckets, fn, aggregation.normal)
  return undefined
}

function emptyBuckets(fn: AggregationDecl['function']): readonly bigint[] {
  if (fn.kind !== 'lquantize') return new Array<bigint>(127).fill(0n)
  return new Array<bigint>(Math.floor((fn.limit - fn.base) / fn.step) + 2).fill(0n)
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
  if (state === undefined || state.kind === 'quantize' || state.kind === 'lquantize')
    return { type, value: 0n }
  const signed = readsSigned(conversion, type, dialect)
  return conversionValue(state, aggregation.normal, signed)
}
