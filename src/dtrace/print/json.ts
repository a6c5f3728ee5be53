// Records and results as JSON and as tables: the same data as the text, for programs.
//
//   OutputRecord -> one JSON object (NDJSON: one a line)      AggregationSnapshot -> Table, JSON
//
// The rule for integers: a JSON number when it is exact there (|v| <= 2^53 - 1), else its decimal
// digits as a string. Signs are those of the D type. Divisions by normalize() are signed: the
// quirks of DTrace's text are not repeated here. A time that is not known is null.
import { type Cell, type Column, type Table, table } from '../../base/table.js'
import type { AggregationSnapshot, Group, KeyPart, KeyType } from '../aggregate/aggregation.js'
import { quantizeValue } from '../aggregate/buckets.js'
import { sortGroups, sortOrder } from '../aggregate/sort.js'
import { bucketValue, scalarValue } from '../aggregate/value.js'
import { probeSpec } from '../probe/description.js'
import type { OutputRecord, RecordItem, RunResult, TypedValue } from '../program/record.js'
import type { Dialect } from './conversion.js'
import { lquantizeLabel, shownRange } from './histogram.js'
import type { OptionMap } from './options.js'
import { formatPrintf } from './printf.js'

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

/** A number where JSON is exact, else decimal digits. */
export function integerJson(value: bigint): number | string {
  const exact = value >= -MAX_EXACT && value <= MAX_EXACT
  return exact ? Number(value) : value.toString()
}

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER)

/** One record: `kind` is firing, fault or drop. A printf carries its text and its arguments. */
export function recordJson(
  record: OutputRecord,
  dialect: Dialect = 'illumos',
  options: OptionMap = new Map(),
): Json {
  switch (record.kind) {
    case 'firing':
      return {
        kind: 'firing',
        timeNs: record.timeNs ?? null,
        cpu: record.cpu,
        id: record.probe.id,
        probe: probeSpec(record.probe),
        items: record.items.map((item) => itemJson(item, dialect, options)),
      }
    case 'fault': {
      const { epid, fault, action, text } = record
      return { kind: 'fault', epid, probe: probeSpec(record.probe), fault, action, text }
    }
    case 'drop': {
      const { what, count, cpu, text } = record
      return { kind: 'drop', what, count, cpu: cpu ?? null, text: text ?? null }
    }
  }
}

/** The end of a run: its status, and every aggregation, printed before or not. */
export function resultJson(result: RunResult, options: OptionMap = new Map()): Json {
  const { status, exited, interrupted, firings } = result
  const aggregations = result.aggregations.map((a) => snapshotJson(a, options))
  return { kind: 'result', status, exited, interrupted, firings, aggregations }
}

/** One aggregation: groups in printing order, a value or the non-empty buckets each. */
export function snapshotJson(snapshot: AggregationSnapshot, options: OptionMap = new Map()): Json {
  return {
    name: snapshot.decl.name,
    function: snapshot.decl.function.kind,
    groups: sortGroups(snapshot, sortOrder(options)).map((group) => groupJson(snapshot, group)),
  }
}

/** One aggregation as rows in printing order: columns `key` (`key1`, `key2` ... when there are
 *  more), then the function's name; for histograms `bucket` and `count`, with a row for each
 *  that DTrace shows. */
export function snapshotTable(
  snapshot: AggregationSnapshot,
  options: OptionMap = new Map(),
): Table {
  const { name, keys, function: fn } = snapshot.decl
  const groups = sortGroups(snapshot, sortOrder(options))
  const isHistogram = fn.kind === 'quantize' || fn.kind === 'lquantize'
  const values: Column[] = isHistogram ? [right('bucket'), right('count')] : [right(fn.kind)]
  const rows = groups.flatMap((group) => {
    const key = group.key.map((part, i) => keyCell(part, keys[i]))
    return valueCells(snapshot, group).map((cells) => [...key, ...cells])
  })
  const head = keys.map((type, i) => keyColumn(type, keys.length === 1 ? 'key' : `key${i + 1}`))
  return { ...table([...head, ...values], rows), title: `@${name === '_' ? '' : name}` }
}

const right = (name: string): Column => ({ name, align: 'right' })

function keyColumn(type: KeyType, name: string): Column {
  return { name, align: type.kind === 'int' ? 'right' : 'left' }
}

function itemJson(item: RecordItem, dialect: Dialect, options: OptionMap): Json {
  switch (item.kind) {
    case 'trace':
      return { kind: 'trace', value: valueJson(item.value) }
    case 'printf': {
      const text = formatPrintf(item.format, item.args, dialect)
      return { kind: 'printf', text, args: item.args.map(valueJson) }
    }
    case 'printa':
      return {
        kind: 'printa',
        aggregations: item.aggregations.map((a) => snapshotJson(a, options)),
      }
  }
}

function valueJson({ type, value }: TypedValue): Json {
  if (typeof value === 'string') return value
  return integerJson(type.kind === 'int' ? ofType(value, type) : value)
}

function ofType(value: bigint, type: { readonly bytes: number; readonly signed: boolean }): bigint {
  return (type.signed ? BigInt.asIntN : BigInt.asUintN)(type.bytes * 8, value)
}

function groupJson(snapshot: AggregationSnapshot, group: Group): Json {
  const { decl, normal } = snapshot
  const key = group.key.map((part, i) => cellJson(keyCell(part, decl.keys[i])))
  const value = scalarValue(group.state, normal)
  if (value !== undefined) return { key, value: integerJson(value) }
  const buckets = histogramCells(snapshot, group).filter(([, count]) => count !== 0n)
  return { key, buckets: buckets.map((cells) => cells.map(cellJson)) }
}

function valueCells(snapshot: AggregationSnapshot, group: Group): readonly (readonly Cell[])[] {
  const value = scalarValue(group.state, snapshot.normal)
  return value === undefined ? histogramCells(snapshot, group) : [[value]]
}

/** Bucket and count of each row DTrace shows: lower bounds as integers, `< 0` and `>= 10` as
 *  text. */
function histogramCells(
  { decl, normal }: AggregationSnapshot,
  { state }: Group,
): readonly (readonly [Cell, bigint])[] {
  if (state.kind !== 'quantize' && state.kind !== 'lquantize') return []
  const shown = shownRange(state.buckets)
  if (shown === undefined) return []
  const fn = decl.function
  return state.buckets.slice(shown.first, shown.last + 1).map((count, i) => {
    const bucket = shown.first + i
    const label =
      fn.kind === 'lquantize'
        ? linearCell(lquantizeLabel(bucket, state.buckets.length - 2, fn))
        : quantizeValue(bucket)
    return [label, bucketValue(count, normal)]
  })
}

const linearCell = (label: string): Cell => (/^-?\d+$/.test(label) ? BigInt(label) : label)

function keyCell(part: KeyPart, type: KeyType | undefined): Cell {
  if (typeof part === 'string') return part
  return type?.kind === 'int' ? ofType(part, type) : part
}

function cellJson(cell: Cell): Json {
  return typeof cell === 'bigint' ? integerJson(cell) : cell
}
