// The order in which aggregations print, and the bundles of a printa() with several of them.
//
//   groups  ->  by (variable, value, key)  or with aggsortkey by (variable, key)  ->  aggsortrev turns all round
//
// Holds: integers in keys compare as unsigned of their size, so -1 comes after 1; strings by their bytes;
// values as if there were no normalize(). Source: illumos libdtrace dt_aggregate.c.
import { uint64 } from '../../base/int64.js'
import type {
  AggregationDecl,
  AggregationSnapshot,
  Group,
  GroupState,
  KeyPart,
  KeyType,
} from '../aggregate/aggregation.js'
import { quantizeBucketValue } from './histogram.js'
import { isSet, numberOption, type OptionMap } from './options.js'
import { defaultValue } from './scalar.js'

/** One group with the aggregation it is of. */
export interface PlacedGroup {
  readonly aggregation: AggregationSnapshot
  readonly group: Group
}

/** One key of a joined printa(): a state for each aggregation, undefined where that key has none. */
export interface Bundle {
  readonly key: readonly KeyPart[]
  readonly states: readonly (GroupState | undefined)[]
}

/** All groups of `aggregations` in the order in which they print. */
export function sortGroups(
  aggregations: readonly AggregationSnapshot[],
  options: OptionMap,
): readonly PlacedGroup[] {
  const compareKeys = keyComparer(options)
  const ranked = aggregations.flatMap((aggregation) =>
    aggregation.groups.map((group) => ({
      placed: { aggregation, group },
      rank: rankOf(group.state, aggregation.decl),
    })),
  )
  type Ranked = (typeof ranked)[number]
  const byKey = (a: Ranked, b: Ranked): number =>
    compareKeys(a.placed.group.key, b.placed.group.key, a.placed.aggregation.decl.keys)
  const byValue = (a: Ranked, b: Ranked): number => compareRanks(a.rank, b.rank) || byKey(a, b)
  const within = isSet(options, 'aggsortkey') ? byKey : byValue
  const order = (a: Ranked, b: Ranked): number =>
    a.placed.aggregation.decl.id - b.placed.aggregation.decl.id || within(a, b)
  return ranked.sort(turned(order, options)).map(({ placed }) => placed)
}

/** Joins aggregations of one key signature by key, in printing order: by the value of the one at aggsortpos,
 *  then of those after it, then by key. An aggregation may appear more than once. */
export function sortBundles(
  aggregations: readonly AggregationSnapshot[],
  options: OptionMap,
): readonly Bundle[] {
  const compareKeys = keyComparer(options)
  const keys = aggregations[0]?.decl.keys ?? []
  const start = startPosition(aggregations.length, options)
  const ranked = joinByKey(aggregations).map((bundle) => ({
    bundle,
    ranks: aggregations.map(({ decl }, i) => rankOf(bundle.states[i], decl)),
  }))
  type Ranked = (typeof ranked)[number]
  const byKey = (a: Ranked, b: Ranked): number => compareKeys(a.bundle.key, b.bundle.key, keys)
  const byValue = (a: Ranked, b: Ranked): number => {
    for (let i = 0; i < aggregations.length; i++) {
      const at = (start + i) % aggregations.length
      const order = compareRanks(a.ranks[at] ?? NO_RANK, b.ranks[at] ?? NO_RANK)
      if (order !== 0) return order
    }
    return byKey(a, b)
  }
  const order = isSet(options, 'aggsortkey') ? byKey : byValue
  return ranked.sort(turned(order, options)).map(({ bundle }) => bundle)
}

/** aggsortpos; one past the end counts as 0. */
function startPosition(count: number, options: OptionMap): number {
  const position = numberOption(options, 'aggsortpos')
  return position < count ? position : 0
}

function turned<T>(order: (a: T, b: T) => number, options: OptionMap): (a: T, b: T) => number {
  return isSet(options, 'aggsortrev') ? (a, b) => order(b, a) : order
}

function joinByKey(aggregations: readonly AggregationSnapshot[]): Bundle[] {
  const bundles = new Map<string, { key: readonly KeyPart[]; states: (GroupState | undefined)[] }>()
  aggregations.forEach((aggregation, i) => {
    for (const { key, state } of aggregation.groups) {
      const name = JSON.stringify(key.map((part) => [typeof part, String(part)]))
      const bundle = bundles.get(name) ?? { key, states: aggregations.map(() => undefined) }
      bundle.states[i] = state
      bundles.set(name, bundle)
    }
  })
  return [...bundles.values()]
}

/** Compares keys part by part from aggsortkeypos on, wrapping round. */
function keyComparer(options: OptionMap) {
  const wanted = numberOption(options, 'aggsortkeypos')
  return (a: readonly KeyPart[], b: readonly KeyPart[], types: readonly KeyType[]): number => {
    const start = wanted < types.length ? wanted : 0
    for (let i = 0; i < types.length; i++) {
      const at = (start + i) % types.length
      const order = compareParts(a[at], b[at], types[at])
      if (order !== 0) return order
    }
    return 0
  }
}

function compareParts(
  a: KeyPart | undefined,
  b: KeyPart | undefined,
  type: KeyType | undefined,
): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a !== 'bigint' || typeof b !== 'bigint' || type?.kind !== 'int') return 0
  return compare(BigInt.asUintN(type.bytes * 8, a), BigInt.asUintN(type.bytes * 8, b))
}

/** The order of UTF-8 bytes, which is that of code points (and not that of UTF-16). */
function compareStrings(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** What a group sorts by: its value, and for histograms of equal weight the count of their zero bucket. */
interface Rank {
  readonly value: bigint
  readonly zeros: bigint
}

const NO_RANK: Rank = { value: 0n, zeros: 0n }

function compareRanks(a: Rank, b: Rank): number {
  return compare(a.value, b.value) || compare(a.zeros, b.zeros)
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

function rankOf(state: GroupState | undefined, decl: AggregationDecl): Rank {
  if (state === undefined) return NO_RANK
  switch (state.kind) {
    case 'quantize':
      return weighted(state.buckets, quantizeBucketValue)
    case 'lquantize':
      return weighted(state.buckets, (i) => lquantizeWeight(i, state.buckets.length - 2, decl))
    case 'stddev':
      return { value: uint64(defaultValue(state, 1n)), zeros: 0n }
    default:
      return { value: defaultValue(state, 1n), zeros: 0n }
  }
}

/** Sum of value times count, and the count at the first bucket that stands for 0. */
function weighted(buckets: readonly bigint[], bucketValue: (bucket: number) => bigint): Rank {
  const values = buckets.map((_, i) => bucketValue(i))
  const zero = values.indexOf(0n)
  return {
    value: buckets.reduce((sum, count, i) => sum + count * (values[i] ?? 0n), 0n),
    zeros: buckets[zero] ?? 0n,
  }
}

/** A level weighs its lower bound; the bucket below weighs base - 1, the one above limit + 1. */
function lquantizeWeight(bucket: number, levels: number, decl: AggregationDecl): bigint {
  if (decl.function.kind !== 'lquantize') return 0n
  const { base, step } = decl.function
  if (bucket === 0) return BigInt(base - 1)
  if (bucket === levels + 1) return BigInt(base + levels * step + 1)
  return BigInt(base + (bucket - 1) * step)
}
