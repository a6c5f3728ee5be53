// A condition written in D: compiled by the D front end in the place where it will stand.
import { XpvError } from '../../base/error.js'
import type { Expr } from '../program/program.js'
import type { QueryHost } from './host.js'

/** The expression of D's text for a condition on the probes of `spec`. Throws `DiagnosticError`
 *  with the compiler's findings, `XpvError` `query.predicate` when the text is more than one
 *  expression, or uses variables, which a query has none of. */
export function compilePredicate(host: QueryHost, spec: string, text: string): Expr {
  const program = host.compile(`${spec}\n/${text}/\n{\n}\n`)
  const [first, ...more] = program.clauses
  const plain = more.length === 0 && first?.statements.length === 0
  if (!plain || program.variables.length > 0 || first?.predicate === undefined) {
    throw new XpvError(
      'query.predicate',
      `"${text}" is not one expression over the fields of ${spec}`,
      'a whole program fits into d`...`',
    )
  }
  return first.predicate
}
