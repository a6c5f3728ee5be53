// Operators: operands must be of a kind that the operator takes; on constants it is folded.
//
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_parser.c
// (dt_cook_op1, _op2, _op3). Messages are DTrace's.
import * as build from '../program/build.js'
import type { ArithmeticOp, CompareOp, Expr, LogicalOp } from '../program/program.js'
import { promote } from '../program/type-names.js'
import { type DType, pointerTo, STRING } from '../program/types.js'
import type { BinaryNode, ConditionalNode, Node } from './ast.js'
import { checkExpression } from './check-expression.js'
import { addToPointer } from './check-pointer.js'
import {
  type CheckContext,
  type Checked,
  isConstant,
  isExpr,
  isInteger,
  isNull,
  isNumber,
  isString,
} from './checked.js'
import { isSameType, isStringLike, pointerTypeOf } from './compatible.js'
import { fold } from './fold.js'
import { asPointer, asString } from './memory.js'

/** Checks `-x`, `+x`, `~x` and `!x`. */
export function checkUnary(
  cx: CheckContext,
  node: Node & { kind: 'prefix' },
  op: '-' | '+' | '!' | '~',
): Expr {
  const operand = checkExpression(cx, node.operand)
  if (op === '!') {
    if (!isNumber(operand)) scalarWanted(cx, node, 'operator ! requires an operand of scalar type')
    return fold(build.unary('!', operand))
  }
  if (!isInteger(operand)) {
    const [tag, kind] = op === '~' ? ['D_OP_INT', 'integral'] : ['D_OP_ARITH', 'arithmetic']
    const message = `operator ${op} requires an operand of ${kind} type`
    return cx.diagnostics.fail(node.span, tag, message)
  }
  return op === '+' ? operand : fold(build.unary(op, operand))
}

/** Checks `a op b`, assignments and the comma excepted. */
export function checkBinary(cx: CheckContext, node: BinaryNode): Expr {
  const left = checkExpression(cx, node.left)
  const right = checkExpression(cx, node.right)
  const { op } = node
  switch (op) {
    case '&&':
    case '||':
    case '^^':
      return logical(cx, node, op, left, right)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(cx, node, op, left, right)
    default:
      return arithmetic(cx, node, left, right)
  }
}

function logical(
  cx: CheckContext,
  node: BinaryNode,
  op: LogicalOp,
  left: Checked,
  right: Checked,
): Expr {
  if (!isNumber(left) || !isNumber(right))
    scalarWanted(cx, node, `operator ${op} requires operands of scalar type`)
  return fold(build.logical(op, left, right))
}

function comparison(
  cx: CheckContext,
  node: BinaryNode,
  op: CompareOp,
  left: Checked,
  right: Checked,
): Expr {
  const strings = asStrings(left, right)
  if (strings !== undefined) return build.compareStrings(op, strings.left, strings.right)
  const comparable =
    (isInteger(left) && isInteger(right)) ||
    (isExpr(left) && isExpr(right) && isSameType(left.type, right.type)) ||
    pointerTypeOf(left, right) !== undefined
  if (comparable) return fold(build.compareIntegers(op, asAddress(left), asAddress(right)))
  return incompatible(cx, node, left, op, right)
}

/** An integer as it is; anything else by its address. */
const asAddress = (value: Checked): build.IntegerExpr =>
  isInteger(value) ? value : asPointer(value)

/** Both as strings, when one is a string and the other reads as one, or is a null pointer. */
function asStrings(left: Checked, right: Checked): { left: Expr; right: Expr } | undefined {
  const isText = (c: Checked): boolean => isNull(c) || (isExpr(c) && isStringLike(c.type))
  const some = isString(left) || isString(right)
  if (!some || !isText(left) || !isText(right)) return undefined
  return { left: asString(left), right: asString(right) }
}

function arithmetic(cx: CheckContext, node: BinaryNode, left: Checked, right: Checked): Expr {
  const op = node.op as ArithmeticOp
  if (!isInteger(left) || !isInteger(right)) {
    if (op === '+' || op === '-') return addToPointer(cx, { op, span: node.span }, left, right)
    return needIntegers(cx, node, left, right)
  }
  if ((op === '/' || op === '%') && isConstant(right) && right.value === 0n)
    cx.diagnostics.fail(node.span, 'D_DIV_ZERO', 'expression contains division by zero')
  return fold(build.arithmetic(op, left, right))
}

function needIntegers(cx: CheckContext, node: BinaryNode, left: Checked, right: Checked): never {
  const { op } = node
  const [tag, kind] =
    op === '*' || op === '/' ? ['D_OP_ARITH', 'arithmetic'] : ['D_OP_INT', 'integral']
  const hint = isString(left) || isString(right) ? 'strjoin(a, b) joins strings' : undefined
  const message = `operator ${op} requires operands of ${kind} type`
  return cx.diagnostics.fail(node.span, tag, message, hint)
}

/** `operands have incompatible types`, in DTrace's form. */
export function incompatible(
  cx: CheckContext,
  node: Node,
  left: Checked,
  op: string,
  right: Checked,
): never {
  const types = `"${left.type.name}" ${op} "${right.type.name}"`
  const hint = isString(left) && isString(right) ? 'strjoin(a, b) joins strings' : undefined
  const message = `operands have incompatible types: ${types}`
  return cx.diagnostics.fail(node.span, 'D_OP_INCOMPAT', message, hint)
}

function scalarWanted(cx: CheckContext, node: Node, message: string): never {
  return cx.diagnostics.fail(node.span, 'D_OP_SCALAR', message, 'compare a string with "" or NULL')
}

/** Checks `test ? a : b`. */
export function checkConditional(cx: CheckContext, node: ConditionalNode): Expr {
  const test = checkExpression(cx, node.test)
  const then = checkExpression(cx, node.then)
  const otherwise = checkExpression(cx, node.else)
  if (!isNumber(test)) scalarWanted(cx, node, 'operator ?: expression must be of scalar type')
  for (const branch of [then, otherwise]) {
    if (isExpr(branch)) continue
    if (branch.what === 'action')
      cx.diagnostics.fail(
        node.span,
        'D_OP_ACT',
        'action cannot be used in a conditional context',
        'use a predicate, or if (...) { ... }',
      )
    const message = 'operator ?: operands cannot be of dynamic type'
    cx.diagnostics.fail(node.span, 'D_OP_DYN', message)
  }
  const number = test
  const both = branches(then, otherwise)
  if (both !== undefined) return build.conditional(number, both.then, both.otherwise, both.type)
  const message = 'operator ?: operands must have compatible types'
  return cx.diagnostics.fail(node.span, 'D_OP_INCOMPAT', message)
}

interface Branches {
  readonly then: Expr
  readonly otherwise: Expr
  readonly type: DType
}

/** The branches of a conditional with the type they have in common. */
function branches(then: Checked, otherwise: Checked): Branches | undefined {
  if (isInteger(then) && isInteger(otherwise))
    return { then, otherwise, type: promote(then.type, otherwise.type) }
  const strings = asStrings(then, otherwise)
  if (strings !== undefined) return { then: strings.left, otherwise: strings.right, type: STRING }
  if (isExpr(then) && isExpr(otherwise) && isSameType(then.type, otherwise.type))
    return { then, otherwise, type: then.type }
  const type = pointerTypeOf(then, otherwise)
  if (type === undefined) return undefined
  const pointer = type.kind === 'array' ? pointerTo(type.element) : type
  return { then: asPointer(then), otherwise: asPointer(otherwise), type: pointer }
}

/** Checks `a, b`. */
export function checkComma(cx: CheckContext, node: Node & { kind: 'comma' }): Expr {
  const left = checkExpression(cx, node.left)
  const right = checkExpression(cx, node.right)
  for (const side of [left, right]) {
    if (isExpr(side)) continue
    const isAction = side.what === 'action'
    const [tag, what] = isAction ? ['D_OP_ACT', 'actions'] : ['D_OP_DYN', 'of dynamic type']
    cx.diagnostics.fail(node.span, tag, `operator , operands cannot be ${what}`)
  }
  const l = isExpr(left) ? left : build.constant(0n)
  const r = isExpr(right) ? right : build.constant(0n)
  return { kind: 'comma', left: l, right: r, type: r.type }
}
