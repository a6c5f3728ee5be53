// Keys and values a query names: as types, and as nodes of the program tree.
//
//   .by('probename', builtin('domid'), { page: e => e.addr.shr(12) })
import { XpvError } from '../../base/error.js'
import type { Expr } from '../program/program.js'
import type { BuiltinFields, FieldMap, FieldValue, Merge } from './fields.js'
import type { NamedExpr } from './plan.js'
import { builtin, type FieldReference, type Scope } from './scope.js'
import { exprOf, type IntTerm, type StringTerm, type Term, type Terms, termOf } from './term.js'

/** Computed key parts by the names they are to have. */
export type NamedTerms<F extends FieldMap> = Readonly<Record<string, (e: Terms<F>) => Term>>

/** One or several parts of a key: names among `F`, computed from `T`. */
export type Key<F extends FieldMap, T extends FieldMap = F> =
  | (keyof F & string)
  | FieldReference
  | NamedTerms<T>

/** The fields that a list of keys adds to a row. */
export type KeyFields<F extends FieldMap, A extends readonly unknown[]> = A extends readonly [
  infer Head,
  ...infer Tail,
]
  ? Merge<KeyField<F, Head>, KeyFields<F, Tail>>
  : unknown

type KeyField<F extends FieldMap, K> = K extends keyof F & string
  ? { readonly [N in K]: F[N] }
  : K extends FieldReference<infer N>
    ? { readonly [M in N]: ReferencedValue<F, K['kind'], M> }
    : { readonly [N in keyof K & string]: TermValue<K[N]> }

type ReferencedValue<F extends FieldMap, Kind, N extends string> = Kind extends 'builtin'
  ? N extends keyof BuiltinFields
    ? BuiltinFields[N]
    : FieldValue
  : N extends keyof F
    ? F[N]
    : FieldValue

type TermValue<C> = C extends (e: never) => StringTerm ? string : number | bigint

/** The fields that hold integers: what can be summed. */
export type IntField<F extends FieldMap> = {
  [N in keyof F & string]: [F[N]] extends [string] ? never : N
}[keyof F & string]

/** What is aggregated: a field's name, or an expression over fields. */
export type Value<F extends FieldMap> =
  | IntField<F>
  | FieldReference
  | ((e: Terms<F>, builtins: Terms<BuiltinFields>) => IntTerm)

/** A condition: an expression over fields, or D's text for one. */
export type Predicate<F extends FieldMap> =
  | string
  | ((e: Terms<F>, builtins: Terms<BuiltinFields>) => IntTerm)

/** The parts of a key. Throws `XpvError` `query.unknown-field` for a name that means nothing in
 *  `scope`. */
export function keyExprs(keys: readonly unknown[], scope: Scope): NamedExpr[] {
  return keys.flatMap((key) => {
    if (typeof key === 'string') return [{ name: key, expr: scope.expr(key) }]
    if (isReference(key)) return [{ name: key.name, expr: scope.expr(key) }]
    const named = Object.entries(key as NamedTerms<FieldMap>)
    return named.map(([name, term]) => ({ name, expr: evaluated(term, scope) }))
  })
}

/** The keys after those there are. Throws `XpvError` `query.duplicate-key` when a name comes
 *  twice, or is one that rows need for themselves. */
export function appended<K extends NamedExpr>(keys: readonly K[], more: readonly K[]): K[] {
  const all = [...keys, ...more]
  const names = all.map((k) => k.name)
  const twice = names.find((name, i) => names.indexOf(name) < i || RESERVED.has(name))
  if (twice === undefined) return all
  const why = RESERVED.has(twice) ? 'is the name of what is measured' : 'is a key already'
  throw new XpvError(
    'query.duplicate-key',
    `"${twice}" ${why}`,
    `.by({ my_${twice}: e => e.${twice} })`,
  )
}

const RESERVED: ReadonlySet<string> = new Set(
  'value buckets quantiles cells points timeNs interval'.split(' '),
)

/** The expression of a value. Throws `XpvError` `query.type` when it is no integer. */
export function valueExpr(value: unknown, scope: Scope): Expr {
  const named = typeof value === 'string' || isReference(value)
  const expr = named ? scope.expr(value) : evaluated(value, scope)
  if (expr.type.kind === 'int') return expr
  const name = typeof value === 'string' ? `"${value}"` : 'this'
  throw new XpvError('query.type', `${name} is a string: only integers can be aggregated`)
}

/** What a callback makes of the fields. */
export function evaluated(callback: unknown, scope: Scope): Expr {
  if (typeof callback !== 'function') {
    throw new XpvError('query.type', 'a field name or a function is needed', 'e => e.arg0.eq(3)')
  }
  const fields = fieldProxy((name) => scope.expr(name))
  const builtins = fieldProxy((name) => scope.expr(builtin(name)))
  return exprOf(callback(fields, builtins))
}

function fieldProxy(exprFor: (name: string) => Expr): object {
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? termOf(exprFor(name)) : undefined),
      has: () => true,
    },
  )
}

/** Whether a key says itself which field it means. */
export function isReference(value: unknown): value is FieldReference {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  return value.kind === 'arg' || value.kind === 'builtin'
}
