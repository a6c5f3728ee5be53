// sizeof: of a type, or of the type that an expression has.
//
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_parser.c
// (dt_cook_op1, DT_TOK_SIZEOF).
import { constant } from '../program/build.js'
import type { Expr } from '../program/program.js'
import { integerNamed } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import type { Node } from './ast.js'
import { checkValue, resolveType } from './check-expression.js'
import type { CheckContext } from './checked.js'

const SIZE_T = integerNamed('size_t')

/** `sizeof (TYPE)`: a constant of type size_t. */
export function checkSizeofType(cx: CheckContext, node: Node & { kind: 'sizeof-type' }): Expr {
  if (node.type.pointers > 0) return constant(8n, SIZE_T)
  return sizeOf(cx, resolveType(cx, node.type), node)
}

/** `sizeof EXPR`: a string as written is an array of its bytes and a NUL, any other is `strsize`
 *  long. */
export function checkSizeofValue(cx: CheckContext, node: Node & { kind: 'prefix' }): Expr {
  const value = checkValue(cx, node.operand)
  if (value.kind !== 'string' || node.operand.kind === 'name') return sizeOf(cx, value.type, node)
  const bytes = new TextEncoder().encode(value.value).length + 1
  return constant(BigInt(bytes), SIZE_T)
}

/** Strings are 256 bytes long: DTrace's default strsize. */
function sizeOf(cx: CheckContext, type: DType, node: Node): Expr {
  if (type.kind === 'void') {
    const message = 'cannot apply sizeof to an operand of unknown size'
    return cx.diagnostics.fail(node.span, 'D_SIZEOF_TYPE', message)
  }
  const bytes = type.kind === 'string' ? 256 : type.bytes
  return constant(BigInt(bytes), SIZE_T)
}
