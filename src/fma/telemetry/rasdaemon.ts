// rasdaemon: its database, /var/lib/rasdaemon/ras-mc_event.db: machine checks (mce_record), memory
// errors (mc_event), PCI Express errors (aer_event).
//
// Holds: columns are found by name, so that tables of older versions are read too; 64 unsigned bits
// come back from SQLite's signed ones. Rows of a table come in the order of their ids. What is no
// database, or a broken one, is refused: `fma.rasdaemon`.
// Source: rasdaemon 0.8.5, ras-record.c.
import type { Database, ParamsObject, SqlJsStatic } from 'sql.js'
import { XpvError } from '../../base/error.js'
import type { PcpuId } from '../../machine/ids.js'
import { AerEvents, aerEventFunctions } from './aer-event.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { PciLook } from './pci/pci-look.js'
import type { SourceRecord, TelemetrySource } from './source.js'
import { toldOnce } from './told-twice.js'
import type { Unknowns } from './unknowns.js'

const MAGIC = 'SQLite format 3\0'
const SECOND = 1_000_000_000n
const VENDORS: Readonly<Record<number, ProcessorVendor>> = { 0: 'intel', 2: 'amd' }
/** Events of these tables say nothing that is diagnosed here. */
const OTHERS = [
  'non_standard_event',
  'arm_event',
  'extlog_event',
  'devlink_event',
  'disk_errors',
  'memory_failure_event',
]

/** Whether bytes begin as a database of SQLite. */
export function isDatabase(bytes: Uint8Array): boolean {
  return MAGIC.split('').every((c, at) => bytes[at] === c.charCodeAt(0))
}

let library: Promise<SqlJsStatic> | undefined

/** Opens a database. Throws XpvError `fma.rasdaemon`. */
export async function rasdaemonSource(bytes: Uint8Array): Promise<TelemetrySource> {
  try {
    library ??= import('sql.js').then(({ default: load }) => load())
    const { Database } = await library
    const tables = readTables(new Database(bytes))
    return sourceOf(tables, bytes[WRITE_VERSION] === AHEAD)
  } catch (error) {
    // A database that is broken enough leaves the library's memory in ruins.
    library = undefined
    if (error instanceof XpvError) throw error
    const why = error instanceof Error ? error.message : String(error)
    const message = `the database cannot be read: ${why}`
    throw new XpvError('fma.rasdaemon', message, "sqlite3 ras-mc_event.db '.backup whole.db'")
  }
}

/** The byte of a database's header that says how it is written; written ahead, to another file. */
const WRITE_VERSION = 18
const AHEAD = 2

function sourceOf(tables: Tables, isAhead: boolean): TelemetrySource {
  const functions = (tables.get('aer_event') ?? []).map((row) => wordsOf(row, 'dev_name'))
  return {
    format: "rasdaemon's database",
    isRewritten: true,
    functions: () => aerEventFunctions(functions),
    *records(unknowns) {
      if (isAhead)
        unknowns.add('record', 'what is in the file beside it (-wal) is not read', undefined)
      yield* toldOnce([...records(tables, unknowns)], unknowns)
    },
  }
}

type Row = ParamsObject
type Tables = ReadonlyMap<string, readonly Row[]>

/** All rows that matter; of other tables, how many there are. */
function readTables(database: Database): Tables {
  const names = rowsOf(database, "SELECT name FROM sqlite_master WHERE type = 'table'")
  const known = new Set(names.map(({ name }) => name))
  const wanted = ['mce_record', 'mc_event', 'aer_event', ...OTHERS].filter((t) => known.has(t))
  const tables = new Map(
    wanted.map((table): [string, readonly Row[]] => {
      const what = OTHERS.includes(table) ? 'count(*) AS n' : '*'
      return [table, rowsOf(database, `SELECT ${what} FROM ${table}`)]
    }),
  )
  database.close()
  if (tables.size > 0) return tables
  throw new XpvError(
    'fma.rasdaemon',
    'the database has none of the tables of rasdaemon',
    'that of rasdaemon is /var/lib/rasdaemon/ras-mc_event.db',
  )
}

function rowsOf(database: Database, sql: string): readonly Row[] {
  const statement = database.prepare(sql)
  const rows: Row[] = []
  try {
    while (statement.step()) rows.push(statement.getAsObject(undefined, { useBigInt: true }))
  } finally {
    statement.free()
  }
  return rows
}

function* records(tables: Tables, unknowns: Unknowns): Iterable<SourceRecord> {
  for (const row of tables.get('mce_record') ?? []) yield machineCheck(row)
  for (const row of tables.get('mc_event') ?? []) {
    const record = memoryError(row)
    if (record !== undefined) yield record
  }
  const pci = new AerEvents(unknowns)
  for (const row of tables.get('aer_event') ?? []) {
    const look = pciLook(row, pci)
    if (look !== undefined) yield { kind: 'pci', timeNs: stampOf(row), look }
  }
  for (const table of OTHERS) {
    const count = Number(tables.get(table)?.[0]?.['n'] ?? 0)
    if (count > 0) unknowns.add('record', `nothing here reads the table ${table}`, count)
  }
}

function machineCheck(row: Row): SourceRecord {
  const [vendor, cap, ip] = [wide(row, 'cpuvendor'), wide(row, 'mcgcap'), wide(row, 'ip')]
  const registers = {
    status: wide(row, 'status'),
    addr: wide(row, 'addr'),
    misc: wide(row, 'misc'),
  }
  const seconds = wide(row, 'walltime')
  return {
    kind: 'machine-check',
    timeNs: seconds === 0n ? stampOf(row) : seconds * SECOND,
    record: {
      pcpu: row['cpu'] === null || row['cpu'] === undefined ? undefined : pcpuOf(row),
      cause: undefined,
      mcgStatus: wide(row, 'mcgstatus'),
      mcgCap: cap === 0n ? undefined : cap & 0xffff_ffffn,
      ip: ip === 0n ? undefined : ip,
      banks: [{ bank: Number(wide(row, 'bank') & 0xffn), ...registers }],
    },
    place: { socket: narrow(row, 'socketid'), apicId: narrow(row, 'apicid') },
    vendor: VENDORS[Number(vendor)],
  }
}

const pcpuOf = (row: Row): PcpuId => narrow(row, 'cpu') as PcpuId

function memoryError(row: Row): SourceRecord | undefined {
  const type = wordsOf(row, 'err_type')
  if (type === 'Info') return undefined
  const address = wide(row, 'address')
  const layers = ['top_layer', 'middle_layer', 'lower_layer'].map((name) => signed(row, name))
  return {
    kind: 'memory',
    timeNs: stampOf(row),
    error: {
      isCorrected: type === 'Corrected',
      count: Math.min(Math.max(1, signed(row, 'err_count')), 0xffff),
      physaddr: address === 0n ? undefined : address,
      controller: narrow(row, 'mc'),
      layers,
      syndrome: wide(row, 'syndrome'),
      label: wordsOf(row, 'label'),
      message: wordsOf(row, 'err_msg'),
    },
  }
}

function pciLook(row: Row, pci: AerEvents): PciLook | undefined {
  const [words = '', printed] = wordsOf(row, 'err_msg').split(/ ?TLP Header: /)
  const [a, b, c, d] = (printed ?? '').split(' ').map((word) => Number.parseInt(word, 16))
  const isWhole = [a, b, c, d].every((word) => word !== undefined && word >= 0)
  return pci.look({
    device: wordsOf(row, 'dev_name'),
    severity: wordsOf(row, 'err_type'),
    words,
    header: isWhole ? [a ?? 0, b ?? 0, c ?? 0, d ?? 0] : undefined,
  })
}

/** A column as 64 unsigned bits; 0 where it is no number. */
function wide(row: Row, name: string): bigint {
  const value: unknown = row[name]
  if (typeof value === 'bigint') return BigInt.asUintN(64, value)
  return typeof value === 'number' && Number.isFinite(value)
    ? BigInt.asUintN(64, BigInt(Math.trunc(value)))
    : 0n
}

const narrow = (row: Row, name: string): number => Number(wide(row, name) & 0xffffn)
const signed = (row: Row, name: string): number => Number(BigInt.asIntN(32, wide(row, name)))

function wordsOf(row: Row, name: string): string {
  const value: unknown = row[name]
  return typeof value === 'string' ? value : ''
}

/** `2026-11-23 15:01:40 +0100` in nanoseconds since 1970. */
function stampOf(row: Row): bigint | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d):?(\d\d))?/.exec(
    wordsOf(row, 'timestamp'),
  )
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second, sign, zoneHours, zoneMinutes] = found
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const zone = (Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60_000
  const ms = sign === '-' ? utc + zone : utc - zone
  return ms <= 0 ? undefined : BigInt(ms) * 1_000_000n
}
