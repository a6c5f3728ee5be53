// Expressions as D text: as few parentheses and casts as will be read back as the same tree.
//
//   arithmetic * (arithmetic + (arg0, 3), 2)  ->  (arg0 + 3) * 2
//   constant 3 of type uint16_t               ->  (uint16_t)3
//
// A cast is written where the tree has one, but for the arguments of a subroutine, which the
// compiler converts by itself.
import { assertNever } from '../../base/assert.js'
import { cutInteger } from '../../base/int64.js'
import { convert, isNullString, literal } from './build.js'
import { BINARY_LEVELS, type BinaryOp } from './precedence.js'
import type { BuiltinName, Expr, LoadExpr, Target, Variable, VariableExpr } from './program.js'
import { quoteString } from './string-literal.js'
import { callableNamed } from './subroutines.js'
import { distanceOf, memberAt, placeOf, sumOf, unscaled } from './to-d-place.js'
import { printTypeName } from './to-d-type.js'
import { type IntegerType, sameType } from './type-names.js'
import { type DType, INT, INT64, pointerTo } from './types.js'

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
function stripTo(expr: Expr, type: DType): Expr {
  if (!sameType(expr.type, type) || type.kind !== 'int' || type.pointee !== undefined) return expr
  if (expr.kind === 'cast' && expr.operand.type.kind === type.kind) return expr.operand
  if (expr.kind !== 'int') return expr
  const bare = literal(expr.value)
  const again = convert(bare, type)
  return again.kind === 'int' && again.value === expr.value ? bare : expr
}

function at(expr: Expr, level: number, names: ExprNames): string {
  const { text, level: own } = print(expr, names)
  return own < level ? `(${text})` : text
}

function print(expr: Expr, names: ExprNames): Text {
  switch (expr.kind) {
    case 'int':
      return printInt(expr, names)
    case 'string':
      return primary(quoteString(expr.value))
    case 'arg':
      return primary(sameType(expr.type, INT64) ? `arg${expr.index}` : `args[${expr.index}]`)
    case 'builtin':
      return primary(builtinText(expr.name))
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
    case 'logical':
      return binary(expr.op, expr.left, expr.right, names)
    case 'conditional':
      return printConditional(expr, names)
    case 'cast':
      return printCast(expr.type, expr.operand, names)
    case 'load':
      return isNullString(expr) ? primary('NULL') : printLoad(expr, names)
    case 'address-of-string':
      return { text: `&${at(expr.operand, PRIMARY, names)}[0]`, level: PREFIX }
    case 'bound':
      return print(expr.index, names)
    case 'copy':
      return assignment(at(expr.target, PREFIX, names), '=', expr.value, names)
    case 'assign':
      return assignment(printTarget(expr.target, names), '=', expr.value, names)
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

/** A constant of a type: bare, with a suffix, with a cast, or in pieces. */
function printInt(expr: Expr & { kind: 'int' }, names: ExprNames): Text {
  const { value, type } = expr
  const enumerator = enumeratorNamed(expr)
  if (enumerator !== undefined) return primary(enumerator)
  if (type.kind === 'int' && cutInteger(value, type) !== value)
    return print(inPieces(value, type), names)
  const bare = literal(value)
  const fits = bare.type.name !== 'unsigned long' || value > 0n
  if (fits && sameType(bare.type, type) && bare.type.name !== 'unsigned long') {
    return { text: String(value), level: value < 0n ? PREFIX : PRIMARY }
  }
  const suffix = value < 0n ? undefined : SUFFIXES[type.name]
  if (suffix !== undefined) return primary(`${value}${suffix}`)
  const digits = value < 0n && value > -(1n << 63n) ? String(value) : `${BigInt.asUintN(64, value)}`
  const unsigned = BigInt(digits) >= 1n << 63n ? 'u' : ''
  return { text: `(${printTypeName(type)})${digits}${unsigned}`, level: PREFIX }
}

/** The name of a value of an enumeration, if it has one. */
function enumeratorNamed({ value, type }: Expr & { kind: 'int' }): string | undefined {
  const values = type.kind === 'int' ? (type.enumerators ?? []) : []
  return [...values].find(([, of]) => of === value)?.[0]
}

/** An array taken for a pointer is the address of one of its elements. */
function printCast(type: DType, operand: Expr, names: ExprNames): Text {
  if (operand.type.kind === 'array' && sameType(type, pointerTo(operand.type.element))) {
    const element = printLoad({ kind: 'load', address: operand, type: operand.type.element }, names)
    return { text: `&${element.text}`, level: PREFIX }
  }
  return { text: `(${printTypeName(type)})${at(operand, PREFIX, names)}`, level: PREFIX }
}

/** Members, elements, what a pointer points to, strings at an address. */
function printLoad(expr: LoadExpr, names: ExprNames): Text {
  const place = placeOf(expr)
  switch (place.kind) {
    case 'member':
      return primary(`${at(place.base, PRIMARY, names)}${place.op}${place.name}`)
    case 'element':
      return printElement(place.base, printKeys([place.index], names), names)
    case 'target':
      if (place.pointer.kind === 'address-of-string' || place.pointer.type.kind === 'array')
        return printElement(place.pointer, '0', names)
      return { text: `*${at(place.pointer, PREFIX, names)}`, level: PREFIX }
    case 'text':
      return { text: `stringof(${print(place.address, names).text})`, level: PREFIX }
    default:
      return assertNever(place)
  }
}

function printElement(base: Expr, index: string, names: ExprNames): Text {
  const array = base.kind === 'address-of-string' ? base.operand : base
  return primary(`${at(array, PRIMARY, names)}[${index}]`)
}

/** A sum of address and integer, a distance, the address of a member, or plain arithmetic. */
function printArithmetic(expr: Expr & { kind: 'arithmetic' }, names: ExprNames): Text {
  const place = memberAt(expr)?.place
  if (place?.kind === 'member')
    return { text: `&${at(place.base, PRIMARY, names)}${place.op}${place.name}`, level: PREFIX }
  const sum = sumOf(expr)
  if (sum !== undefined) return binary(sum.op, sum.base, sum.index, names)
  const apart = distanceOf(expr)
  if (apart !== undefined) return binary('-', apart.left, apart.right, names)
  return binary(expr.op, expr.left, expr.right, names)
}

function printTarget(target: Target, names: ExprNames): string {
  return target.kind === 'variable' ? printVariable(target, names) : at(target, PREFIX, names)
}

function assignment(target: string, op: string, value: Expr, names: ExprNames): Text {
  return { text: `${target} ${op} ${at(value, ASSIGN, names)}`, level: ASSIGN }
}

/** A constant that its type is too narrow for, as folding one leads to it. */
function inPieces(value: bigint, type: IntegerType): Expr {
  const bits = 8 * type.bytes
  const low = cutInteger(value, type)
  const high: Expr = { kind: 'int', value: (value ^ low) >> BigInt(bits), type }
  const amount: Expr = { kind: 'int', value: BigInt(bits), type: INT }
  const left: Expr = { kind: 'arithmetic', op: '<<', left: high, right: amount, type }
  return { kind: 'arithmetic', op: '^', left, right: { kind: 'int', value: low, type }, type }
}

function printVariable(expr: VariableExpr, names: ExprNames): string {
  const { scope, name } = names.variable(expr.variable)
  const prefix = scope === 'global' ? '' : `${scope}->`
  if (expr.keys.length === 0) return `${prefix}${name}`
  return `${prefix}${name}[${printKeys(expr.keys, names)}]`
}

function binary(op: BinaryOp, left: Expr, right: Expr, names: ExprNames): Text {
  const level = LOOSEST_BINARY + BINARY_LEVELS.findIndex((ops) => ops.includes(op))
  const text = `${at(left, level, names)} ${op} ${at(right, level + 1, names)}`
  return { text, level }
}

function printConditional(expr: Expr & { kind: 'conditional' }, names: ExprNames): Text {
  const test = at(expr.test, LOOSEST_BINARY, names)
  const text = `${test} ? ${at(expr.then, ASSIGN, names)} : ${at(expr.else, CONDITIONAL, names)}`
  return { text, level: CONDITIONAL }
}

function printUpdate(expr: Expr & { kind: 'update' }, names: ExprNames): Text {
  const { op, target, type } = expr
  if (expr.yields === 'old') {
    const text = target.kind === 'variable' ? printVariable(target, names) : undefined
    return primary(`${text ?? at(target, PRIMARY, names)}${op}${op}`)
  }
  const isPointer = type.kind === 'int' && type.pointee !== undefined
  const value = (isPointer ? unscaled(expr.value, type) : undefined) ?? expr.value
  return assignment(printTarget(target, names), `${op}=`, value, names)
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

/** A built-in as D spells it. Which register was read is not kept: none was recorded. */
function builtinText(name: BuiltinName): string {
  if (name === 'xdt_timestamp') return '`xdt_timestamp'
  return name === 'uregs' ? 'uregs[0]' : name
}
