// if and else become clauses with predicates, as in illumos: each branch is a clause of its own,
// and what it traces is a row of its own.
//
//   P /p/ { a; if (t) { b } else { c } d }
//
//   P       { ok = 0 }                          P /ok == 1 && if == 1/ { ok = 0; b; ok = 1 }
//   P /p/   { ok = 1; if = 0 }                  P /ok == 1 && if == 2/ { ok = 0; c; ok = 1 }
//   P /ok/  { ok = 0; a; ok = 1 }               P /ok == 1/            { ok = 0; d; ok = 1 }
//   P /ok/  { ok = 0; if = t ? 1 : 2; ok = 1 }
//
// Holds: after a fault nothing more of the clause runs, since `ok` stays 0; p and t are evaluated
// once.
// Source: illumos libdtrace dt_sugar.c for the idea; the guard variables are ours.
import { assign, compareIntegers, conditional, constant, logical } from '../program/build.js'
import type { Clause, Expr, Statement, Variable, VariableExpr } from '../program/program.js'
import { INT } from '../program/types.js'
import type { Scope } from './scope.js'

/** A checked statement, or an if whose test and branches are checked. */
export type Step =
  | Statement
  | {
      readonly kind: 'if'
      readonly test: Expr
      readonly then: readonly Step[]
      readonly else: readonly Step[]
    }

/** What all clauses made of one have in common. */
export type ClauseHead = Omit<Clause, 'statements'>

/** One clause for a list without an if; several for one with. */
export function lowerIf(head: ClauseHead, steps: readonly Step[], scope: Scope): readonly Clause[] {
  const plain = steps.filter(isStatement)
  if (plain.length === steps.length) return [{ ...head, statements: plain }]
  const ok = scope.temporary('ok', INT)
  const flow = new Flow(head, ok, scope)
  flow.add(steps, undefined)
  return flow.clauses()
}

function isStatement(step: Step): step is Statement {
  return step.kind !== 'if'
}

class Flow {
  readonly #head: ClauseHead
  readonly #ok: Variable
  readonly #scope: Scope
  readonly #tests: Variable[] = []
  readonly #parts: Clause[] = []

  constructor(head: ClauseHead, ok: Variable, scope: Scope) {
    this.#head = head
    this.#ok = ok
    this.#scope = scope
  }

  /** Adds the parts of a list that runs when `guard` holds. */
  add(steps: readonly Step[], guard: Expr | undefined): void {
    let run: Statement[] = []
    const flush = (): void => {
      if (run.length > 0) this.#part(run, guard)
      run = []
    }
    for (const step of steps) {
      if (isStatement(step)) run.push(step)
      else {
        flush()
        this.#branches(step, guard)
      }
    }
    flush()
  }

  #branches(step: Step & { kind: 'if' }, guard: Expr | undefined): void {
    const taken = this.#scope.temporary('if', INT)
    this.#tests.push(taken)
    const which = conditional(step.test, constant(1n), constant(2n))
    this.#part([set(taken, which)], guard)
    this.add(step.then, equals(taken, 1n))
    this.add(step.else, equals(taken, 2n))
  }

  #part(statements: readonly Statement[], guard: Expr | undefined): void {
    const running = equals(this.#ok, 1n)
    const predicate = guard === undefined ? running : logical('&&', running, guard)
    const body = [set(this.#ok, constant(0n)), ...statements, set(this.#ok, constant(1n))]
    this.#parts.push({ ...this.#head, predicate, statements: body })
  }

  /** All clauses, the ones that start the flow first. */
  clauses(): readonly Clause[] {
    const { predicate, ...head } = this.#head
    const untaken = this.#tests.map((test) => set(test, constant(0n)))
    const start = [set(this.#ok, constant(1n)), ...untaken]
    if (predicate === undefined) return [{ ...head, statements: start }, ...this.#parts]
    const reset = { ...head, statements: [set(this.#ok, constant(0n))] }
    return [reset, { ...this.#head, statements: start }, ...this.#parts]
  }
}

function read(variable: Variable): VariableExpr & { readonly type: typeof INT } {
  return { kind: 'variable', variable: variable.id, keys: [], type: INT }
}

function set(variable: Variable, value: Expr): Statement {
  return { kind: 'expr', expr: assign(read(variable), value) }
}

function equals(variable: Variable, value: bigint): Expr {
  return compareIntegers('==', read(variable), constant(value))
}
