// The parser: a source text to its syntax tree. It goes on after a mistake: within a clause at the
// next `;`, else after the clause.
//
// Source: the D language guide, "Program Structure"; libdtrace dt_grammar.y; illumos's if / else.
import type { ClauseNode, SourceFile, SpecNode, StatementNode } from './ast.js'
import { refuseDeep } from './depth.js'
import { Failure } from './diagnostics.js'
import { beginsDeclaration, parseDeclarations } from './parse-declaration.js'
import { parseExpression } from './parse-expression.js'
import type { Token } from './token.js'
import { isMark, type TokenStream } from './token-stream.js'

type Item = SourceFile['items'][number]

/** Parses a whole source. `bare` allows a probe without predicate and body, as on a command
 *  line. */
export function parseSource(ts: TokenStream, bare: boolean): SourceFile {
  const items: Item[] = []
  for (let first = ts.outer(); first.kind !== 'end'; first = ts.outer()) {
    if (ts.diagnostics.isFull) break
    const failed = ts.diagnostics.attempt(() => {
      if (beginsDeclaration(first)) items.push(...parseDeclarations(ts, first))
      else items.push(...parseClauses(ts, first, bare))
    })
    if (failed !== undefined) ts.skipItem()
  }
  return { items: items.filter((item) => refuseDeep(ts.diagnostics, item)) }
}

/** A clause, and the bare ones before it: on a command line `BEGIN END {}` is two clauses. */
function parseClauses(ts: TokenStream, first: Token, bare: boolean): readonly Item[] {
  const items: Item[] = []
  for (let from = first; ; ) {
    const { specs, after } = parseSpecs(ts, from)
    if (isMark(after, '{') || isMark(after, '/'))
      return [...items, parseBody(ts, specs, from, after)]
    if (!bare) {
      const message = 'expected predicate and/or actions following probe description'
      ts.diagnostics.report(from.span, 'D_SYNTAX', message)
    }
    const span = { start: from.span.start, end: (specs.at(-1) ?? from).span.end }
    const clause: ClauseNode = { specs, predicate: undefined, statements: undefined, span }
    items.push({ kind: 'clause', clause })
    if (after.kind === 'end') return items
    from = after
  }
}

/** One or more specifications, and the token after them. */
function parseSpecs(ts: TokenStream, first: Token): { specs: readonly SpecNode[]; after: Token } {
  if (first.kind !== 'spec' && first.kind !== 'int')
    ts.fail(first, 'expected a probe, such as xpv:::dom-create-start')
  const specs: SpecNode[] = [specOf(first)]
  let after = ts.outer()
  while (isMark(after, ',')) {
    const spec = ts.outer()
    if (spec.kind !== 'spec' && spec.kind !== 'int') ts.fail(spec, 'expected a probe after ,')
    specs.push(specOf(spec))
    after = ts.outer()
  }
  return { specs, after }
}

function specOf(token: Token): SpecNode {
  return { text: token.text, span: token.span }
}

function parseBody(ts: TokenStream, specs: readonly SpecNode[], first: Token, open: Token): Item {
  let predicate: ClauseNode['predicate']
  if (isMark(open, '/')) {
    predicate = parsePredicate(ts)
    if (!ts.at('{')) {
      const message = 'expected actions { } following probe description and predicate'
      ts.diagnostics.fail(predicate.span, 'D_SYNTAX', message)
    }
    ts.next()
  }
  const statements = parseBlock(ts)
  const span = ts.spanFrom(first.span)
  return { kind: 'clause', clause: { specs, predicate, statements, span } }
}

function parsePredicate(ts: TokenStream): NonNullable<ClauseNode['predicate']> {
  const predicate = parseExpression(ts)
  const slash = ts.peek()
  if (!isMark(slash, '/')) ts.fail(slash, 'expected / at the end of the predicate')
  ts.next()
  return predicate
}

/** Statements up to the closing brace, which is taken. */
function parseBlock(ts: TokenStream, depth = 0): readonly StatementNode[] {
  const statements: StatementNode[] = []
  for (;;) {
    while (ts.accept(';'));
    if (ts.peek().kind === 'end') ts.fail(ts.peek(), 'expected }')
    if (ts.accept('}')) return statements
    const failed = ts.diagnostics.attempt(() => {
      statements.push(parseStatement(ts, depth))
    })
    if (failed === undefined) continue
    if (ts.diagnostics.isFull) throw new Failure(failed)
    ts.skipStatement()
  }
}

/** One statement with what must follow it: `;`, unless the block ends or it is an if with a
 *  block. */
function parseStatement(ts: TokenStream, depth: number): StatementNode {
  if (ts.at('if')) return parseIf(ts, depth)
  const expr = parseExpression(ts)
  const token = ts.peek()
  if (!isMark(token, ';') && !isMark(token, '}')) ts.fail(token, 'expected ; or }')
  return { kind: 'expr', expr, span: expr.span }
}

function parseIf(ts: TokenStream, depth: number): StatementNode {
  const start = ts.next().span
  if (depth > 100) ts.fail(ts.peek(), 'if and else are nested too deeply')
  ts.expect('(')
  const test = parseExpression(ts)
  ts.expect(')')
  const then = parseBranch(ts, depth)
  if (isMark(ts.peek(), ';') && ts.peek(1).kind === 'word' && ts.peek(1).text === 'else') ts.next()
  const otherwise = ts.accept('else') ? parseBranch(ts, depth) : []
  return { kind: 'if', test, then, else: otherwise, span: ts.spanFrom(start) }
}

function parseBranch(ts: TokenStream, depth: number): readonly StatementNode[] {
  if (ts.accept('{')) return parseBlock(ts, depth + 1)
  if (ts.at(';')) return []
  return [parseStatement(ts, depth + 1)]
}
