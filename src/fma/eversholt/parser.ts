// The parser: tokens to the tree of a file of rules. It goes on after a mistake, at the next
// statement.
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/escparse.y.
import { nearest } from '../../base/nearest.js'
import { parseCount, parseExpression, parseValue } from './parse-expression.js'
import { parseClassAt, parseConfigPath, parseName, parsePath } from './parse-path.js'
import { shown, type Token } from './token.js'
import type { TokenStream } from './token-stream.js'
import type { Arrow, ClassAt, Property, RuleFile, Statement } from './tree.js'
import { STATEMENT_WORDS } from './words.js'

/** Parses a whole file. */
export function parseRules(ts: TokenStream): RuleFile {
  const statements: Statement[] = []
  while (ts.peek().kind !== 'end' && !ts.diagnostics.isFull) {
    if (ts.take(';')) continue
    ts.begin()
    const done = ts.diagnostics.attempt(() => {
      statements.push(parseStatement(ts))
    })
    if (!done) ts.skipStatement()
  }
  return { statements }
}

function parseStatement(ts: TokenStream): Statement {
  const first = ts.peek()
  switch (first.kind === 'word' ? first.text : '') {
    case 'event':
    case 'engine':
      return parseDeclaration(ts, first.text === 'event' ? 'event' : 'engine')
    case 'asru':
    case 'fru':
      return parsePathDeclaration(ts, first.text === 'asru' ? 'asru' : 'fru')
    case 'config':
      return parseConfig(ts)
    case 'prop':
    case 'mask':
      return parsePropagation(ts, first.text === 'prop' ? 'prop' : 'mask')
    case 'if':
      return parseIf(ts)
    default:
      return refuse(ts, first)
  }
}

const COMMENT = 'a comment stands between /* and */'

function refuse(ts: TokenStream, first: Token): never {
  const near = first.kind === 'word' ? nearest(first.text, STATEMENT_WORDS) : undefined
  const isComment = ts.at('#') || (ts.at('/') && ts.at('/', 1))
  const known = isComment ? COMMENT : `it begins with ${STATEMENT_WORDS.join(', ')}`
  const hint = near === undefined ? known : `did you mean ${near}?`
  ts.fail(`expected a statement, not ${shown(first)}`, hint)
}

function parseDeclaration(ts: TokenStream, kind: 'event' | 'engine'): Statement {
  const from = ts.next().place
  const subject = parseClassAt(ts)
  const properties = parseProperties(ts)
  return { kind, subject, properties, at: ts.since(from) }
}

function parsePathDeclaration(ts: TokenStream, kind: 'asru' | 'fru'): Statement {
  const from = ts.next().place
  const path = parsePath(ts)
  const properties = parseProperties(ts)
  return { kind, path, properties, at: ts.since(from) }
}

function parseConfig(ts: TokenStream): Statement {
  const from = ts.next().place
  const parts = parseConfigPath(ts)
  const properties = parseProperties(ts)
  return { kind: 'config', parts, properties, at: ts.since(from) }
}

/** Properties up to the `;`. The first may follow without a comma. */
function parseProperties(ts: TokenStream): readonly Property[] {
  const properties: Property[] = []
  const isProperty = ts.at('=', 1) || ts.at('-', 1)
  if (!ts.take(',') && !isProperty) {
    ts.expect(';', 'the statement')
    return properties
  }
  do properties.push(parseProperty(ts))
  while (ts.take(','))
  ts.expect(';', 'the statement')
  return properties
}

function parseProperty(ts: TokenStream): Property {
  ts.part()
  const from = ts.peek().place
  const isWordOfOurs = ts.atWord('engine') || ts.atWord('count')
  let name = isWordOfOurs ? ts.next().text : parseName(ts, 'a property, or ; before it')
  while (!isWordOfOurs && ts.take('-')) name += `-${parseName(ts, 'the rest of a name')}`
  const at = ts.since(from)
  ts.expect('=', `the property ${name}`)
  return { name, value: parseValue(ts), at }
}

function parsePropagation(ts: TokenStream, kind: 'prop' | 'mask'): Statement {
  const from = ts.next().place
  const causes = parseClasses(ts)
  const arrows = [parseArrow(ts)]
  while (ts.at('(') || ts.at('->')) arrows.push(parseArrow(ts))
  ts.expect(';', 'the statement')
  return { kind, causes, arrows, at: ts.since(from) }
}

function parseClasses(ts: TokenStream): readonly ClassAt[] {
  const classes = [parseClassAt(ts)]
  while (ts.take(',')) classes.push(parseClassAt(ts))
  return classes
}

function parseArrow(ts: TokenStream): Arrow {
  const n = parseCountIn(ts)
  const mark = ts.peek().place
  ts.expect('->', 'the causes')
  const k = parseCountIn(ts)
  return { n, k, effects: parseClasses(ts), at: mark }
}

function parseCountIn(ts: TokenStream): Arrow['n'] {
  if (!ts.take('(')) return undefined
  const count = parseCount(ts)
  ts.expect(')', 'a count')
  return count
}

function parseIf(ts: TokenStream): Statement {
  const from = ts.next().place
  ts.expect('(', 'if')
  const condition = parseExpression(ts)
  ts.expect(')', 'the condition')
  const statements = ts.nested(() => (ts.take('{') ? parseBlock(ts) : parseOne(ts)))
  return { kind: 'if', condition, statements, at: ts.since(from) }
}

function parseOne(ts: TokenStream): readonly Statement[] {
  return ts.take(';') ? [] : [parseStatement(ts)]
}

function parseBlock(ts: TokenStream): readonly Statement[] {
  const statements: Statement[] = []
  while (!ts.take('}')) {
    if (ts.peek().kind === 'end') ts.fail('expected } before the end of the file')
    if (!ts.take(';')) statements.push(parseStatement(ts))
  }
  return statements
}
