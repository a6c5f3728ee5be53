// Inlines: `inline int N = 3;`, `inline int sum[int a, int b] = a + b;`.
//
// Source: the D language guide, "Inline Definitions"; libdtrace dt_grammar.y (inline_definition).
import type { Derivation, InlineNode, ParameterNode } from './ast.js'
import { parseDeclarator } from './parse-declarator.js'
import { parseAssignment } from './parse-expression.js'
import { beginsClass, parseSpecifiers } from './parse-type.js'
import type { Token } from './token.js'
import type { TokenStream } from './token-stream.js'

/** Parses what follows the word `inline`. */
export function parseInline(ts: TokenStream, first: Token): InlineNode {
  if (beginsClass(ts)) {
    const message = 'specified storage class not appropriate for inline declaration'
    ts.diagnostics.fail(ts.peek().span, 'D_DECL_BADCLASS', message)
  }
  const specifiers = parseSpecifiers(ts)
  if (ts.at('=') || ts.at(';')) {
    const message = 'inline declaration requires a name'
    ts.diagnostics.fail(ts.peek().span, 'D_DECL_USELESS', message)
  }
  const { name, derivations, span } = parseDeclarator(ts)
  const last = derivations.at(-1)
  const parameters = parametersOf(ts, name, last)
  ts.expect('=')
  const value = parseAssignment(ts)
  ts.expect(';')
  const rest = parameters === undefined ? derivations : derivations.slice(0, -1)
  const type = { specifiers, derivations: rest, span: { ...specifiers.span, end: span.end } }
  return { type, name, parameters, value, span: ts.spanFrom(first.span) }
}

/** The parameters between brackets; undefined when there are no brackets. */
function parametersOf(
  ts: TokenStream,
  name: string,
  last: Derivation | undefined,
): readonly ParameterNode[] | undefined {
  if (last?.kind === 'keys') return last.parameters
  if (last?.kind !== 'array') return undefined
  const message =
    last.dimension === undefined
      ? `inline declaration requires array tuple signature: ${name}`
      : `inline declaration cannot be of scalar array type: ${name}`
  return ts.diagnostics.fail(last.span, 'D_DECL_ARRNULL', message)
}
