// Arithmetic on addresses: in steps of what they point to.
//
//   int *p;   p + 2  ->  8 bytes on      q - p  ->  how many ints lie between
//
// A string is the address of its bytes here. On Linux an index that is no constant is checked
// against the length of its array at run time, and a constant one when it is compiled.
// Source: libdtrace dt_parser.c (dt_cook_op2: DT_TOK_ADD, DT_TOK_SUB), dt_cg.c
// (dt_cg_arithmetic_op).
import type { Span } from '../../base/span.js'
import type { IntegerExpr } from '../program/build.js'
import * as build from '../program/build.js'
import type { Expr } from '../program/program.js'
import {
  type CheckContext,
  type Checked,
  isConstant,
  isExpr,
  isInteger,
  isString,
} from './checked.js'
import { isPointerType, isSizeless, pointerTypeOf } from './compatible.js'
import { asPointer } from './memory.js'

interface Operator {
  readonly op: '+' | '-'
  readonly span: Span
}

/** Whether a value is an address that can be stepped from. */
function isSteppable(value: Checked): boolean {
  if (!isExpr(value)) return false
  return isString(value) || (isPointerType(value.type) && !isSizeless(value.type))
}

/** `left op right` where one is an address at least; refuses what cannot be added. */
export function addToPointer(
  cx: CheckContext,
  { op, span }: Operator,
  left: Checked,
  right: Checked,
): Expr {
  const [first, second] = [isSteppable(left), isSteppable(right)]
  if (isExpr(left) && isExpr(right)) {
    if (first && isInteger(right)) return stepped(cx, { op, span }, left, right)
    if (second && isInteger(left) && op === '+') return stepped(cx, { op, span }, right, left)
    if (first && second && op === '-' && pointerTypeOf(left, right) !== undefined)
      return build.distance(addressed(left), addressed(right))
  }
  const types = `"${left.type.name}" ${op} "${right.type.name}"`
  const hint = isString(left) && isString(right) ? 'strjoin(a, b) joins strings' : undefined
  const message = `operands have incompatible types: ${types}`
  return cx.diagnostics.fail(span, 'D_OP_INCOMPAT', message, hint)
}

const addressed = (value: Expr): Expr => (isString(value) ? asPointer(value) : value)

function stepped(cx: CheckContext, { op, span }: Operator, base: Expr, index: IntegerExpr): Expr {
  if (isString(base)) return build.stringAt(build.step(op, asPointer(base), index))
  return build.step(op, base, bounded(cx, span, base, op, index))
}

/** The index, checked against the length of an array of several elements. */
function bounded(
  cx: CheckContext,
  span: Span,
  base: Expr,
  op: '+' | '-',
  index: IntegerExpr,
): IntegerExpr {
  const length = base.type.kind === 'array' ? base.type.length : 0
  if (cx.scope.dialect !== 'linux' || length <= 1) return index
  if (!isConstant(index))
    return op === '+' ? { kind: 'bound', index, length, type: index.type } : index
  const value = BigInt.asUintN(64, index.value)
  if (value >= BigInt(length)) {
    const message = `index outside array bounds: ${value}, max is ${length}`
    cx.diagnostics.fail(span, 'D_ARR_BOUNDS', message)
  }
  return index
}
