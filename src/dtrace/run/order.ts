// Which order of observations a program needs. What any order satisfies is replayed faster: nothing
// has to be merged over pcpus.
//
//   xdt:pv::hypercall { @[domid, arg1] = count(); }        any    aggregating functions commute
//   xdt:::  { self->t = timestamp; }   tick-1s { ... }     time   state, output, exit, time itself
//
// Holds: a program of order 'any' has the same result in both orders, but for what already depends
// on chance on a DTrace host: which faults are told first, and which keys find no room once an
// aggregation is full.
import type { ObservationOrder } from '../../machine/observation.js'
import { BEGIN_ID, END_ID, ERROR_ID } from '../probe/catalog.js'
import { parseProfileName } from '../probe/profile.js'
import type { Clause, Expr, Program, VariableExpr } from '../program/program.js'
import { expressionsOf, yieldsRow } from './walk.js'

/** Subroutines that remember what they were asked before. */
const REMEMBERING: ReadonlySet<string> = new Set(['strtok', 'rand'])

/** The order that a program needs: 'any' when what its clauses do on observations is to aggregate
 *  what one firing says. BEGIN and END may do what they like, before and after. */
export function orderOf(program: Program): ObservationOrder {
  return program.clauses.every((clause) => isFree(clause, program)) ? 'any' : 'time'
}

function isFree(clause: Clause, program: Program): boolean {
  const { probes } = clause
  if (probes.every(({ id }) => id === BEGIN_ID || id === END_ID)) return true
  if (probes.some((p) => p.id === ERROR_ID || isTimed(p))) return false
  if (yieldsRow(clause)) return false
  for (const e of expressionsOf(clause)) if (remembers(e, program)) return false
  return true
}

function isTimed({ provider, name }: { provider: string; name: string }): boolean {
  return provider === 'profile' && parseProfileName(name) !== undefined
}

/** Whether evaluating it leaves something behind for the next firing. */
function remembers(e: Expr, program: Program): boolean {
  if (e.kind === 'call') return REMEMBERING.has(e.name)
  return (e.kind === 'assign' || e.kind === 'update') && !isLocal(e.target, program)
}

function isLocal({ variable }: VariableExpr, { variables }: Program): boolean {
  const target = variables[variable]
  return target?.scope === 'this' && target.keys === undefined
}
