// Actions: trace, printf, printa, exit, clear, trunc, normalize, denormalize.
//
// Source: the D language guide, "Actions and Subroutines"; libdtrace dt_cg.c (dt_cg_act_*).
import { assertNever } from '../../base/assert.js'
import { constant } from '../program/build.js'
import type { PrintfFormat } from '../program/format.js'
import type { Expr, Statement } from '../program/program.js'
import { UINT64 } from '../program/types.js'
import type { CallNode, Node } from './ast.js'
import { aggregationOf } from './check-aggregate.js'
import { type CheckedCall, checkCallee } from './check-call.js'
import { checkFormat, parseFormatOf } from './check-format.js'
import { checkKeys } from './check-name.js'
import { type CheckContext, isExpr, isInteger } from './checked.js'
import { Failure } from './diagnostics.js'
import type { AggregationSymbol } from './scope.js'

type ActionName =
  | 'trace'
  | 'printf'
  | 'printa'
  | 'exit'
  | 'clear'
  | 'trunc'
  | 'normalize'
  | 'denormalize'

/** Checks a call of an action as a statement. */
export function checkAction(cx: CheckContext, node: CallNode): Statement {
  const call = checkCallee(cx, node)
  const name = call.callable.name as ActionName
  switch (name) {
    case 'trace':
      return checkTrace(cx, call, node)
    case 'printf':
      return checkPrintf(cx, call, node)
    case 'printa':
      return checkPrinta(cx, call, node)
    case 'exit':
      return { kind: 'exit', status: valueAt(call, 0) }
    case 'clear':
    case 'denormalize': {
      const tag = name === 'clear' ? 'D_CLEAR' : 'D_NORMALIZE'
      return { kind: name, aggregation: aggregationAt(cx, call, node, 0, tag).decl.id }
    }
    case 'trunc':
      return checkTrunc(cx, call, node)
    case 'normalize':
      return checkNormalize(cx, call, node)
    default:
      return assertNever(name)
  }
}

function valueAt(call: CheckedCall, index: number): Expr {
  const arg = call.args[index]
  return arg !== undefined && isExpr(arg) ? arg : constant(0n)
}

function checkTrace(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const [value] = call.args
  if (value !== undefined && isExpr(value) && value.type.kind !== 'void')
    return { kind: 'trace', value }
  if (value?.kind === 'dynamic' && value.what === 'null')
    return { kind: 'trace', value: constant(0n, UINT64) }
  const isVoid = value?.kind !== 'dynamic' || value.what === 'action'
  const [tag, what] = isVoid ? ['D_TRACE_VOID', 'void'] : ['D_TRACE_DYN', 'dynamic']
  const message = `trace( ) may not be applied to a ${what} expression`
  return cx.diagnostics.fail(node.span, tag, message)
}

function checkPrintf(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const [first] = call.args
  if (first?.kind !== 'string') {
    const type = first?.type.name ?? 'void'
    const proto = `\tprototype: string constant\n\t argument: ${type}`
    const message = `printf( ) argument #1 is incompatible with prototype:\n${proto}`
    return cx.diagnostics.fail(node.span, 'D_PRINTF_ARG_FMT', message)
  }
  const span = call.nodes[0]?.span ?? node.span
  const format = parseFormatOf(cx, 'printf', first.value, span)
  const given = call.args.slice(1)
  const types = given.map((arg) => arg.type)
  checkFormat(cx, format, { action: 'printf', span: node.span, types, firstArgument: 2 })
  return { kind: 'printf', format, args: given.filter(isExpr) }
}

function checkPrinta(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
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

function checkTrunc(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const aggregation = aggregationAt(cx, call, node, 0, 'D_TRUNC').decl.id
  if (call.args.length < 2) return { kind: 'trunc', aggregation }
  return { kind: 'trunc', aggregation, count: valueAt(call, 1) }
}

function checkNormalize(cx: CheckContext, call: CheckedCall, node: CallNode): Statement {
  const aggregation = aggregationAt(cx, call, node, 0, 'D_NORMALIZE').decl.id
  const factor = call.args[1]
  if (factor === undefined || !isInteger(factor)) {
    const message = 'normalize( ) argument #2 must be of scalar type'
    return cx.diagnostics.fail(node.span, 'D_NORMALIZE_SCALAR', message)
  }
  if (factor.kind === 'int' && factor.value === 0n)
    cx.diagnostics.fail(node.span, 'D_DIV_ZERO', 'normalize( ) cannot divide by zero')
  return { kind: 'normalize', aggregation, factor }
}
