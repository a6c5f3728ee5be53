// Evaluation: a constraint of one arrow, with its iterators and paths put in, as something to run.
//
//   confprop(pciexbus[b], "speed") == 2 && payloadprop("bank") == b
//     ->  false: no arrow        ->  run(what is seen so far)
//
// Holds: what the topology alone decides is decided once. What needs an ereport that was not seen
// is deferred, and so is what depends on it. Source: illumos-gate
// usr/src/cmd/fm/modules/common/eversholt/eval.c (eval_potential, eval_dup, eval_expr).
import { type Code, known, ofConditions, ofMoment, ofValues, yieldOf } from './code.js'
import { compileCall } from './functions.js'
import { instanceOf, type PlacedClass, sharedSteps } from './match-path.js'
import type { Place, Places } from './places.js'
import { type RuleStatement, type RuleStep, stepsOf, timeNs } from './rule-set.js'
import type { Expression, Path } from './tree.js'
import { DEFERRED, isTrue, operate, type PathValue, truth, type Value } from './value.js'

/** Where an expression stands. */
export interface Scope {
  readonly places: Places
  readonly statement: RuleStatement
  readonly bindings: readonly (number | undefined)[]
  /** The class that the constraint is of, and the other end of the arrow. */
  readonly near: PlacedClass
  readonly far: PlacedClass
  /** Decide nothing beforehand, and tell of every call. */
  readonly isTraced?: boolean
}

/** All of some constraints: known when all of them are, or one is known to fail. */
export function compileAll(constraints: readonly Expression[], scope: Scope): Code {
  let all: Code = known(1n)
  for (const e of constraints) all = both(all, compile(e, scope))
  return all
}

/** Two conditions of which both must hold. */
export function both(a: Code, b: Code): Code {
  if (a.kind === 'known') return isTrue(a.value) ? b : known(0n)
  if (b.kind === 'known') return isTrue(b.value) ? a : known(0n)
  return ofConditions([a, b], (moment) => {
    const left = a.run(moment)
    if (left === DEFERRED) return DEFERRED
    if (!isTrue(left)) return 0n
    const right = b.run(moment)
    return right === DEFERRED ? DEFERRED : truth(isTrue(right))
  })
}

function either(a: Code, b: Code): Code {
  if (a.kind === 'known') return isTrue(a.value) ? known(1n) : b
  if (b.kind === 'known') return isTrue(b.value) ? known(1n) : a
  return ofConditions([a, b], (moment) => {
    const left = a.run(moment)
    if (left === DEFERRED) return DEFERRED
    if (isTrue(left)) return 1n
    const right = b.run(moment)
    return right === DEFERRED ? DEFERRED : truth(isTrue(right))
  })
}

/** Makes something to run of an expression. */
export function compile(e: Expression, scope: Scope): Code {
  switch (e.kind) {
    case 'number':
      return known(e.value)
    case 'time':
      return known(BigInt.asUintN(64, timeNs(e)))
    case 'string':
      return known(e.text)
    case 'name':
      return known(boundTo(e.name, scope))
    case 'path':
      return known(pathOf(e.path, scope))
    case 'class':
      return known(undefined)
    case 'global':
      return ofMoment((moment) =>
        moment.globals().has(e.name) ? moment.globals().get(e.name) : DEFERRED,
      )
    case 'call':
      return compileCall(e, scope)
    case 'unary':
      return compileUnary(e.operator, compile(e.operand, scope))
    case 'binary':
      return compileBinary(e, scope)
    case 'conditional':
      return compileConditional(e, scope)
  }
}

function compileUnary(operator: '!' | '~', operand: Code): Code {
  const apply = (value: Value): Value => {
    if (operator === '!') return truth(!isTrue(value))
    return typeof value === 'bigint' ? BigInt.asUintN(64, ~value) : undefined
  }
  if (operand.kind === 'known') return known(apply(operand.value))
  const make = operator === '!' ? ofConditions : ofValues
  return make([operand], (moment) => {
    const value = operand.run(moment)
    return value === DEFERRED ? DEFERRED : apply(value)
  })
}

function compileBinary(e: Expression & { readonly kind: 'binary' }, scope: Scope): Code {
  const { operator, left, right } = e
  const second = compile(right, scope)
  if (operator === '=' && left.kind === 'global') return assign(left.name, second, true)
  const first = compile(left, scope)
  if (operator === '&&') return both(first, second)
  if (operator === '||') return either(first, second)
  if (first.kind === 'known' && second.kind === 'known')
    return known(operate(operator, first.value, second.value))
  const compare = ofValues([first, second], (moment) => {
    const a = yieldOf(first, moment)
    if (a === DEFERRED) return DEFERRED
    const b = yieldOf(second, moment)
    return b === DEFERRED ? DEFERRED : operate(operator, a, b)
  })
  if (operator !== '==' || left.kind !== 'global') return compare
  const set = assign(left.name, second, false)
  return ofMoment((moment) => yieldOf(moment.globals().has(left.name) ? compare : set, moment))
}

/** Sets a global: an assignment holds; a comparison with one that is not set yields the value. */
function assign(name: string, to: Code, holds: boolean): Code {
  return ofMoment((moment) => {
    const value = yieldOf(to, moment)
    if (value === DEFERRED) return DEFERRED
    moment.globals().set(name, value)
    return holds ? 1n : value
  })
}

function compileConditional(e: Expression & { readonly kind: 'conditional' }, scope: Scope): Code {
  const condition = compile(e.condition, scope)
  const then = compile(e.then, scope)
  const otherwise = e.otherwise === undefined ? known(undefined) : compile(e.otherwise, scope)
  if (condition.kind === 'known') return isTrue(condition.value) ? then : otherwise
  return ofConditions([condition, then, otherwise], (moment) => {
    const value = condition.run(moment)
    if (value === DEFERRED) return DEFERRED
    return yieldOf(isTrue(value) ? then : otherwise, moment)
  })
}

function boundTo(name: string, { statement, bindings }: Scope): Value {
  const index = statement.iterators.get(name)
  const number = index === undefined ? undefined : bindings[index]
  return number === undefined ? undefined : BigInt(number)
}

/** The place that a path in a constraint means: one that begins as the path of its class or of the
 *  other end does begins at that place; any other begins at the root. */
export function pathOf(path: Path, scope: Scope): Value {
  const steps = stepsOf(path)
  const { near, far } = scope
  const atNear = sharedSteps(steps, near.of.steps)
  const atFar = sharedSteps(steps, far.of.steps)
  if (atNear === steps.length && atNear === near.of.steps.length) return end(near)
  const [base, shared] = atNear > atFar ? [near, atNear] : [far, atFar]
  const first = steps[0]
  if (shared === 0 && steps.length === 1 && first !== undefined) {
    const iterator = boundTo(first.name, scope)
    if (iterator !== undefined) return iterator
  }
  return walkOn(base.chain[shared - 1], steps.slice(shared), scope)
}

const end = ({ chain }: PlacedClass): PathValue | undefined => {
  const place = chain.at(-1)
  return place && { key: place.key, place }
}

/** From a place, or the root, on along steps that all say which instance they mean. */
function walkOn(from: Place | undefined, steps: readonly RuleStep[], scope: Scope): Value {
  let key = from?.key
  for (const { name, iterator, instance } of steps) {
    const number =
      iterator !== undefined
        ? boundTo(iterator, scope)
        : instance && instanceOf(instance, (n) => numberBound(n, scope))
    if (typeof number !== 'bigint') return undefined
    key = key === undefined ? `${name}${number}` : `${key}/${name}${number}`
  }
  return key === undefined ? undefined : { key, place: scope.places.at(key) }
}

function numberBound(name: string, scope: Scope): number | undefined {
  const value = boundTo(name, scope)
  return typeof value === 'bigint' ? Number(value) : undefined
}
