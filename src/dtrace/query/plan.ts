// A plan: what a query has said so far, and how that becomes a program.
//
//   selection          one site: the selected probes
//   latency            a site for each pair: where it ends; before it the clause where it starts
//
//   plan + what to do at each site  ->  Program
//
// Holds: plans are frozen values; variables and aggregations are numbered in order of first use, as
// in D text.
import type { AggregatingFunction, KeyType } from '../aggregate/aggregation.js'
import type { ProbeDescription } from '../probe/description.js'
import { logical } from '../program/build.js'
import { intervalNumber } from '../program/interval.js'
import type { Clause, Expr, Program, Statement, Variable } from '../program/program.js'

/** A named value: a part of a key, or a column of a row. */
export interface NamedExpr {
  readonly name: string
  readonly expr: Expr
}

/** A set of probes as the user wrote it, or as it must be written. */
export interface ProbeSet {
  /** In full form, as a clause keeps them. */
  readonly specs: readonly string[]
  readonly probes: readonly ProbeDescription[]
}

/** A place in the program where a value is taken. */
export interface Site {
  readonly at: ProbeSet
  readonly predicate: Expr | undefined
  readonly keys: readonly NamedExpr[]
  /** Clauses that come first: what remembers, for this site, when something began. */
  readonly before: readonly Clause[]
  /** What the site measures by itself: the time since then. */
  readonly measured: Expr | undefined
  /** What forgets it afterwards, also when the predicate or a fault kept the value from being
   *  taken. */
  readonly after:
    | { readonly predicate: Expr; readonly statements: readonly Statement[] }
    | undefined
}

/** All sites of a query, and the variables their clauses use. */
export interface Plan {
  readonly sites: readonly Site[]
  readonly variables: readonly Variable[]
}

/** The names of the key parts, which are the same at every site. */
export function keyNames({ sites: [site] }: Plan): readonly string[] {
  return (site?.keys ?? []).map((key) => key.name)
}

/** A site that takes values where `at` fires, and no more. */
export function plainSite(at: ProbeSet): Site {
  const nothing = { before: [], measured: undefined, after: undefined }
  return { at, predicate: undefined, keys: [], ...nothing }
}

/** Both conditions, in the order in which they were said; the second one when there is no first. */
export function both(first: Expr | undefined, second: Expr): Expr {
  return first === undefined ? second : logical('&&', first, second)
}

/** What a query aggregates: the function, and its value at a site (count has none). */
export interface Aggregate {
  readonly function: AggregatingFunction
  readonly valueAt: (site: Site) => Expr | undefined
}

/** What a heatmap or series needs beside the value: the interval it falls into. */
function timing(fn: AggregatingFunction): { increment?: Expr } {
  const isTimed = fn.kind === 'heatmap' || fn.kind === 'series'
  return isTimed ? { increment: intervalNumber(fn.intervalNs) } : {}
}

/** `@[keys] = function(value)` at every site, then the `closing` clauses. */
export function aggregatingProgram(
  plan: Plan,
  aggregate: Aggregate,
  closing: readonly Clause[],
  options: ReadonlyMap<string, string>,
): Program {
  const clauses = plan.sites.flatMap((site) => {
    const value = aggregate.valueAt(site)
    const keys = site.keys.map((k) => k.expr)
    const statement: Statement = {
      kind: 'aggregate',
      aggregation: 0,
      keys,
      ...(value === undefined ? {} : { value }),
      ...timing(aggregate.function),
    }
    const sure = [...keys, ...(value === undefined ? [] : [value])].every(isSure)
    return siteClauses(site, [[statement]], sure)
  })
  const keys = (plan.sites[0]?.keys ?? []).map((k) => keyType(k.expr))
  const decl = { id: 0, name: '_', keys, function: aggregate.function }
  return {
    clauses: [...clauses, ...closing],
    variables: plan.variables,
    aggregations: [decl],
    options,
  }
}

/** What a clause of a tracing program records: the columns, and whether a row begins with it. */
export interface ClauseRole {
  readonly begins: boolean
  readonly columns: readonly string[]
}

/** A program that records rows, with the role of each of its clauses; none for those that only
 *  remember. */
export interface Tracing {
  readonly program: Program
  readonly roles: readonly (ClauseRole | undefined)[]
}

/** `trace(value)` for each value, at every site. Those that may not have been recorded get a
 *  clause of their own, since a fault ends its clause: the others are recorded all the same. */
export function tracing(plan: Plan, valuesAt: (site: Site) => readonly NamedExpr[]): Tracing {
  const parts = plan.sites.map((site) => {
    const { sure, unsure } = bySureness(valuesAt(site))
    const takings = [sure, ...unsure.map((value) => [value])]
    const statements = takings.map((values) =>
      values.map((v): Statement => ({ kind: 'trace', value: v.expr })),
    )
    const clauses = siteClauses(site, statements, unsure.length === 0)
    const roles = clauses.map((_, i): ClauseRole | undefined => {
      const taking = takings[i - site.before.length]
      const begins = i === site.before.length
      return taking === undefined ? undefined : { begins, columns: taking.map((v) => v.name) }
    })
    return { clauses, roles }
  })
  return {
    program: {
      clauses: parts.flatMap((p) => p.clauses),
      variables: plan.variables,
      aggregations: [],
      options: new Map(),
    },
    roles: parts.flatMap((p) => p.roles),
  }
}

/** Values that are always there, and those whose argument may not have been recorded. */
function bySureness(values: readonly NamedExpr[]): {
  readonly sure: readonly NamedExpr[]
  readonly unsure: readonly NamedExpr[]
} {
  return {
    sure: values.filter((v) => isSure(v.expr)),
    unsure: values.filter((v) => !isSure(v.expr)),
  }
}

function siteClauses(
  site: Site,
  takings: readonly (readonly Statement[])[],
  sure: boolean,
): readonly Clause[] {
  const { at, predicate, after } = site
  const taken = (statements: readonly Statement[]) => clause(at, predicate, statements)
  if (after === undefined) return [...site.before, ...takings.map(taken)]
  if (sure && predicate === after.predicate) {
    return [...site.before, taken([...takings.flat(), ...after.statements])]
  }
  const forgetting = clause(at, after.predicate, after.statements)
  return [...site.before, ...takings.map(taken), forgetting]
}

function dividesSurely({ op, right }: Extract<Expr, { kind: 'arithmetic' }>): boolean {
  if (op !== '/' && op !== '%') return true
  return right.kind === 'int' && right.value !== 0n
}

/** Whether evaluating it cannot fault: no argument that may be missing, no division, no
 *  subroutine. */
function isSure(expr: Expr): boolean {
  switch (expr.kind) {
    case 'int':
    case 'string':
    case 'builtin':
      return true
    case 'variable':
      return expr.keys.every(isSure)
    case 'arithmetic':
      return dividesSurely(expr) && isSure(expr.left) && isSure(expr.right)
    case 'compare':
    case 'logical':
      return isSure(expr.left) && isSure(expr.right)
    case 'unary':
    case 'cast':
      return isSure(expr.operand)
    default:
      return false
  }
}

/** One clause of a query's program. */
export function clause(
  at: ProbeSet,
  predicate: Expr | undefined,
  statements: readonly Statement[],
): Clause {
  const when = predicate === undefined ? {} : { predicate }
  return { probes: at.probes, specs: at.specs, ...when, statements }
}

/** How a key part of this expression's type is kept. */
function keyType(expr: Expr): KeyType {
  const { type } = expr
  return type.kind === 'int'
    ? { kind: 'int', bytes: type.bytes, signed: type.signed }
    : { kind: 'string' }
}
