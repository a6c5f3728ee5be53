// Assignments: the first one to a name makes the variable, with the value's type.
//
// Source: the D language guide, "Variables"; libdtrace dt_parser.c (dt_cook_op2, the assignment
// operators).
import type { Span } from '../../base/span.js'
import * as build from '../program/build.js'
import type { ArithmeticOp, Expr, Variable, VariableExpr } from '../program/program.js'
import { type DType, INT64, UINT64 } from '../program/types.js'
import type { AssignNode, Node } from './ast.js'
import { checkExpression, refuseMemory } from './check-expression.js'
import { checkKey, localArray, type Place, placeOf, readVariable } from './check-name.js'
import { incompatible } from './check-operator.js'
import {
  asInteger,
  type CheckContext,
  type Checked,
  emptyString,
  isConstant,
  isExpr,
  isInteger,
  isNumber,
  isPointer,
  isStorable,
  isString,
} from './checked.js'
import { Failure } from './diagnostics.js'

/** Checks `target = value` and `target op= value`. */
export function checkAssign(cx: CheckContext, node: AssignNode): Expr {
  const place = writablePlace(cx, node.target, node.op)
  try {
    if (node.op === '=') return assign(cx, node, place)
    return update(cx, node, place)
  } catch (error) {
    if (error instanceof Failure && cx.scope.variable(place.scope, place.name) === undefined)
      cx.scope.poison(place.scope, place.name)
    throw error
  }
}

/** Checks x++, x--, ++x, --x: an unknown x becomes an int64_t. */
export function checkStep(
  cx: CheckContext,
  node: Node & { readonly operand: Node },
  op: '++' | '--',
  yields: 'old' | 'new',
): Expr {
  const place = writablePlace(cx, node.operand, op)
  const target = referTo(cx, place, INT64)
  if (isPointer(target)) refuseMemory(cx, node)
  if (!isInteger(target)) {
    const message = `operator ${op} requires operand of scalar type`
    return cx.diagnostics.fail(node.span, 'D_OP_SCALAR', message)
  }
  const { type } = target
  const value = build.constant(1n)
  return { kind: 'update', op: op === '++' ? '+' : '-', target, value, type, yields }
}

/** The place on the left, or why nothing can be stored there. */
function writablePlace(cx: CheckContext, target: Node, op: string): Place {
  const place = placeOf(target)
  if (place !== undefined) {
    if (place.scope === 'global' && cx.scope.inline(place.name) !== undefined)
      notModifiable(cx, target.span, op)
    return place
  }
  const value = checkExpression(cx, target)
  if (value.kind === 'builtin' || value.kind === 'arg') {
    const message = `operator ${op} can only be applied to a writable variable`
    const hint = 'it is a built-in variable: choose another name'
    cx.diagnostics.fail(target.span, 'D_OP_WRITE', message, hint)
  }
  return notModifiable(cx, target.span, op)
}

function notModifiable(cx: CheckContext, span: Span, op: string): never {
  const message = `operator ${op} requires modifiable lvalue as an operand`
  return cx.diagnostics.fail(span, 'D_OP_LVAL', message)
}

function assign(cx: CheckContext, node: AssignNode, place: Place): Expr {
  const known = cx.scope.variable(place.scope, place.name)
  const target = known === undefined ? undefined : readVariable(cx, known, place)
  const read = (): Checked => checkExpression(cx, node.value)
  const isNewGlobal = known === undefined && place.scope === 'global'
  const value = isNewGlobal ? cx.scope.whileMaking(place.name, read) : read()
  const to = target ?? referTo(cx, place, typeOfNew(cx, node, value))
  return build.assign(to, stored(cx, node, to, value))
}

/** The type of a variable whose first assignment this is. */
function typeOfNew(cx: CheckContext, node: AssignNode, value: Checked): DType {
  if (isNumber(value) || isString(value)) return value.type
  if (!isExpr(value) && value.what === 'null') return UINT64
  const message = `operands have incompatible types: "<DYN>" = "${value.type.name}"`
  return cx.diagnostics.fail(node.span, 'D_OP_INCOMPAT', message)
}

/** `value` as the target takes it. */
function stored(cx: CheckContext, node: AssignNode, target: VariableExpr, value: Checked): Expr {
  const { type } = target
  if (!isStorable(value, type)) return incompatible(cx, node, target, node.op, value)
  if (type.kind === 'int') return asInteger(value)
  return isString(value) ? value : emptyString
}

function update(cx: CheckContext, node: AssignNode, place: Place): Expr {
  const op = node.op.slice(0, -1) as ArithmeticOp
  const target = referTo(cx, place, INT64)
  const value = checkExpression(cx, node.value)
  if (!isInteger(target) || !isInteger(value)) {
    if (isPointer(target) && (op === '+' || op === '-')) refuseMemory(cx, node)
    if (op === '+' || op === '-') incompatible(cx, node, target, node.op, value)
    const arithmetic = op === '*' || op === '/'
    const kind = arithmetic ? 'arithmetic' : 'integral'
    const message = `operator ${node.op} requires operands of ${kind} type`
    return cx.diagnostics.fail(node.span, arithmetic ? 'D_OP_ARITH' : 'D_OP_INT', message)
  }
  if ((op === '/' || op === '%') && isConstant(value) && value.value === 0n)
    cx.diagnostics.fail(node.span, 'D_DIV_ZERO', 'expression contains division by zero')
  return { kind: 'update', op, target, value, type: target.type, yields: 'new' }
}

/** The variable at a place, made with `type` when there is none yet. */
function referTo(cx: CheckContext, place: Place, type: DType): VariableExpr {
  const known = cx.scope.variable(place.scope, place.name)
  return readVariable(cx, known ?? create(cx, place, type), place)
}

function create(cx: CheckContext, place: Place, type: DType): Variable {
  const { scope, name, span } = place
  if (place.keys === undefined) return cx.scope.declare(scope, name, type)
  if (scope === 'this') localArray(cx, name, span)
  const keys = place.keys.map((key) => checkKey(cx, key, `${name}[ ]`).type)
  return cx.scope.declare(scope, name, type, keys)
}
