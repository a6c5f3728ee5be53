// sizeof and offsetof: of a type, or of the type that an expression has.
//
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_parser.c
// (dt_cook_op1, DT_TOK_SIZEOF; dt_node_offsetof).
import { bytesOfText } from '../../base/byte-text.js'
import { constant } from '../program/build.js'
import { memberOf, sizeOf } from '../program/layout.js'
import type { Expr } from '../program/program.js'
import { integerNamed } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import type { Node } from './ast.js'
import { checkValue } from './check-expression.js'
import type { CheckContext } from './checked.js'
import { resolveType } from './resolve-type.js'

const SIZE_T = integerNamed('size_t')

/** `sizeof (TYPE)`: a constant of type size_t. */
export function checkSizeofType(cx: CheckContext, node: Node & { kind: 'sizeof-type' }): Expr {
  return checkSize(cx, resolveType(cx, node.type), node)
}

/** `sizeof EXPR`: a string as written is an array of its bytes and a NUL, any other is `strsize`
 *  long. */
export function checkSizeofValue(cx: CheckContext, node: Node & { kind: 'prefix' }): Expr {
  const value = checkValue(cx, node.operand)
  if (value.kind === 'load' && value.bits !== undefined) {
    const message = 'cannot apply sizeof to a bit-field'
    cx.diagnostics.fail(node.span, 'D_SIZEOF_BITFIELD', message)
  }
  if (value.kind !== 'string' || node.operand.kind === 'name')
    return checkSize(cx, value.type, node)
  const bytes = bytesOfText(value.value).length + 1
  return constant(BigInt(bytes), SIZE_T)
}

function checkSize(cx: CheckContext, type: DType, node: Node): Expr {
  const bytes = type.kind === 'string' ? cx.scope.strsize : sizeOf(type)
  if (bytes > 0) return constant(BigInt(bytes), SIZE_T)
  const message = 'cannot apply sizeof to an operand of unknown size'
  return cx.diagnostics.fail(node.span, 'D_SIZEOF_TYPE', message)
}

/** `offsetof(TYPE, member)`: a constant, in bytes. */
export function checkOffsetof(cx: CheckContext, node: Node & { kind: 'offsetof' }): Expr {
  const type = resolveType(cx, node.type)
  if (type.kind !== 'record' || type.layout === undefined) {
    const message = 'offsetof operand must be a struct or union type'
    return cx.diagnostics.fail(node.span, 'D_OFFSETOF_TYPE', message)
  }
  const member = memberOf(type, node.member)
  if (member === undefined) {
    const why = 'Member name not found'
    const message = `failed to determine offset of ${node.member}: ${why}`
    return cx.diagnostics.fail(node.span, 'D_UNKNOWN', message)
  }
  if (member.bits !== undefined) {
    const message = `cannot take offset of a bit-field: ${node.member}`
    cx.diagnostics.fail(node.span, 'D_OFFSETOF_BITFIELD', message)
  }
  return constant(BigInt(member.offset))
}
