// What a value holds: members of structures and unions, elements of arrays, what pointers point to.
//
// `a[i]` is `*(a + i)`, unless `a` is an associative array or an aggregation.
// Source: the D language guide, "Pointers and Arrays", "Structs and Unions"; libdtrace dt_parser.c
// (dt_cook_op1, dt_cook_op2: DT_TOK_DEREF, DT_TOK_DOT, DT_TOK_PTR, DT_TOK_LBRAC).
import * as build from '../program/build.js'
import { memberOf, membersOf } from '../program/layout.js'
import type { Expr } from '../program/program.js'
import { baseName } from '../program/type-names.js'
import type { DType, RecordDType } from '../program/types.js'
import type { IndexNode, MemberNode, Node } from './ast.js'
import { checkArgument, checkRegister } from './check-argument.js'
import { checkExpression } from './check-expression.js'
import { expandInline } from './check-inline.js'
import { placeOf, readPlace } from './check-name.js'
import { addToPointer } from './check-pointer.js'
import { checkTranslatedMember, followed } from './check-translator.js'
import {
  AGGREGATION_VALUE,
  type CheckContext,
  type Checked,
  isExpr,
  isInteger,
  isString,
  isTranslation,
} from './checked.js'
import { isPointerType, pointedTo } from './compatible.js'
import { asPointer, isPlace } from './memory.js'
import type { InlineSymbol } from './scope.js'

/** Checks `a->b` and `a.b` read for a value. */
export function checkMember(cx: CheckContext, node: MemberNode): Checked {
  const place = placeOf(cx, node)
  if (place !== undefined) return readPlace(cx, place)
  const base = checkExpression(cx, node.base)
  if (isTranslation(base)) return checkTranslatedMember(cx, base, node)
  const record = recordOf(cx, node, base)
  const member = memberOf(record, node.member)
  if (member !== undefined && isExpr(base)) return build.member(base, member)
  const message = `${node.member} is not a member of ${plainName(record)}`
  const names = membersOf(record)
    .map((m) => m.name)
    .join(', ')
  return cx.diagnostics.fail(node.span, 'D_TYPE_MEMBER', message, `it has ${names}`)
}

/** The structure or union that an operator reaches into. */
function recordOf(cx: CheckContext, node: MemberNode, base: Checked): RecordDType {
  const { op, span } = node
  const { diagnostics } = cx
  const type = base.kind === 'dynamic' ? undefined : base.type
  const target = op === '.' || type?.kind !== 'int' ? type : type.pointee
  if (op === '->' && (type?.kind !== 'int' || target === undefined))
    diagnostics.fail(span, 'D_OP_PTR', 'operator -> must be applied to a pointer')
  if (target?.kind !== 'record') {
    const name = target === undefined ? base.type.name : plainName(target)
    const what =
      op === '->'
        ? `operator -> cannot be applied to pointer to type "${name}"`
        : `operator . cannot be applied to type "${name}"`
    const wanted = op === '->' ? 'a struct or union pointer' : 'a struct or union'
    return diagnostics.fail(span, 'D_OP_SOU', `${what}; must be applied to ${wanted}`)
  }
  if (target.layout === undefined) {
    const message = `operator ${op} cannot be applied to a forward declaration`
    const why = `no ${plainName(target)} definition is available`
    diagnostics.fail(span, 'D_OP_INCOMPLETE', `${message}: ${why}`)
  }
  return target
}

/** A type's name with no typedef before it. */
function plainName(type: DType): string {
  if (type.kind === 'record' && type.tag !== '') return `${type.what} ${type.tag}`
  return type.kind === 'int' && type.pointee === undefined ? baseName(type) : type.name
}

/** Checks `a[k]` read for a value. */
export function checkIndex(cx: CheckContext, node: IndexNode): Checked {
  const { base } = node
  if (base.kind === 'aggregation') {
    for (const key of node.keys) checkExpression(cx, key)
    return AGGREGATION_VALUE
  }
  if (base.kind === 'name' && base.name === 'args') return checkArgument(cx, node)
  if (base.kind === 'name' && base.name === 'uregs') return checkRegister(cx, node)
  const inline = base.kind === 'name' ? inlineNamed(cx, base.name) : undefined
  if (inline?.parameters !== undefined) {
    const { parameters } = inline
    return expandInline(cx, { ...inline, parameters }, node.keys, node.span)
  }
  const place = placeOf(cx, node)
  if (place !== undefined) return readPlace(cx, place)
  return checkElement(cx, node)
}

/** The inline of a name, unless the name stands for something else here. */
function inlineNamed(cx: CheckContext, name: string): InlineSymbol | undefined {
  return cx.scope.bound(name) === undefined ? cx.scope.inline(name) : undefined
}

/** `*(base + index)` */
function checkElement(cx: CheckContext, node: IndexNode): Expr {
  const base = checkExpression(cx, node.base)
  const index = checkExpression(cx, node.keys[0] ?? node)
  const sum =
    isInteger(base) && isInteger(index)
      ? undefined
      : addToPointer(cx, { op: '+', span: node.span }, base, index)
  if (node.keys.length > 1) {
    const message = `cannot access ${nameOf(node.base)} as an associative array`
    cx.diagnostics.fail(node.span, 'D_ARR_BADREF', message)
  }
  if (sum !== undefined) return follow(cx, node, sum)
  return cx.diagnostics.fail(node.span, 'D_DEREF_NONPTR', 'cannot dereference non-pointer type')
}

/** What a node is called in messages. */
function nameOf(node: Node): string {
  if (node.kind === 'name') return `scalar ${node.name}`
  if (node.kind === 'group') return nameOf(node.inner)
  return node.kind === 'member' ? `operator ${node.op}` : 'expression'
}

/** Checks `*p`. */
export function checkDereference(cx: CheckContext, node: Node & { kind: 'prefix' }): Checked {
  const operand = checkExpression(cx, node.operand)
  if (isTranslation(operand) && operand.pointer) return followed(operand)
  return follow(cx, node, operand)
}

function follow(cx: CheckContext, node: Node, pointer: Checked): Expr {
  const { diagnostics } = cx
  const { name } = pointer.type
  const target = pointer.kind === 'dynamic' ? undefined : pointedTo(pointer.type)
  if (target?.kind === 'void' || name === 'void *')
    diagnostics.fail(node.span, 'D_DEREF_VOID', 'cannot dereference pointer to void')
  if (target?.kind === 'function')
    diagnostics.fail(node.span, 'D_DEREF_FUNC', 'cannot dereference pointer to function')
  if (pointer.kind === 'dynamic' || target === undefined)
    return diagnostics.fail(node.span, 'D_DEREF_NONPTR', 'cannot dereference non-pointer type')
  return build.dereference(isString(pointer) ? asPointer(pointer) : pointer)
}

/** Checks `&x`: of what lies in memory, not of a variable itself. */
export function checkAddress(cx: CheckContext, node: Node & { kind: 'prefix' }): Expr {
  const { diagnostics } = cx
  const operand = checkExpression(cx, node.operand)
  if (operand.kind === 'variable' || operand.kind === 'builtin' || operand.kind === 'arg')
    diagnostics.fail(node.span, 'D_ADDROF_VAR', 'cannot take address of dynamic variable')
  if (!isExpr(operand)) {
    const what = operand.what === 'aggregation' ? 'variable' : 'object'
    diagnostics.fail(node.span, 'D_ADDROF_VAR', `cannot take address of dynamic ${what}`)
  }
  if (operand.kind !== 'load' || !isPlace(operand)) {
    const message = 'unacceptable operand for unary & operator'
    return diagnostics.fail(node.span, 'D_ADDROF_LVAL', message)
  }
  if (operand.bits !== undefined)
    diagnostics.fail(node.span, 'D_ADDROF_BITFIELD', 'cannot take address of bit-field')
  return build.addressOf(operand)
}

/** Checks `stringof e`: the string at an address. */
export function checkStringof(cx: CheckContext, node: Node & { kind: 'prefix' }): Expr {
  const operand = checkExpression(cx, node.operand)
  if (isString(operand)) return operand
  const type = operand.kind === 'dynamic' ? undefined : operand.type
  if (isExpr(operand) && type !== undefined && (type.kind === 'int' || isPointerType(type)))
    return build.stringAt(operand)
  const message = `cannot apply stringof to a value of type ${operand.type.name}`
  return cx.diagnostics.fail(node.span, 'D_STRINGOF_TYPE', message)
}
