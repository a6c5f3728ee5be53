// Aggregations as JSON and as tables: the same data as the text, for programs and charts.
//
//   AggregationSnapshot -> rows of key and value -> Table | JSON
//
// Groups are in printing order, divisions by normalize() signed. A histogram has a row for each
// bucket that DTrace shows; a bucket is its lower bound, or `< 0`, `>= 10` as text. What changes
// with time has a row for each interval, in nanoseconds from the beginning.
import { assertNever } from '../../base/assert.js'
import { cutInteger } from '../../base/int64.js'
import { type Cell, type Column, type Table, table } from '../../base/table.js'
import type {
  AggregatingFunction,
  AggregationSnapshot,
  BucketFunction,
  BucketState,
  Group,
  GroupState,
  KeyPart,
  KeyType,
  Sparse,
} from '../aggregate/aggregation.js'
import { quantizeValue } from '../aggregate/buckets.js'
import { logLinearBounds } from '../aggregate/log-linear.js'
import { sketchQuantile } from '../aggregate/sketch.js'
import { sortGroups, sortOrder } from '../aggregate/sort.js'
import { bucketValue, scalarValue } from '../aggregate/value.js'
import { printPercent } from '../program/percent.js'
import { lquantizeLabel, shownRange } from './histogram.js'
import type { OptionMap } from './options.js'
import { addressText } from './symbol.js'
import { hexText, integerJson, type Json } from './value-json.js'

/** One aggregation: `groups` have a `key` and a `value`, `buckets`, `quantiles`, `series` or
 *  `heatmap`; buckets and intervals in pairs, empty ones left out. */
export function snapshotJson(snapshot: AggregationSnapshot, options: OptionMap = new Map()): Json {
  const { decl } = snapshot
  return {
    name: decl.name,
    function: decl.function.kind,
    groups: sortGroups(snapshot, sortOrder(options)).map((group) => groupJson(snapshot, group)),
  }
}

/** One aggregation as rows. Columns: `key` (`key1`, `key2` ... when there are more), then what the
 *  function yields. */
export function snapshotTable(
  snapshot: AggregationSnapshot,
  options: OptionMap = new Map(),
): Table {
  const { name, keys, function: fn } = snapshot.decl
  const rows = sortGroups(snapshot, sortOrder(options)).flatMap((group) => {
    const key = group.key.map((part, i) => keyCell(part, keys[i]))
    return valueRows(fn, group.state, snapshot.normal).map((cells) => [...key, ...cells])
  })
  const head = keys.map((type, i) => keyColumn(type, keys.length === 1 ? 'key' : `key${i + 1}`))
  return { ...table([...head, ...valueColumns(fn)], rows), title: `@${name === '_' ? '' : name}` }
}

function keyColumn(type: KeyType, name: string): Column {
  return { name, align: type.kind === 'int' && type.form === undefined ? 'right' : 'left' }
}

const right = (name: string): Column => ({ name, align: 'right' })
const TIME: Column = { name: 'time', unit: 'ns', align: 'right' }

function valueColumns(fn: AggregatingFunction): readonly Column[] {
  switch (fn.kind) {
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return [right('bucket'), right('count')]
    case 'quantile':
      return fn.ranks.map((rank) => right(rankName(rank)))
    case 'series':
      return [TIME, right(fn.of)]
    case 'heatmap':
      return [TIME, right('bucket'), right('count')]
    default:
      return [right(fn.kind)]
  }
}

const rankName = (rank: number): string => `p${printPercent(rank)}`

/** The rows of one group, each a cell a column. */
function valueRows(
  fn: AggregatingFunction,
  state: GroupState,
  normal: bigint,
): readonly (readonly Cell[])[] {
  switch (state.kind) {
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return bucketRows(fn as BucketFunction, state, normal)
    case 'quantile':
      return [ranksOf(fn).map((rank) => quantileCell(state.cells, rank, normal))]
    case 'series':
    case 'heatmap':
      return state.slots.flatMap(([at, slot]) =>
        valueRows(slotFunction(slot), slot, normal).map((cells) => [timeOf(fn, at), ...cells]),
      )
    case 'count':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'stddev':
      return [[scalarValue(state, normal)]]
    default:
      return assertNever(state)
  }
}

function quantileCell(cells: Sparse<bigint>, rank: number, normal: bigint): Cell {
  const value = sketchQuantile(cells, rank)
  return value === undefined ? null : bucketValue(value, normal)
}

const ranksOf = (fn: AggregatingFunction): readonly number[] =>
  fn.kind === 'quantile' ? fn.ranks : []

/** What an interval's state is one of: quantize() in a heat map, a scalar in a series. */
function slotFunction({ kind }: GroupState): AggregatingFunction {
  return kind === 'quantize' ? { kind } : { kind: 'count' }
}

function timeOf(fn: AggregatingFunction, at: number): bigint {
  const interval = fn.kind === 'heatmap' || fn.kind === 'series' ? fn.intervalNs : 1
  return BigInt(at) * BigInt(interval)
}

function bucketRows(
  fn: BucketFunction,
  { buckets }: BucketState,
  normal: bigint,
): readonly (readonly [Cell, bigint])[] {
  const shown = shownRange(buckets)
  if (shown === undefined) return []
  return buckets.slice(shown.first, shown.last + 1).flatMap((count, i) => {
    const bucket = bucketCell(fn, shown.first + i, buckets.length)
    return bucket === undefined ? [] : [[bucket, bucketValue(count, normal)] as const]
  })
}

/** Where a bucket begins; undefined of one that no value falls into. */
function bucketCell(fn: BucketFunction, bucket: number, buckets: number): Cell | undefined {
  if (fn.kind === 'quantize') return quantizeValue(bucket)
  if (fn.kind === 'lquantize') {
    const label = lquantizeLabel(bucket, buckets - 2, fn)
    return /^-?\d+$/.test(label) ? BigInt(label) : label
  }
  const bound = logLinearBounds(fn)[bucket]
  if (bound === undefined || bound.kind === 'from') return bound?.bound
  if (bound.kind === 'over') return `${bound.bound < 0n ? '<=' : '>='} ${bound.bound}`
  return `${fn.dialect === 'linux' ? 'abs() ' : ''}< ${bound.bound}`
}

function keyCell(part: KeyPart, type: KeyType | undefined): Cell {
  if (part instanceof Uint8Array) return hexText(part)
  if (typeof part === 'string' || type?.kind !== 'int') return part
  if (type.form === 'address') return addressText(part)
  return cutInteger(part, type)
}

function groupJson({ decl, normal }: AggregationSnapshot, { key, state }: Group): Json {
  const keys = key.map((part, i) => cellJson(keyCell(part, decl.keys[i])))
  const rows = valueRows(decl.function, state, normal)
  const json = (cells: readonly Cell[]): Json => cells.map(cellJson)
  switch (state.kind) {
    case 'quantize':
    case 'lquantize':
    case 'llquantize':
      return { key: keys, buckets: rows.filter(([, count]) => count !== 0n).map(json) }
    case 'quantile': {
      const names = ranksOf(decl.function).map(rankName)
      const values = names.map((name, i) => [name, cellJson(rows[0]?.[i] ?? null)])
      return { key: keys, quantiles: Object.fromEntries(values) }
    }
    case 'series':
      return { key: keys, series: rows.map(json) }
    case 'heatmap':
      return { key: keys, heatmap: rows.filter(([, , count]) => count !== 0n).map(json) }
    default:
      return { key: keys, value: cellJson(rows[0]?.[0] ?? null) }
  }
}

function cellJson(cell: Cell): Json {
  return typeof cell === 'bigint' ? integerJson(cell) : cell
}
