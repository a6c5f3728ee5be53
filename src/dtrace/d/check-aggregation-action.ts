// Actions on aggregations: printa, clear, trunc, normalize, denormalize.
//
// Source: the D language guide, "Aggregations"; libdtrace dt_cc.c (dt_action_clear and so on), and
// DTrace for Linux, which leaves the number of arguments to the prototype.
import type { PrintfFormat } from '../program/format.js'
import type { Statement } from '../program/program.js'
import type { CallNode, Node } from './ast.js'
import { aggregationOf } from './check-aggregate.js'
import type { CheckedCall } from './check-call.js'
import { checkFormat, parseFormatOf } from './check-format.js'
import { checkKeys } from './check-name.js'
import { type CheckContext, isNumber } from './checked.js'
import { Failure } from './diagnostics.js'
import type { AggregationSymbol } from './scope.js'

/** clear() or denormalize(): one aggregation. */
export function checkReset(
  cx: CheckContext,
  call: CheckedCall,
  node: CallNode,
  kind: 'clear' | 'denormalize',
): Statement {
  const tag = kind === 'clear' ? 'D_CLEAR' : 'D_NORMALIZE'
  checkNumber(cx, call, node, { tag, least: 1, most: 1 })
  return { kind, aggregation: aggregationAt(cx, call, node, 0, tag).decl.id }
}

/** How many arguments an action takes, where its prototype leaves that to it. */
function checkNumber(
  cx: CheckContext,
  { callable, args }: CheckedCall,
  node: CallNode,
  { tag, least, most }: { readonly tag: string; readonly least: number; readonly most: number },
): void {
  if (args.length >= least && args.length <= most) return
  const expected =
    least === most ? `${least}` : args.length < least ? `at least ${least}` : `no more than ${most}`
  const passed = `${args.length} args passed, ${expected} expected`
  const message = `${callable.name}( ) prototype mismatch: ${passed}`
  cx.diagnostics.fail(node.span, `${tag}_PROTO`, message)
}

/** printa(): aggregations of the same keys, and maybe a format. */
export function checkPrinta(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const [first] = call.args
  const withFormat = first?.kind === 'string'
  const at = withFormat ? 1 : 0
  if (call.args.length <= at) {
    const passed = `${call.args.length} args passed, ${at + 1} expected`
    const message = `printa( ) prototype mismatch: ${passed}`
    cx.diagnostics.fail(node.span, 'D_PRINTA_PROTO', message)
  }
  const found: AggregationSymbol[] = []
  let format: PrintfFormat | undefined
  for (let i = at; i < call.args.length; i++) {
    const symbol = aggregationAt(cx, call, node, i, 'D_PRINTA')
    const [leader] = found
    if (leader !== undefined) matchKeys(cx, node, leader, symbol)
    found.push(symbol)
    if (!withFormat) continue
    const { span } = call.nodes[0] ?? node
    format ??= parseFormatOf(cx, 'printa', first.value, span)
    const counts = symbol.decl.function.kind === 'count'
    const use = { action: 'printa', span: node.span, types: symbol.keys, firstArgument: 2 } as const
    checkFormat(cx, format, { ...use, counts })
  }
  const aggregations = found.map((s) => s.decl.id)
  return { kind: 'printa', aggregations, ...(format === undefined ? {} : { format }) }
}

/** Aggregations printed together must have the same keys. */
function matchKeys(
  cx: CheckContext,
  node: CallNode,
  left: AggregationSymbol,
  right: AggregationSymbol,
): void {
  const [l, r] = [left.decl.name, right.decl.name]
  const count = (s: AggregationSymbol): string =>
    `${s.keys.length} key${s.keys.length === 1 ? '' : 's'}`
  if (left.keys.length !== right.keys.length) {
    const has = `@${l} has ${count(left)}, @${r} has ${count(right)}`
    const message = `printa( ): @${l} and @${r} do not have matching key signatures: ${has}`
    cx.diagnostics.fail(node.span, 'D_PRINTA_AGGKEY', message)
  }
  for (const [i, key] of left.keys.entries()) {
    const other = right.keys[i]
    if (other === undefined || key.kind === other.kind) continue
    const show = (name: string, type: string): string =>
      `${name.padStart(9)} key #${i + 1}: ${type}`
    const both = `${show(l, key.name)}\n${show(r, other.name)}`
    const message = `printa( ): @${r}[ ] key #${i + 1} is incompatible with @${l}:\n${both}`
    cx.diagnostics.fail(node.span, 'D_PRINTA_AGGPROTO', message)
  }
}

/** The aggregation an argument names. */
function aggregationAt(
  cx: CheckContext,
  call: CheckedCall,
  node: CallNode,
  index: number,
  tag: string,
): AggregationSymbol {
  const written = call.nodes[index]
  const reference = written === undefined ? undefined : aggregationOf(written)
  if (written === undefined || reference === undefined) {
    const type = call.args[index]?.type.name ?? 'void'
    const proto = `\tprototype: aggregation\n\t argument: ${type}`
    const what = `${call.callable.name}( ) argument #${index + 1}`
    const message = `${what} is incompatible with prototype:\n${proto}`
    return cx.diagnostics.fail(written?.span ?? node.span, `${tag}_AGGARG`, message)
  }
  return definedAggregation(cx, written, reference.name.name, tag)
}

function definedAggregation(
  cx: CheckContext,
  written: Node,
  name: string,
  tag: string,
): AggregationSymbol {
  const symbol = cx.scope.aggregation(name)
  const reference = aggregationOf(written)
  if (symbol === undefined) {
    if (cx.scope.isPoisoned('aggregation', name)) throw new Failure('')
    const hint = 'it must be filled by a clause before this one'
    const message = `undefined aggregation: @${name}`
    return cx.diagnostics.fail(written.span, `${tag}_AGGBAD`, message, hint)
  }
  const keys = reference?.keys ?? []
  if (keys.length > 0) checkKeys(cx, keys, symbol.keys, { what: `@${name}[ ]`, span: written.span })
  return symbol
}

/** trunc(): how many groups to keep; none when it does not say. */
export function checkTrunc(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  checkNumber(cx, call, node, { tag: 'D_TRUNC', least: 1, most: 2 })
  const count = call.args[1]
  const aggregation = aggregationAt(cx, call, node, 0, 'D_TRUNC').decl.id
  if (count === undefined) return { kind: 'trunc', aggregation }
  if (!isNumber(count)) {
    const message = 'trunc( ) argument #2 must be of scalar type'
    cx.diagnostics.fail(node.span, 'D_TRUNC_SCALAR', message)
  }
  return { kind: 'trunc', aggregation, count: count }
}

/** normalize(): by what the values are divided when they print. */
export function checkNormalize(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  checkNumber(cx, call, node, { tag: 'D_NORMALIZE', least: 2, most: 2 })
  const aggregation = aggregationAt(cx, call, node, 0, 'D_NORMALIZE').decl.id
  const factor = call.args[1]
  if (factor === undefined || !isNumber(factor)) {
    const message = 'normalize( ) argument #2 must be of scalar type'
    return cx.diagnostics.fail(node.span, 'D_NORMALIZE_SCALAR', message)
  }
  const divisor = factor
  if (divisor.kind === 'int' && divisor.value === 0n)
    cx.diagnostics.fail(node.span, 'D_DIV_ZERO', 'normalize( ) cannot divide by zero')
  return { kind: 'normalize', aggregation, factor: divisor }
}
