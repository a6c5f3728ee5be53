// Which of D's binary operators binds tighter: one table for whoever reads or prints expressions.
//
// Source: the D language guide, "Operator Precedence"; libdtrace dt_grammar.y.
import type { ArithmeticOp, CompareOp, LogicalOp } from './program.js'

/** Any operator between two operands that is not an assignment, a comma or `?:`. */
export type BinaryOp = ArithmeticOp | CompareOp | LogicalOp

/** Binary operators by precedence, the loosest first: all group from the left. */
export const BINARY_LEVELS: readonly (readonly BinaryOp[])[] = [
  ['||'],
  ['^^'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
