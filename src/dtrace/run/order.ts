// Which order of observations a program needs. The less order, the faster it is replayed: nothing
// has to be merged over pcpus, or only where vcpus come and go.
//
//   xdt:pv::hypercall { @[domid, arg1] = count(); }        any    aggregating functions commute
//   xdt:pv::hypercall { @ = max(self->n++); }              vcpu   the same, and each thread's state
//   xdt:::  { n++; }   tick-1s { ... }                     time   state, output, exit, time itself
//
// Holds: a program of order 'any' or 'vcpu' has the same result in time order, but for what already
// depends on chance on a DTrace host: which faults are told first, and which keys find no room once
// an aggregation, or the variables of threads, are full.
import type { ObservationOrder } from '../../machine/observation.js'
import { BEGIN_ID, END_ID, ERROR_ID } from '../probe/catalog.js'
import { parseProfileName } from '../probe/profile.js'
import { firesInOwnContext } from '../probe/trace-plan.js'
import type { Clause, Expr, Program } from '../program/program.js'
import { acts, expressionsOf, yieldsRow } from './walk.js'

/** Subroutines that remember what they were asked before. */
const REMEMBERING: ReadonlySet<string> = new Set([
  'strtok',
  'rand',
  'speculation',
  'bcopy',
  'copyinto',
])

/** The order that a program needs: 'any' when what its clauses do on observations is to aggregate
 *  what one firing says, 'vcpu' when they also use the state of the thread, which is a vcpu. BEGIN
 *  and END may do what they like, before and after. */
export function orderOf(program: Program): ObservationOrder {
  const orders = program.clauses.map((clause) => orderOfClause(clause, program))
  if (orders.includes('time')) return 'time'
  return orders.includes('vcpu') ? 'vcpu' : 'any'
}

function orderOfClause(clause: Clause, program: Program): ObservationOrder {
  const { probes } = clause
  if (probes.every(({ id }) => id === BEGIN_ID || id === END_ID)) return 'any'
  if (probes.some((p) => p.id === ERROR_ID || isTimed(p))) return 'time'
  if (yieldsRow(clause) || acts(clause)) return 'time'
  const expressions = [...expressionsOf(clause)]
  if (expressions.some((e) => remembers(e, program))) return 'time'
  if (!expressions.some((e) => isOfThread(e, program))) return 'any'
  return probes.every(firesInOwnContext) ? 'vcpu' : 'time'
}

function isTimed({ provider, name }: { provider: string; name: string }): boolean {
  return provider === 'profile' && parseProfileName(name) !== undefined
}

/** Whether evaluating it leaves something behind for the next firing of any thread. */
function remembers(e: Expr, program: Program): boolean {
  if (e.kind === 'call') return REMEMBERING.has(e.name)
  if (e.kind === 'copy') return !isLocal(e.target, program)
  if (e.kind !== 'assign' && e.kind !== 'update') return false
  return !isLocal(e.target, program) && !isOfThread(e, program)
}

/** What is at an address may be anyone's. */
function isLocal(written: Expr, { variables }: Program): boolean {
  if (written.kind !== 'variable') return false
  const target = variables[written.variable]
  return target?.scope === 'this' && target.keys === undefined
}

/** Whether it is a `self->` variable, or changes one. */
function isOfThread(e: Expr, { variables }: Program): boolean {
  const target = e.kind === 'assign' || e.kind === 'update' ? e.target : e
  return target.kind === 'variable' && variables[target.variable]?.scope === 'self'
}
