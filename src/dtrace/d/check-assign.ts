// Assignments: to variables and to what lies in memory. The first one to a name makes the variable,
// with the value's type.
//
// Source: the D language guide, "Variables"; libdtrace dt_parser.c (dt_cook_op2, the assignment
// operators; dt_cook_op1, ++ and --).
import { cutInteger } from '../../base/int64.js'
import type { Span } from '../../base/span.js'
import * as build from '../program/build.js'
import type {
  ArithmeticOp,
  Expr,
  LoadExpr,
  Target,
  Variable,
  VariableExpr,
} from '../program/program.js'
import { cutsOfCast } from '../program/type-names.js'
import { type DType, INT64 } from '../program/types.js'
import type { AssignNode, Node } from './ast.js'
import { checkAllocated } from './check-alloca.js'
import { checkExpression } from './check-expression.js'
import { checkKey, localArray, type Place, placeOf, readPlace, readVariable } from './check-name.js'
import { incompatible } from './check-operator.js'
import { wholeOf } from './check-translator.js'
import {
  type CheckContext,
  type Checked,
  isConstant,
  isExpr,
  isInteger,
  isNumber,
  isPointer,
  isString,
  isTranslation,
} from './checked.js'
import { isPointerType, isSizeless, isStorable, pointerTypeOf } from './compatible.js'
import { Failure } from './diagnostics.js'
import { asPointer, isPlace, isWritable, storedAs } from './memory.js'

/** Checks `target = value` and `target op= value`. */
export function checkAssign(cx: CheckContext, node: AssignNode): Expr {
  const place = writablePlace(cx, node.target, node.op)
  if (place === undefined) return assignMemory(cx, node)
  try {
    if (node.op === '=') return assign(cx, node, place)
    return update(cx, node, readPlace(cx, place) as Expr)
  } catch (error) {
    if (error instanceof Failure && cx.scope.variable(place.scope, place.name) === undefined)
      cx.scope.poison(place.scope, place.name)
    throw error
  }
}

/** Checks x++, x--, ++x, --x: an unknown x becomes an int64_t. A pointer moves by what it points
 *  to. */
export function checkStep(
  cx: CheckContext,
  node: Node & { readonly operand: Node },
  op: '++' | '--',
  yields: 'old' | 'new',
): Expr {
  const place = writablePlace(cx, node.operand, op)
  const target = place === undefined ? checkExpression(cx, node.operand) : referTo(cx, place, INT64)
  if (!isNumber(target)) {
    const message = `operator ${op} requires operand of scalar type`
    return cx.diagnostics.fail(node.span, 'D_OP_SCALAR', message)
  }
  if (isSizeless(target.type)) {
    const message = `operator ${op} requires an operand of known size`
    cx.diagnostics.fail(node.span, 'D_OP_VFPTR', message)
  }
  const to = writable(cx, node.operand, op, target)
  const { type } = target
  const value = inSteps(build.constant(1n), type)
  return { kind: 'update', op: op === '++' ? '+' : '-', target: to, value, type, yields }
}

/** An amount added to a value of the type: of a pointer, in bytes. */
function inSteps(amount: build.IntegerExpr, type: DType): build.IntegerExpr {
  const isAddress = type.kind === 'int' && type.pointee !== undefined
  return isAddress ? build.scaled(amount, build.sizeOfTarget(type)) : amount
}

/** The variable on the left; undefined when it is something else. */
function writablePlace(cx: CheckContext, target: Node, op: string): Place | undefined {
  const place = placeOf(cx, target)
  if (place?.scope === 'global' && cx.scope.inline(place.name) !== undefined)
    notModifiable(cx, target.span, op)
  return place
}

/** What is on the left, if it can be stored to. */
function writable(cx: CheckContext, node: Node, op: string, target: Checked): Target {
  if (!isExpr(target) || !isPlace(target)) notModifiable(cx, node.span, op)
  const isTarget = target.kind === 'variable' || target.kind === 'load'
  if (isTarget && isWritable(target, cx.scope.dialect)) return target
  const message = `operator ${op} can only be applied to a writable variable`
  const hint = target.kind === 'load' ? ofString(target) : 'it is a built-in: choose another name'
  return cx.diagnostics.fail(node.span, 'D_OP_WRITE', message, hint)
}

/** What to do instead of storing into a string; undefined for other places. */
function ofString({ address }: LoadExpr): string | undefined {
  const at = address.kind === 'arithmetic' ? address.left : address
  const isOfString = at.kind === 'address-of-string'
  return isOfString ? 'a string is replaced as a whole: use substr() and strjoin()' : undefined
}

function notModifiable(cx: CheckContext, span: Span, op: string): never {
  const message = `operator ${op} requires modifiable lvalue as an operand`
  return cx.diagnostics.fail(span, 'D_OP_LVAL', message)
}

/** A value to be assigned. A translated record is made as a whole. */
function checkAssigned(cx: CheckContext, node: Node): Checked {
  const value = checkExpression(cx, node)
  return isTranslation(value) && !value.pointer ? wholeOf(cx, value) : value
}

/** `p->x = v`, `a[i] += v`: to what is no variable. */
function assignMemory(cx: CheckContext, node: AssignNode): Expr {
  const target = checkExpression(cx, node.target)
  if (!isExpr(target)) notModifiable(cx, node.target.span, node.op)
  if (node.op !== '=') return update(cx, node, target)
  return store(cx, node, target, checkAssigned(cx, node.value))
}

function assign(cx: CheckContext, node: AssignNode, place: Place): Expr {
  const known = cx.scope.variable(place.scope, place.name)
  const target = known === undefined ? undefined : readVariable(cx, known, place)
  const read = (): Checked => checkAssigned(cx, node.value)
  const isNewGlobal = known === undefined && place.scope === 'global'
  const value = isNewGlobal ? cx.scope.whileMaking(place.name, read) : read()
  return store(cx, node, target ?? referTo(cx, place, typeOfNew(cx, node, value)), value)
}

/** The type of a variable whose first assignment this is. */
function typeOfNew(cx: CheckContext, node: AssignNode, value: Checked): DType {
  if (isExpr(value) && ['int', 'string', 'record'].includes(value.type.kind)) return value.type
  if (isExpr(value) && value.type.kind === 'array') return notAssignable(cx, node, value.type)
  const message = `operands have incompatible types: "<DYN>" = "${value.type.name}"`
  return cx.diagnostics.fail(node.span, 'D_OP_INCOMPAT', message)
}

function notAssignable(cx: CheckContext, node: AssignNode, { name }: DType): never {
  const message = `operator = may not be applied to operand of type "${name}"`
  return cx.diagnostics.fail(node.span, 'D_OP_ARRFUN', message)
}

/** `target = value`: a record is copied. A 0 stored in a dynamic variable of any type frees it. */
function store(cx: CheckContext, node: AssignNode, target: Expr, value: Checked): Expr {
  const { type } = target
  if (type.kind === 'array' || type.kind === 'function') notAssignable(cx, node, type)
  const frees = isConstant(value) && value.value === 0n && isDynamicVariable(cx, target)
  if (!frees && !isStorable(value, type)) incompatible(cx, node, target, '=', value)
  const to = writable(cx, node.target, '=', target)
  checkAllocated(cx, to, value, node.span)
  if (type.kind === 'record' && !frees)
    return { kind: 'copy', target: to, value: storedAs(value, type), type }
  const stored = frees && type.kind === 'record' ? value : storedAs(value, type)
  return build.assign(to, narrowed(cx, stored, type))
}

/** A constant as what is stored: illumos cuts it to the type here, and all else nowhere. */
function narrowed(cx: CheckContext, value: Expr, to: DType): Expr {
  if (cx.scope.dialect === 'linux' || !isConstant(value) || to.kind !== 'int') return value
  if (to.bytes === value.type.bytes) return value
  const cuts = cutsOfCast(value.type, to, 'illumos')
  return build.constant(cuts.reduce(cutInteger, value.value), value.type)
}

function isDynamicVariable(cx: CheckContext, target: Expr): boolean {
  if (target.kind !== 'variable') return false
  const variable = cx.scope.variableById(target.variable)
  return variable?.keys !== undefined || variable?.scope === 'self'
}

/** `target op= value` */
function update(cx: CheckContext, node: AssignNode, target: Expr): Expr {
  const op = node.op.slice(0, -1) as ArithmeticOp
  const value = checkExpression(cx, node.value)
  if (!isInteger(target) || !isInteger(value)) checkAddressUpdate(cx, node, target, value)
  if ((op === '/' || op === '%') && isConstant(value) && value.value === 0n)
    cx.diagnostics.fail(node.span, 'D_DIV_ZERO', 'expression contains division by zero')
  const to = writable(cx, node.target, node.op, target)
  const amount = isPointer(target) && isInteger(value) ? inSteps(value, target.type) : undefined
  const by = amount ?? (isInteger(value) ? narrowed(cx, value, target.type) : asPointer(value))
  return { kind: 'update', op, target: to, value: by, type: target.type, yields: 'new' }
}

/** Only += and -= take a pointer on the left, and an integer or a pointer of its type on the
 *  right. */
function checkAddressUpdate(
  cx: CheckContext,
  node: AssignNode,
  target: Expr,
  value: Checked,
): void {
  const { op, span } = node
  const { diagnostics } = cx
  if (op !== '+=' && op !== '-=') {
    const arithmetic = op === '*=' || op === '/='
    const kind = arithmetic ? 'arithmetic' : 'integral'
    const message = `operator ${op} requires operands of ${kind} type`
    diagnostics.fail(span, arithmetic ? 'D_OP_ARITH' : 'D_OP_INT', message)
  }
  if (isString(target) || isString(value)) incompatible(cx, node, target, op, value)
  if (!isPointerType(target.type) || isSizeless(target.type)) {
    const message = `operator ${op} requires left-hand scalar operand of known size`
    diagnostics.fail(span, 'D_OP_VFPTR', message)
  }
  if (!isInteger(value) && pointerTypeOf(target, value) === undefined)
    incompatible(cx, node, target, op, value)
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
