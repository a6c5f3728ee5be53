// ConstraintReason: what one constraint came to, condition by condition, as far as they were asked,
// each with the values that it was decided by.
//
//   payloadprop("bank") == b && confprop(chip, "x") == 1
//     payloadprop("bank") == b      fails      payloadprop("bank") is 6, b is 2
//
// Holds: conditions joined by && are asked from left to right, none after one that fails: the last
// part decided. A condition has values, and where it fails, alternatives that all did; all of them
// together have none.
import type { Reason, Verdict } from '../fmd/reason.js'
import { printExpression } from './print.js'
import type { Expression } from './tree.js'
import { DEFERRED, type Deferred, isTrue, shownValue, type Value } from './value.js'

/** Yields what an expression comes to; `told` hears of each call in it. */
export type Ask = (
  e: Expression,
  told: (what: string, value: Value | Deferred) => void,
) => Value | Deferred

/** The part of a walk that a constraint is; none for how long an arrow takes. */
export function constraintReason(e: Expression, ask: Ask): readonly Reason[] {
  if (e.kind === 'call' && e.name === 'within') return []
  const conditions: Reason[] = []
  for (const condition of conjuncts(e)) {
    conditions.push(conditionReason(condition, ask))
    if (conditions.at(-1)?.verdict !== 'holds') break
  }
  const [only] = conditions
  if (only !== undefined && conjuncts(e).length === 1) return [only]
  const verdict = conditions.at(-1)?.verdict ?? 'holds'
  return [{ kind: 'constraint', what: printExpression(e), verdict, children: conditions }]
}

function conjuncts(e: Expression): readonly Expression[] {
  if (e.kind !== 'binary' || e.operator !== '&&') return [e]
  return [...conjuncts(e.left), ...conjuncts(e.right)]
}

function conditionReason(e: Expression, ask: Ask): Reason {
  const values = new Map<string, string>()
  const told = (what: string, value: Value | Deferred): void => {
    values.set(what, shownValue(value))
  }
  const value = ask(e, told)
  for (const side of computedSides(e))
    told(
      printExpression(side),
      ask(side, () => {}),
    )
  const verdict: Verdict = value === DEFERRED ? 'deferred' : isTrue(value) ? 'holds' : 'fails'
  const children = verdict === 'fails' ? whyItFails(e, ask) : []
  return {
    kind: 'constraint',
    what: printExpression(e),
    verdict,
    values: [...values],
    children,
  }
}

/** Of alternatives all that fail; of `!(a || b)` the first that holds. */
function whyItFails(e: Expression, ask: Ask): readonly Reason[] {
  const isDenied = e.kind === 'unary' && e.operator === '!'
  const others = alternatives(isDenied ? e.operand : e)
  if (others.length === 1) return []
  const asked = others.map((each) => conditionReason(each, ask))
  return isDenied ? asked.filter(({ verdict }) => verdict === 'holds').slice(0, 1) : asked
}

function alternatives(e: Expression): readonly Expression[] {
  if (e.kind !== 'binary' || e.operator !== '||') return [e]
  return [...alternatives(e.left), ...alternatives(e.right)]
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])

/** What is computed to be compared, and is no call that tells of itself. */
function computedSides(e: Expression): readonly Expression[] {
  if (e.kind === 'unary') return computedSides(e.operand)
  if (e.kind !== 'binary') return []
  const { operator, left, right } = e
  if (operator === '&&' || operator === '||')
    return [...computedSides(left), ...computedSides(right)]
  return COMPARISONS.has(operator) ? [left, right].filter(isComputed) : []
}

const isComputed = ({ kind }: Expression): boolean =>
  kind === 'binary' || kind === 'name' || kind === 'unary' || kind === 'conditional'
