// Names: variables of three scopes, built-ins, arguments, inlines, associative arrays.
//
// Source: the D language guide, "Variables"; libdtrace dt_parser.c (dt_xcook_ident, dt_cook_var),
// dt_ident.c.
import type { Span } from '../../base/span.js'
import { nearest } from '../probe/suggest.js'
import { constant } from '../program/build.js'
import { BUILTINS, FAULT_CODES, XDT_VARIABLES } from '../program/builtins.js'
import type { Expr, Variable, VariableExpr } from '../program/program.js'
import { callableNamed } from '../program/subroutines.js'
import { typeNamed } from '../program/type-names.js'
import { type DType, INT64 } from '../program/types.js'
import type { IndexNode, MemberNode, NameNode, Node } from './ast.js'
import { checkExpression, checkValue, refuseMemory } from './check-expression.js'
import {
  AGGREGATION_VALUE,
  type CheckContext,
  type Checked,
  emptyString,
  isConstant,
  isExpr,
  isNull,
  isNumber,
  isString,
  NULL_VALUE,
} from './checked.js'
import { Failure } from './diagnostics.js'
import type { VariableScope } from './scope.js'

/** A place that holds a value: one of the three scopes, a name, and keys when it is an array's
 *  element. */
export interface Place {
  readonly scope: VariableScope
  readonly name: string
  readonly keys: readonly Node[] | undefined
  readonly span: Span
}

/** The place a node names, if it has the form of one. */
export function placeOf(node: Node): Place | undefined {
  if (node.kind === 'group') return placeOf(node.inner)
  if (node.kind === 'index') {
    const base = placeOf(node.base)
    if (base === undefined || base.keys !== undefined) return undefined
    return { ...base, keys: node.keys, span: node.span }
  }
  if (node.kind === 'member') {
    const { base } = node
    if (node.op !== '->' || base.kind !== 'name') return undefined
    if (base.name !== 'self' && base.name !== 'this') return undefined
    return { scope: base.name, name: node.member, keys: undefined, span: node.span }
  }
  if (node.kind !== 'name' || isGiven(node.name)) return undefined
  return { scope: 'global', name: node.name, keys: undefined, span: node.span }
}

/** Names that a program finds, and cannot make. */
function isGiven(name: string): boolean {
  if (name === 'self' || name === 'this' || name === 'args' || name === 'NULL') return true
  return (
    name.includes('`') ||
    BUILTINS.has(name) ||
    FAULT_CODES.has(name) ||
    argIndex(name) !== undefined
  )
}

function argIndex(name: string): number | undefined {
  const digit = /^arg([0-9])$/.exec(name)?.[1]
  return digit === undefined ? undefined : Number(digit)
}

/** Checks a name read for its value. */
export function checkName(cx: CheckContext, node: NameNode): Checked {
  const { name, span } = node
  if (name.includes('`')) return checkSymbol(cx, node)
  const inline = cx.scope.inline(name)
  if (inline !== undefined) return inline.value
  const variable = cx.scope.variable('global', name)
  if (variable !== undefined) return readVariable(cx, variable, { ...node, keys: undefined })
  if (name === 'NULL') return NULL_VALUE
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
  if (name === 'args') return 'associative array'
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

/** Checks `a->b` and `a.b` read for a value. */
export function checkMember(cx: CheckContext, node: MemberNode): Checked {
  const place = placeOf(node)
  if (place !== undefined) return readPlace(cx, place)
  const base = checkExpression(cx, node.base)
  const pointer = base.type.name.endsWith('*')
  if (pointer && node.op === '->') refuseMemory(cx, node)
  if (node.op === '->') {
    const message = 'operator -> must be applied to a pointer'
    return cx.diagnostics.fail(node.span, 'D_OP_PTR', message)
  }
  const type = base.type.name
  const what = `operator . cannot be applied to type "${type}"`
  const message = `${what}; must be applied to a struct or union`
  return cx.diagnostics.fail(node.span, 'D_OP_SOU', message)
}

/** Checks `a[k]` read for a value. */
export function checkIndex(cx: CheckContext, node: IndexNode): Checked {
  const { base } = node
  if (base.kind === 'aggregation') {
    for (const key of node.keys) checkExpression(cx, key)
    return AGGREGATION_VALUE
  }
  if (base.kind === 'name' && base.name === 'args') return checkArgs(cx, node)
  const place = placeOf(node)
  if (place !== undefined) return readPlace(cx, place)
  return notAnArray(cx, node, checkExpression(cx, base), base)
}

function notAnArray(cx: CheckContext, node: IndexNode | Place, base: Checked, name: Node): never {
  const keys = node.keys ?? []
  if (keys.length > 1) {
    const what = name.kind === 'name' ? name.name : 'expression'
    const message = `cannot access ${what} as an associative array`
    cx.diagnostics.fail(node.span, 'D_ARR_BADREF', message)
  }
  if (isString(base) || base.type.name.endsWith('*'))
    cx.diagnostics.refuse(
      node.span,
      'characters of a string cannot be indexed',
      'substr(s, n, 1) yields one of them',
    )
  return cx.diagnostics.fail(node.span, 'D_DEREF_NONPTR', 'cannot dereference non-pointer type')
}

/** args[n]: its type is what all probes of the clause say. */
function checkArgs(cx: CheckContext, node: IndexNode): Expr {
  const { diagnostics, probes } = cx
  const { span, keys } = node
  if (keys.length !== 1) {
    const message = `args[ ] prototype mismatch: ${keys.length} args passed, 1 expected`
    diagnostics.fail(span, 'D_PROTO_LEN', message)
  }
  const key = checkValue(cx, keys[0] ?? node)
  if (!isConstant(key)) {
    const proto = `\tprototype: integer constant\n\t argument: ${key.type.name}`
    const message = `args[ ] argument #1 is incompatible with prototype:\n${proto}`
    return diagnostics.fail(span, 'D_PROTO_ARG', message)
  }
  if (probes === undefined) {
    const message = 'args[ ] may not be referenced outside of a probe clause'
    return diagnostics.fail(span, 'D_ARGS_NONE', message)
  }
  return { kind: 'arg', index: Number(key.value), type: argType(cx, Number(key.value), span) }
}

function argType(cx: CheckContext, index: number, span: Span): DType {
  const probes = cx.probes ?? []
  const names = new Set(probes.map((p) => p.args[index]?.type))
  const [name] = names
  if (names.size > 1) {
    const why = `probe description ${cx.specs} matches an unstable set of probes`
    const message = `args[ ] may not be referenced because ${why}`
    cx.diagnostics.fail(span, 'D_ARGS_MULTI', message, `arg${index} is the same value, as int64_t`)
  }
  if (name === undefined) {
    const message = `index ${index} is out of range for ${cx.specs} args[ ]`
    return cx.diagnostics.fail(span, 'D_ARGS_IDX', message, argumentsHint(cx))
  }
  const type = typeNamed(name)
  if (type !== undefined) return type
  const message = `failed to resolve native type for args[${index}]`
  return cx.diagnostics.fail(span, 'D_ARGS_TYPE', message, `arg${index} is the same value`)
}

function argumentsHint(cx: CheckContext): string {
  const args = cx.probes?.[0]?.args ?? []
  if (args.length === 0) return 'this probe has no arguments'
  const list = args.map((a, i) => `args[${i}] ${a.type} ${a.name}`).join(', ')
  return `there are ${list}`
}

/** Reads the variable at a place. */
function readPlace(cx: CheckContext, place: Place): Checked {
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
  if (signature === undefined) {
    const base: Expr = { kind: 'variable', variable: variable.id, keys: [], type }
    const node: NameNode = { kind: 'name', name, span: at.span }
    const place: Place = { scope: variable.scope, name, keys: at.keys, span: at.span }
    return notAnArray(cx, place, base, node)
  }
  const keys = checkKeys(cx, at.keys, signature, { what: `${name}[ ]`, span: at.span })
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
    if (isNumber(value) && type.kind === 'int') return value
    if (isString(value) && type.kind === 'string') return value
    if (type.kind === 'string' && isNull(value)) return emptyString
    const proto = `\tprototype: ${type.name}\n\t      key: ${value.type.name}`
    const message = `${of.what} key #${i + 1} is incompatible with prototype:\n${proto}`
    return cx.diagnostics.fail(nodes[i]?.span ?? of.span, 'D_PROTO_ARG', message)
  })
}

/** A key: an integer or a string. */
export function checkKey(cx: CheckContext, node: Node, of: string): Expr {
  const key = checkExpression(cx, node)
  if (isExpr(key) && key.type.kind !== 'void') return key
  if (isNull(key)) return constant(0n)
  const what = of.startsWith('@') ? 'aggregation' : 'associative array'
  const message = `${key.type.name} expression may not be used as ${what} index`
  return cx.diagnostics.fail(node.span, 'D_KEY_TYPE', message)
}
