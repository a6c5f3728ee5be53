// Expressions as D text: as few parentheses and casts as will be read back as the same tree.
//
//   compare >  (arg0, constant 3 as int64_t)        ->  arg0 > 3
//   compare == (arg0, cast to int64_t of an int x)  ->  arg0 == x
//
// A conversion that the compiler would make anyway is left out; every other one is written as a
// cast.
import { assertNever } from '../../base/assert.js'
import type { Expr, Variable, VariableExpr } from './program.js'
import { quoteString } from './string-literal.js'
import { callableNamed } from './subroutines.js'
import { comparedAs, type IntegerType, promote, sameType, typeNamed } from './type-names.js'
import { type DType, INT, INT64 } from './types.js'

/** Names that an expression refers to by number. */
export interface ExprNames {
  variable(id: number): Variable
}

/** How tightly the outermost operator of a text binds. */
const COMMA = 0
const ASSIGN = 1
const CONDITIONAL = 2
const LOOSEST_BINARY = 3
const PREFIX = 14
const PRIMARY = 15

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['^^'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

interface Text {
  readonly text: string
  readonly level: number
}

/** An expression as a text of its own. */
export function printExpr(expr: Expr, names: ExprNames): string {
  return print(expr, names).text
}

/** Expressions between commas: keys or arguments. */
export function printKeys(keys: readonly Expr[], names: ExprNames): string {
  return keys.map((key) => at(key, ASSIGN, names)).join(', ')
}

/** The expression that becomes `expr` when it is converted to `type`, if it was converted. */
export function stripTo(expr: Expr, type: DType | undefined): Expr {
  if (type === undefined || !sameType(expr.type, type)) return expr
  if (expr.kind === 'cast' && expr.operand.type.kind === type.kind) return expr.operand
  if (expr.kind === 'int') return literal(expr.value)
  return expr
}

/** The constant that a bare decimal literal of this value is. */
function literal(value: bigint): Expr {
  const size = value < 0n ? -value : value
  if (size < 1n << 31n) return { kind: 'int', value, type: INT }
  if (size < 1n << 63n) return { kind: 'int', value, type: typeNamed('long') ?? INT64 }
  return { kind: 'int', value, type: typeNamed('unsigned long') ?? INT64 }
}

function at(expr: Expr, level: number, names: ExprNames): string {
  const { text, level: own } = print(expr, names)
  return own < level ? `(${text})` : text
}

function print(expr: Expr, names: ExprNames): Text {
  switch (expr.kind) {
    case 'int':
      return printInt(expr.value, expr.type)
    case 'string':
      return primary(quoteString(expr.value))
    case 'arg':
      return primary(sameType(expr.type, INT64) ? `arg${expr.index}` : `args[${expr.index}]`)
    case 'builtin':
      return primary(expr.name === 'xdt_timestamp' ? '`xdt_timestamp' : expr.name)
    case 'variable':
      return primary(printVariable(expr, names))
    case 'unary': {
      const operand = at(expr.operand, PREFIX, names)
      const apart = operand.startsWith(expr.op) ? `(${operand})` : operand
      return { text: `${expr.op}${apart}`, level: PREFIX }
    }
    case 'arithmetic':
      return printArithmetic(expr, names)
    case 'compare':
      return printPair(expr, expr.op, names, comparedAs)
    case 'logical':
      return binary(expr.op, expr.left, expr.right, names)
    case 'conditional':
      return printConditional(expr, names)
    case 'cast':
      return { text: `(${expr.type.name})${at(expr.operand, PREFIX, names)}`, level: PREFIX }
    case 'assign': {
      const value = at(stripTo(expr.value, expr.target.type), ASSIGN, names)
      return { text: `${printVariable(expr.target, names)} = ${value}`, level: ASSIGN }
    }
    case 'update':
      return printUpdate(expr, names)
    case 'comma': {
      const text = `${at(expr.left, COMMA, names)}, ${at(expr.right, ASSIGN, names)}`
      return { text, level: COMMA }
    }
    case 'call':
      return primary(printCall(expr, names))
    default:
      return assertNever(expr)
  }
}

const primary = (text: string): Text => ({ text, level: PRIMARY })

const SUFFIXES: Readonly<Record<string, string>> = {
  'unsigned int': 'u',
  long: 'L',
  'unsigned long': 'uL',
  'long long': 'LL',
  'unsigned long long': 'uLL',
}

/** A constant of a type: bare, with a suffix, or with a cast. */
function printInt(value: bigint, type: DType): Text {
  const bare = literal(value)
  const fits = bare.type.name !== 'unsigned long' || value > 0n
  if (fits && sameType(bare.type, type) && bare.type.name !== 'unsigned long') {
    return { text: String(value), level: value < 0n ? PREFIX : PRIMARY }
  }
  const suffix = value < 0n ? undefined : SUFFIXES[type.name]
  if (suffix !== undefined) return primary(`${value}${suffix}`)
  const digits = value < 0n && value > -(1n << 63n) ? String(value) : `${BigInt.asUintN(64, value)}`
  const unsigned = BigInt(digits) >= 1n << 63n ? 'u' : ''
  return { text: `(${type.name})${digits}${unsigned}`, level: PREFIX }
}

function printVariable(expr: VariableExpr, names: ExprNames): string {
  const { scope, name, keys } = names.variable(expr.variable)
  const prefix = scope === 'global' ? '' : `${scope}->`
  if (expr.keys.length === 0) return `${prefix}${name}`
  const plain = expr.keys.map((key, i) => stripTo(key, keys?.[i]))
  return `${prefix}${name}[${printKeys(plain, names)}]`
}

function binary(op: string, left: Expr, right: Expr, names: ExprNames): Text {
  const level = LOOSEST_BINARY + BINARY.findIndex((ops) => ops.includes(op))
  const text = `${at(left, level, names)} ${op} ${at(right, level + 1, names)}`
  return { text, level }
}

function printArithmetic(expr: Expr & { kind: 'arithmetic' }, names: ExprNames): Text {
  const { op } = expr
  if (op === '<<' || op === '>>') return binary(op, expr.left, expr.right, names)
  return printPair(expr, op, names, promote)
}

type Rule = (left: IntegerType, right: IntegerType) => IntegerType

/** Two operands of one type: without their conversions, if the rule leads back to that type. */
function printPair(
  expr: Expr & { kind: 'arithmetic' | 'compare' },
  op: string,
  names: ExprNames,
  rule: Rule,
): Text {
  const [left, right] = bareOperands(expr.left, expr.right, rule)
  return binary(op, left, right, names)
}

/** The operands with as few conversions as the rule restores. */
function bareOperands(left: Expr, right: Expr, rule: Rule): readonly [Expr, Expr] {
  const { type } = left
  const l = stripTo(left, type)
  const r = stripTo(right, type)
  const pairs: readonly (readonly [Expr, Expr])[] = [
    [l, r],
    [l, right],
    [left, r],
  ]
  const restored = pairs.find(([a, b]) => {
    if (a.type.kind !== 'int' || b.type.kind !== 'int' || type.kind !== 'int') return false
    return sameType(rule(a.type, b.type), type)
  })
  return restored ?? [left, right]
}

function printConditional(expr: Expr & { kind: 'conditional' }, names: ExprNames): Text {
  const [then, otherwise] = bareOperands(expr.then, expr.else, promote)
  const test = at(expr.test, LOOSEST_BINARY, names)
  const text = `${test} ? ${at(then, ASSIGN, names)} : ${at(otherwise, CONDITIONAL, names)}`
  return { text, level: CONDITIONAL }
}

function printUpdate(expr: Expr & { kind: 'update' }, names: ExprNames): Text {
  const target = printVariable(expr.target, names)
  if (expr.yields === 'old') return primary(`${target}${expr.op}${expr.op}`)
  const shifts = expr.op === '<<' || expr.op === '>>'
  const value = shifts ? expr.value : stripTo(expr.value, expr.target.type)
  return { text: `${target} ${expr.op}= ${at(value, ASSIGN, names)}`, level: ASSIGN }
}

function printCall(expr: Expr & { kind: 'call' }, names: ExprNames): string {
  const parameters = callableNamed(expr.name)?.parameters ?? []
  const args = expr.args.map((arg, i) => {
    const parameter = parameters[i]
    return parameter?.kind === 'typed' ? stripTo(arg, parameter.type) : arg
  })
  const texts = args.map((arg, i) => {
    const parameter = parameters[i]
    const wantsString = parameter?.kind === 'typed' && parameter.type.kind === 'string'
    return wantsString && arg.kind === 'int' ? 'NULL' : at(arg, ASSIGN, names)
  })
  return `${expr.name}(${texts.join(', ')})`
}
