// Arguments of aggregating functions that must be constants, as the checks of each function want
// them.
import type { Span } from '../../base/span.js'
import type { Node } from './ast.js'
import { type CheckContext, type Checked, isConstant } from './checked.js'

/** Checked arguments of a call, with the nodes they come from; `span` is that of the statement. */
export interface Arguments {
  readonly args: readonly Checked[]
  readonly nodes: readonly Node[]
  readonly span: Span
}

/** The value of an integer constant, as a 64-bit register; undefined for what is none. */
export function constantAt({ args }: Arguments, index: number): bigint | undefined {
  const arg = args[index]
  return arg !== undefined && isConstant(arg) ? arg.value : undefined
}

/** Where an argument stands in the source. */
export function spanAt({ nodes, span }: Arguments, index: number): Span {
  return nodes[index]?.span ?? span
}

/** The value, where it is a positive integer constant. */
export function positiveAt(given: Arguments, index: number): bigint | undefined {
  const arg = given.args[index]
  const value = constantAt(given, index)
  if (arg === undefined || value === undefined || value === 0n) return undefined
  if (value > 0n) return value
  const isUnsigned = arg.type.kind === 'int' && !arg.type.signed
  return isUnsigned ? BigInt.asUintN(64, value) : undefined
}

/** Reports a bad parameter of one of our own functions: `D_QUANTILE_RANK`. */
export function parameterFault(
  cx: CheckContext,
  span: Span,
  name: string,
  what: string,
  message: string,
  hint?: string,
): never {
  return cx.diagnostics.fail(span, `D_${name.toUpperCase()}_${what}`, message, hint)
}
