// Declarations of the outer scope: `int x;`, `self string s, t;`, `int a[string, int];`, `inline
// int N = 3;`.
//
// Typedefs, structures, translators and providers are recognised and refused.
// Source: the D language guide, "Variables"; libdtrace dt_grammar.y, dt_decl.c.
import type { DeclarationNode, SourceFile, TypeName } from './ast.js'
import { parseAssignment } from './parse-expression.js'
import {
  beginsType,
  parsePointers,
  parseSpecifiers,
  parseTypeName,
  withPointers,
} from './parse-type.js'
import { DECLARATION_WORDS, KEYWORDS, type Token } from './token.js'
import type { TokenStream } from './token-stream.js'

type Item = SourceFile['items'][number]
type Storage = DeclarationNode['storage']

const CLASSES: ReadonlySet<string> = new Set(
  'auto register static extern typedef self this'.split(' '),
)
const INAPPROPRIATE: ReadonlySet<string> = new Set(['auto', 'register', 'static'])

/** Whether a token of the outer scope begins a declaration. */
export function beginsDeclaration(token: Token): boolean {
  return token.kind === 'word'
}

/** Parses the declaration that `first`, a word of the outer scope, begins. */
export function parseDeclarations(ts: TokenStream, first: Token): readonly Item[] {
  const word = first.text
  if (word === 'inline') return [parseInline(ts, first)]
  if (word === 'translator' || word === 'provider' || word === 'typedef' || word === 'extern')
    ts.diagnostics.refuse(first.span, `${word} is not part of D as xpv runs it yet`)
  if (INAPPROPRIATE.has(word)) {
    const message = 'specified storage class not appropriate in D'
    ts.diagnostics.fail(first.span, 'D_DECL_BADCLASS', message)
  }
  const storage = word === 'self' || word === 'this' ? word : 'global'
  if (storage === 'global') ts.putBack(first)
  const type = parseDeclaredType(ts, first)
  if (ts.at(';')) {
    if (type.base === undefined)
      ts.diagnostics.refuse(type.span, `type ${type.written} is not part of D as xpv runs it yet`)
    ts.diagnostics.fail(type.span, 'D_DECL_USELESS', 'useless declaration')
  }
  const items = [parseDeclarator(ts, storage, type)]
  while (ts.accept(',')) items.push(parseDeclarator(ts, storage, type))
  ts.expect(';', 'expected ; after the declaration')
  return items
}

/** The specifiers, with a second storage class refused. */
function parseDeclaredType(ts: TokenStream, first: Token): TypeName {
  const token = ts.peek()
  if (token.kind === 'word' && CLASSES.has(token.name) && token.span.start !== first.span.start) {
    const message = 'only one storage class allowed in a declaration'
    ts.diagnostics.fail(token.span, 'D_DECL_CLASS', message)
  }
  return parseSpecifiers(ts, first.text === 'self' || first.text === 'this')
}

function parseDeclarator(ts: TokenStream, storage: Storage, specifiers: TypeName): Item {
  const type = withPointers(specifiers, parsePointers(ts), ts)
  const token = ts.peek()
  if (token.kind === 'word' && (KEYWORDS.has(token.name) || DECLARATION_WORDS.has(token.name)))
    ts.fail(token, `${token.name} is a reserved word`)
  const { name, span } = ts.expectName('expected the name of a variable')
  if (name.includes('`')) {
    const message = `D scoping operator may not be used in a declaration name (${name})`
    ts.diagnostics.fail(span, 'D_DECL_SCOPE', message)
  }
  const subscript = ts.accept('[') ? parseSubscript(ts) : {}
  const plain = { storage, type, name, span: ts.spanFrom(span) }
  const declaration = { keys: undefined, dimension: undefined, ...plain, ...subscript }
  return { kind: 'declaration', declaration }
}

type Subscript = Pick<DeclarationNode, 'keys'> | Pick<DeclarationNode, 'dimension'>

/** What stands between brackets: key types of an associative array, or the length of a plain one.
 *  */
function parseSubscript(ts: TokenStream): Subscript {
  if (ts.accept(']')) return { dimension: 'missing' }
  if (!beginsType(ts.peek())) {
    checkParameterClass(ts)
    const dimension = parseAssignment(ts)
    ts.expect(']')
    return { dimension }
  }
  const keys = [parseKeyType(ts)]
  while (ts.accept(',')) keys.push(parseKeyType(ts))
  ts.expect(']', 'expected , or ]')
  return { keys }
}

function parseKeyType(ts: TokenStream): TypeName {
  checkParameterClass(ts)
  const type = parseTypeName(ts)
  const token = ts.peek()
  if (token.kind === 'word' && !KEYWORDS.has(token.name)) ts.next()
  return type
}

function checkParameterClass(ts: TokenStream): void {
  const token = ts.peek()
  if (token.kind !== 'word' || !CLASSES.has(token.name)) return
  const message = 'inappropriate storage class for function or associative array parameter'
  ts.diagnostics.fail(token.span, 'D_DECL_PARMCLASS', message)
}

function parseInline(ts: TokenStream, first: Token): Item {
  const token = ts.peek()
  if (token.kind === 'word' && CLASSES.has(token.name)) {
    const message = 'specified storage class not appropriate for inline declaration'
    ts.diagnostics.fail(token.span, 'D_DECL_BADCLASS', message)
  }
  const specifiers = parseSpecifiers(ts)
  const type = withPointers(specifiers, parsePointers(ts), ts)
  if (ts.at('=') || ts.at(';')) {
    const message = 'inline declaration requires a name'
    ts.diagnostics.fail(ts.peek().span, 'D_DECL_USELESS', message)
  }
  const { name } = ts.expectName()
  if (ts.at('['))
    ts.diagnostics.refuse(ts.peek().span, 'inline arrays are not part of D as xpv runs it yet')
  ts.expect('=')
  const value = parseAssignment(ts)
  ts.expect(';')
  return { kind: 'inline', inline: { type, name, value, span: ts.spanFrom(first.span) } }
}
