// Scope: what a name means among the probes a query selects.
//
//   'nr_extents'  ->  args[1]      an argument all selected probes have at the same place
//   'arg1'        ->  arg1         by its place, 64 bits signed
//   'execname'    ->  execname     a built-in variable, unless an argument has that name
//
// Holds: arguments win over built-ins (`dom-destroy-start` has its own domid: the domain that is
// destroyed, not the one that runs); `arg('domid')` and `builtin('domid')` say which is meant.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { type ProbeDescription, probeSpec } from '../probe/description.js'
import { convert } from '../program/build.js'
import { BUILTINS } from '../program/builtins.js'
import type { Expr } from '../program/program.js'
import { sameType, typeNamed } from '../program/type-names.js'
import { type DType, INT64 } from '../program/types.js'

/** Which of two things with one name is meant. */
export interface FieldReference<N extends string = string> {
  readonly kind: 'arg' | 'builtin'
  readonly name: N
}

/** The argument of that name, never the built-in variable. */
export function arg<N extends string>(name: N): FieldReference<N> {
  return { kind: 'arg', name }
}

/** The built-in variable of that name, also where an argument has it too. */
export function builtin<N extends string>(name: N): FieldReference<N> {
  return { kind: 'builtin', name }
}

/** What names mean among `probes`, which `spec` selected. */
export class Scope {
  readonly spec: string
  readonly #probes: readonly ProbeDescription[]

  constructor(spec: string, probes: readonly ProbeDescription[]) {
    this.spec = spec
    this.#probes = probes
  }

  /** The arguments all probes have in common, in the order of the first one's list. */
  get argNames(): readonly string[] {
    const names = this.#probes[0]?.args.map((a) => a.name) ?? []
    return names.filter((name) => typeof this.#place(name) === 'number')
  }

  /** The expression for a name. Throws `XpvError` `query.unknown-field` with what was meant, if
   *  that can be guessed, and with the reason where only some of the probes have it. */
  expr(field: string | FieldReference): Expr {
    const meant = typeof field === 'string' ? undefined : field.kind
    const name = typeof field === 'string' ? field : field.name
    const asArg = meant === 'builtin' ? undefined : (this.#named(name) ?? numbered(name))
    const found = asArg ?? (meant === 'arg' ? undefined : builtinExpr(name))
    if (found === undefined) throw this.#unknown(name)
    if (meant === undefined && asArg === undefined && this.#place(name) !== 'none') {
      throw this.#unknown(name)
    }
    return found
  }

  /** Whether all probes have an argument of that name. */
  hasArg(name: string): boolean {
    return this.#named(name) !== undefined
  }

  /** The place of the argument of that name, if all probes have it there. */
  argIndex(name: string): number | undefined {
    const place = this.#place(name)
    return typeof place === 'number' ? place : undefined
  }

  #named(name: string): Expr | undefined {
    const index = this.argIndex(name)
    if (index === undefined) return undefined
    const type = commonType(this.#probes.map((p) => p.args[index]?.type ?? ''))
    if (type === undefined) return undefined
    const found: Expr = { kind: 'arg', index, type }
    const isPointer = type.kind === 'int' && type.pointee !== undefined
    return isPointer ? convert(found, ADDRESS) : found
  }

  /** Where all probes have the argument, or why there is no such place. */
  #place(name: string): number | 'none' | 'some' | 'apart' {
    const places = this.#probes.map((p) => p.args.findIndex((a) => a.name === name))
    const found = places.filter((i) => i >= 0)
    const [first] = found
    if (first === undefined) return 'none'
    if (found.length < places.length) return 'some'
    return found.every((i) => i === first) ? first : 'apart'
  }

  #unknown(name: string): XpvError {
    const place = this.#place(name)
    if (place === 'some' || place === 'apart') return this.#notCommon(name, place)
    const names = [...this.argNames, ...BUILTINS.keys()]
    const near = nearest(name, names)
    return new XpvError(
      'query.unknown-field',
      `${this.spec} has no field "${name}"`,
      near === undefined ? `one of ${this.argNames.concat('probename').join(', ')}` : `'${near}'`,
    )
  }

  #notCommon(name: string, place: 'some' | 'apart'): XpvError {
    const lacks = this.#probes.find((p) => p.args.every((a) => a.name !== name))
    const having = this.#probes.find((p) => p.args.some((a) => a.name === name))
    const index = having?.args.findIndex((a) => a.name === name) ?? 0
    const why =
      place === 'some'
        ? `${probeSpec(lacks ?? EMPTY)} has none`
        : 'not in the same place for all of them'
    const other = BUILTINS.has(name) ? `, or builtin('${name}'): ${BUILTINS.get(name)?.doc}` : ''
    return new XpvError(
      'query.unknown-field',
      `not all probes of ${this.spec} have an argument "${name}": ${why}`,
      `{ ${name}: e => e.arg${index} }${other}`,
    )
  }
}

/** What a pointer is to a query: D would compute with what it points to. */
const ADDRESS = typeNamed('uintptr_t') ?? INT64

const EMPTY = { provider: '', module: '', function: '', name: '' }

function numbered(name: string): Expr | undefined {
  const digit = /^arg([0-9])$/.exec(name)?.[1]
  return digit === undefined ? undefined : { kind: 'arg', index: Number(digit), type: INT64 }
}

function builtinExpr(name: string): Expr | undefined {
  const found = BUILTINS.get(name)
  return found === undefined ? undefined : { kind: 'builtin', name: found.name, type: found.type }
}

/** The type of `args[n]` where all probes agree; else the 64-bit register of `argn`, unless one
 *  of them has a string there. */
function commonType(names: readonly string[]): DType | undefined {
  const types = names.map((n) => typeNamed(n) ?? INT64)
  const [first = INT64] = types
  if (types.every((t) => sameType(t, first))) return first
  return types.every((t) => t.kind === 'int') ? INT64 : undefined
}
