// A program's clauses as they were written: if and else are clauses of their own in the tree
// (d/lower-if.ts); here they are steps of one clause again.
//
//   /__ok1 == 1/ { __ok1 = 0; __if1 = t ? 1 : 2; __ok1 = 1 }     ->  if t, with its two branches
//
// Holds: clauses without such guards come out as they are.
import type { Clause, Expr, Program, Statement, Variable } from '../program/program.js'

/** A statement, or a choice between two lists of them. */
export type WrittenStep =
  | { readonly kind: 'does'; readonly statement: Statement }
  | {
      readonly kind: 'if'
      readonly test: Expr
      readonly then: WrittenStep[]
      readonly else: WrittenStep[]
    }

/** One clause of the source. */
export interface WrittenClause {
  /** Its probes and its predicate; the statements are in `steps`. */
  readonly head: Clause
  readonly steps: readonly WrittenStep[]
}

/** Whether a variable only guards the clauses made of one with if. */
export function isGuard({ scope, name }: Pick<Variable, 'scope' | 'name'>): boolean {
  return scope === 'this' && /^__(ok|if)[0-9]+$/.test(name)
}

/** The clauses as they were written, in order. */
export function writtenClauses(program: Program): readonly WrittenClause[] {
  const reader = new Reader(program)
  for (const clause of program.clauses) reader.add(clause)
  return reader.written
}

class Reader {
  readonly written: WrittenClause[] = []
  readonly #program: Program
  /** Branches by the variable that chooses between them. */
  readonly #choices = new Map<number, WrittenStep & { kind: 'if' }>()
  #steps: WrittenStep[] = []

  constructor(program: Program) {
    this.#program = program
  }

  add(clause: Clause): void {
    const { statements, predicate } = clause
    if (!this.#setsGuard(statements[0])) this.#plain(clause)
    else if (this.#isStart(clause)) this.#start(clause)
    else this.#part(predicate, statements.slice(1, -1))
  }

  #plain(head: Clause): void {
    const steps = head.statements.map((statement): WrittenStep => ({ kind: 'does', statement }))
    this.written.push({ head, steps })
  }

  /** The first of two starting clauses only says that nothing holds yet. */
  #start(head: Clause): void {
    const [first] = head.statements
    if (head.predicate === undefined && assigned(first) === 0n) return
    this.#steps = []
    this.written.push({ head, steps: this.#steps })
  }

  #part(guard: Expr | undefined, statements: readonly Statement[]): void {
    const list = this.#listOf(guard)
    for (const statement of statements) {
      const choice = this.#setsGuard(statement) ? choiceOf(statement) : undefined
      if (choice === undefined) list.push({ kind: 'does', statement })
      else {
        const step = { kind: 'if' as const, test: choice.test, then: [], else: [] }
        this.#choices.set(choice.variable, step)
        list.push(step)
      }
    }
  }

  /** Where a part belongs: the clause itself, or the branch that its guard names. */
  #listOf(guard: Expr | undefined): WrittenStep[] {
    if (guard?.kind !== 'logical' || guard.right.kind !== 'compare') return this.#steps
    const { left, right } = guard.right
    const choice = left.kind === 'variable' ? this.#choices.get(left.variable) : undefined
    if (choice === undefined || right.kind !== 'int') return this.#steps
    return right.value === 1n ? choice.then : choice.else
  }

  #setsGuard(s: Statement | undefined): boolean {
    if (s?.kind !== 'expr' || s.expr.kind !== 'assign') return false
    const { target } = s.expr
    if (target.kind !== 'variable') return false
    const variable = this.#program.variables[target.variable]
    return variable !== undefined && isGuard(variable)
  }

  /** A start sets guards to constants and does nothing else. */
  #isStart({ statements }: Clause): boolean {
    const last = statements[statements.length - 1]
    const opens = assigned(statements[0]) === 0n && statements.length > 1 && assigned(last) === 1n
    return !opens && statements.every((s) => this.#setsGuard(s))
  }
}

/** The constant that a statement assigns. */
function assigned(s: Statement | undefined): bigint | undefined {
  if (s?.kind !== 'expr' || s.expr.kind !== 'assign') return undefined
  return s.expr.value.kind === 'int' ? s.expr.value.value : undefined
}

function choiceOf(s: Statement): { readonly variable: number; readonly test: Expr } | undefined {
  if (s.kind !== 'expr' || s.expr.kind !== 'assign') return undefined
  const { target, value } = s.expr
  if (target.kind !== 'variable' || value.kind !== 'conditional') return undefined
  return { variable: target.variable, test: value.test }
}
