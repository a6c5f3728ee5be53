// Calls: the name, the number of arguments and their types, against the prototypes in
// program/subroutines.ts.
//
// Source: the D language guide, "Actions and Subroutines"; libdtrace dt_ident.c (dt_idcook_sign).
import { nearest } from '../../base/nearest.js'
import * as build from '../program/build.js'
import type { Expr } from '../program/program.js'
import {
  ACTIONS,
  AGGREGATING,
  type Callable,
  callableNamed,
  SUBROUTINES,
} from '../program/subroutines.js'
import { type DType, pointerTo } from '../program/types.js'
import type { CallNode, Node } from './ast.js'
import { checkLinuxArguments } from './check-alloca.js'
import { checkExpression } from './check-expression.js'
import { checkScratch } from './check-room.js'
import { checkStability } from './check-stability.js'
import { ACTION_VALUE, type CheckContext, type Checked, isExpr, isNull } from './checked.js'
import { isStorable } from './compatible.js'
import { storedAs } from './memory.js'

/** A call whose arguments are checked: `args` are as given, of the kind that the parameters say. */
export interface CheckedCall {
  readonly callable: Callable
  readonly args: readonly Checked[]
  readonly nodes: readonly Node[]
}

/** Checks a call within an expression: only a subroutine yields a value. */
export function checkCall(cx: CheckContext, node: CallNode): Checked {
  const { callable, args } = checkCallee(cx, node)
  if (callable.kind !== 'subroutine') {
    if (callable.result.kind === 'void') return ACTION_VALUE
    const where = 'may not be called from a D expression (D program context required)'
    const message = `tracing function ${callable.name}( ) ${where}`
    return cx.diagnostics.fail(node.span, 'D_CG_EXPR', message, 'it may be a key: @[sym(x)]')
  }
  checkLinuxArguments(cx, node, callable.name, args)
  const value = build.call(
    callable.name,
    args.map((arg) => (isExpr(arg) ? arg : build.constant(0n))),
  )
  checkScratch(cx, node, value)
  return value
}

/** Finds what a call calls. */
export function calleeOf(cx: CheckContext, node: CallNode): Callable {
  const { callee } = node
  if (callee.kind !== 'name') {
    const message = 'function designator is not of function type'
    return cx.diagnostics.fail(callee.span, 'D_FUNC_IDENT', message)
  }
  const { name, span } = callee
  const callable = cx.scope.hides(name) ? undefined : callableNamed(name, cx.scope.dialect)
  if (callable !== undefined) {
    checkStability(cx, name, 'function', span)
    return callable
  }
  if (cx.scope.variable('global', callee.name) !== undefined) {
    const message = `scalar '${callee.name}' may not be referenced as a function`
    return cx.diagnostics.fail(callee.span, 'D_FUNC_IDKIND', message)
  }
  const all = [...SUBROUTINES.keys(), ...ACTIONS.keys(), ...AGGREGATING.keys()]
  const near = nearest(callee.name, all)
  const hint = near === undefined ? undefined : `did you mean ${near}()?`
  const message = `undefined function name: ${callee.name}`
  return cx.diagnostics.fail(callee.span, 'D_FUNC_UNDEF', message, hint)
}

/** Checks name, number and types; then refuses what no recording can answer. */
export function checkCallee(cx: CheckContext, node: CallNode): CheckedCall {
  const callable = calleeOf(cx, node)
  checkCount(cx, node, callable)
  const checked = node.args.map((arg) => checkExpression(cx, arg))
  const args = checked.map((arg, i) => {
    const parameter = callable.parameters[i]
    if (parameter?.kind !== 'typed') return arg
    const type = asDefined(cx, parameter.type)
    return argument(cx, node, arg, { callable, type, index: i })
  })
  if (!callable.implemented)
    cx.diagnostics.refuse(
      node.span,
      `${callable.name}() is not part of D as xpv runs it yet`,
      `in DTrace it is: ${callable.doc}`,
    )
  return { callable, args, nodes: node.args }
}

/** A prototype's type, a structure it points to as the program has defined it. */
function asDefined(cx: CheckContext, type: DType): DType {
  const to = type.kind === 'int' ? type.pointee : undefined
  const defined = to?.kind === 'record' ? cx.scope.types.named(to.name) : undefined
  return defined === undefined ? type : pointerTo(defined)
}

/** The number of arguments, against the prototype. */
export function checkCount(cx: CheckContext, node: CallNode, callable: Callable): void {
  const passed = node.args.length
  const { required, variadic, parameters } = callable
  const most = variadic ? Number.POSITIVE_INFINITY : parameters.length
  if (passed >= required && passed <= most) return
  const optional = variadic || required < parameters.length
  const bound = passed < required ? (optional ? 'at least ' : '') : optional ? 'at most ' : ''
  const expected = passed < required ? required : parameters.length
  const args = passed === 1 ? '1 arg passed' : `${passed} args passed`
  const message = `${callable.name}( ) prototype mismatch: ${args}, ${bound}${expected} expected`
  cx.diagnostics.fail(node.span, 'D_PROTO_LEN', message, `${callable.prototype}: ${callable.doc}`)
}

interface Slot {
  readonly callable: Callable
  readonly type: DType
  readonly index: number
}

/** One argument as its parameter wants it. NULL and 0 pass for a string: strtok() goes on with
 *  it. */
function argument(cx: CheckContext, node: CallNode, arg: Checked, slot: Slot): Expr {
  const { callable, type, index } = slot
  if (type.kind === 'string' && isNull(arg)) return build.constant(0n)
  if (isStorable(arg, type)) return storedAs(arg, type)
  const is = 'is incompatible with prototype'
  const proto = `\tprototype: ${parameterText(callable, index)}\n\t argument: ${arg.type.name}`
  const message = `${callable.name}( ) argument #${index + 1} ${is}:\n${proto}`
  return cx.diagnostics.fail(node.args[index]?.span ?? node.span, 'D_PROTO_ARG', message)
}

function parameterText(callable: Callable, index: number): string {
  const inside = /\((.*)\)$/.exec(callable.prototype)?.[1] ?? ''
  const word = (inside.split(',')[index] ?? '').trim()
  return word.replace(/^\[|\]$/g, '').replace(/^const /, '')
}
