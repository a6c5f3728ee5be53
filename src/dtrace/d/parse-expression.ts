// Expressions: precedence climbing over D's operators.
//
//   loosest    ,    = += -= ...    ?:    ||    ^^    &&    |    ^    &    == !=    < <= > >=
//              << >>    + -    * / %    ! ~ ++ -- + - * & sizeof stringof (cast)
//   tightest   () [] -> . ++ --
//
// Source: the D language guide, "Operator Precedence"; libdtrace dt_grammar.y.
import { BINARY_LEVELS, type BinaryOp } from '../program/precedence.js'
import type { AssignOp, CallNode, Node, PrefixOp } from './ast.js'
import { beginsType, parseTypeName } from './parse-type.js'
import { KEYWORDS, type Token } from './token.js'
import type { TokenStream } from './token-stream.js'

const LEVEL: ReadonlyMap<string, number> = new Map(
  BINARY_LEVELS.flatMap((ops, level) => ops.map((op): [string, number] => [op, level])),
)
const ASSIGNS: ReadonlySet<string> = new Set('= += -= *= /= %= &= ^= |= <<= >>='.split(' '))
const PREFIXES: ReadonlySet<string> = new Set('- + ! ~ * & ++ --'.split(' '))
/** Deeper than any sensible program, shallow enough for the stack of every consumer of the tree. */
const MAX_DEPTH = 200

/** Parses an expression, commas included. */
export function parseExpression(ts: TokenStream, depth = 0): Node {
  let left = parseAssignment(ts, depth)
  while (ts.accept(',')) {
    const right = parseAssignment(ts, depth)
    left = { kind: 'comma', left, right, span: ts.spanFrom(left.span) }
  }
  return left
}

/** Parses an expression without commas: an argument, a key. */
export function parseAssignment(ts: TokenStream, depth = 0): Node {
  if (depth > MAX_DEPTH) ts.fail(ts.peek(), 'the expression is nested too deeply')
  const target = parseConditional(ts, depth)
  const token = ts.peek()
  if (token.kind !== 'mark' || !ASSIGNS.has(token.mark)) return target
  if (['binary', 'conditional', 'cast'].includes(target.kind))
    ts.fail(token, 'only a variable can be assigned to')
  ts.next()
  const value = parseAssignment(ts, depth + 1)
  return {
    kind: 'assign',
    op: token.mark as AssignOp,
    target,
    value,
    span: ts.spanFrom(target.span),
  }
}

/** Parses an expression without commas and assignments: a dimension, a width. */
export function parseConditional(ts: TokenStream, depth = 0): Node {
  const test = parseBinary(ts, 0, depth)
  if (!ts.accept('?')) return test
  const then = parseExpression(ts, depth + 1)
  ts.expect(':')
  if (depth > MAX_DEPTH) ts.fail(ts.peek(), 'the expression is nested too deeply')
  const otherwise = parseConditional(ts, depth + 1)
  return { kind: 'conditional', test, then, else: otherwise, span: ts.spanFrom(test.span) }
}

function parseBinary(ts: TokenStream, level: number, depth: number): Node {
  let left = parseCast(ts, depth)
  let nested = 0
  for (;;) {
    const token = ts.peek()
    const found = token.kind === 'mark' && !token.closes ? LEVEL.get(token.mark) : undefined
    if (token.kind !== 'mark' || found === undefined || found < level) return left
    if (nested++ > MAX_DEPTH * 5) ts.fail(token, 'the expression has too many terms')
    ts.next()
    const right = parseBinary(ts, found + 1, depth)
    const op = token.mark as BinaryOp
    left = { kind: 'binary', op, left, right, span: ts.spanFrom(left.span) }
  }
}

function parseCast(ts: TokenStream, depth: number): Node {
  if (!ts.at('(') || !beginsType(ts, 1)) return parseUnary(ts, depth)
  const open = ts.next()
  if (depth > MAX_DEPTH) ts.fail(ts.peek(), 'the expression is nested too deeply')
  const type = parseTypeName(ts)
  ts.expect(')')
  const operand = parseCast(ts, depth + 1)
  return { kind: 'cast', type, operand, span: ts.spanFrom(open.span) }
}

function parseUnary(ts: TokenStream, depth: number): Node {
  const token = ts.peek()
  if (depth > MAX_DEPTH) ts.fail(token, 'the expression is nested too deeply')
  if (token.kind === 'mark' && PREFIXES.has(token.mark)) {
    ts.next()
    const op = token.mark as PrefixOp
    const operand =
      op === '++' || op === '--' ? parseUnary(ts, depth + 1) : parseCast(ts, depth + 1)
    return { kind: 'prefix', op, operand, span: ts.spanFrom(token.span) }
  }
  if (token.kind !== 'word') return parsePostfix(ts, depth)
  if (token.name === 'sizeof') return parseSizeof(ts, token, depth)
  if (token.name === 'stringof') {
    ts.next()
    const operand = parseUnary(ts, depth + 1)
    return { kind: 'prefix', op: 'stringof', operand, span: ts.spanFrom(token.span) }
  }
  return parsePostfix(ts, depth)
}

function parseSizeof(ts: TokenStream, token: Token, depth: number): Node {
  ts.next()
  if (ts.at('(') && beginsType(ts, 1)) {
    ts.next()
    const type = parseTypeName(ts)
    ts.expect(')')
    return { kind: 'sizeof-type', type, span: ts.spanFrom(token.span) }
  }
  const operand = parseUnary(ts, depth + 1)
  return { kind: 'prefix', op: 'sizeof', operand, span: ts.spanFrom(token.span) }
}

function parsePostfix(ts: TokenStream, depth: number): Node {
  let node = parsePrimary(ts, depth)
  for (;;) {
    const base = node
    if (ts.accept('[')) {
      const keys = parseList(ts, ']', depth)
      node = { kind: 'index', base, keys, span: ts.spanFrom(base.span) }
    } else if (ts.at('(')) node = parseCall(ts, base, depth)
    else if (ts.at('.') || ts.at('->')) {
      const op = ts.next().text === '.' ? '.' : '->'
      const { name } = ts.expectName('expected the name of a member')
      node = { kind: 'member', op, base, member: name, span: ts.spanFrom(base.span) }
    } else if (ts.at('++') || ts.at('--')) {
      const op = ts.next().text === '++' ? '++' : '--'
      node = { kind: 'postfix', op, operand: base, span: ts.spanFrom(base.span) }
    } else return node
  }
}

function parseCall(ts: TokenStream, callee: Node, depth: number): CallNode {
  if (designated(callee).kind !== 'name') {
    const message = 'function designator is not of function type'
    ts.diagnostics.fail(callee.span, 'D_FUNC_IDENT', message)
  }
  ts.next()
  const args = ts.accept(')') ? [] : parseList(ts, ')', depth)
  return { kind: 'call', callee, args, span: ts.spanFrom(callee.span) }
}

const designated = (callee: Node): Node =>
  callee.kind === 'group' ? designated(callee.inner) : callee

/** One or more expressions and the mark that closes them. */
function parseList(ts: TokenStream, close: string, depth: number): readonly Node[] {
  const items = [parseAssignment(ts, depth + 1)]
  while (ts.accept(',')) items.push(parseAssignment(ts, depth + 1))
  ts.expect(close, `expected , or ${close}`)
  return items
}

function parsePrimary(ts: TokenStream, depth: number): Node {
  const token = ts.peek()
  switch (token.kind) {
    case 'int': {
      ts.next()
      const { value, decimal, suffix, span } = token
      const int: Node = { kind: 'int', value, decimal, suffix, span }
      return token.sign === undefined ? int : { kind: 'prefix', op: token.sign, operand: int, span }
    }
    case 'string':
      ts.next()
      return { kind: 'string', value: token.value, span: token.span }
    case 'aggregation':
      ts.next()
      return { kind: 'aggregation', name: token.name, span: token.span }
    case 'word':
      return parseWord(ts, token)
    case 'mark':
      if (token.mark === '(') return parseGroup(ts, depth)
      return ts.fail(token, 'expected an expression')
    default:
      return ts.fail(token, 'expected an expression')
  }
}

function parseGroup(ts: TokenStream, depth: number): Node {
  const open = ts.next()
  const inner = parseExpression(ts, depth + 1)
  const token = ts.peek()
  if (inner.kind === 'name' && (token.kind === 'word' || token.kind === 'int'))
    ts.fail(token, `${inner.name} is not a type that D knows`)
  ts.expect(')')
  return { kind: 'group', inner, span: ts.spanFrom(open.span) }
}

function parseWord(ts: TokenStream, token: Token & { kind: 'word' }): Node {
  const { name, span } = token
  if (name === 'xlate') return parseXlate(ts)
  if (name === 'offsetof') return parseOffsetof(ts)
  if (KEYWORDS.has(name) && name !== 'self' && name !== 'this')
    ts.fail(token, `${name} is a reserved word`)
  ts.next()
  return { kind: 'name', name, span }
}

/** `xlate <T> (e)` */
function parseXlate(ts: TokenStream): Node {
  const start = ts.next().span
  ts.expect('<')
  const type = parseTypeName(ts)
  ts.expect('>')
  ts.expect('(')
  const operand = parseExpression(ts)
  ts.expect(')')
  return { kind: 'xlate', type, operand, span: ts.spanFrom(start) }
}

/** `offsetof(TYPE, member)` */
function parseOffsetof(ts: TokenStream): Node {
  const start = ts.next().span
  ts.expect('(')
  const type = parseTypeName(ts)
  ts.expect(',')
  const { name } = ts.expectName('expected the name of a member')
  ts.expect(')')
  return { kind: 'offsetof', type, member: name, span: ts.spanFrom(start) }
}
