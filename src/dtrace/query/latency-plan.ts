// The plan of a latency: for each pair of probes a clause that remembers when it began, per thread,
// and a site where it ends that knows how long it took.
//
//   xpv:::dom-create-start                       { self->dom_create_since = timestamp;
//                                                  self->dom_create_open = 1; }
//   xpv:::dom-create-end /self->dom_create_open/ { ... timestamp - self->dom_create_since ... }
//
// Holds: names differ from pair to pair, so that nested calls do not meet; pairs of one name in
// several functions share an array with the function as its key. What the start knew and the end
// does not (its arguments) is kept beside the time. The flag is a variable of its own, since time
// counts from 0: something that begins with the recording began at timestamp 0.
import { XpvError } from '../../base/error.js'
import type { ProbeCatalog } from '../probe/catalog.js'
import { assign, builtinExpr, text } from '../program/build.js'
import type { Expr, Statement, Variable, VariableExpr } from '../program/program.js'
import { type DType, INT, UINT64 } from '../program/types.js'
import { arithmetic, integer } from './operation.js'
import { type Pair, pairsOf } from './pair.js'
import { both, clause, type NamedExpr, type Plan, type ProbeSet, type Site } from './plan.js'

/** What a latency is counted in. */
export type LatencyUnit = 'ns' | 'us' | 'ms' | 's'

const NANOSECONDS: Readonly<Record<LatencyUnit, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }

/** The unit asked for, nanoseconds when none was. Throws `XpvError` `query.period` for any
 *  other. */
export function latencyUnit(asked = 'ns'): LatencyUnit {
  if (isUnit(asked)) return asked
  throw new XpvError('query.period', `"${asked}" is no unit of time here`, ".latency('us')")
}

const isUnit = (name: string): name is LatencyUnit => Object.hasOwn(NANOSECONDS, name)

/** What a latency needs to know of the query before it. */
export interface LatencyRequest {
  readonly unit: LatencyUnit
  readonly at: ProbeSet
  /** Decides at the start whether this call counts. */
  readonly predicate: Expr | undefined
  /** Decides at the end, too. */
  readonly endPredicate: Expr | undefined
  /** Key parts: `from` says where they are evaluated. */
  readonly keys: readonly (NamedExpr & { readonly from: 'start' | 'end' })[]
}

/** The pairs a selection begins. Throws `XpvError` `query.no-pair` when it begins none. */
export function latencyPairs(at: ProbeSet, catalog: ProbeCatalog): readonly Pair[] {
  const pairs = pairsOf(at.probes, catalog)
  if (pairs.length > 0) return pairs
  throw new XpvError(
    'query.no-pair',
    `no probe of ${at.specs.join(', ')} begins something that another probe ends`,
    "on('xpv:::*-start').latency(), on('privcmd:::entry').latency(), on('xdt:::on-cpu').latency()",
  )
}

/** The plan: one site a pair, its measured value the nanoseconds from start to end on one
 *  thread. */
export function latencyPlan(request: LatencyRequest, pairs: readonly Pair[]): Plan {
  const variables: Variable[] = []
  return { sites: pairs.map((pair) => siteOf(request, pair, variables)), variables }
}

function siteOf(request: LatencyRequest, pair: Pair, variables: Variable[]): Site {
  const cell = cellMaker(pair, variables)
  const kept = request.keys.map((key) => (isKept(key) ? cell(key.name, key.expr.type) : undefined))
  const since = cell('since', UINT64)
  const busy = cell('open', INT)
  const began = request.keys.flatMap((key, i) => set(kept[i], key.expr))
  const forget = [...kept, since, busy].flatMap((v) => set(v, zeroOf(v?.type ?? INT)))
  return {
    at: pair.end,
    predicate: request.endPredicate === undefined ? busy : both(busy, request.endPredicate),
    keys: request.keys.map((key, i) => ({ name: key.name, expr: kept[i] ?? key.expr })),
    before: [
      clause(pair.start, request.predicate, [
        ...began,
        ...set(since, builtinExpr('timestamp')),
        ...set(busy, integer(1)),
      ]),
    ],
    measured: inUnit(request.unit, arithmetic('-', builtinExpr('timestamp'), since)),
    after: { predicate: busy, statements: forget },
  }
}

function inUnit(unit: LatencyUnit, elapsed: Expr): Expr {
  return unit === 'ns' ? elapsed : arithmetic('/', elapsed, integer(NANOSECONDS[unit]))
}

/** Built-ins that are the same at both ends of a call on one thread. */
const LASTING: ReadonlySet<string> = new Set([
  'tid',
  'pid',
  'execname',
  'probeprov',
  'probemod',
  'probefunc',
])

function isKept(key: LatencyRequest['keys'][number]): boolean {
  if (key.from === 'end') return false
  return key.expr.kind !== 'builtin' || !LASTING.has(key.expr.name)
}

/** Makes `self->` variables for one pair: `dom_create_since`, an array where the pair has
 *  several. */
function cellMaker(pair: Pair, variables: Variable[]) {
  const keys = pair.by.map(builtinExpr)
  const stem = pair.stem === '' ? (pair.start.probes[0]?.name ?? '') : pair.stem
  return (what: string, type: DType): VariableExpr => {
    const name = freeName(`${stem}_${what}`.replace(/\W/g, '_'), variables)
    const id = variables.length
    const types = keys.length === 0 ? {} : { keys: keys.map((k) => k.type) }
    variables.push({ id, scope: 'self', name, type, ...types })
    return { kind: 'variable', variable: id, keys, type }
  }
}

function freeName(wanted: string, variables: readonly Variable[]): string {
  const taken = (name: string) => variables.some((v) => v.name === name)
  let name = wanted
  for (let n = 2; taken(name); n++) name = `${wanted}${n}`
  return name
}

function set(target: VariableExpr | undefined, value: Expr): Statement[] {
  return target === undefined ? [] : [{ kind: 'expr', expr: assign(target, value) }]
}

const zeroOf = (type: DType): Expr => (type.kind === 'string' ? text('') : integer(0))
