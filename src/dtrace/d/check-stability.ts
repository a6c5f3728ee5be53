// Whether a program relies on less than it wants to: -x amin against the stability of its names.
//
// Source: the D language guide, "Stability Enforcement"; libdtrace dt_parser.c
// (dt_node_attr_assign).
import type { Span } from '../../base/span.js'
import { isAsStableAs, printStability, stabilityOf } from '../program/stability.js'
import type { CheckContext } from './checked.js'

/** Fails when a name is less stable than the program's least. `what` is its kind in messages. */
export function checkStability(
  cx: CheckContext,
  name: string,
  what: 'scalar' | 'symbol' | 'function',
  span: Span,
): void {
  const { leastStability, stabilities } = cx.scope
  if (leastStability === undefined) return
  const stability = stabilities.get(name) ?? stabilityOf(name)
  if (isAsStableAs(stability, leastStability)) return
  const named = what === 'function' ? `${name}( )` : name
  const message = `attributes for ${what} ${named} (${printStability(stability)}) are less than`
  cx.diagnostics.fail(span, 'D_ATTR_MIN', `${message} predefined minimum`)
}
