// Expressions: names are resolved, constants typed, casts made; operators are in check-operator.ts.
//
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_parser.c
// (dt_cook_op1, _op2, _op3). Messages are DTrace's.
import { assertNever } from '../../base/assert.js'
import { constant, convert, text } from '../program/build.js'
import type { Expr } from '../program/program.js'
import { integerNamed, typeNamed } from '../program/type-names.js'
import { type DType, INT64 } from '../program/types.js'
import type { IntNode, Node, TypeName } from './ast.js'
import { checkAssign, checkStep } from './check-assign.js'
import { checkCall } from './check-call.js'
import { checkIndex, checkMember, checkName } from './check-name.js'
import { checkBinary, checkComma, checkConditional, checkUnary } from './check-operator.js'
import { checkSizeofType, checkSizeofValue } from './check-sizeof.js'
import {
  AGGREGATION_VALUE,
  asInteger,
  type CheckContext,
  type Checked,
  isExpr,
  isInteger,
  isPointer,
  isScalar,
  isString,
  needValue,
} from './checked.js'

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
    case 'refused':
      return cx.diagnostics.refuse(node.span, `${node.what} is not part of D as xpv runs it yet`)
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

/** The type of a cast or declaration. A pointer is an address; structures are refused. */
export function resolveType(cx: CheckContext, type: TypeName): DType {
  if (type.pointers > 0) return typeNamed(type.written) ?? INT64
  if (type.base === undefined)
    return cx.diagnostics.refuse(
      type.span,
      `type ${type.written} is not part of D as xpv runs it yet`,
      'integers and strings are',
    )
  return type.base
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
    case '&':
      return checkPointerOp(cx, node, op)
    case 'sizeof':
      return checkSizeofValue(cx, node)
    case 'stringof':
      return checkStringof(cx, node)
    default:
      return checkUnary(cx, node, op)
  }
}

function checkPointerOp(cx: CheckContext, node: Node & { kind: 'prefix' }, op: '*' | '&'): never {
  const operand = checkExpression(cx, node.operand)
  const { diagnostics } = cx
  if (op === '&') {
    if (operand.kind === 'variable' || !isExpr(operand))
      diagnostics.fail(node.span, 'D_ADDROF_VAR', 'cannot take address of dynamic variable')
    diagnostics.fail(node.span, 'D_ADDROF_LVAL', 'unacceptable operand for unary & operator')
  }
  if (operand.type.name === 'void *')
    diagnostics.fail(node.span, 'D_DEREF_VOID', 'cannot dereference pointer to void')
  if (isPointer(operand) || isString(operand)) refuseMemory(cx, node)
  return diagnostics.fail(node.span, 'D_DEREF_NONPTR', 'cannot dereference non-pointer type')
}

/** A recording holds values, not the memory they point to. */
export function refuseMemory(cx: CheckContext, node: Node): never {
  const message = 'a recording holds no memory to read through a pointer'
  return cx.diagnostics.refuse(node.span, message, 'the value itself can be printed with %p')
}

function checkStringof(cx: CheckContext, node: Node & { kind: 'prefix' }): Expr {
  const operand = checkExpression(cx, node.operand)
  if (isString(operand)) return operand
  if (isScalar(operand)) refuseMemory(cx, node)
  const message = `cannot apply stringof to a value of type ${operand.type.name}`
  return cx.diagnostics.fail(node.span, 'D_STRINGOF_TYPE', message)
}

function checkCast(cx: CheckContext, node: Node & { kind: 'cast' }): Expr {
  const operand = checkExpression(cx, node.operand)
  const type = resolveType(cx, node.type)
  if (type.kind === 'string' && isString(operand)) return operand
  if (type.kind === 'int' && isScalar(operand)) return convert(asInteger(operand), type)
  if (type.kind === 'void' && isExpr(operand)) return { kind: 'cast', operand, type }
  if (type.kind === 'string' && isInteger(operand)) refuseMemory(cx, node)
  const message = `invalid cast expression: "${operand.type.name}" to "${type.name}"`
  return cx.diagnostics.fail(node.span, 'D_CAST_INVAL', message)
}
