// Aggregations: `@name[keys] = function(args)`, one function and one signature for each name.
//
// Source: the D language guide, "Aggregations"; libdtrace dt_parser.c (dt_cook_op2).
import type { Span } from '../../base/span.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import type { Statement } from '../program/program.js'
import type { AggregationNode, AssignNode, CallNode, Node } from './ast.js'
import { checkFunction, matchParameters } from './check-aggregating-function.js'
import { calleeOf } from './check-call.js'
import { checkExpression } from './check-expression.js'
import { checkKey, checkKeys } from './check-name.js'
import { checkTuple } from './check-room.js'
import type { CheckContext } from './checked.js'
import { Failure } from './diagnostics.js'
import type { AggregationSymbol } from './scope.js'

/** The aggregation a node refers to, with its keys; undefined for any other node. */
export function aggregationOf(
  node: Node,
):
  | { readonly name: AggregationNode; readonly keys: readonly Node[]; readonly span: Span }
  | undefined {
  if (node.kind === 'group') return aggregationOf(node.inner)
  if (node.kind === 'aggregation') return { name: node, keys: [], span: node.span }
  if (node.kind === 'index' && node.base.kind === 'aggregation')
    return { name: node.base, keys: node.keys, span: node.span }
  return undefined
}

/** Checks `@a[keys] = f(args)` as a statement; undefined when the target is no aggregation. */
export function checkAggregate(cx: CheckContext, node: AssignNode): Statement | undefined {
  const target = aggregationOf(node.target)
  if (target === undefined) {
    refuseManyDimensions(cx, node.target)
    return undefined
  }
  const { name } = target.name
  try {
    return aggregate(cx, node, { ...target, name })
  } catch (error) {
    if (error instanceof Failure && cx.scope.aggregation(name) === undefined)
      cx.scope.poison('aggregation', name)
    throw error
  }
}

function refuseManyDimensions(cx: CheckContext, node: Node): void {
  if (node.kind !== 'index' || aggregationOf(node.base) === undefined) return
  const { name } = aggregationOf(node.base)?.name ?? { name: '' }
  const message = `improper attempt to reference @${name} as a multi-dimensional array`
  cx.diagnostics.fail(node.span, 'D_AGG_MDIM', message, `separate keys by commas: @${name}[a, b]`)
}

interface Target {
  readonly name: string
  readonly keys: readonly Node[]
  readonly span: Span
}

function aggregate(cx: CheckContext, node: AssignNode, target: Target): Statement {
  const { name } = target
  if (node.op !== '=') {
    const message = `operator ${node.op} requires modifiable lvalue as an operand`
    const hint = `an aggregation adds by itself: @${name} = sum(x)`
    cx.diagnostics.fail(node.span, 'D_OP_LVAL', message, hint)
  }
  const call = aggregatingCall(cx, node, name)
  const symbol = cx.scope.aggregation(name)
  if (symbol !== undefined && symbol.decl.function.kind !== call.name)
    redefined(cx, node, symbol, call.name)
  const filled = checkFunction(cx, call.node, node.span)
  const use = symbol ?? declare(cx, target, filled.function, node)
  matchParameters(cx, use.decl.function, filled.function, node.span)
  const keys = checkKeys(cx, target.keys, use.keys, { what: `@${name}[ ]`, span: target.span })
  checkTuple(cx, keys.length, 'aggregation', target.span)
  const { value, increment } = filled
  return {
    kind: 'aggregate',
    aggregation: use.decl.id,
    keys,
    ...(value === undefined ? {} : { value }),
    ...(increment === undefined ? {} : { increment }),
  }
}

/** What an aggregation is assigned: a call of an aggregating function. */
function aggregatingCall(
  cx: CheckContext,
  node: AssignNode,
  name: string,
): { readonly node: CallNode; readonly name: string } {
  const call = node.value
  const callable = call.kind === 'call' ? calleeOf(cx, call) : undefined
  if (call.kind === 'call' && callable?.kind === 'aggregating')
    return { node: call, name: callable.name }
  if (callable === undefined) checkExpression(cx, call)
  const message = `@${name} must be assigned the result of an aggregating function`
  return cx.diagnostics.fail(node.span, 'D_AGG_FUNC', message, `such as @${name} = count();`)
}

function declare(
  cx: CheckContext,
  target: Target,
  how: AggregatingFunction,
  node: AssignNode,
): AggregationSymbol {
  const types = target.keys.map((key) => checkKey(cx, key, '@').type)
  const line = cx.diagnostics.lineOf(node.span)
  return cx.scope.declareAggregation(target.name, how, types, line)
}

function redefined(
  cx: CheckContext,
  node: AssignNode,
  symbol: AggregationSymbol,
  now: string,
): never {
  const { name, function: before } = symbol.decl
  const current = `\t current: @${name} = ${now}( )`
  const previous = `\tprevious: @${name} = ${before.kind}( ) : line ${symbol.line}`
  const message = `aggregation redefined: @${name}\n${current}\n${previous}`
  return cx.diagnostics.fail(node.span, 'D_AGG_REDEF', message, 'give the second one another name')
}
