// N and K: how many effects must appear, how many causes must hold.
//
//   (0)  none has to     (A)  all     (1 + 1)  two
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/check.c (check_nork).
import type { Place } from './source.js'
import type { Expression } from './tree.js'

/** A count, or why it is none. */
type ArrowCount =
  | { readonly kind: 'all' }
  | { readonly kind: 'count'; readonly count: bigint }
  | { readonly kind: 'wrong'; readonly why: string; readonly at: Place }

/** Works a count out. */
export function arrowCount(expression: Expression): ArrowCount {
  const { kind, at } = expression
  if (kind === 'name' && expression.name === 'A') return { kind: 'all' }
  const value = worthOf(expression)
  if (typeof value !== 'bigint') return { kind: 'wrong', ...value }
  if (value >= 0n) return { kind: 'count', count: value }
  return { kind: 'wrong', why: 'a count is not negative', at }
}

function worthOf(e: Expression): bigint | { readonly why: string; readonly at: Place } {
  if (e.kind === 'number') return e.value
  if (e.kind === 'name') return { why: `${e.name} is neither a number nor A`, at: e.at }
  if (e.kind !== 'binary') return { why: 'a count is a number or A', at: e.at }
  const left = worthOf(e.left)
  if (typeof left !== 'bigint') return left
  const right = worthOf(e.right)
  if (typeof right !== 'bigint') return right
  switch (e.operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case 'div':
      return right === 0n ? { why: 'it divides by zero', at: e.at } : left / right
    default:
      return { why: `counts take +, -, * and div, not ${e.operator}`, at: e.at }
  }
}
