// Inlines: a name for an expression, with parameters or without.
//
//   inline int twice[int n] = n + n;    twice[x + 1]  ->  (int)(x + 1) + (int)(x + 1)
//
// Holds: a definition is checked once with parameters that are no constants; each use is that
// expression again with the arguments in their place, converted. What is wrong only with constants,
// a division by 0, is found there.
// Source: the D language guide, "Inline Definitions"; libdtrace dt_parser.c (dt_node_inline,
// dt_cook_inline), dt_cg.c (dt_cg_inline).
import type { Span } from '../../base/span.js'
import { convert } from '../program/build.js'
import type { Expr } from '../program/program.js'
import { callableNamed } from '../program/subroutines.js'
import type { DType } from '../program/types.js'
import type { InlineNode, Node } from './ast.js'
import { checkExpression } from './check-expression.js'
import { checkKeys } from './check-name.js'
import { checkPrototype } from './check-prototype.js'
import type { CheckContext, Checked } from './checked.js'
import { isSameType, isStorable } from './compatible.js'
import { isTaken } from './given-name.js'
import { storedAs } from './memory.js'
import { resolveType } from './resolve-type.js'
import type { Frame, InlineSymbol } from './scope.js'

type Parameters = NonNullable<InlineSymbol['parameters']>

/** Declares an inline: its value is checked here. */
export function checkInline(cx: CheckContext, node: InlineNode): void {
  const failed = cx.diagnostics.attempt(() => defineInline(cx, node))
  if (failed !== undefined) cx.scope.poison('global', node.name)
}

function defineInline(cx: CheckContext, node: InlineNode): void {
  const { diagnostics, scope } = cx
  const { name, span } = node
  const atEnd = { noticed: span.end - 1 }
  const previous = kindOf(cx, name)
  if (previous !== undefined) {
    const both = `\t current: inline definition\n\tprevious: ${previous}`
    diagnostics.fail(span, 'D_DECL_IDRED', `identifier redefined: ${name}\n${both}`, atEnd)
  }
  const type = resolveType(cx, node.type)
  if (type.kind === 'void')
    diagnostics.fail(span, 'D_DECL_VOIDOBJ', `cannot declare void inline: ${name}`, atEnd)
  if (type.kind === 'record' && type.layout === undefined) {
    const message = `incomplete struct/union/enum ${type.name}: ${name}`
    diagnostics.fail(span, 'D_DECL_INCOMPLETE', message, atEnd)
  }
  const parameters = parametersOf(cx, node)
  const frame = frameOf(parameters ?? [], (p) => unknownValue(p.type))
  const value = scope.within(frame, () => checkExpression(cx, node.value))
  const held = heldBy(cx, node, value, type)
  const symbol = { name, type, value: held, body: node.value }
  scope.declareInline(parameters === undefined ? symbol : { ...symbol, parameters })
}

/** What a name stands for already, as DTrace says it: an inline, or a thing of D's. */
function kindOf(cx: CheckContext, name: string): string | undefined {
  const kind = (keys: unknown): string => (keys === undefined ? 'scalar' : 'associative array')
  const inline = cx.scope.inline(name)
  if (inline?.type.kind === 'int' && inline.type.enumerators !== undefined) return 'enumerator '
  if (inline !== undefined) return `${kind(inline.parameters)} inline`
  const variable = cx.scope.variable('global', name)
  if (variable !== undefined) return `${kind(variable.keys)} `
  if (!isTaken(name) || cx.scope.hides(name)) return undefined
  const callable = callableNamed(name)
  if (callable === undefined) return name === 'args' ? 'associative array ' : 'scalar '
  if (callable.kind === 'subroutine') return 'function '
  return callable.kind === 'action' ? 'tracing function ' : 'aggregating function '
}

function parametersOf(cx: CheckContext, node: InlineNode): Parameters | undefined {
  const { parameters, span } = node
  if (parameters === undefined) return undefined
  const list = { parameters, variadic: false, span }
  const types = checkPrototype(cx, list, { what: 'inline', allows: ['nameless'] })
  return types.map((type, i) => ({ name: parameters[i]?.name, type }))
}

/** The value as one of the inline's type; of a translation, the very type it yields. */
function heldBy(cx: CheckContext, node: InlineNode, value: Checked, type: DType): Checked {
  const { diagnostics } = cx
  const refuse = (from: string, to: string): never => {
    const message = `inline ${node.name} definition uses incompatible types: "${to}" = "${from}"`
    return diagnostics.fail(node.value.span, 'D_OP_INCOMPAT', message, {
      noticed: node.span.end - 1,
    })
  }
  if (value.kind === 'dynamic' && value.what === 'translation') {
    const to = type.kind === 'int' ? (type.pointee ?? type) : type
    return isSameType(to, value.translator.output)
      ? value
      : refuse(value.translator.output.name, to.name)
  }
  return isStorable(value, type) ? convertTo(value, type) : refuse(value.type.name, type.name)
}

/** The use of an inline with parameters. */
export function expandInline(
  cx: CheckContext,
  inline: InlineSymbol & { readonly parameters: Parameters },
  keys: readonly Node[],
  span: Span,
): Checked {
  const { parameters, name, type } = inline
  const signature = parameters.map((p) => p.type)
  const given = checkKeys(cx, keys, signature, { what: `${name}[ ]`, span })
  const frame = frameOf(parameters, (p, i) => argument(given[i] ?? unknownValue(p.type), p.type))
  const value = cx.scope.within(frame, () => checkExpression(cx, inline.body))
  return value.kind === 'dynamic' ? value : convertTo(value, type)
}

/** An argument as the parameter takes it. */
function argument(value: Expr, type: DType): Expr {
  return type.kind === 'int' ? convert(value, type) : value
}

function frameOf(
  parameters: Parameters,
  value: (parameter: Parameters[number], index: number) => Expr,
): Frame {
  return new Map(
    parameters.flatMap((p, i) => (p.name === undefined ? [] : [[p.name, value(p, i)] as const])),
  )
}

/** A value of a type that nothing is known about: for a definition to be checked with. */
export function unknownValue(type: DType): Expr {
  return { kind: 'arg', index: 0, type }
}

/** A value that may be stored as `type`, as one of it. */
export function convertTo(value: Checked, type: DType): Expr {
  const stored = storedAs(value, type)
  return type.kind === 'int' ? convert(stored, type) : stored
}
