// Names: variables of three scopes, built-ins, arguments, inlines, associative arrays.
//
// Source: the D language guide, "Variables"; libdtrace dt_parser.c (dt_xcook_ident, dt_cook_var),
// dt_ident.c.

import { nearest } from '../../base/nearest.js'
import type { Span } from '../../base/span.js'
import { constant } from '../program/build.js'
import { BUILTINS, FAULT_CODES, XDT_VARIABLES } from '../program/builtins.js'
import type { Expr, Variable, VariableExpr } from '../program/program.js'
import { callableNamed } from '../program/subroutines.js'
import { type DType, INT64 } from '../program/types.js'
import type { NameNode, Node } from './ast.js'
import { checkExpression } from './check-expression.js'
import { checkTuple } from './check-room.js'
import { checkStability } from './check-stability.js'
import { checkSymbolKey } from './check-stack.js'
import { type CheckContext, type Checked, isExpr } from './checked.js'
import { isStorable } from './compatible.js'
import { Failure } from './diagnostics.js'
import { argIndex, isGiven } from './given-name.js'
import { storedAs } from './memory.js'
import type { VariableScope } from './scope.js'

/** A place that holds a value: one of the three scopes, a name, and keys when it is an array's
 *  element. */
export interface Place {
  readonly scope: VariableScope
  readonly name: string
  readonly keys: readonly Node[] | undefined
  readonly span: Span
}

/** The variable that a node names, or would make. A subscript of one that is no associative array
 *  names no variable, but what the variable holds or points to. */
export function placeOf(cx: CheckContext, node: Node): Place | undefined {
  if (node.kind === 'group') return placeOf(cx, node.inner)
  if (node.kind === 'index') {
    const base = placeOf(cx, node.base)
    if (base === undefined || base.keys !== undefined) return undefined
    const known = cx.scope.variable(base.scope, base.name)
    if (known !== undefined && known.keys === undefined) return undefined
    return { ...base, keys: node.keys, span: node.span }
  }
  if (node.kind === 'member') {
    const { base } = node
    if (node.op !== '->' || base.kind !== 'name') return undefined
    if (base.name !== 'self' && base.name !== 'this') return undefined
    return { scope: base.name, name: node.member, keys: undefined, span: node.span }
  }
  if (node.kind !== 'name' || isGiven(node.name)) return undefined
  if (cx.scope.bound(node.name) !== undefined) return undefined
  return { scope: 'global', name: node.name, keys: undefined, span: node.span }
}

/** Checks a name read for its value. */
export function checkName(cx: CheckContext, node: NameNode): Checked {
  const { name, span } = node
  if (name.includes('`')) {
    checkStability(cx, name, 'symbol', span)
    return checkSymbol(cx, node)
  }
  const bound = cx.scope.bound(name)
  if (bound !== undefined) return bound
  checkStability(cx, name, 'scalar', span)
  const inline = cx.scope.inline(name)
  if (inline?.parameters !== undefined) badReference(cx, span, 'associative array', name, 'scalar')
  if (inline !== undefined) return inline.value
  const variable = cx.scope.variable('global', name)
  if (variable !== undefined) return readVariable(cx, variable, { ...node, keys: undefined })
  if (name === 'NULL') return constant(0n)
  const fault = FAULT_CODES.get(name)
  if (fault !== undefined) return constant(fault)
  const index = argIndex(name)
  if (index !== undefined) return { kind: 'arg', index, type: INT64 }
  const builtin = BUILTINS.get(name)
  if (builtin !== undefined) return { kind: 'builtin', name: builtin.name, type: builtin.type }
  const kind = otherKind(name)
  if (kind !== undefined) badReference(cx, span, kind, name, 'scalar')
  if (cx.scope.isPoisoned('global', name)) throw new Failure('')
  return unknownName(cx, name, span)
}

function otherKind(name: string): string | undefined {
  if (name === 'self' || name === 'this') return 'pointer'
  if (name === 'args' || name === 'uregs') return 'associative array'
  const callable = callableNamed(name)
  if (callable === undefined) return undefined
  if (callable.kind === 'subroutine') return 'function'
  return callable.kind === 'action' ? 'tracing function' : 'aggregating function'
}

function badReference(cx: CheckContext, span: Span, is: string, name: string, as: string): never {
  const message = `${is} '${name}' may not be referenced as ${as}`
  const example = is === 'pointer' ? `${name}->x` : name === 'args' ? 'args[0]' : undefined
  const hint = example === undefined ? undefined : `write ${example}`
  return cx.diagnostics.fail(span, 'D_IDENT_BADREF', message, hint)
}

function unknownName(cx: CheckContext, name: string, span: Span): never {
  if (cx.scope.isBeingMade(name)) {
    const message = `${name} has not yet been declared or assigned`
    const hint = `declare it before the clause: int64_t ${name}; or string ${name};`
    cx.diagnostics.fail(span, 'D_VAR_UNDEF', message, hint)
  }
  const message = `failed to resolve ${name}: Unknown variable name`
  return cx.diagnostics.fail(span, 'D_IDENT_UNDEF', message, hintFor(cx, name))
}

function hintFor(cx: CheckContext, name: string): string {
  for (const scope of ['self', 'this'] as const)
    if (cx.scope.variable(scope, name) !== undefined) return `did you mean ${scope}->${name}?`
  const argument = cx.probes?.[0]?.args.findIndex((a) => a.name === name) ?? -1
  if (argument >= 0) return `it is args[${argument}] of this probe`
  const known = [...cx.scope.names('global'), ...BUILTINS.keys()]
  const near = nearest(name, known)
  if (near !== undefined) return `did you mean ${near}?`
  return 'a variable must be assigned or declared before it is read'
}

/** `xdt_curpcpu: a variable of the hypervisor's tracing driver. */
function checkSymbol(cx: CheckContext, node: NameNode): Expr {
  const [scope = '', name = ''] = node.name.split('`')
  const builtin = BUILTINS.get(XDT_VARIABLES.get(name) ?? '')
  if (builtin !== undefined && ['', 'xdt'].includes(scope))
    return { kind: 'builtin', name: builtin.name, type: builtin.type }
  const message = `failed to resolve ${node.name}: Unknown symbol name`
  const known = [...XDT_VARIABLES.keys()].map((v) => `\`${v}`).join(' ')
  return cx.diagnostics.fail(node.span, 'D_IDENT_UNDEF', message, `there are ${known}`)
}

/** Reads the variable at a place. */
export function readPlace(cx: CheckContext, place: Place): Checked {
  const { scope, name, span } = place
  const variable = cx.scope.variable(scope, name)
  if (variable !== undefined) return readVariable(cx, variable, place)
  if (cx.scope.isPoisoned(scope, name)) throw new Failure('')
  if (scope === 'this' && place.keys !== undefined) localArray(cx, name, span)
  const prefix = scope === 'global' ? '' : `${scope}->`
  const message = `${prefix}${name} has not yet been declared or assigned`
  const other = (['global', 'self', 'this'] as const).find(
    (s) => s !== scope && cx.scope.variable(s, name) !== undefined,
  )
  const hint =
    other === undefined
      ? undefined
      : `did you mean ${other === 'global' ? '' : `${other}->`}${name}?`
  return cx.diagnostics.fail(span, 'D_VAR_UNDEF', message, hint)
}

/** `this->a[...]`: D has no associative arrays of one firing. */
export function localArray(cx: CheckContext, name: string, span: Span): never {
  const message = `local variables may not be used as associative arrays: ${name}`
  return cx.diagnostics.fail(span, 'D_ARR_LOCAL', message, `use self->${name}[...]`)
}

/** A reference to a variable that exists, its keys checked against its signature. */
export function readVariable(
  cx: CheckContext,
  variable: Variable,
  at: { readonly keys: readonly Node[] | undefined; readonly span: Span },
): VariableExpr {
  const { keys: signature, name, type } = variable
  if (at.keys === undefined) {
    if (signature !== undefined) badReference(cx, at.span, 'associative array', name, 'scalar')
    return { kind: 'variable', variable: variable.id, keys: [], type }
  }
  if (signature === undefined) badReference(cx, at.span, 'scalar', name, 'associative array')
  const keys = checkKeys(cx, at.keys, signature, { what: `${name}[ ]`, span: at.span })
  checkTuple(cx, keys.length, 'array', at.span)
  return { kind: 'variable', variable: variable.id, keys, type }
}

/** Checks keys against the types fixed by the first use. */
export function checkKeys(
  cx: CheckContext,
  nodes: readonly Node[],
  signature: readonly DType[],
  of: { readonly what: string; readonly span: Span },
): readonly Expr[] {
  const values = nodes.map((node) => checkKey(cx, node, of.what))
  if (values.length !== signature.length) {
    const passed = `${values.length} ${values.length === 1 ? 'key' : 'keys'} passed`
    const message = `${of.what} prototype mismatch: ${passed}, ${signature.length} expected`
    cx.diagnostics.fail(of.span, 'D_PROTO_LEN', message)
  }
  return values.map((value, i) => {
    const type = signature[i] ?? value.type
    if (isStorable(value, type)) return storedAs(value, type)
    const proto = `\tprototype: ${type.name}\n\t      key: ${value.type.name}`
    const message = `${of.what} key #${i + 1} is incompatible with prototype:\n${proto}`
    return cx.diagnostics.fail(nodes[i]?.span ?? of.span, 'D_PROTO_ARG', message)
  })
}

/** A key: an integer or a string. */
export function checkKey(cx: CheckContext, node: Node, of: string): Expr {
  const symbol = node.kind === 'call' && of.startsWith('@') ? checkSymbolKey(cx, node) : undefined
  const key = symbol ?? checkExpression(cx, node)
  if (isExpr(key) && key.type.kind !== 'void') return key
  const what = of.startsWith('@') ? 'aggregation' : 'associative array'
  const message = `${key.type.name} expression may not be used as ${what} index`
  return cx.diagnostics.fail(node.span, 'D_KEY_TYPE', message)
}
