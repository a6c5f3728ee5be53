// Parameter lists: of functions, associative arrays, inlines, probes.
//
// Source: libdtrace dt_decl.c (dt_decl_prototype). Messages are DTrace's.
import type { Span } from '../../base/span.js'
import type { DType } from '../program/types.js'
import type { ParameterNode } from './ast.js'
import type { CheckContext } from './checked.js'
import { resolveType } from './resolve-type.js'

/** A list between brackets or parentheses. */
export interface PrototypeNode {
  readonly parameters: readonly ParameterNode[]
  readonly variadic: boolean
  readonly span: Span
}

/** What has the list, for messages, and what it may hold. */
export interface PrototypeRule {
  readonly what: 'function' | 'array' | 'inline' | 'probe input' | 'probe output'
  readonly allows: readonly ('...' | 'void' | 'nameless')[]
}

/** The types of parameters: none when `void` is the only one. Reports what a list may not hold. */
export function checkPrototype(
  cx: CheckContext,
  node: PrototypeNode,
  rule: PrototypeRule,
): readonly DType[] {
  const { what, allows } = rule
  const types = node.parameters.map((p, i) => {
    const type = parameterType(cx, p, i, rule)
    checkName(cx, p, type, i, rule)
    const first = node.parameters.findIndex((other) => other.name === p.name)
    if (p.name !== undefined && first < i) {
      const message = `parameter is already declared in ${what} prototype: ${p.name}`
      cx.diagnostics.fail(p.span, 'D_DECL_PROTO_FORM', `${message}, parameter #${i + 1}`)
    }
    return type
  })
  if (node.variadic && !allows.includes('...')) {
    const message = `${what} prototype may not use a variable-length argument list`
    cx.diagnostics.fail(node.span, 'D_DECL_PROTO_VARARGS', message)
  }
  const hasVoid = types.some((type) => type.kind === 'void')
  if (hasVoid && (types.length > 1 || node.variadic))
    cx.diagnostics.fail(node.span, 'D_DECL_PROTO_VOID', 'void must be sole parameter')
  return hasVoid ? [] : types
}

function parameterType(
  cx: CheckContext,
  p: ParameterNode,
  index: number,
  { what, allows }: PrototypeRule,
): DType {
  const refuse = (type: string): never => {
    const message = `${what} prototype may not use parameter of type ${type}`
    const which = `${p.name ?? '(anonymous)'}, parameter #${index + 1}`
    return cx.diagnostics.fail(p.span, 'D_DECL_PROTO_TYPE', `${message}: ${which}`)
  }
  if (p.type.derivations.at(-1)?.kind === 'keys') refuse('dynamic variable')
  const type = resolveType(cx, p.type)
  return type.kind === 'void' && !allows.includes('void') ? refuse('void') : type
}

function checkName(
  cx: CheckContext,
  p: ParameterNode,
  type: DType,
  index: number,
  { allows }: PrototypeRule,
): void {
  if (type.kind === 'void' && p.name !== undefined) {
    const message = `void parameter may not have a name: ${p.name}`
    cx.diagnostics.fail(p.span, 'D_DECL_PROTO_NAME', message)
  }
  if (p.name !== undefined || type.kind === 'void' || allows.includes('nameless')) return
  const message = `parameter declaration requires a name: parameter #${index + 1}`
  cx.diagnostics.fail(p.span, 'D_DECL_PROTO_NAME', message)
}
