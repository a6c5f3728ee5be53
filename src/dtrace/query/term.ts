// Terms: the expressions of a query, written as method calls since JavaScript's operators cannot be
// ours.
//
//   e.domid.eq(3).and(e.nr_extents.ge(512))      D: args[0] == 3 && args[1] >= 512
//
// Holds: a term is immutable and is one node of the program tree; constants on the right are D's
// constants.
import { XpvError } from '../../base/error.js'
import { call, logical, text, unary } from '../program/build.js'
import type { ArithmeticOp, CompareOp, Expr } from '../program/program.js'
import type { FieldMap, FieldValue } from './fields.js'
import { arithmetic, compare, integer, needInteger, needString } from './operation.js'

/** What an integer is combined with. */
export type IntOperand = IntTerm | number | bigint
/** What a string is compared with. */
export type StringOperand = StringTerm | string

/** The term of a field: strings know string operations, everything else is a 64-bit integer. */
export type TermOf<V extends FieldValue> = [V] extends [string]
  ? StringTerm
  : [V] extends [number | bigint]
    ? IntTerm
    : IntTerm & StringTerm

/** The fields of a query as terms. */
export type Terms<F extends FieldMap> = { readonly [N in keyof F]: TermOf<F[N]> }

/** Either kind of term. */
export type Term = IntTerm | StringTerm

/** What integers and strings have in common: six comparisons, each 0 or 1. */
abstract class Comparable<Operand> {
  readonly expr: Expr

  constructor(expr: Expr) {
    this.expr = expr
  }

  eq(other: Operand): IntTerm {
    return this.#compare('==', other)
  }
  ne(other: Operand): IntTerm {
    return this.#compare('!=', other)
  }
  lt(other: Operand): IntTerm {
    return this.#compare('<', other)
  }
  le(other: Operand): IntTerm {
    return this.#compare('<=', other)
  }
  gt(other: Operand): IntTerm {
    return this.#compare('>', other)
  }
  ge(other: Operand): IntTerm {
    return this.#compare('>=', other)
  }

  /** JavaScript's own operators cannot see into a term; this says which method to call. */
  [Symbol.toPrimitive](): never {
    throw misused()
  }

  #compare(op: CompareOp, other: Operand): IntTerm {
    return new IntTerm(compare(op, this.expr, exprOf(other)))
  }
}

/** An integer in D: 64-bit registers that wrap, compared and divided by the sign of their type. */
export class IntTerm extends Comparable<IntOperand> {
  /** True when both are; the right one is not evaluated when the left one decides. */
  and(other: IntOperand): IntTerm {
    return new IntTerm(logical('&&', this.expr, intExpr(other)))
  }
  /** True when one is; the right one is not evaluated when the left one decides. */
  or(other: IntOperand): IntTerm {
    return new IntTerm(logical('||', this.expr, intExpr(other)))
  }
  /** True when exactly one is. */
  xor(other: IntOperand): IntTerm {
    return new IntTerm(logical('^^', this.expr, intExpr(other)))
  }
  /** True when it is 0. */
  not(): IntTerm {
    return new IntTerm(unary('!', this.expr))
  }

  add(other: IntOperand): IntTerm {
    return this.#arithmetic('+', other)
  }
  sub(other: IntOperand): IntTerm {
    return this.#arithmetic('-', other)
  }
  mul(other: IntOperand): IntTerm {
    return this.#arithmetic('*', other)
  }
  /** Toward zero. A zero divisor is a fault: that firing is left out and said so. */
  div(other: IntOperand): IntTerm {
    return this.#arithmetic('/', other)
  }
  /** The remainder, with the sign of the left one. A zero divisor is a fault, as for `div`. */
  mod(other: IntOperand): IntTerm {
    return this.#arithmetic('%', other)
  }
  band(other: IntOperand): IntTerm {
    return this.#arithmetic('&', other)
  }
  bor(other: IntOperand): IntTerm {
    return this.#arithmetic('|', other)
  }
  bxor(other: IntOperand): IntTerm {
    return this.#arithmetic('^', other)
  }
  shl(other: IntOperand): IntTerm {
    return this.#arithmetic('<<', other)
  }
  /** Keeps the sign of a signed type. */
  shr(other: IntOperand): IntTerm {
    return this.#arithmetic('>>', other)
  }
  neg(): IntTerm {
    return new IntTerm(unary('-', this.expr))
  }
  bnot(): IntTerm {
    return new IntTerm(unary('~', this.expr))
  }

  #arithmetic(op: ArithmeticOp, other: IntOperand): IntTerm {
    return new IntTerm(arithmetic(op, this.expr, intExpr(other)))
  }
}

/** A string in D, compared byte by byte. */
export class StringTerm extends Comparable<StringOperand> {
  /** Where `part` begins, or -1. */
  index(part: StringOperand): IntTerm {
    return new IntTerm(call('index', [this.expr, stringExpr(part)]))
  }
  contains(part: StringOperand): IntTerm {
    return this.index(part).ge(0)
  }
  startsWith(part: StringOperand): IntTerm {
    return this.index(part).eq(0)
  }
  /** From `start`, at most `length` characters. A negative start counts from the end. */
  substr(start: IntOperand, length?: IntOperand): StringTerm {
    const rest = length === undefined ? [] : [intExpr(length)]
    return new StringTerm(call('substr', [this.expr, intExpr(start), ...rest]))
  }
  concat(other: StringOperand): StringTerm {
    return new StringTerm(call('strjoin', [this.expr, stringExpr(other)]))
  }
}

/** The term for an expression, by its type. */
export function termOf(expr: Expr): Term {
  return expr.type.kind === 'string' ? new StringTerm(expr) : new IntTerm(expr)
}

/** The node of what a callback returned. Throws `XpvError` `query.type` when that is no term:
 *  JavaScript's `===` between a term and a number, say, is already decided and false. */
export function exprOf(value: unknown): Expr {
  if (value instanceof IntTerm || value instanceof StringTerm) return value.expr
  if (typeof value === 'number' || typeof value === 'bigint') return integer(value)
  if (typeof value === 'string') return text(value)
  throw misused(typeof value)
}

const intExpr = (value: IntOperand): Expr => needInteger(exprOf(value))

const stringExpr = (value: StringOperand): Expr => needString(exprOf(value))

function misused(seen = 'a plain value'): XpvError {
  return new XpvError(
    'query.type',
    `${seen} is not an expression: JavaScript's operators do not see a probe's fields`,
    'e => e.domid.eq(3).and(e.execname.ne("xl"))',
  )
}
