// Expressions: names are resolved, constants typed, casts made; operators are in check-operator.ts.
//
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_parser.c
// (dt_cook_op1, _op2, _op3). Messages are DTrace's.
import { assertNever } from '../../base/assert.js'
import { constant, convert, stringAt, text } from '../program/build.js'
import type { Expr } from '../program/program.js'
import { integerNamed } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import type { IntNode, Node } from './ast.js'
import { checkAssign, checkStep } from './check-assign.js'
import { checkCall } from './check-call.js'
import {
  checkAddress,
  checkDereference,
  checkIndex,
  checkMember,
  checkStringof,
} from './check-member.js'
import { checkName } from './check-name.js'
import { checkBinary, checkComma, checkConditional, checkUnary } from './check-operator.js'
import { checkOffsetof, checkSizeofType, checkSizeofValue } from './check-sizeof.js'
import { checkXlate } from './check-translator.js'
import { AGGREGATION_VALUE, type CheckContext, type Checked, isExpr, needValue } from './checked.js'
import { isPointerType, isSameType } from './compatible.js'
import { resolveType } from './resolve-type.js'

/** Checks an expression. Reports mistakes and leaves by Failure. */
export function checkExpression(cx: CheckContext, node: Node): Checked {
  switch (node.kind) {
    case 'int':
      return checkInt(cx, node)
    case 'string':
      return text(node.value)
    case 'name':
      return checkName(cx, node)
    case 'aggregation':
      return checkAggregation(cx, node)
    case 'member':
      return checkMember(cx, node)
    case 'index':
      return checkIndex(cx, node)
    case 'call':
      return checkCall(cx, node)
    case 'group':
      return checkExpression(cx, node.inner)
    case 'prefix':
      return checkPrefix(cx, node)
    case 'postfix':
      return checkStep(cx, node, node.op, 'old')
    case 'sizeof-type':
      return checkSizeofType(cx, node)
    case 'cast':
      return checkCast(cx, node)
    case 'binary':
      return checkBinary(cx, node)
    case 'conditional':
      return checkConditional(cx, node)
    case 'assign':
      return checkAssign(cx, node)
    case 'comma':
      return checkComma(cx, node)
    case 'xlate':
      return checkXlate(cx, node)
    case 'offsetof':
      return checkOffsetof(cx, node)
    default:
      return assertNever(node)
  }
}

/** Checks an expression that must yield a value. */
export function checkValue(cx: CheckContext, node: Node): Expr {
  const checked = checkExpression(cx, node)
  const dynamic = 'expression cannot evaluate to result of dynamic type'
  return needValue(cx, checked, node.span, ['D_CG_DYN', dynamic])
}

const LADDER: readonly (readonly [name: string, limit: bigint])[] = [
  ['int', (1n << 31n) - 1n],
  ['unsigned int', (1n << 32n) - 1n],
  ['long', (1n << 63n) - 1n],
  ['unsigned long', (1n << 64n) - 1n],
  ['long long', (1n << 63n) - 1n],
  ['unsigned long long', (1n << 64n) - 1n],
]

/** The first type of the ladder that holds the value: decimals pass over the unsigned ones, as C99
 *  says. */
function checkInt(cx: CheckContext, node: IntNode): Expr {
  const unsigned = node.suffix.startsWith('u')
  const first = (unsigned ? 1 : 0) + 2 * node.suffix.replace('u', '').length
  const stride = node.decimal || unsigned ? 2 : 1
  for (let i = first; i < LADDER.length; i += stride) {
    const [name, limit] = LADDER[i] ?? ['', 0n]
    if (node.value <= limit) return constant(node.value, integerNamed(name))
  }
  const hex = node.value.toString(16)
  const message = `integer constant 0x${hex} cannot be represented in any built-in integral type`
  return cx.diagnostics.fail(node.span, 'D_INT_OFLOW', message, 'write it with a u at its end')
}

function checkAggregation(cx: CheckContext, node: Node & { kind: 'aggregation' }): Checked {
  if (cx.scope.aggregation(node.name) === undefined)
    cx.diagnostics.fail(
      node.span,
      'D_IDENT_UNDEF',
      `failed to resolve @${node.name}: Unknown variable name`,
      `an aggregation is filled before it is used: @${node.name} = count();`,
    )
  return AGGREGATION_VALUE
}

function checkPrefix(cx: CheckContext, node: Node & { kind: 'prefix' }): Checked {
  const { op } = node
  switch (op) {
    case '++':
    case '--':
      return checkStep(cx, node, op, 'new')
    case '*':
      return checkDereference(cx, node)
    case '&':
      return checkAddress(cx, node)
    case 'sizeof':
      return checkSizeofValue(cx, node)
    case 'stringof':
      return checkStringof(cx, node)
    default:
      return checkUnary(cx, node, op)
  }
}

function checkCast(cx: CheckContext, node: Node & { kind: 'cast' }): Expr {
  const type = resolveType(cx, node.type)
  const operand = checkExpression(cx, node.operand)
  const cast = castTo(operand, type)
  if (cast !== undefined) return cast
  const message = `invalid cast expression: "${operand.type.name}" to "${type.name}"`
  return cx.diagnostics.fail(node.span, 'D_CAST_INVAL', message)
}

/** A value as another type: a scalar as every other, all as void, an address as a string. */
function castTo(value: Checked, type: DType): Expr | undefined {
  if (!isExpr(value)) return undefined
  if (isSameType(value.type, type)) return convert(value, type)
  if (type.kind === 'int' && value.type.kind === 'int') return convert(value, type)
  if (type.kind === 'void') return { kind: 'cast', operand: value, type }
  const isPointer = type.kind === 'int' && type.pointee !== undefined
  if (isPointer && value.type.kind === 'array') return convert(value, type)
  const isAddress = value.type.kind === 'int' || isPointerType(value.type)
  return type.kind === 'string' && isAddress ? stringAt(value) : undefined
}
