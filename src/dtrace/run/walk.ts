// Walks over a program tree that both engines and the run need: which arguments it reads, whether
// it reads the time, which of its clauses yield rows, how DTrace numbers their actions.
import { ERROR_ID } from '../probe/catalog.js'
import { FIRING_COLUMNS, type FiringColumn } from '../probe/firing.js'
import type { BuiltinName, Clause, Expr, Program, Statement } from '../program/program.js'

/** The direct operands of an expression, in order of evaluation. */
export function operands(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'variable':
      return e.keys
    case 'unary':
    case 'cast':
      return [e.operand]
    case 'arithmetic':
    case 'compare':
    case 'logical':
    case 'comma':
      return [e.left, e.right]
    case 'conditional':
      return [e.test, e.then, e.else]
    case 'assign':
      return [e.value, ...operands(e.target)]
    case 'update':
      return [...operands(e.target), e.value]
    case 'call':
      return e.args
    case 'load':
      return [e.address]
    case 'address-of-string':
      return [e.operand]
    case 'copy':
      return [e.value, e.target]
    case 'bound':
      return [e.index]
    default:
      return []
  }
}

/** The expressions of a statement, in order of evaluation, each with the number of its action
 *  counted from that of the statement. */
export function statementParts(s: Statement): readonly { expr: Expr; action: number }[] {
  const parts = (list: readonly Expr[]) => list.map((expr, action) => ({ expr, action }))
  switch (s.kind) {
    case 'expr':
      return parts([s.expr])
    case 'trace':
    case 'print':
      return parts([s.value])
    case 'printf':
    case 'system':
    case 'freopen':
      return parts(s.args)
    case 'live':
      return s.args.map((expr) => ({ expr, action: 0 }))
    case 'tracemem':
      return parts([...present(s.shown), s.address])
    case 'setopt':
      return parts([s.option, ...present(s.value)])
    case 'speculate':
    case 'commit':
    case 'discard':
      return parts([s.id])
    case 'exit':
      return parts([s.status])
    case 'aggregate':
      return [...s.keys, ...present(s.increment), ...present(s.value)].map((expr, i) => ({
        expr,
        action: i + 1,
      }))
    case 'trunc':
      return present(s.count).map((expr) => ({ expr, action: 1 }))
    case 'normalize':
      return [{ expr: s.factor, action: 1 }]
    default:
      return []
  }
}

const present = (e: Expr | undefined): Expr[] => (e === undefined ? [] : [e])

/** How many actions DTrace makes of a statement: what "in action #N" counts. The name of an
 *  aggregation is one, before its keys. */
export function actionCount(s: Statement): number {
  switch (s.kind) {
    case 'printf':
    case 'system':
    case 'freopen':
      return Math.max(1, s.args.length)
    case 'aggregate':
      return s.keys.length + 2 + (s.increment === undefined ? 0 : 1)
    case 'tracemem':
      return s.shown === undefined ? 1 : 2
    case 'printa':
      return Math.max(1, s.aggregations.length)
    case 'trunc':
    case 'normalize':
    case 'setopt':
      return 2
    default:
      return 1
  }
}

/** Statements that leave nothing in a record; on Linux an action on the machine leaves a row. */
const SILENT: ReadonlySet<Statement['kind']> = new Set([
  'expr',
  'aggregate',
  'speculate',
  'commit',
  'discard',
  'live',
])

/** Whether a firing of the clause yields a row: where it records something, does nothing at all, or
 *  does nothing but speculate. On Linux, expressions beside speculate() do not change that; without
 *  a dialect, whether it does in one of them. */
export function yieldsRow({ statements }: Clause, dialect?: 'illumos' | 'linux'): boolean {
  if (statements.length === 0) return true
  const linux = dialect !== 'illumos'
  if (statements.some((s) => !SILENT.has(s.kind) || (linux && s.kind === 'live'))) return true
  if (!statements.some((s) => s.kind === 'speculate')) return false
  if (statements.length === 1) return true
  return linux && !statements.some((s) => s.kind === 'commit' || s.kind === 'discard')
}

/** Whether a clause does anything but compute and aggregate. */
export function acts({ statements }: Clause): boolean {
  return statements.some(({ kind }) => kind !== 'expr' && kind !== 'aggregate')
}

/** Every expression of a clause, predicate and operands included. */
export function* expressionsOf(clause: Clause): Iterable<Expr> {
  if (clause.predicate !== undefined) yield* within(clause.predicate)
  for (const statement of clause.statements) {
    for (const part of statementParts(statement)) yield* within(part.expr)
  }
}

function* within(e: Expr): Iterable<Expr> {
  yield e
  for (const operand of operands(e)) yield* within(operand)
}

/** Bit n is set when some clause reads argn. */
export function argsRead(program: Program): number {
  let mask = 0
  for (const clause of program.clauses) {
    for (const e of expressionsOf(clause)) if (e.kind === 'arg') mask |= 1 << e.index
  }
  return mask
}

const COLUMN_OF: Partial<Record<BuiltinName, FiringColumn>> = {
  timestamp: 'ticks',
  vtimestamp: 'ticks',
  walltimestamp: 'ticks',
  xdt_timestamp: 'ticks',
  cpu: 'cpu',
  pcpu: 'pcpu',
  domid: 'domid',
  vcpuid: 'vcpu',
  tid: 'tid',
  pid: 'pid',
  execname: 'execname',
}

/** The columns of a firing that a program reads, or that its output shows: a row says when and
 *  where it was, and ERROR fires with all that its firing had. */
export function columnsRead(program: Program): ReadonlySet<FiringColumn> {
  if (program.clauses.some((c) => c.probes.some((p) => p.id === ERROR_ID))) {
    return new Set(FIRING_COLUMNS)
  }
  const columns = new Set<FiringColumn>()
  for (const clause of program.clauses) {
    if (yieldsRow(clause) || acts(clause)) columns.add('cpu').add('ticks')
    for (const e of expressionsOf(clause)) {
      const column = columnOf(e, program)
      if (column !== undefined) columns.add(column)
    }
  }
  return columns
}

function columnOf(e: Expr, { variables }: Program): FiringColumn | undefined {
  if (e.kind === 'builtin') return COLUMN_OF[e.name]
  if (e.kind === 'call') return e.name === 'progenyof' ? 'pid' : 'tid'
  const target = e.kind === 'assign' || e.kind === 'update' ? e.target : e
  if (target.kind !== 'variable') return undefined
  return variables[target.variable]?.scope === 'self' ? 'tid' : undefined
}

const TIMES: ReadonlySet<BuiltinName> = new Set(['timestamp', 'vtimestamp', 'walltimestamp'])

/** Whether a clause reads a time in nanoseconds. */
export function readsTime(clause: Clause): boolean {
  for (const e of expressionsOf(clause)) {
    if (e.kind === 'builtin' && TIMES.has(e.name)) return true
  }
  return false
}
