// Declarations: a name gets its type, and its keys when it is an associative array, before any use.
//
// Source: the D language guide, "Variables"; libdtrace dt_parser.c (dt_node_decl).
import { convert } from '../program/build.js'
import { BUILTINS } from '../program/builtins.js'
import type { Variable } from '../program/program.js'
import { callableNamed } from '../program/subroutines.js'
import { sameType } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import type { DeclarationNode, InlineNode } from './ast.js'
import { checkExpression, resolveType } from './check-expression.js'
import { asInteger, type CheckContext, isStorable, isString } from './checked.js'

/** Declares one name. A second declaration must agree with the first. */
export function checkDeclaration(cx: CheckContext, node: DeclarationNode): void {
  const { diagnostics, scope } = cx
  const { name, storage, span } = node
  if (storage === 'global' && isTaken(name))
    diagnostics.fail(span, 'D_DECL_IDRED', `built-in identifier redeclared: ${name}`)
  if (node.dimension === 'missing') {
    const what = 'array declaration requires array dimension or tuple signature'
    diagnostics.fail(span, 'D_DECL_ARRNULL', `${what}: ${name}`)
  }
  if (node.dimension !== undefined)
    diagnostics.refuse(
      span,
      'arrays of fixed length are not part of D as xpv runs it yet',
      `an associative array needs no length: ${node.type.written} ${name}[int];`,
    )
  const type = resolveType(cx, node.type)
  if (type.kind === 'void')
    diagnostics.fail(span, 'D_DECL_VOIDOBJ', `cannot have void object: ${name}`)
  const keys = node.keys?.map((key) => resolveType(cx, key))
  if (keys !== undefined && storage === 'this') {
    const what = 'associative arrays may not be declared as local variables'
    diagnostics.fail(span, 'D_DECL_LOCASSC', `${what}: ${name}`)
  }
  if (keys?.some((key) => key.kind === 'void'))
    diagnostics.fail(span, 'D_DECL_PROTO_VOID', 'void must be sole parameter')
  const known = scope.variable(storage, name)
  if (known === undefined) scope.declare(storage, name, type, keys)
  else matchDeclaration(cx, node, known, { type, keys })
}

function isTaken(name: string): boolean {
  if (/^arg[0-9s]$/.test(name)) return true
  return BUILTINS.has(name) || callableNamed(name) !== undefined
}

function matchDeclaration(
  cx: CheckContext,
  node: DeclarationNode,
  known: Variable,
  now: { readonly type: DType; readonly keys: readonly DType[] | undefined },
): void {
  const kind = (keys: readonly DType[] | undefined): string =>
    keys === undefined ? 'scalar' : 'associative array'
  const show = (what: string, text: string): string => `\t${what.padStart(8)}: ${text}`
  const redeclared = (current: string, previous: string): void => {
    const both = `${show('current', current)}\n${show('previous', previous)}`
    const message = `identifier redeclared: ${node.name}\n${both}`
    cx.diagnostics.fail(node.span, 'D_DECL_IDRED', message)
  }
  if (kind(now.keys) !== kind(known.keys) || !sameType(now.type, known.type))
    redeclared(`${kind(now.keys)} ${now.type.name}`, `${kind(known.keys)} ${known.type.name}`)
  const before = known.keys ?? []
  const keys = now.keys ?? []
  for (const [i, key] of keys.entries()) {
    const other = before[i]
    if (other === undefined || sameType(key, other)) continue
    redeclared(
      `${node.name}, key #${i + 1} of type ${key.name}`,
      `${node.name}, key #${i + 1} of type ${other.name}`,
    )
  }
  const length = (n: number): string => `${kind(now.keys)} of ${now.type.name}, tuple length ${n}`
  if (keys.length !== before.length) redeclared(length(keys.length), length(before.length))
}

/** Declares an inline: its value is checked once, here. */
export function checkInline(cx: CheckContext, node: InlineNode): void {
  const { diagnostics, scope } = cx
  const { name, span } = node
  const previous = kindOf(cx, name)
  if (previous !== undefined) {
    const both = `\t current: inline definition\n\tprevious: ${previous}`
    diagnostics.fail(span, 'D_DECL_IDRED', `identifier redefined: ${name}\n${both}`)
  }
  const type = resolveType(cx, node.type)
  if (type.kind === 'void')
    diagnostics.fail(span, 'D_DECL_VOIDOBJ', `cannot declare void inline: ${name}`)
  const value = checkExpression(cx, node.value)
  if (type.kind === 'int' && isStorable(value, type))
    scope.declareInline({ name, value: convert(asInteger(value), type) })
  else if (type.kind === 'string' && isString(value)) scope.declareInline({ name, value })
  else {
    const types = `"${type.name}" = "${value.type.name}"`
    const message = `inline ${name} definition uses incompatible types: ${types}`
    diagnostics.fail(node.value.span, 'D_OP_INCOMPAT', message)
  }
}

/** What a name stands for already, as DTrace says it: an inline of its own, or a thing of D's. */
function kindOf(cx: CheckContext, name: string): string | undefined {
  if (cx.scope.inline(name) !== undefined) return 'scalar inline'
  const variable = cx.scope.variable('global', name)
  if (variable !== undefined) return variable.keys === undefined ? 'scalar ' : 'associative array '
  const callable = callableNamed(name)
  if (callable === undefined) return isTaken(name) ? 'scalar ' : undefined
  if (callable.kind === 'subroutine') return 'function '
  return callable.kind === 'action' ? 'tracing function ' : 'aggregating function '
}
