// Terms: the expressions of a query, written as method calls since JavaScript's operators cannot be
// ours.
//
//   e.domid.eq(3).and(e.nr_extents.ge(512))      D: args[0] == 3 && args[1] >= 512
//
// Holds: a term is immutable and is one node of the program tree; constants on the right are D's
// constants.
import { XpvError } from '../../base/error.js'
import type { ArithmeticOp, CompareOp, Expr } from '../program/program.js'
import { arithmetic, call, compare, integer, logical, text, unary } from './convert.js'
import type { FieldMap, FieldValue } from './fields.js'

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

/** An integer in D: 64-bit registers that wrap, compared and divided by the sign of their type. */
export class IntTerm {
  readonly expr: Expr

  constructor(expr: Expr) {
    this.expr = expr
  }

  eq(other: IntOperand): IntTerm {
    return this.#compare('==', other)
  }
  ne(other: IntOperand): IntTerm {
    return this.#compare('!=', other)
  }
  lt(other: IntOperand): IntTerm {
    return this.#compare('<', other)
  }
  le(other: IntOperand): IntTerm {
    return this.#compare('<=', other)
  }
  gt(other: IntOperand): IntTerm {
    return this.#compare('>', other)
  }
  ge(other: IntOperand): IntTerm {
    return this.#compare('>=', other)
  }

  /** True when both are; the right one is not evaluated when the left one decides. */
  and(other: IntOperand): IntTerm {
    return new IntTerm(logical('&&', this.expr, intExpr(other)))
  }
  or(other: IntOperand): IntTerm {
    return new IntTerm(logical('||', this.expr, intExpr(other)))
  }
  /** True when exactly one is. */
  xor(other: IntOperand): IntTerm {
    return new IntTerm(logical('^^', this.expr, intExpr(other)))
  }
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

  /** JavaScript's own operators cannot see into a term; this says which method to call. */
  [Symbol.toPrimitive](): never {
    throw misused()
  }

  #compare(op: CompareOp, other: IntOperand): IntTerm {
    return new IntTerm(compare(op, this.expr, intExpr(other)))
  }
  #arithmetic(op: ArithmeticOp, other: IntOperand): IntTerm {
    return new IntTerm(arithmetic(op, this.expr, intExpr(other)))
  }
}

/** A string in D, compared byte by byte. */
export class StringTerm {
  readonly expr: Expr

  constructor(expr: Expr) {
    this.expr = expr
  }

  eq(other: StringOperand): IntTerm {
    return this.#compare('==', other)
  }
  ne(other: StringOperand): IntTerm {
    return this.#compare('!=', other)
  }
  lt(other: StringOperand): IntTerm {
    return this.#compare('<', other)
  }
  le(other: StringOperand): IntTerm {
    return this.#compare('<=', other)
  }
  gt(other: StringOperand): IntTerm {
    return this.#compare('>', other)
  }
  ge(other: StringOperand): IntTerm {
    return this.#compare('>=', other)
  }

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

  /** JavaScript's own operators cannot see into a term; this says which method to call. */
  [Symbol.toPrimitive](): never {
    throw misused()
  }

  #compare(op: CompareOp, other: StringOperand): IntTerm {
    return new IntTerm(compare(op, this.expr, stringExpr(other)))
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

function intExpr(value: IntOperand): Expr {
  const expr = exprOf(value)
  if (expr.type.kind === 'int') return expr
  throw new XpvError('query.type', `an integer is needed here, not a ${expr.type.name}`)
}

function stringExpr(value: StringOperand): Expr {
  const expr = exprOf(value)
  if (expr.type.kind === 'string') return expr
  throw new XpvError('query.type', `a string is needed here, not ${expr.type.name}`)
}

function misused(seen = 'a plain value'): XpvError {
  return new XpvError(
    'query.type',
    `${seen} is not an expression: JavaScript's operators do not see a probe's fields`,
    'e => e.domid.eq(3).and(e.execname.ne("xl"))',
  )
}
