// Addresses in scratch memory: Linux keeps them apart from all others before a program runs, since
// its code reads the two in different ways.
//
//   a = alloca(8);  a = x ? a : p;  bcopy(p, s, 4)      three mistakes, where p and s are not
//   alloca()'s
//
// Holds: what a variable was given counts from there on, in the order of the program.
// Source: libdtrace of dtrace-utils: dt_parser.c (dt_cook_taint_alloca, dt_cook_op2, dt_cook_op3),
// dt_cg.c (dt_cg_store_var, dt_cg_subr_bcopy_impl, dt_cg_subr_inet_ntoa6).
import type { Span } from '../../base/span.js'
import type { Expr } from '../program/program.js'
import { isByAddress } from '../program/types.js'
import type { CallNode } from './ast.js'
import { type CheckContext, type Checked, isExpr, isNull, isString } from './checked.js'
import type { Scope } from './scope.js'

const TAKES: ReadonlySet<string> = new Set(['alloca', 'copyin'])

/** Checks what is stored in a variable, and remembers whose memory it is in. */
export function checkAllocated(cx: CheckContext, target: Expr, value: Checked, span: Span): void {
  const { scope, diagnostics } = cx
  if (scope.dialect !== 'linux' || target.kind !== 'variable') return
  if (isExpr(value) && isEither(scope, value)) {
    const what = 'ternary conditional with alloca and non-alloca branches'
    const message = `${what} cannot be assigned to a variable`
    diagnostics.fail(span, 'D_ALLOCA_INCOMPAT', message)
  }
  const { variable } = target
  if (isAllocated(scope, value) && !isString(value)) scope.allocated.add(variable)
  else if (!isNull(value)) scope.elsewhere.add(variable)
  if (!scope.allocated.has(variable) || !scope.elsewhere.has(variable)) return
  const name = scope.variableById(variable)?.name ?? ''
  const what = 'cannot reuse the same identifier for both alloca and non-alloca allocations'
  diagnostics.fail(span, 'D_ALLOCA_INCOMPAT', `${name}: ${what}`)
}

/** Checks what Linux asks of a call's arguments beside their types. */
export function checkLinuxArguments(
  cx: CheckContext,
  node: CallNode,
  name: string,
  args: readonly Checked[],
): void {
  const { diagnostics, scope } = cx
  if (scope.dialect !== 'linux') return
  const strict = args[1]
  if (name === 'inet_ntoa6' && strict !== undefined && strict.kind !== 'int') {
    const message = 'inet_ntoa6( ) argument #2 must be an integer constant'
    diagnostics.fail(node.args[1]?.span ?? node.span, 'D_PROTO_ARG', message)
  }
  const place = name === 'bcopy' ? 1 : name === 'copyinto' ? 2 : undefined
  if (place === undefined || isAllocated(scope, args[place])) return
  const wanted = '\tprototype: alloca pointer\n\t argument: non-alloca pointer'
  const message = `${name}( ) argument #${place + 1} is incompatible with prototype:\n${wanted}`
  diagnostics.fail(node.args[place]?.span ?? node.span, 'D_PROTO_ARG', message)
}

/** Whether a value is an address of scratch memory, as far as the program says. */
function isAllocated(scope: Scope, e: Checked | undefined): boolean {
  switch (e?.kind) {
    case 'call':
      return TAKES.has(e.name)
    case 'variable':
      return scope.allocated.has(e.variable)
    case 'cast':
      return isAllocated(scope, e.operand)
    case 'assign':
      return isAllocated(scope, e.value)
    case 'comma':
      return isAllocated(scope, e.right)
    case 'conditional':
      return isAllocated(scope, e.then)
    case 'arithmetic':
      return isAllocated(scope, e.left) || isAllocated(scope, e.right)
    case 'load':
      return (isByAddress(e.type) || e.type.kind === 'string') && isAllocated(scope, e.address)
    default:
      return false
  }
}

/** Whether a value is an address of scratch memory or another one, as it turns out. */
function isEither(scope: Scope, e: Expr): boolean {
  if (e.kind === 'cast') return isEither(scope, e.operand)
  if (e.kind === 'comma') return isEither(scope, e.right)
  if (e.kind !== 'conditional') return false
  const { then } = e
  if (isAllocated(scope, then) !== isAllocated(scope, e.else)) return true
  return isEither(scope, then) || isEither(scope, e.else)
}
