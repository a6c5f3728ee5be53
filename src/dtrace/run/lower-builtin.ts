// Built-in variables in generated code: columns of the batch, names and numbers of the probe, what
// a recording does not hold.
//
// Holds: agrees with builtins.ts.
import { ERROR_ID } from '../probe/catalog.js'
import type { Expr } from '../program/program.js'
import { INT64, UINT64 } from '../program/types.js'
import { ownValue, UNRECORDED } from './consumer.js'
import type { EngineParts } from './engine.js'
import { type Assumptions, LATEST, type Linkage } from './linkage.js'
import { lowerArithmetic } from './lower-arithmetic.js'
import {
  constant,
  cut,
  EXACT,
  type IntType,
  type Lowered,
  type Num,
  num,
  text,
  type Whole,
} from './lowered.js'
import type { Lowering } from './lowering.js'

/** The local that holds the time of a firing in nanoseconds. */
export const NOW = 'now'

/** Lowers built-in variables. */
export class BuiltinLowering {
  /** Whether NOW was referred to; for the caller to clear. */
  readsTime = false
  readonly #lowering: Lowering
  readonly #link: Linkage
  readonly #parts: EngineParts
  readonly #assume: Assumptions

  constructor(
    lowering: Lowering,
    options: {
      readonly link: Linkage
      readonly parts: EngineParts
      readonly assume: Assumptions
    },
  ) {
    this.#lowering = lowering
    this.#link = options.link
    this.#parts = options.parts
    this.#assume = options.assume
  }

  lower(e: Expr & { kind: 'builtin' }): Lowered {
    const link = this.#link
    const column = (name: string, most: number): Num => {
      link.columns.add(name)
      return num(`${name}[i]`, 0, most)
    }
    const asTyped = (v: Whole, from: IntType = INT64): Lowered =>
      e.type.kind === 'int' ? cut(v, from, e.type) : v
    switch (e.name) {
      case 'timestamp':
      case 'vtimestamp':
        return asTyped(this.#time())
      case 'walltimestamp': {
        const { unit, zero } = this.#parts.clock
        return asTyped(this.#offset(this.#time(), unit === 'ns' ? zero : 0n, INT64))
      }
      case 'xdt_timestamp': {
        const ticks = column('ticks', this.#assume.narrow ? LATEST : EXACT)
        return asTyped(this.#offset(ticks, this.#parts.clock.zero, UINT64), UINT64)
      }
      case 'cpu':
      case 'pcpu':
      case 'domid':
        return asTyped(column(e.name, 0xffff))
      case 'vcpuid':
        return asTyped(column('vcpu', 0xffff))
      case 'tid':
      case 'pid':
        return asTyped(column(e.name, 2 ** 32 - 1))
      case 'execname':
        link.columns.add('execname').add('strings')
        return text(`(strings[execname[i]] ?? '')`, '(codes[execname[i]] | 0)')
      case 'probeprov':
      case 'probemod':
      case 'probefunc':
      case 'probename':
        return text(`pool.text(${e.name}[p])`, `${e.name}[p]`)
      case 'epid':
        return asTyped(num(`e${this.#lowering.epidSlot}[p]`, 0, 2 ** 31 - 1))
      case 'id':
        return asTyped(num('p', 0, 2 ** 32 - 1))
      default:
        return this.#constantBuiltin(e)
    }
  }

  #constantBuiltin(e: Expr & { kind: 'builtin' }): Lowered {
    if (!UNRECORDED.has(e.name)) return constant(0n)
    this.#lowering.faults = true
    const missing = `unrecorded(${this.#link.constant(e.name)})`
    const own = ownValue(this.#parts.consumer, e.name)
    if (own === undefined) return e.type.kind === 'int' ? num(missing, 0, 0) : text(missing)
    const js = `(p < ${ERROR_ID} ? ${this.#link.constant(own)} : ${missing})`
    return typeof own === 'number' ? num(js, own, own) : text(js)
  }

  #time(): Num {
    this.#link.columns.add('ticks')
    this.readsTime = true
    return num(NOW, 0, this.#assume.narrow ? LATEST : EXACT)
  }

  #offset(v: Num, by: bigint, type: IntType): Whole {
    if (by === 0n) return v
    return lowerArithmetic('+', type, v, { value: constant(by), type })
  }
}
