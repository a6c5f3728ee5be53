// Declarations: a name gets its type, and its keys when it is an associative array, before any use.
//
// Source: the D language guide, "Variables"; libdtrace dt_parser.c (dt_node_decl).
import type { Span } from '../../base/span.js'
import { sizeOf } from '../program/layout.js'
import type { Variable } from '../program/program.js'
import { baseName, sameType, typeNamed } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import type { DeclarationNode } from './ast.js'
import { checkPrototype } from './check-prototype.js'
import type { CheckContext } from './checked.js'
import { isTaken } from './given-name.js'
import { resolveType } from './resolve-type.js'

/** Declares one name: a variable, a typedef, an external symbol. Without a name, only its type. */
export function checkDeclaration(cx: CheckContext, node: DeclarationNode): void {
  const { diagnostics } = cx
  const { name, span, storage } = node
  const last = node.type.derivations.at(-1)
  const keys = last?.kind === 'keys' ? last : undefined
  const derivations =
    keys === undefined ? node.type.derivations : node.type.derivations.slice(0, -1)
  const type = resolveType(cx, { ...node.type, derivations })
  const signature = keys && checkPrototype(cx, keys, { what: 'array', allows: ['nameless'] })
  if (name === undefined) {
    if (node.type.specifiers.tagged === undefined)
      diagnostics.fail(span, 'D_DECL_USELESS', 'useless declaration')
    return
  }
  if (name.includes('`')) {
    const message = `D scoping operator may not be used in a declaration name (${name})`
    diagnostics.fail(span, 'D_DECL_SCOPE', message)
  }
  const isFunction = type.kind === 'function'
  if (storage === 'auto' || storage === 'register' || (storage === 'static' && !isFunction)) {
    const message = 'specified storage class not appropriate in D'
    diagnostics.fail(span, 'D_DECL_BADCLASS', message)
  }
  if (storage === 'typedef') declareTypedef(cx, name, type, span)
  else if (storage === 'extern' || isFunction) declareExtern(cx, name, type, span)
  else {
    const scope = storage === 'self' || storage === 'this' ? storage : 'global'
    const missing = last?.kind === 'array' && last.dimension === undefined
    declareVariable(cx, { scope, name, type, keys: signature, span, missing })
  }
}

function declareTypedef(cx: CheckContext, name: string, type: DType, span: Span): void {
  const { diagnostics, scope } = cx
  const isGlobal = scope.variable('global', name) ?? scope.inline(name)
  if (isGlobal !== undefined || (isTaken(name) && !scope.hides(name))) {
    const message = `global variable identifier redeclared: ${name}`
    diagnostics.fail(span, 'D_DECL_IDRED', message)
  }
  if (scope.types.named(name) !== undefined)
    diagnostics.fail(span, 'D_DECL_IDRED', `typedef redeclared: ${name}`)
  scope.types.declareTypedef(name, renamed(type, name), type)
}

/** A type under the name of a typedef. */
function renamed(type: DType, name: string): DType {
  switch (type.kind) {
    case 'record':
      return type.renamed(name)
    case 'int':
      if (type.pointee !== undefined || type.enumerators !== undefined) return { ...type, name }
      return { ...type, name, base: baseName(type) }
    case 'array':
    case 'float':
      return { ...type, name }
    default:
      return type
  }
}

/** A recording has no symbols: the declaration is kept only to tell when another contradicts it. */
function declareExtern(cx: CheckContext, name: string, type: DType, span: Span): void {
  const { diagnostics, scope } = cx
  const previous = scope.types.extern(name)
  if (previous === undefined) scope.types.declareExtern(name, type)
  if (previous === undefined || sameType(previous, type)) return
  const both = `\t current: ${type.name}\n\tprevious: ${previous.name}`
  diagnostics.fail(span, 'D_DECL_IDRED', `identifier redeclared: D\`${name}\n${both}`)
}

interface VariableDeclaration {
  readonly scope: Variable['scope']
  readonly name: string
  readonly type: DType
  /** Key types of an associative array. */
  readonly keys: readonly DType[] | undefined
  readonly span: Span
  /** Brackets with nothing between them. */
  readonly missing: boolean
}

/** Declares a variable. A second declaration must agree with the first. */
function declareVariable(cx: CheckContext, decl: VariableDeclaration): void {
  const { diagnostics, scope } = cx
  const { name, type, keys, span } = decl
  if (decl.missing) {
    const what = 'array declaration requires array dimension or tuple signature'
    diagnostics.fail(span, 'D_DECL_ARRNULL', `${what}: ${name}`)
  }
  if (decl.scope === 'global' && isTaken(name) && !scope.hides(name))
    diagnostics.fail(span, 'D_DECL_IDRED', `built-in identifier redeclared: ${name}`)
  if (scope.types.named(name) !== undefined || typeNamed(name) !== undefined)
    diagnostics.fail(span, 'D_DECL_IDRED', `typedef identifier redeclared: ${name}`)
  if (keys !== undefined && decl.scope === 'this') {
    const what = 'associative arrays may not be declared as local variables'
    diagnostics.fail(span, 'D_DECL_LOCASSC', `${what}: ${name}`)
  }
  const known = scope.variable(decl.scope, name)
  if (known !== undefined) {
    matchDeclaration(cx, decl, known)
    return
  }
  if (type.kind === 'void')
    diagnostics.fail(span, 'D_DECL_VOIDOBJ', `cannot have void object: ${name}`)
  if (type.kind === 'record' && sizeOf(type) === 0) {
    const message = `incomplete struct/union/enum ${type.name}: ${name}`
    diagnostics.fail(span, 'D_DECL_INCOMPLETE', message)
  }
  scope.declare(decl.scope, name, type, keys)
}

function matchDeclaration(cx: CheckContext, now: VariableDeclaration, known: Variable): void {
  const kind = (keys: readonly DType[] | undefined): string =>
    keys === undefined ? 'scalar' : 'associative array'
  const show = (what: string, text: string): string => `\t${what.padStart(8)}: ${text}`
  const redeclared = (current: string, previous: string): void => {
    const both = `${show('current', current)}\n${show('previous', previous)}`
    const message = `identifier redeclared: ${now.name}\n${both}`
    cx.diagnostics.fail(now.span, 'D_DECL_IDRED', message)
  }
  if (kind(now.keys) !== kind(known.keys) || !sameType(now.type, known.type))
    redeclared(`${kind(now.keys)} ${now.type.name}`, `${kind(known.keys)} ${known.type.name}`)
  const before = known.keys ?? []
  const keys = now.keys ?? []
  for (const [i, key] of keys.entries()) {
    const other = before[i]
    if (other === undefined || sameType(key, other)) continue
    redeclared(
      `${kind(keys)}, key #${i + 1} of type ${key.name}`,
      `${kind(keys)}, key #${i + 1} of type ${other.name}`,
    )
  }
  const length = (n: number): string => `${kind(now.keys)} of ${now.type.name}, tuple length ${n}`
  if (keys.length !== before.length) redeclared(length(keys.length), length(before.length))
}
