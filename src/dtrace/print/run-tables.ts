// A run as tables, for charts, spreadsheets and CSV: one of all firings that recorded something,
// and one for each aggregation that printed.
//
//   firings       time (ns) | cpu | probe | text | value1 | value2 ...
//   aggregations  time (ns) of printa(), where there was one | key ... | what the function yields
//
// `text` is what printf() made, values are what trace(), printf() and the like were given, in their
// order: a program whose clauses print different things still makes one table, as wide as the
// widest of them. Values are unformatted; a structure is JSON, bytes are hex digits.
// Holds: everything is kept until the end, since only then the columns are known.
import { cutInteger } from '../../base/int64.js'
import { type Cell, type Column, type Table, table } from '../../base/table.js'
import type { AggregationSnapshot } from '../aggregate/aggregation.js'
import { probeSpec } from '../probe/description.js'
import type {
  FiringRecord,
  OutputRecord,
  RecordItem,
  RunResult,
  TypedValue,
} from '../program/record.js'
import type { Dialect } from './conversion.js'
import type { OptionMap } from './options.js'
import { formatPrintf } from './printf.js'
import { snapshotTable } from './snapshot.js'
import { hexText, valueJson } from './value-json.js'

interface FiringRow {
  readonly head: readonly Cell[]
  readonly values: readonly Cell[]
}

/** Collects one run. Feed records in order, then finish once. */
export class RunTables {
  readonly #dialect: Dialect
  readonly #options: OptionMap
  readonly #firings: FiringRow[] = []
  readonly #printed = new Map<number, TimedTable[]>()

  constructor({ dialect, options }: { readonly dialect: Dialect; readonly options: OptionMap }) {
    this.#dialect = dialect
    this.#options = options
  }

  /** Takes one record. Faults and drops are no rows. */
  record(record: OutputRecord): void {
    if (record.kind !== 'firing') return
    const prints = record.items.filter((item) => item.kind === 'printa')
    for (const { aggregations } of prints)
      for (const snapshot of aggregations) this.#add(snapshot, record.timeNs)
    if (prints.length === 0 || prints.length < record.items.length)
      this.#firings.push(this.#row(record))
  }

  /** The tables of the run: firings, then aggregations in order of first use. Only those that have
   *  rows. */
  finish(result: RunResult): readonly Table[] {
    const unprinted = new Set(result.unprinted)
    for (const snapshot of result.aggregations)
      if (unprinted.has(snapshot.decl.id)) this.#add(snapshot, undefined)
    const ids = [...this.#printed.keys()].sort((a, b) => a - b)
    const aggregations = ids.map((id) => joined(this.#printed.get(id) ?? []))
    return [this.#firingTable(), ...aggregations].filter(({ rows }) => rows.length > 0)
  }

  #add(snapshot: AggregationSnapshot, timeNs: number | undefined): void {
    const { id } = snapshot.decl
    const printed = this.#printed.get(id) ?? []
    printed.push({ timeNs, table: snapshotTable(snapshot, this.#options) })
    this.#printed.set(id, printed)
  }

  #row({ timeNs, cpu, probe, items }: FiringRecord): FiringRow {
    const texts = items.flatMap((item) =>
      item.kind === 'printf' ? [formatPrintf(item.format, item.args, this.#dialect)] : [],
    )
    const text = texts.length === 0 ? null : texts.join('').replace(/\n$/, '')
    return {
      head: [timeNs ?? null, cpu, probeSpec(probe), text],
      values: items.flatMap(itemCells),
    }
  }

  #firingTable(): Table {
    const width = this.#firings.reduce((most, { values }) => Math.max(most, values.length), 0)
    const hasText = this.#firings.some(({ head }) => head[3] !== null)
    const values = Array.from({ length: width }, (_, i) =>
      width === 1 ? 'value' : `value${i + 1}`,
    )
    const rows = this.#firings.map(({ head, values: cells }) => [
      ...(hasText ? head : head.slice(0, 3)),
      ...Array.from({ length: width }, (_, i) => cells[i] ?? null),
    ])
    return table([TIME, CPU, 'probe', ...(hasText ? ['text'] : []), ...values], rows)
  }
}

const TIME: Column = { name: 'time', unit: 'ns', align: 'right' }
const CPU: Column = { name: 'cpu', align: 'right' }

interface TimedTable {
  readonly timeNs: number | undefined
  readonly table: Table
}

/** All printings of one aggregation under each other, each with its time unless there was only
 *  that of the end. */
function joined(printed: readonly TimedTable[]): Table {
  const [first] = printed
  if (first === undefined) return table([], [])
  if (printed.length === 1 && first.timeNs === undefined) return first.table
  const rows = printed.flatMap(({ timeNs, table: { rows } }) =>
    rows.map((row) => [timeNs ?? null, ...row]),
  )
  return { ...first.table, columns: [TIME, ...first.table.columns], rows }
}

/** The values one item recorded. */
function itemCells(item: RecordItem): readonly Cell[] {
  switch (item.kind) {
    case 'trace':
    case 'print':
      return [valueCell(item.value)]
    case 'printf':
    case 'system':
    case 'freopen':
      return item.args.map(valueCell)
    case 'tracemem':
      return [hexText(item.bytes)]
    case 'stack':
      return [item.frames.join('\n')]
    case 'setopt':
    case 'ftruncate':
    case 'printa':
      return []
  }
}

function valueCell(value: TypedValue): Cell {
  const { type } = value
  if (type.kind === 'int' && typeof value.value === 'bigint' && type.enumerators === undefined)
    return cutInteger(value.value, type)
  const json = valueJson(value)
  return typeof json === 'object' && json !== null ? JSON.stringify(json) : json
}
