// Declarations of the outer scope: `int x;`, `self string s, t;`, `int a[string, int];`,
// `typedef struct point { int x, y; } point_t;`, `enum { A, B };`.
//
// Holds: a typedef's name is a type for all that is read after it.
// Source: the D language guide, "Variables", "Type and Constant Definitions"; libdtrace
// dt_grammar.y, dt_decl.c.
import type { DeclarationNode, SourceFile, Specifiers, StorageClass } from './ast.js'
import { parseDeclarator } from './parse-declarator.js'
import { parseInline } from './parse-inline.js'
import { parseProvider, parseTranslator } from './parse-translator.js'
import { parseDeclarationSpecifiers } from './parse-type.js'
import type { Token } from './token.js'
import type { TokenStream } from './token-stream.js'

type Item = SourceFile['items'][number]

/** Whether a token of the outer scope begins a declaration. */
export function beginsDeclaration(token: Token): boolean {
  return token.kind === 'word'
}

/** Parses the declaration that `first`, a word of the outer scope, begins. */
export function parseDeclarations(ts: TokenStream, first: Token): readonly Item[] {
  const word = first.text
  if (word === 'inline') return [{ kind: 'inline', inline: parseInline(ts, first) }]
  if (word === 'translator') return [{ kind: 'translator', translator: parseTranslator(ts, first) }]
  if (word === 'provider') return [{ kind: 'provider', provider: parseProvider(ts, first) }]
  ts.putBack(first)
  return parseVariables(ts).map((declaration) => ({ kind: 'declaration', declaration }))
}

function parseVariables(ts: TokenStream): readonly DeclarationNode[] {
  const { storage, specifiers } = parseDeclarationSpecifiers(ts)
  if (ts.accept(';')) return [nameless(storage, specifiers)]
  const declarations = [parseVariable(ts, storage, specifiers)]
  while (ts.accept(',')) declarations.push(parseVariable(ts, storage, specifiers))
  ts.expect(';', 'expected ; after the declaration')
  return declarations
}

function nameless(storage: StorageClass | undefined, specifiers: Specifiers): DeclarationNode {
  const { span } = specifiers
  return { storage, type: { specifiers, derivations: [], span }, name: undefined, span }
}

function parseVariable(
  ts: TokenStream,
  storage: StorageClass | undefined,
  specifiers: Specifiers,
): DeclarationNode {
  const { name, derivations, span } = parseDeclarator(ts)
  if (storage === 'typedef') ts.typedefs.add(name)
  const type = { specifiers, derivations, span: { ...specifiers.span, end: span.end } }
  return { storage, type, name, span }
}
