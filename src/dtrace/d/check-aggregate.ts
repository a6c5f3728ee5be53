// Aggregations: `@name[keys] = function(args)`, one function and one signature for each name.
//
// Source: the D language guide, "Aggregations"; libdtrace dt_parser.c, dt_cg.c
// (dt_cg_agg_lquantize).
import type { Span } from '../../base/span.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import type { IntegerExpr } from '../program/build.js'
import type { Statement } from '../program/program.js'
import type { AggregationNode, AssignNode, Node } from './ast.js'
import { calleeOf, checkCallee } from './check-call.js'
import { checkExpression } from './check-expression.js'
import { checkKey, checkKeys } from './check-name.js'
import { type CheckContext, type Checked, isConstant, isNumber } from './checked.js'
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
  const call = node.value
  const callable = call.kind === 'call' ? calleeOf(cx, call) : undefined
  if (call.kind !== 'call' || callable?.kind !== 'aggregating') {
    if (callable === undefined) checkExpression(cx, call)
    const message = `@${name} must be assigned the result of an aggregating function`
    return cx.diagnostics.fail(node.span, 'D_AGG_FUNC', message, `such as @${name} = count();`)
  }
  const symbol = cx.scope.aggregation(name)
  if (symbol !== undefined && symbol.decl.function.kind !== callable.name)
    redefined(cx, node, symbol, callable.name)
  const { args, nodes } = checkCallee(cx, call)
  const value = firstArgument(cx, callable.name, args, nodes)
  const how = functionOf(cx, callable.name, { args, nodes, span: node.span })
  const increment = incrementOf(cx, callable.name, args, nodes)
  const use = symbol ?? declare(cx, target, how, node)
  matchParameters(cx, use.decl.function, how, node.span)
  const keys = checkKeys(cx, target.keys, use.keys, { what: `@${name}[ ]`, span: target.span })
  return {
    kind: 'aggregate',
    aggregation: use.decl.id,
    keys,
    ...(value === undefined ? {} : { value }),
    ...(increment === undefined ? {} : { increment }),
  }
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

function firstArgument(
  cx: CheckContext,
  name: string,
  args: readonly Checked[],
  nodes: readonly Node[],
): IntegerExpr | undefined {
  const [arg] = args
  if (arg === undefined) return undefined
  if (isNumber(arg)) return arg
  const message = `${name}( ) argument #1 must be of scalar type`
  const span = nodes[0]?.span ?? { start: 0, end: 0 }
  return cx.diagnostics.fail(span, 'D_AGG_SCALAR', message)
}

interface Arguments {
  readonly args: readonly Checked[]
  readonly nodes: readonly Node[]
  readonly span: Span
}

/** The function with its fixed parameters. */
function functionOf(cx: CheckContext, name: string, given: Arguments): AggregatingFunction {
  if (name !== 'lquantize') return { kind: name } as AggregatingFunction
  const { diagnostics } = cx
  const base = linearBound(cx, given, 1, 'BASE')
  const limit = linearBound(cx, given, 2, 'LIM')
  if (limit <= base) {
    const message = 'lquantize( ) base (argument #1) must be less than limit (argument #2)'
    diagnostics.fail(given.span, 'D_LQUANT_MISMATCH', message)
  }
  const step = linearStep(cx, given)
  const levels = Math.floor((limit - base) / step)
  if (levels === 0) {
    const message =
      'lquantize( ) step (argument #3) too large: must have at least one quantization level'
    diagnostics.fail(given.span, 'D_LQUANT_STEPLARGE', message)
  }
  if (levels > 0xffff) {
    const why = 'number of quantization levels must be a 16-bit quantity'
    const message = `lquantize( ) step (argument #3) too small: ${why}`
    diagnostics.fail(given.span, 'D_LQUANT_STEPSMALL', message)
  }
  return { kind: 'lquantize', base, limit, step }
}

function linearBound(
  cx: CheckContext,
  given: Arguments,
  index: number,
  which: 'BASE' | 'LIM',
): number {
  const arg = given.args[index]
  const span = given.nodes[index]?.span ?? given.span
  if (arg === undefined || !isConstant(arg)) {
    const message = `lquantize( ) argument #${index} must be an integer constant`
    return cx.diagnostics.fail(span, `D_LQUANT_${which}TYPE`, message)
  }
  if (BigInt.asIntN(32, arg.value) !== arg.value) {
    const message = `lquantize( ) argument #${index} must be a 32-bit quantity`
    cx.diagnostics.fail(span, `D_LQUANT_${which}VAL`, message)
  }
  return Number(arg.value)
}

function linearStep(cx: CheckContext, given: Arguments): number {
  const arg = given.args[3]
  if (arg === undefined) return 1
  const span = given.nodes[3]?.span ?? given.span
  if (!isConstant(arg) || arg.value <= 0n) {
    const message = 'lquantize( ) argument #3 must be a non-zero positive integer constant'
    return cx.diagnostics.fail(span, 'D_LQUANT_STEPTYPE', message)
  }
  if (arg.value > 0xffffn) {
    const message = 'lquantize( ) argument #3 must be a 16-bit quantity'
    cx.diagnostics.fail(span, 'D_LQUANT_STEPVAL', message)
  }
  return Number(arg.value)
}

/** A later use must have the parameters of the first. */
function matchParameters(
  cx: CheckContext,
  before: AggregatingFunction,
  now: AggregatingFunction,
  span: Span,
): void {
  if (before.kind !== 'lquantize' || now.kind !== 'lquantize') return
  const end = (f: typeof before): number =>
    f.base + Math.floor((f.limit - f.base) / f.step) * f.step
  const differs = (tag: string, what: string, expected: number, found: number): void => {
    if (expected === found) return
    const message = `lquantize( ) ${what} doesn't match previous declaration: `
    cx.diagnostics.fail(span, tag, `${message}expected ${expected}, found ${found}`)
  }
  differs('D_LQUANT_MATCHBASE', 'base (argument #1)', before.base, now.base)
  differs('D_LQUANT_MATCHLIM', 'limit (argument #2)', end(before), end(now))
  differs('D_LQUANT_MATCHSTEP', 'step (argument #3)', before.step, now.step)
}

/** quantize(x, n) and lquantize(x, b, l, s, n): how much one value adds. */
function incrementOf(
  cx: CheckContext,
  name: string,
  args: readonly Checked[],
  nodes: readonly Node[],
): IntegerExpr | undefined {
  const place = name === 'quantize' ? 1 : name === 'lquantize' ? 4 : undefined
  if (place === undefined) return undefined
  const last = nodes.at(-1)?.span ?? { start: 0, end: 0 }
  if (args.length > place + 1) {
    const passed = `${args.length} args passed, at most ${place + 1} expected`
    cx.diagnostics.fail(last, 'D_PROTO_LEN', `${name}( ) prototype mismatch: ${passed}`)
  }
  const increment = args[place]
  if (increment === undefined || isNumber(increment)) return increment
  const message = `${name}( ) increment value (argument #${place + 1}) must be of scalar type`
  return cx.diagnostics.fail(last, 'D_PROTO_ARG', message)
}
