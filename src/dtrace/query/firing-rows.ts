// Rows of firings: records of a tracing program, put together again.
//
//   clause 1 { trace(execname); }   'xl'              |
//   clause 2 { trace(args[0]); }    3                 |->  { execname: 'xl', domid: 3,
//   clause 3 { trace(args[2]); }    was not recorded  |      extents: undefined }
//
// Holds: records come in time order, those of one firing in the order of the clauses.
import { probeSpec } from '../probe/description.js'
import type { Program } from '../program/program.js'
import type { FaultRecord, FiringRecord, OutputRecord } from '../program/record.js'
import type { FieldValue } from './fields.js'
import type { ClauseRole, Tracing } from './plan.js'
import { fieldValue } from './rows.js'

/** One firing: when and what, and the columns asked for. A column that was not recorded is
 *  undefined; `whyUnknown(row)` says why. */
export type FiringRow = Readonly<Record<string, FieldValue | undefined>> & {
  readonly timestampNs: number | undefined
  readonly probe: string
}

/** The reason for each undefined column of a row; empty when all are known. */
export function whyUnknown(row: object): Readonly<Record<string, string>> {
  return REASONS.get(row) ?? {}
}

const REASONS = new WeakMap<object, Record<string, string>>()

/** The rows that a run of a tracing program recorded. */
export function firingRows(
  { program, roles }: Tracing,
  columns: readonly string[],
  records: readonly OutputRecord[],
): FiringRow[] {
  const roleOf = rolesByEpid(program, roles)
  const rows: FiringRow[] = []
  let open: Record<string, FieldValue | undefined> = {}
  for (const record of records) {
    if (record.kind === 'drop') continue
    const role = roleOf[record.epid]
    if (role === undefined || (record.kind === 'fault' && record.action === 0)) continue
    if (role.begins) {
      open = emptyRow(record, columns)
      rows.push(open as FiringRow)
    }
    if (record.kind === 'fault') note(open, role, record)
    else fill(open, role, record)
  }
  return rows
}

/** Enabled probes are numbered from 1: clause by clause, probe by probe. */
function rolesByEpid(
  program: Program,
  roles: readonly (ClauseRole | undefined)[],
): readonly (ClauseRole | undefined)[] {
  return [undefined, ...program.clauses.flatMap((c, i) => c.probes.map(() => roles[i]))]
}

function emptyRow(record: FiringRecord | FaultRecord, columns: readonly string[]) {
  const timestampNs = record.kind === 'firing' ? record.timeNs : undefined
  const head: Record<string, FieldValue | undefined> = {
    timestampNs,
    probe: probeSpec(record.probe),
  }
  for (const column of columns) head[column] = undefined
  return head
}

function fill(
  row: Record<string, FieldValue | undefined>,
  role: ClauseRole,
  record: FiringRecord,
): void {
  record.items.forEach((item, i) => {
    const column = role.columns[i]
    if (item.kind === 'trace' && column !== undefined) row[column] = fieldValue(item.value)
  })
}

function note(row: object, role: ClauseRole, fault: FaultRecord): void {
  const reasons = REASONS.get(row) ?? {}
  for (const column of role.columns) reasons[column] = fault.text
  REASONS.set(row, reasons)
}
