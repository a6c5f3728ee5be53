// Between which bounds does each variable stay? One walk over all assignments, repeated until
// nothing grows.
//
// Holds: a bound is a proof under the assumptions given, or a counting argument (COUNTER_STEP). A
// variable whose bounds keep growing is kept as a bigint.
import { assert } from '../../base/assert.js'
import type { StringPool } from '../aggregate/key-layout.js'
import type { Variable } from '../program/program.js'
import { isByAddress } from '../program/types.js'
import { variableArity } from './cells.js'
import type { EngineParts } from './engine.js'
import { type Assumptions, Linkage, type VariablePlan } from './linkage.js'
import { EXACT, intType, type Lowered, typeRange } from './lowered.js'
import { Lowering } from './lowering.js'
import { statementParts } from './walk.js'

/** Rounds in which bounds may grow before they are given up. */
const PATIENCE = 4

/** Plans the storage of a program's variables. */
export function planVariables(
  parts: EngineParts,
  pool: StringPool,
  assume: Assumptions,
): readonly VariablePlan[] {
  const cuts = parts.limits.dialect === 'linux'
  let plans = parts.program.variables.map((variable) => startPlan(variable, cuts))
  for (let round = 0; ; round++) {
    const next = [...plans]
    lowerAll(parts, { pool, assume, plans }, (id, value) => {
      const plan = next[id]
      if (plan !== undefined) next[id] = joined(plan, value, round)
    })
    if (next.every((plan, id) => plan === plans[id])) return plans
    plans = next
  }
}

// `cuts`: whether a variable cuts what is stored to its type (see `storedIn`).
function startPlan(variable: Variable, cuts: boolean): VariablePlan {
  const { type, scope, keys } = variable
  assert(scope !== 'this' || keys === undefined, `this->${variable.name} is an array`)
  if (isByAddress(type)) return { variable, storage: 'num', low: 0, high: EXACT }
  if (type.kind === 'string') {
    const plan = { variable, storage: 'text', low: 0, high: 0 } as const
    return variableArity(variable) > 0 ? { ...plan, nullable: true } : plan
  }
  const held = intType(type)
  const range = held.bytes === 8 || !cuts ? { low: 0, high: 0 } : typeRange(held)
  return { variable, storage: 'num', ...range }
}

function joined(plan: VariablePlan, value: Lowered, round: number): VariablePlan {
  if (value.kind === 'text' && value.nullable)
    return plan.nullable ? plan : { ...plan, nullable: true }
  if (plan.storage !== 'num') return plan
  if (value.kind === 'num') {
    const low = Math.min(plan.low, value.low)
    const high = Math.max(plan.high, value.high)
    if (low === plan.low && high === plan.high) return plan
    if (round < PATIENCE) return { ...plan, low, high }
  }
  return { ...plan, storage: 'big', low: -EXACT, high: EXACT }
}

function lowerAll(
  parts: EngineParts,
  given: {
    readonly pool: StringPool
    readonly assume: Assumptions
    readonly plans: readonly VariablePlan[]
  },
  onStore: (variable: number, value: Lowered) => void,
): void {
  const lowering = new Lowering(parts, { ...given, link: new Linkage(), onStore })
  for (const clause of parts.program.clauses) {
    if (clause.predicate !== undefined) lowering.lower(clause.predicate)
    for (const statement of clause.statements) {
      for (const { expr } of statementParts(statement)) lowering.lower(expr)
    }
  }
}
