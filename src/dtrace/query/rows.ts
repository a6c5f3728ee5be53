// Rows: what a query yielded, as plain objects: one a group of an aggregation, or one a firing.
//
//   AggregationSnapshot           ->  { probename: 'dom-create-start', value: 3 }
//   FiringRecords, FaultRecords   ->  { timestampNs: 1200, domid: 3, extents: undefined, ... }
//
// Holds: one rule for integers everywhere: 64-bit D types are `bigint`, smaller ones `number`;
// counts are `number`. What could not be had is undefined or left out, and the reason is kept
// beside it.
import { assertNever } from '../../base/assert.js'
import { INT64_MAX, INT64_MIN } from '../../base/int64.js'
import type {
  AggregatingFunction,
  AggregationSnapshot,
  Group,
  GroupState,
  KeyPart,
  KeyType,
  Sparse,
} from '../aggregate/aggregation.js'
import { linearLevels, quantizeValue, ZERO_BUCKET } from '../aggregate/buckets.js'
import { logLinearBounds } from '../aggregate/log-linear.js'
import { sketchQuantile } from '../aggregate/sketch.js'
import { sortGroups, sortOrder } from '../aggregate/sort.js'
import { bucketValue, scalarValue } from '../aggregate/value.js'
import type { DropRecord, FaultRecord, OutputRecord, TypedValue } from '../program/record.js'
import type { FieldValue } from './fields.js'

/** The rows of a run, and what is missing from them: a line for each reason, with how often. */
export interface Rows<R> extends ReadonlyArray<R> {
  readonly notes: readonly string[]
}

/** One bucket of a histogram: the values from `low` to `high`, both included. */
export interface Bucket {
  readonly low: bigint
  readonly high: bigint
  readonly count: number
}

/** What so many of all values (`share`) do not exceed. */
export interface Quantile {
  readonly share: number
  readonly value: bigint
}

/** A bucket of the histogram of one interval, which begins at `timeNs`. */
export interface HeatCell extends Bucket {
  readonly timeNs: number
}

/** What was measured in the interval that begins at `timeNs`. */
export interface SeriesPoint {
  readonly timeNs: number
  readonly value: bigint
}

/** What rows hold besides their keys. Quantiles are missing where there were no values; intervals
 *  and buckets, where there is nothing in them. */
export interface QuantileRow {
  readonly quantiles: readonly Quantile[]
}
export interface HeatmapRow {
  readonly cells: readonly HeatCell[]
}
export interface SeriesRow {
  readonly points: readonly SeriesPoint[]
}

/** A row before its type is known. */
export type PlainRow = Readonly<
  Record<string, FieldValue | readonly (Bucket | Quantile | HeatCell | SeriesPoint)[] | undefined>
>

/** Puts the notes beside the rows; they are not listed among the elements. */
export function withNotes<R>(rows: readonly R[], notes: readonly string[]): Rows<R> {
  return Object.defineProperty([...rows], 'notes', { value: notes }) as unknown as Rows<R>
}

/** The groups of an aggregation in the order in which DTrace prints them; `names` are those of
 *  the key parts. A scalar is the row's `value`, a histogram its `buckets`: from the first that
 *  is not empty to the last. */
export function groupRows(
  snapshot: AggregationSnapshot,
  names: readonly string[],
  options: ReadonlyMap<string, string>,
): PlainRow[] {
  return sortGroups(snapshot, sortOrder(options)).map((group) => ({
    ...keyFields(group, snapshot.decl.keys, names),
    ...measuredField(snapshot.decl.function, group.state, snapshot.normal),
  }))
}

/** A value as rows hold it, by its D type. */
export function fieldValue({ type, value }: TypedValue): FieldValue {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return hex(value)
  return type.kind === 'int' && type.bytes < 8 ? Number(value) : value
}

/** A line for every kind of fault or loss among the records, in order of appearance. */
export function notesOf(records: readonly OutputRecord[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const record of records) {
    if (record.kind === 'firing') continue
    const what = record.kind === 'fault' ? faultNote(record) : dropNote(record)
    counts.set(what, (counts.get(what) ?? 0) + (record.kind === 'fault' ? 1 : record.count))
  }
  return [...counts].map(([what, count]) => `${count} ${what}`)
}

function faultNote(fault: FaultRecord): string {
  return `left out at ${fault.probe.name}: ${fault.text}`
}

function dropNote(drop: DropRecord): string {
  return `lost (${drop.what})${drop.text === undefined ? '' : `: ${drop.text}`}`
}

function keyFields(group: Group, types: readonly KeyType[], names: readonly string[]): PlainRow {
  return Object.fromEntries(
    names.map((name, i) => [name, keyValue(group.key[i] ?? '', types[i] ?? { kind: 'string' })]),
  )
}

function keyValue(part: KeyPart, type: KeyType): FieldValue {
  if (part instanceof Uint8Array) return hex(part)
  return typeof part === 'bigint' && type.kind === 'int' && type.bytes < 8 ? Number(part) : part
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

function measuredField(fn: AggregatingFunction, state: GroupState, normal: bigint): PlainRow {
  switch (state.kind) {
    case 'count':
      return { value: Number(scalarValue(state, normal)) }
    case 'quantize':
      return { buckets: buckets(state.buckets, powerRange) }
    case 'lquantize':
      return { buckets: buckets(state.buckets, (i) => linearRange(fn, i)) }
    case 'llquantize':
      return { buckets: buckets(state.buckets, (i) => logLinearRange(fn, i)) }
    case 'quantile':
      return { quantiles: quantiles(fn, state.cells, normal) }
    case 'heatmap':
      return { cells: heatCells(fn, state.slots) }
    case 'series':
      return { points: seriesPoints(fn, state.slots, normal) }
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'stddev':
      return { value: scalarValue(state, normal) }
    default:
      return assertNever(state)
  }
}

function quantiles(
  fn: AggregatingFunction,
  cells: Sparse<bigint>,
  normal: bigint,
): readonly Quantile[] {
  return (fn.kind === 'quantile' ? fn.ranks : []).flatMap((rank) => {
    const value = sketchQuantile(cells, rank)
    return value === undefined ? [] : [{ share: rank / 1e6, value: bucketValue(value, normal) }]
  })
}

function heatCells(fn: AggregatingFunction, slots: Sparse<GroupState>): readonly HeatCell[] {
  return slots.flatMap(([at, state]) =>
    buckets('buckets' in state ? state.buckets : [], powerRange)
      .filter((bucket) => bucket.count !== 0)
      .map((bucket) => ({ timeNs: timeOf(fn, at), ...bucket })),
  )
}

function seriesPoints(
  fn: AggregatingFunction,
  slots: Sparse<GroupState>,
  normal: bigint,
): readonly SeriesPoint[] {
  return slots.map(([at, state]) => {
    return { timeNs: timeOf(fn, at), value: scalarValue(state, normal) ?? 0n }
  })
}

function timeOf(fn: AggregatingFunction, at: number): number {
  return at * (fn.kind === 'heatmap' || fn.kind === 'series' ? fn.intervalNs : 1)
}

type Range = readonly [low: bigint, high: bigint]

function buckets(counts: readonly bigint[], rangeOf: (bucket: number) => Range): Bucket[] {
  const used = counts.flatMap((count, i) => (count === 0n ? [] : [i]))
  const [first = 0] = used
  const last = used.at(-1) ?? -1
  return counts.slice(first, last + 1).map((count, i) => {
    const [low, high] = rangeOf(first + i)
    return { low, high, count: Number(count) }
  })
}

/** Bucket 64+k holds 2^k to 2^(k+1)-1, those below zero mirror it. */
function powerRange(bucket: number): Range {
  const near = quantizeValue(bucket)
  if (bucket === ZERO_BUCKET) return [0n, 0n]
  if (bucket > ZERO_BUCKET) return [near, near * 2n - 1n]
  return bucket === 0 ? [INT64_MIN, near] : [near * 2n + 1n, near]
}

function linearRange(fn: AggregatingFunction, bucket: number): Range {
  if (fn.kind !== 'lquantize') return [0n, 0n]
  const bound = (level: number) => BigInt(fn.base + level * fn.step)
  if (bucket === 0) return [INT64_MIN, bound(0) - 1n]
  if (bucket === linearLevels(fn) + 1) return [bound(bucket - 1), INT64_MAX]
  return [bound(bucket - 1), bound(bucket) - 1n]
}

/** Of illumos' buckets, which are all that a query makes: none below zero but the first. */
function logLinearRange(fn: AggregatingFunction, bucket: number): Range {
  const bounds = fn.kind === 'llquantize' ? logLinearBounds(fn) : []
  const low = bucket === 0 ? INT64_MIN : (bounds[bucket]?.bound ?? 0n)
  const next = bounds[bucket === 0 ? 0 : bucket + 1]?.bound
  return [low, next === undefined ? INT64_MAX : next - 1n]
}
