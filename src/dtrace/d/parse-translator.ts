// Translators, and providers as programs declare them.
//
//   translator conninfo_t < struct conn *c > { local = c->c_port; };
//   provider web { probe hit(struct conn *c) : (conninfo_t *c); };
//
// Source: the D language guide, "Translators", "Statically Defined Tracing for User Applications";
// libdtrace dt_grammar.y (translator_definition, provider_definition).
import type {
  ProviderNode,
  ProviderProbeNode,
  TranslatorMemberNode,
  TranslatorNode,
} from './ast.js'
import { parseParameters } from './parse-declarator.js'
import { parseAssignment } from './parse-expression.js'
import { parseTypeName } from './parse-type.js'
import { KEYWORDS, type Token } from './token.js'
import type { TokenStream } from './token-stream.js'

/** Parses what follows the word `translator`. */
export function parseTranslator(ts: TokenStream, first: Token): TranslatorNode {
  const output = parseTypeName(ts)
  ts.expect('<', 'expected < and the input type')
  const input = parseTypeName(ts)
  const name = expectIdentifier(ts, 'expected a name for the input')
  ts.expect('>')
  ts.expect('{')
  const members: TranslatorMemberNode[] = []
  while (!ts.accept('}')) members.push(parseMember(ts))
  ts.expect(';', 'expected ; after the translator')
  return { output, input, name, members, span: ts.spanFrom(first.span) }
}

function parseMember(ts: TokenStream): TranslatorMemberNode {
  const start = ts.peek().span
  const name = expectIdentifier(ts, 'expected a member of the output type')
  ts.expect('=')
  const value = parseAssignment(ts)
  ts.expect(';')
  return { name, value, span: ts.spanFrom(start) }
}

/** Parses what follows the word `provider`. */
export function parseProvider(ts: TokenStream, first: Token): ProviderNode {
  const name = expectIdentifier(ts, 'expected the name of the provider')
  ts.expect('{')
  const probes: ProviderProbeNode[] = []
  while (!ts.accept('}')) probes.push(parseProbe(ts))
  ts.expect(';', 'expected ; after the provider')
  return { name, probes, span: ts.spanFrom(first.span) }
}

function parseProbe(ts: TokenStream): ProviderProbeNode {
  const start = ts.peek().span
  ts.expect('probe')
  const name = expectIdentifier(ts, 'expected the name of the probe')
  ts.expect('(')
  const native = parseParameters(ts, ')').parameters
  let translated = native
  if (ts.accept(':')) {
    ts.expect('(')
    translated = parseParameters(ts, ')').parameters
  }
  ts.expect(';')
  return { name, native, translated, span: ts.spanFrom(start) }
}

function expectIdentifier(ts: TokenStream, hint: string): string {
  const token = ts.peek()
  if (token.kind === 'word' && KEYWORDS.has(token.name)) ts.fail(token, hint)
  return ts.expectName(hint).name
}
