// Parsing of expressions: constraints, arguments, instances, values of properties.
//
//   payloadprop("syndrome") & 1 == 0 ? setserdincrement(4) : 1
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/escparse.y (expr, cexpr, func, parg, nvexpr,
// norkexpr) and its precedences.
import { nearest } from '../../base/nearest.js'
import { parseClassAt, parseName, parsePath } from './parse-path.js'
import { shown, type Token } from './token.js'
import type { TokenStream } from './token-stream.js'
import { type CallExpression, type Expression, OPERATORS, type Operator } from './tree.js'
import { UNIT_NS } from './units.js'
import { PATH_FUNCTIONS } from './words.js'

const MOST_NUMBER = (1n << 64n) - 1n
const CALL_WORDS: readonly string[] = [...PATH_FUNCTIONS, 'asru', 'fru', 'count']

/** An expression, or a time by itself. */
export function parseExpression(ts: TokenStream): Expression {
  const isTime = ts.peek().kind === 'number' && ts.peek(1).kind === 'word'
  if (isTime && !ts.atWord('div', 1)) return parseTime(ts)
  return ts.nested(() => parseAssignment(ts))
}

/** `72h`. */
function parseTime(ts: TokenStream): Expression {
  const from = ts.peek().place
  const count = parseNumber(ts)
  const unit = ts.next()
  if (!UNIT_NS.has(unit.text)) {
    const near = nearest(unit.text, [...UNIT_NS.keys()])
    const hint = near === undefined ? 'such as 5s, 10ms, 72h' : `did you mean ${near}?`
    const message = `${unit.text} is no unit of time`
    ts.diagnostics.error(unit.place, 'esc.unknown-unit', message, hint)
  }
  return { kind: 'time', count, unit: unit.text, at: ts.since(from) }
}

function parseNumber(ts: TokenStream): bigint {
  const { text, place, fault } = ts.next()
  if (fault !== undefined) return 0n
  const value = BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text)
  if (value <= MOST_NUMBER) return value
  ts.diagnostics.error(place, 'esc.bad-number', `${text} has more than 64 bits`)
  return MOST_NUMBER
}

function parseAssignment(ts: TokenStream): Expression {
  const left = parseConditional(ts)
  if (!ts.at('=')) return left
  const mark = ts.next()
  const right = ts.nested(() => parseAssignment(ts))
  if (left.kind !== 'global') {
    const hint = 'compare with ==; assign to a global, such as $a = 1'
    const message = 'only a global can be assigned to'
    ts.diagnostics.error(mark.place, 'esc.assigned', message, hint)
  }
  return { kind: 'binary', operator: '=', left, right, at: ts.since(left.at) }
}

function parseConditional(ts: TokenStream): Expression {
  const condition = parseBinary(ts, 1)
  if (!ts.take('?')) return condition
  const then = parseBinary(ts, 1)
  const otherwise = ts.take(':') ? parseBinary(ts, 1) : undefined
  if (ts.at('?') || ts.at(':')) {
    const message = 'of two conditions in a row it is not said which belongs to which'
    ts.fail(message, 'put one of them in parentheses', 'esc.ambiguous-condition')
  }
  return { kind: 'conditional', condition, then, otherwise, at: ts.since(condition.at) }
}

function parseBinary(ts: TokenStream, level: number): Expression {
  const operators = OPERATORS[level] as readonly string[] | undefined
  if (operators === undefined) return parseUnary(ts)
  let left = parseBinary(ts, level + 1)
  for (;;) {
    const operator = operatorAt(ts, operators)
    if (operator === undefined) return left
    ts.next()
    ts.part()
    const right = parseBinary(ts, level + 1)
    left = { kind: 'binary', operator, left, right, at: ts.since(left.at) }
  }
}

function operatorAt(ts: TokenStream, operators: readonly string[]): Operator | undefined {
  const token = ts.peek()
  const isOperator = token.kind === 'mark' || (token.kind === 'word' && token.text === 'div')
  return isOperator && operators.includes(token.text) ? (token.text as Operator) : undefined
}

function parseUnary(ts: TokenStream): Expression {
  const token = ts.peek()
  if (!ts.at('!') && !ts.at('~')) return parsePrimary(ts)
  ts.next()
  const operator = token.text === '!' ? '!' : '~'
  const operand = ts.nested(() => parseUnary(ts))
  return { kind: 'unary', operator, operand, at: ts.since(token.place) }
}

function parsePrimary(ts: TokenStream): Expression {
  ts.part()
  const token = ts.peek()
  if (token.kind === 'number') return parsePlainNumber(ts)
  if (token.kind === 'string') return parseString(ts)
  if (ts.at('$')) return parseGlobal(ts)
  if (ts.take('(')) {
    const inner = ts.nested(() => parseAssignment(ts))
    ts.expect(')', 'what is in parentheses')
    return inner
  }
  if (token.kind !== 'word') return ts.fail(`expected a value, not ${shown(token)}`)
  if (ts.at('(', 1)) return parseCall(ts)
  const name = parseName(ts, 'a value')
  return { kind: 'name', name, at: token.place }
}

function parsePlainNumber(ts: TokenStream): Expression {
  const { place, kind } = ts.peek()
  if (kind !== 'number') ts.fail(`expected a number, not ${shown(ts.peek())}`)
  const value = parseNumber(ts)
  if (ts.peek().kind === 'word' && UNIT_NS.has(ts.peek().text))
    ts.fail('a time stands by itself: nothing is computed with it', 'within(5s)')
  return { kind: 'number', value, at: place }
}

function parseString(ts: TokenStream): Expression {
  const { text, place } = ts.next()
  return { kind: 'string', text, at: place }
}

function parseGlobal(ts: TokenStream): Expression {
  const from = ts.next().place
  const name = parseName(ts, 'the name of a global')
  return { kind: 'global', name, at: ts.since(from) }
}

/** A call. The arguments of some functions are paths, of count() a class. */
function parseCall(ts: TokenStream): CallExpression {
  return ts.nested(() => {
    const word = ts.next()
    ts.expect('(', word.text)
    const args = parseArguments(ts, word)
    ts.expect(')', `the arguments of ${word.text}`)
    return { kind: 'call', name: word.text, args, at: ts.since(word.place) }
  })
}

function parseArguments(ts: TokenStream, { text, place }: Token): readonly Expression[] {
  if (ts.at(')')) return []
  if (text === 'asru' || text === 'fru') return [pathArgument(ts)]
  if (text === 'count') return [classArgument(ts)]
  if (text === 'div' || STATEMENTS.includes(text))
    return ts.diagnostics.fail(place, 'esc.reserved-word', `${text} is no function`)
  const read = PATH_FUNCTIONS.includes(text) ? parsePathFunctionArgument : parseExpression
  const args = [read(ts)]
  while (ts.take(',')) args.push(read(ts))
  return args
}

const STATEMENTS: readonly string[] = ['event', 'engine', 'prop', 'mask', 'config', 'if']

function parsePathFunctionArgument(ts: TokenStream): Expression {
  if (ts.peek().kind === 'string') return parseString(ts)
  return ts.at('(', 1) ? parseCall(ts) : pathArgument(ts)
}

function pathArgument(ts: TokenStream): Expression {
  const path = parsePath(ts)
  return { kind: 'path', path, at: path.at }
}

function classArgument(ts: TokenStream): Expression {
  const of = parseClassAt(ts)
  return { kind: 'class', of, at: of.at }
}

/** The value of a property: a number or arithmetic of numbers, a time, a class, a path, ... */
export function parseValue(ts: TokenStream): Expression {
  const token = ts.peek()
  if (token.kind === 'number' && ts.peek(1).kind === 'word' && !ts.atWord('div', 1))
    return parseTime(ts)
  if (token.kind === 'number' || ts.at('(')) return parseArithmetic(ts, parsePlainNumber)
  if (token.kind === 'string') return parseString(ts)
  if (ts.at('$')) return parseGlobal(ts)
  if (token.kind !== 'word') return ts.fail(`expected a value, not ${shown(token)}`)
  if (ts.at('(', 1) || CALL_WORDS.includes(token.text)) return parseCall(ts)
  if (!ts.at('.', 1)) return pathArgument(ts)
  return classArgument(ts)
}

/** How many causes or effects an arrow wants, the parentheses taken: numbers, `A`, + - * div %. */
export function parseCount(ts: TokenStream): Expression {
  return parseArithmetic(ts, (inner) => {
    const { place, kind } = inner.peek()
    if (kind === 'number') return parsePlainNumber(inner)
    const name = parseName(inner, 'a count: a number, or A for all')
    return { kind: 'name', name, at: place }
  })
}

type Leaf = (ts: TokenStream) => Expression

function parseArithmetic(ts: TokenStream, leaf: Leaf, level = 9): Expression {
  const operators = OPERATORS[level] as readonly string[] | undefined
  if (operators === undefined) {
    ts.part()
    if (!ts.take('(')) return leaf(ts)
    const inner = ts.nested(() => parseArithmetic(ts, leaf))
    ts.expect(')', 'what is in parentheses')
    return inner
  }
  let left = parseArithmetic(ts, leaf, level + 1)
  for (;;) {
    const operator = operatorAt(ts, operators)
    if (operator === undefined) return left
    ts.next()
    const right = parseArithmetic(ts, leaf, level + 1)
    left = { kind: 'binary', operator, left, right, at: ts.since(left.at) }
  }
}
