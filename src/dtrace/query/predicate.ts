// A condition written in D: compiled by the D front end in the place where it will stand.
//
//   'waited_ns > 1000 && domid == 0'  ->  args[2] > 1000 && domid == 0
//
// Holds: a name that D knows means what it means in D; one that only the probes' arguments have
// means that argument, as it does everywhere else in a query.
import { XpvError } from '../../base/error.js'
import { BUILTINS } from '../program/builtins.js'
import type { Expr } from '../program/program.js'
import type { QueryHost } from './host.js'
import type { Scope } from './scope.js'

/** Texts, which stay as they are, and names that are neither called nor members of something. */
const WORDS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w`.>$@])[A-Za-z_]\w*(?![\w(`])/g

/** The expression of D's text for a condition on the probes of `scope`. Throws `DiagnosticError`
 *  with the compiler's findings, `XpvError` `query.predicate` when the text is more than one
 *  expression, or uses variables, which a query has none of. */
export function compilePredicate(host: QueryHost, scope: Scope, text: string): Expr {
  const { spec } = scope
  const program = host.compile(`${spec}\n/${inD(text, scope)}/\n{\n}\n`)
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

function inD(text: string, scope: Scope): string {
  return text.replaceAll(WORDS, (word) => {
    const index = BUILTINS.has(word) ? undefined : scope.argIndex(word)
    return index === undefined ? word : `args[${index}]`
  })
}
