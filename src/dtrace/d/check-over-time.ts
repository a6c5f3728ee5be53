// What goes by time: heatmap(x, interval) and series(f(x), interval).
//
//   heatmap(arg0, "10ms")         a quantize() for each 10 ms
//   series(arg0, "1s")            the sum of each second: series(sum(arg0), "1s")
//   series(count(), 1000000000)   how often, each second
import type { HeatmapFunction, SeriesFunction } from '../aggregate/aggregation.js'
import { parseInterval } from '../probe/profile.js'
import { constant, type IntegerExpr } from '../program/build.js'
import { intervalNumber } from '../program/interval.js'
import type { CallNode, Node } from './ast.js'
import { type FilledFunction, measured } from './check-aggregating-function.js'
import { calleeOf, checkCallee, checkCount } from './check-call.js'
import { parameterFault } from './check-constant-argument.js'
import { checkExpression } from './check-expression.js'
import { type CheckContext, isConstant } from './checked.js'

/** Checks the call. Its value is counted in the interval that `timestamp` falls into. */
export function checkOverTime(cx: CheckContext, call: CallNode): FilledFunction {
  const { name } = calleeOf(cx, call)
  checkCount(cx, call, calleeOf(cx, call))
  const [first, second] = call.args
  const { of, value } = whatIsMeasured(cx, call, name, first)
  const intervalNs = intervalOf(cx, call, name, second)
  const how: HeatmapFunction | SeriesFunction =
    name === 'heatmap' ? { kind: 'heatmap', intervalNs } : { kind: 'series', of, intervalNs }
  return { function: how, value: value ?? constant(0n), increment: intervalNumber(intervalNs) }
}

interface Measured {
  readonly of: SeriesFunction['of']
  readonly value: IntegerExpr | undefined
}

/** The first argument: of series, a call of the function that is to be followed, or a value to
 *  sum. */
function whatIsMeasured(
  cx: CheckContext,
  call: CallNode,
  name: string,
  node: Node | undefined,
): Measured {
  const inner = node?.kind === 'call' ? calleeOf(cx, node) : undefined
  if (node?.kind === 'call' && inner?.kind === 'aggregating' && name === 'series') {
    const of = followed(cx, node, inner.name)
    const { args, nodes } = checkCallee(cx, node)
    return { of, value: measured(cx, of, { args, nodes, span: node.span }) }
  }
  const args = node === undefined ? [] : [checkExpression(cx, node)]
  const value = measured(cx, name, { args, nodes: call.args, span: call.span })
  return { of: 'sum', value }
}

function followed(cx: CheckContext, node: CallNode, name: string): SeriesFunction['of'] {
  switch (name) {
    case 'count':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return name
    default: {
      const message = `series( ) does not follow ${name}( )`
      const hint = 'it follows count(), sum(x), avg(x), min(x) and max(x)'
      return parameterFault(cx, node.span, 'series', 'FUNC', message, hint)
    }
  }
}

function intervalOf(
  cx: CheckContext,
  call: CallNode,
  name: string,
  node: Node | undefined,
): number {
  const arg = node === undefined ? undefined : checkExpression(cx, node)
  const ns = arg?.kind === 'string' ? parseInterval(arg.value) : undefined
  if (ns !== undefined) return ns
  if (arg !== undefined && isConstant(arg) && arg.value > 0n && arg.value <= MOST)
    return Number(arg.value)
  const message = `${name}( ) argument #2 must be a constant interval`
  const hint = `nanoseconds, or a string with a unit: ${name}(x, "100ms")`
  return parameterFault(cx, node?.span ?? call.span, name, 'INTERVAL', message, hint)
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER)
