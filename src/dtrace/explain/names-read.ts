// Which built-in variables and arguments clauses read.
import type { BuiltinName, Clause, Expr, Statement } from '../program/program.js'

/** Built-in variables by name, and the numbers of arguments. */
export interface NamesRead {
  readonly builtins: ReadonlySet<BuiltinName>
  readonly args: ReadonlySet<number>
}

/** Walks predicates and statements of some clauses. */
export function namesRead(clauses: readonly Clause[]): NamesRead {
  const builtins = new Set<BuiltinName>()
  const args = new Set<number>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const expr = node as Expr | Statement
    if (expr.kind === 'builtin') builtins.add(expr.name)
    if (expr.kind === 'arg') args.add(expr.index)
    for (const [name, part] of Object.entries(expr)) if (name !== 'type') visit(part)
  }
  for (const { predicate, statements } of clauses) {
    visit(predicate)
    visit(statements)
  }
  return { builtins, args }
}
