// Expressions: every node gets its type, operands are converted, constants folded, names resolved.
//
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_parser.c
// (dt_cook_op1, _op2, _op3). Messages are DTrace's.
import { assertNever } from '../../base/assert.js'
import type { CompareOp, Expr, LogicalOp } from '../program/program.js'
import { comparedAs, promote, typeNamed } from '../program/type-names.js'
import { type DType, INT, INT64, STRING } from '../program/types.js'
import type { BinaryNode, ConditionalNode, IntNode, Node, TypeName } from './ast.js'
import { checkAssign, checkStep } from './check-assign.js'
import { checkCall } from './check-call.js'
import { checkIndex, checkMember, checkName } from './check-name.js'
import { checkSizeofType, checkSizeofValue } from './check-sizeof.js'
import {
  AGGREGATION_VALUE,
  asInteger,
  type CheckContext,
  type Checked,
  constant,
  convert,
  emptyString,
  type IntegerExpr,
  isConstant,
  isExpr,
  isInteger,
  isNull,
  isPointer,
  isScalar,
  isString,
  needValue,
} from './checked.js'
import { foldArithmetic, foldCompare, foldLogical, foldUnary } from './fold.js'

/** Checks an expression. Reports mistakes and leaves by Failure. */
export function checkExpression(cx: CheckContext, node: Node): Checked {
  switch (node.kind) {
    case 'int':
      return checkInt(cx, node)
    case 'string':
      return { kind: 'string', value: node.value, type: STRING }
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
    if (node.value <= limit) return constant(node.value, typeNamed(name) ?? INT64)
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

function checkUnary(
  cx: CheckContext,
  node: Node & { kind: 'prefix' },
  op: '-' | '+' | '!' | '~',
): Expr {
  const operand = checkExpression(cx, node.operand)
  if (op === '!') {
    if (!isScalar(operand)) scalarWanted(cx, node, 'operator ! requires an operand of scalar type')
    const number = asInteger(operand)
    if (isConstant(number)) return foldUnary('!', number)
    return { kind: 'unary', op, operand: number, type: INT }
  }
  if (!isInteger(operand)) {
    const [tag, kind] = op === '~' ? ['D_OP_INT', 'integral'] : ['D_OP_ARITH', 'arithmetic']
    const message = `operator ${op} requires an operand of ${kind} type`
    return cx.diagnostics.fail(node.span, tag, message)
  }
  if (op === '+') return operand
  if (isConstant(operand)) return foldUnary(op, operand)
  return { kind: 'unary', op, operand, type: operand.type }
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

function checkBinary(cx: CheckContext, node: BinaryNode): Expr {
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
  if (!isScalar(left) || !isScalar(right))
    scalarWanted(cx, node, `operator ${op} requires operands of scalar type`)
  const l = asInteger(left)
  const r = asInteger(right)
  if (isConstant(l) && isConstant(r)) return foldLogical(op, l, r)
  return { kind: 'logical', op, left: l, right: r, type: INT }
}

function comparison(
  cx: CheckContext,
  node: BinaryNode,
  op: CompareOp,
  left: Checked,
  right: Checked,
): Expr {
  const strings = asStrings(left, right)
  if (strings !== undefined) return { kind: 'compare', op, signed: true, ...strings, type: INT }
  const mixed = isPointer(left) ? isInteger(right) : isPointer(right) && isInteger(left)
  const comparable = !mixed || isNull(left) || isNull(right)
  if (comparable && isScalar(left) && isScalar(right))
    return compareIntegers(op, asInteger(left), asInteger(right))
  return incompatible(cx, node, left, op, right)
}

function compareIntegers(op: CompareOp, left: IntegerExpr, right: IntegerExpr): Expr {
  const common = comparedAs(left.type, right.type)
  const l = convert(left, common)
  const r = convert(right, common)
  if (isConstant(l) && isConstant(r)) return foldCompare(op, l, r)
  return { kind: 'compare', op, signed: common.signed, left: l, right: r, type: INT }
}

/** Both as strings, when at least one is and the other is a string or NULL. */
function asStrings(left: Checked, right: Checked): { left: Expr; right: Expr } | undefined {
  if (isString(left) && isString(right)) return { left, right }
  if (isString(left) && isNull(right)) return { left, right: emptyString }
  if (isNull(left) && isString(right)) return { left: emptyString, right }
  return undefined
}

function arithmetic(cx: CheckContext, node: BinaryNode, left: Checked, right: Checked): Expr {
  const op = node.op as Extract<Expr, { kind: 'arithmetic' }>['op']
  if (!isInteger(left) || !isInteger(right)) return needIntegers(cx, node, left, right)
  if ((op === '/' || op === '%') && isConstant(right) && right.value === 0n)
    cx.diagnostics.fail(node.span, 'D_DIV_ZERO', 'expression contains division by zero')
  const isShift = op === '<<' || op === '>>'
  const type = isShift ? left.type : promote(left.type, right.type)
  const l = convert(left, type)
  const r = isShift ? right : convert(right, type)
  const folded = isConstant(l) && isConstant(r) ? foldArithmetic(op, l, r, type) : undefined
  return folded ?? { kind: 'arithmetic', op, left: l, right: r, type }
}

function needIntegers(cx: CheckContext, node: BinaryNode, left: Checked, right: Checked): never {
  const { op } = node
  if (op === '+' || op === '-') {
    const first = isString(left) || isPointer(left)
    const second = isString(right) || isPointer(right)
    const legal = first ? isInteger(right) || (op === '-' && second) : second && isInteger(left)
    if (legal && (first || op === '+')) refuseStep(cx, node, left, right)
    incompatible(cx, node, left, op, right)
  }
  const [tag, kind] =
    op === '*' || op === '/' ? ['D_OP_ARITH', 'arithmetic'] : ['D_OP_INT', 'integral']
  const hint = isString(left) || isString(right) ? 'strjoin(a, b) joins strings' : undefined
  const message = `operator ${op} requires operands of ${kind} type`
  return cx.diagnostics.fail(node.span, tag, message, hint)
}

/** DTrace adds a number to the address of a string or pointer. */
function refuseStep(cx: CheckContext, node: BinaryNode, left: Checked, right: Checked): never {
  const text = isString(left) || isString(right)
  const what = text ? 'a string' : 'an array'
  const message = `operator ${node.op} would step through ${what}: a recording holds no memory`
  const hint = 'strjoin(s, lltostr(n)) joins a string and a number'
  return cx.diagnostics.refuse(node.span, message, text ? hint : undefined)
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

function checkConditional(cx: CheckContext, node: ConditionalNode): Expr {
  const test = checkExpression(cx, node.test)
  const then = checkExpression(cx, node.then)
  const otherwise = checkExpression(cx, node.else)
  if (!isScalar(test)) scalarWanted(cx, node, 'operator ?: expression must be of scalar type')
  for (const branch of [then, otherwise]) {
    if (isExpr(branch) || branch.what === 'null') continue
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
  const strings = asStrings(then, otherwise)
  const number = asInteger(test)
  if (strings !== undefined)
    return {
      kind: 'conditional',
      test: number,
      then: strings.left,
      else: strings.right,
      type: STRING,
    }
  if (!isScalar(then) || !isScalar(otherwise)) {
    const message = 'operator ?: operands must have compatible types'
    return cx.diagnostics.fail(node.span, 'D_OP_INCOMPAT', message)
  }
  const [l, r] = [asInteger(then), asInteger(otherwise)]
  const type = promote(l.type, r.type)
  return { kind: 'conditional', test: number, then: convert(l, type), else: convert(r, type), type }
}

function checkComma(cx: CheckContext, node: Node & { kind: 'comma' }): Expr {
  const left = checkExpression(cx, node.left)
  const right = checkExpression(cx, node.right)
  for (const side of [left, right]) {
    if (isExpr(side) || side.what === 'null') continue
    const isAction = side.what === 'action'
    const [tag, what] = isAction ? ['D_OP_ACT', 'actions'] : ['D_OP_DYN', 'of dynamic type']
    cx.diagnostics.fail(node.span, tag, `operator , operands cannot be ${what}`)
  }
  const l = isExpr(left) ? left : constant(0n)
  const r = isExpr(right) ? right : constant(0n)
  return { kind: 'comma', left: l, right: r, type: r.type }
}
