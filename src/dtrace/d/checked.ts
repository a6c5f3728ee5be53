// What checking an expression yields: an expression of the program, or something that is none but
// has a name in messages: an aggregation, a null pointer, an action.
import type { Span } from '../../base/span.js'
import type { ProbeDescription } from '../probe/description.js'
import type { IntConstant, IntegerExpr } from '../program/build.js'
import type { Expr } from '../program/program.js'
import type { StringDType } from '../program/types.js'
import type { Diagnostics } from './diagnostics.js'
import type { Scope, TranslatorSymbol } from './scope.js'

/** What a check needs to know of its surroundings. */
export interface CheckContext {
  readonly diagnostics: Diagnostics
  readonly scope: Scope
  /** The probes of the clause; undefined outside of one. */
  readonly probes: readonly ProbeDescription[] | undefined
  /** How the clause names them, for messages. */
  readonly specs: string
}

/** No expression of the program. */
export type Dynamic =
  | {
      readonly kind: 'dynamic'
      readonly what: 'aggregation' | 'action'
      readonly type: { readonly kind: 'dynamic'; readonly name: string }
    }
  | Translation

/** A string, whether it lies in memory or not. */
export type StringExpr = Expr & { readonly type: StringDType }

/** What xlate yields: members of it are taken, or a copy is made of the whole. */
export interface Translation {
  readonly kind: 'dynamic'
  readonly what: 'translation'
  readonly type: { readonly kind: 'dynamic'; readonly name: string }
  readonly translator: TranslatorSymbol
  readonly input: Expr
  /** Whether it is a pointer to the translated record. */
  readonly pointer: boolean
}

export type Checked = Expr | Dynamic

export const AGGREGATION_VALUE = dynamic('aggregation', 'aggregation')
export const ACTION_VALUE = dynamic('action', 'void')

function dynamic(what: 'aggregation' | 'action', name: string): Dynamic {
  return { kind: 'dynamic', what, type: { kind: 'dynamic', name } }
}

/** What xlate yielded. */
export const isTranslation = (c: Checked): c is Translation =>
  c.kind === 'dynamic' && c.what === 'translation'

export const isExpr = (c: Checked): c is Expr => c.kind !== 'dynamic'

/** Whether a value lies in an integer register: integers and addresses. */
export const isNumber = (c: Checked): c is IntegerExpr => c.type.kind === 'int'

/** An address in a register. */
export const isPointer = (c: Checked): c is IntegerExpr =>
  isNumber(c) && c.type.pointee !== undefined

export const isInteger = (c: Checked): c is IntegerExpr => isNumber(c) && !isPointer(c)

export const isString = (c: Checked): c is StringExpr => c.type.kind === 'string'

export const isConstant = (c: Checked): c is IntConstant => c.kind === 'int'

/** A constant that says how many: more than 0 in the sign of its type. */
export const isPositiveConstant = (c: Checked): c is IntConstant =>
  isConstant(c) && (c.value > 0n || (c.value < 0n && !c.type.signed))

/** A null pointer: a constant 0. Strings compare with it and are assigned from it. */
export const isNull = (c: Checked): boolean => isConstant(c) && c.value === 0n

/** `checked` where a value is wanted: what is none is reported as `tag` says. */
export function needValue(
  cx: CheckContext,
  checked: Checked,
  span: Span,
  failure: readonly [tag: string, message: string],
): Expr {
  if (isExpr(checked)) return checked
  return cx.diagnostics.fail(span, failure[0], failure[1])
}
