// Actions: what a clause records, prints and does.
//
// Holds: an action whose effect a recording cannot have compiles all the same (`live`).
// Source: the D language guide, "Actions and Subroutines"; illumos libdtrace dt_cc.c
// (dt_action_*); DTrace for Linux dt_cg.c (dt_cg_act_*).
import { constant } from '../program/build.js'
import { sizeOf } from '../program/layout.js'
import { parseFormat } from '../program/parse-format.js'
import type { Expr, LiveAction, Statement } from '../program/program.js'
import type { CallNode } from './ast.js'
import { checkNormalize, checkPrinta, checkReset, checkTrunc } from './check-aggregation-action.js'
import { type CheckedCall, checkCallee } from './check-call.js'
import { checkFormat, parseFormatOf } from './check-format.js'
import { checkStack, symbolCall } from './check-stack.js'
import { type CheckContext, type Checked, isExpr, isNumber, isPositiveConstant } from './checked.js'

type Check = (cx: CheckContext, call: CheckedCall, node: CallNode) => Statement

const live =
  (action: LiveAction): Check =>
  (_cx, { args }) => ({ kind: 'live', action, args: args.filter(isExpr) })

const speculative =
  (kind: 'speculate' | 'commit' | 'discard'): Check =>
  (_cx, call) => ({ kind, id: valueAt(call, 0) })

const symbol: Check = (_cx, call) => ({ kind: 'trace', value: symbolCall(call) })

const CHECKS: Readonly<Record<string, Check>> = {
  trace: checkTrace,
  print: checkPrint,
  tracemem: checkTracemem,
  printf: (cx, call, node) => checkPrintf(cx, call, node, 'printf'),
  system: (cx, call, node) => checkPrintf(cx, call, node, 'system'),
  freopen: (cx, call, node) => checkPrintf(cx, call, node, 'freopen'),
  ftruncate: () => ({ kind: 'ftruncate' }),
  printa: checkPrinta,
  clear: (cx, call, node) => checkReset(cx, call, node, 'clear'),
  denormalize: (cx, call, node) => checkReset(cx, call, node, 'denormalize'),
  trunc: checkTrunc,
  normalize: checkNormalize,
  exit: (_cx, call) => ({ kind: 'exit', status: valueAt(call, 0) }),
  setopt: checkSetopt,
  speculate: speculative('speculate'),
  commit: speculative('commit'),
  discard: speculative('discard'),
  stack: checkStack,
  ustack: checkStack,
  jstack: checkStack,
  sym: symbol,
  func: symbol,
  mod: symbol,
  usym: symbol,
  ufunc: symbol,
  umod: symbol,
  uaddr: symbol,
  breakpoint: live('breakpoint'),
  chill: live('chill'),
  copyout: live('copyout'),
  copyoutstr: live('copyoutstr'),
  panic: live('panic'),
  raise: live('raise'),
  stop: live('stop'),
}

/** Checks a call of an action as a statement. */
export function checkAction(cx: CheckContext, node: CallNode): Statement {
  const call = checkCallee(cx, node)
  const check = CHECKS[call.callable.name]
  if (check !== undefined) return check(cx, call, node)
  const message = `tracing function ${call.callable.name}( ) is not yet supported`
  return cx.diagnostics.fail(node.span, 'D_UNKNOWN', message)
}

function valueAt(call: CheckedCall, index: number): Expr {
  const arg = call.args[index]
  return arg !== undefined && isExpr(arg) ? arg : constant(0n)
}

function checkTrace(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  return { kind: 'trace', value: recordable(cx, call, node) }
}

/** illumos prints the value itself; Linux what a pointer points to. */
function checkPrint(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const value = recordable(cx, call, node)
  if (cx.scope.dialect === 'illumos') return { kind: 'print', value }
  const pointee = value.type.kind === 'int' ? value.type.pointee : undefined
  if (pointee === undefined || sizeOf(pointee) > 0) return { kind: 'print', value, pointer: true }
  const type = `reference has type '${pointee.name}' with size 0`
  const message = `print( ) argument #1 ${type}; cannot print( ) it.`
  return cx.diagnostics.fail(node.span, 'D_PRINT_SIZE', message)
}

/** The value that trace() or print() is given: anything but void and an aggregation. */
function recordable(cx: CheckContext, call: CheckedCall, node: CallNode): Expr {
  const [value] = call.args
  if (value !== undefined && isExpr(value) && value.type.kind !== 'void') return value
  const { name } = call.callable
  const [suffix, text] = mistaken(cx, name, value)
  const message = `${name}( ) may not be applied to ${text}`
  return cx.diagnostics.fail(node.span, `D_${name.toUpperCase()}_${suffix}`, message)
}

function mistaken(
  { scope }: CheckContext,
  action: string,
  value: Checked | undefined,
): readonly [suffix: string, text: string] {
  if (value?.kind !== 'dynamic' || value.what === 'action') return ['VOID', 'a void expression']
  if (scope.dialect === 'linux') return ['DYN', 'a dynamic expression']
  if (value.what !== 'aggregation') return ['DYN', 'a translated pointer']
  return ['AGG', `an aggregation${action === 'print' ? ' -- did you mean printa()?' : ''}`]
}

function checkTracemem(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const [address, size, shown, extra] = call.args
  if (address === undefined || !isAddress(address)) {
    const proto = `\tprototype: pointer or integer\n\t argument: ${address?.type.name ?? 'void'}`
    const message = `tracemem( ) argument #1 is incompatible with prototype:\n${proto}`
    return cx.diagnostics.fail(node.span, 'D_TRACEMEM_ADDR', message)
  }
  if (size === undefined || !isPositiveConstant(size)) {
    const must = 'must be a non-zero positive integral constant expression'
    const message = `tracemem( ) argument #2 ${must}`
    return cx.diagnostics.fail(node.span, 'D_TRACEMEM_SIZE', message)
  }
  if (extra !== undefined) {
    const message = 'tracemem ( ) prototype mismatch: expected at most 3 args'
    cx.diagnostics.fail(node.span, 'D_TRACEMEM_ARGS', message)
  }
  const statement = { kind: 'tracemem', address, size: Number(size.value) } as const
  if (shown === undefined) return statement
  if (!isNumber(shown)) {
    const message = 'tracemem ( ) dynamic size (argument #3) must be of scalar type'
    cx.diagnostics.fail(node.span, 'D_TRACEMEM_DYNSIZE', message)
  }
  return { ...statement, shown: shown }
}

/** An integer, a pointer, or an array, which is its address. */
const isAddress = (value: Checked): value is Expr => isNumber(value) || value.type.kind === 'array'

/** What freopen() may not be told: DTrace's own word for the standard output. */
const RESERVED_FILE = '.'

function checkPrintf(
  cx: CheckContext,
  call: CheckedCall,
  node: CallNode,
  action: 'printf' | 'system' | 'freopen',
): Statement {
  const [first] = call.args
  if (first?.kind !== 'string') {
    const type = first?.type.name ?? 'void'
    const proto = `\tprototype: string constant\n\t argument: ${type}`
    const message = `${action}( ) argument #1 is incompatible with prototype:\n${proto}`
    return cx.diagnostics.fail(node.span, 'D_PRINTF_ARG_FMT', message)
  }
  if (action === 'freopen' && first.value === RESERVED_FILE) {
    const message = `freopen( ) argument #1 cannot be "${RESERVED_FILE}"`
    cx.diagnostics.fail(node.span, 'D_FREOPEN_INVALID', message)
  }
  const span = call.nodes[0]?.span ?? node.span
  const format = formatOf(cx, action, first.value, span)
  const given = call.args.slice(1)
  const types = given.map((arg) => arg.type)
  checkFormat(cx, format, { action, span: node.span, types, firstArgument: 2 })
  return { kind: action, format, args: given.filter(isExpr) }
}

/** freopen("") goes back to the standard output: nowhere else may a format be empty. */
function formatOf(cx: CheckContext, action: string, text: string, span: CallNode['span']) {
  const restores = action === 'freopen' && text === '' ? parseFormat(text) : undefined
  return restores?.kind === 'ok' ? restores.format : parseFormatOf(cx, action, text, span)
}

function checkSetopt(_cx: CheckContext, call: CheckedCall): Statement {
  const option = valueAt(call, 0)
  return call.args.length < 2
    ? { kind: 'setopt', option }
    : { kind: 'setopt', option, value: valueAt(call, 1) }
}
