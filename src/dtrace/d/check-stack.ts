// stack(), ustack(), jstack(), and sym(), mod() and their like: as statements, and as keys of
// aggregations.
//
// Source: illumos libdtrace dt_cc.c (dt_action_stack_args, dt_action_ustack_args); DTrace for Linux
// dt_cg.c (dt_cg_stack_arg).
import { constant } from '../program/build.js'
import type { Expr, Statement } from '../program/program.js'
import type { CallNode } from './ast.js'
import { type CheckedCall, calleeOf, checkCallee } from './check-call.js'
import { type CheckContext, type Checked, isExpr, isPositiveConstant } from './checked.js'

const SYMBOLS: ReadonlySet<string> = new Set(
  'sym func mod usym ufunc umod uaddr stack ustack jstack'.split(' '),
)

/** stack() and its like as a statement. */
export function checkStack(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const which = call.callable.name as 'stack' | 'ustack' | 'jstack'
  checkFrames(cx, call, node)
  const [frames] = call.args
  return frames !== undefined && isExpr(frames)
    ? { kind: 'stack', which, frames }
    : { kind: 'stack', which }
}

/** A call of sym() or stack() and their like where a key of an aggregation may be; undefined for
 *  any other call. */
export function checkSymbolKey(cx: CheckContext, node: CallNode): Expr | undefined {
  if (!SYMBOLS.has(calleeOf(cx, node).name)) return undefined
  const call = checkCallee(cx, node)
  if (call.callable.name.endsWith('stack')) checkFrames(cx, call, node)
  return symbolCall(call)
}

/** The value of such a call: an address of a type that prints as what lies there, or frames. */
export function symbolCall({ callable, args }: CheckedCall): Expr {
  const values = args.map((arg) => (isExpr(arg) ? arg : constant(0n)))
  return { kind: 'call', name: callable.name, args: values, type: callable.result }
}

function checkFrames(cx: CheckContext, { callable, args }: CheckedCall, node: CallNode): void {
  const [frames, size, extra] = args
  if (callable.name === 'stack') {
    if (size !== undefined) tooMany(cx, node, 'stack', 'D_STACK_PROTO')
    if (frames !== undefined && !isPositiveConstant(frames))
      cx.diagnostics.fail(node.span, 'D_STACK_SIZE', stackSize(cx))
    return
  }
  if (frames !== undefined && !isPositiveConstant(frames)) {
    const message = 'ustack( ) argument #1 must be a non-zero positive integer constant'
    cx.diagnostics.fail(node.span, 'D_USTACK_FRAMES', message)
  }
  if (size !== undefined && !isCount(size)) {
    const message = 'ustack( ) argument #2 must be a positive integer constant'
    cx.diagnostics.fail(node.span, 'D_USTACK_STRSIZE', message)
  }
  if (extra !== undefined) tooMany(cx, node, 'ustack', 'D_USTACK_PROTO')
}

function tooMany(cx: CheckContext, node: CallNode, name: string, tag: string): never {
  const message = `${name}( ) prototype mismatch: too many arguments`
  return cx.diagnostics.fail(node.span, tag, message)
}

function stackSize({ scope }: CheckContext): string {
  return scope.dialect === 'illumos'
    ? 'stack( ) size must be a non-zero positive integral constant expression'
    : 'stack( ) argument #1 must be a non-zero positive integer constant'
}

const isCount = (value: Checked): boolean =>
  value.kind === 'int' && !(value.type.kind === 'int' && value.type.signed && value.value < 0n)
