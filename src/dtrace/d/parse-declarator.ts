// Declarators: what stands around a name, and turns the type before it into a pointer, an array, an
// associative array or a function.
//
//   int (*x)[5]   ->  x: pointer to array of 5 of int      derivations: [array 5, pointer]
//   int *x[3][5]  ->  x: array of 3 of array of 5 of int * derivations: [pointer, array 5, array 3]
//
// Source: libdtrace dt_grammar.y (declarator, abstract_declarator), dt_decl.c.
import type { Span } from '../../base/span.js'
import type { Derivation, ParameterNode } from './ast.js'
import { parseConditional } from './parse-expression.js'
import { beginsClass, beginsType, isQualifier, parseDeclarationSpecifiers } from './parse-type.js'
import { DECLARATION_WORDS, KEYWORDS } from './token.js'
import type { TokenStream } from './token-stream.js'

/** A declared name with what its declarator makes of the type before it, in the order in which that
 *  happens. */
export interface Declarator {
  readonly name: string
  readonly derivations: readonly Derivation[]
  readonly span: Span
}

interface Loose {
  readonly name?: { readonly name: string; readonly span: Span }
  readonly derivations: readonly Derivation[]
}

type NameRule = 'required' | 'optional' | 'forbidden'

/** Deeper than any sensible declarator, shallow enough for the stack. */
const MAX_DEPTH = 100

/** Parses a declarator, which must have a name. */
export function parseDeclarator(ts: TokenStream): Declarator {
  const start = ts.peek().span
  const { name, derivations } = parse(ts, 'required', 0)
  if (name === undefined) return ts.fail(ts.peek(), 'expected a name')
  return { name: name.name, derivations, span: ts.spanFrom(start) }
}

/** Parses a declarator without a name: that of a cast, of sizeof. */
export function parseAbstractDeclarator(ts: TokenStream): readonly Derivation[] {
  return parse(ts, 'forbidden', 0).derivations
}

/** Parses a parameter of a function, a probe, an inline, or a key of an associative array. */
function parseParameter(ts: TokenStream): ParameterNode {
  const start = ts.peek()
  const { storage, specifiers } = parseDeclarationSpecifiers(ts)
  if (storage !== undefined && storage !== 'register') {
    const message = 'inappropriate storage class for function or associative array parameter'
    ts.diagnostics.fail(start.span, 'D_DECL_PARMCLASS', message)
  }
  const { name, derivations } = parse(ts, 'optional', 0)
  const span = ts.spanFrom(start.span)
  return { type: { specifiers, derivations, span }, name: name?.name, span }
}

function parse(ts: TokenStream, rule: NameRule, depth: number): Loose {
  if (depth > MAX_DEPTH) ts.fail(ts.peek(), 'the declarator is nested too deeply')
  const pointers = parsePointers(ts)
  const inner = parseDirect(ts, rule, depth)
  const suffixes: Derivation[] = []
  while (ts.at('[') || ts.at('(')) suffixes.push(ts.at('[') ? parseArray(ts) : parseFunction(ts))
  const derivations = [...pointers, ...suffixes.reverse(), ...inner.derivations]
  return { ...inner, derivations }
}

function parsePointers(ts: TokenStream): readonly Derivation[] {
  const pointers: Derivation[] = []
  while (ts.at('*')) {
    pointers.push({ kind: 'pointer', span: ts.next().span })
    for (let token = ts.peek(); token.kind === 'word' && isQualifier(token.name); ) {
      ts.next()
      token = ts.peek()
    }
  }
  return pointers
}

/** A name, a declarator in parentheses, or nothing. */
function parseDirect(ts: TokenStream, rule: NameRule, depth: number): Loose {
  if (ts.at('(') && (rule === 'required' || opensDeclarator(ts, rule))) {
    ts.next()
    const inner = parse(ts, rule, depth + 1)
    ts.expect(')')
    return inner
  }
  const token = ts.peek()
  if (rule === 'forbidden' || token.kind !== 'word') {
    if (rule === 'required') ts.fail(token, 'expected a name')
    return { derivations: [] }
  }
  if (KEYWORDS.has(token.name) || DECLARATION_WORDS.has(token.name)) {
    if (rule === 'optional') return { derivations: [] }
    ts.fail(token, `${token.name} is a reserved word`)
  }
  return { name: ts.expectName(), derivations: [] }
}

/** Whether a parenthesis holds a declarator, not the parameters of a function. */
function opensDeclarator(ts: TokenStream, rule: NameRule): boolean {
  const token = ts.peek(1)
  if (token.kind === 'mark') return ['*', '(', '['].includes(token.mark)
  return rule === 'optional' && token.kind === 'word' && !beginsType(ts, 1)
}

function parseArray(ts: TokenStream): Derivation {
  const open = ts.next().span
  if (ts.accept(']')) return { kind: 'array', dimension: undefined, span: ts.spanFrom(open) }
  if (beginsType(ts) || beginsClass(ts) || ts.at('...')) {
    const { parameters, variadic } = parseParameters(ts, ']')
    return { kind: 'keys', parameters, variadic, span: ts.spanFrom(open) }
  }
  const dimension = parseConditional(ts)
  ts.expect(']')
  return { kind: 'array', dimension, span: ts.spanFrom(open) }
}

function parseFunction(ts: TokenStream): Derivation {
  const open = ts.next().span
  const { parameters, variadic } = parseParameters(ts, ')')
  return { kind: 'function', parameters, variadic, span: ts.spanFrom(open) }
}

/** Parameters and the mark that closes them. */
export function parseParameters(
  ts: TokenStream,
  close: ']' | ')',
): { readonly parameters: readonly ParameterNode[]; readonly variadic: boolean } {
  const parameters: ParameterNode[] = []
  if (ts.accept(close)) return { parameters, variadic: false }
  let variadic = false
  do {
    variadic = ts.accept('...')
    if (!variadic) parameters.push(parseParameter(ts))
  } while (!variadic && ts.accept(','))
  ts.expect(close, `expected , or ${close}`)
  return { parameters, variadic }
}
