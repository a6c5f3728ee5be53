// Memory in generated code: loads, stores and copies call the run's Memory, which is `mem` there.
//
// Holds: agrees with interpret.ts: the value that is stored is evaluated before the address.
import { isNullString } from '../program/build.js'
import { sizeOf } from '../program/layout.js'
import type { Expr, LoadExpr } from '../program/program.js'
import { type DType, isByAddress, UINT64 } from '../program/types.js'
import type { Linkage } from './linkage.js'
import { lowerArithmetic } from './lower-arithmetic.js'
import {
  big,
  intType,
  type Lowered,
  type Num,
  nullable,
  num,
  renamed,
  settled,
  text,
  typeRange,
  type Whole,
} from './lowered.js'
import type { Lowering } from './lowering.js'
import { loadedType } from './memory.js'
import type { MemoryLayout } from './memory-layout.js'

/** An address that D's memory has, or 0. */
export const anywhere = (js: string): Num => num(js, 0, ADDRESS_LIMIT)

const ADDRESS_LIMIT = 2 ** 48

function ranged(js: string, type: DType): Num {
  const { low, high } = typeRange(intType(type))
  return num(js, low, high)
}

/** Lowers what touches memory; other expressions go back to `lowering`. */
export class MemoryLowering {
  readonly #lowering: Lowering
  readonly #link: Linkage
  readonly #layout: MemoryLayout
  readonly #strsize: number

  constructor(
    lowering: Lowering,
    options: {
      readonly link: Linkage
      readonly layout: MemoryLayout
      readonly strsize: number
    },
  ) {
    this.#lowering = lowering
    this.#link = options.link
    this.#layout = options.layout
    this.#strsize = options.strsize
  }

  load(e: LoadExpr): Lowered {
    if (isNullString(e)) return nullable(text(`'\\0'`))
    const address = this.#lowering.whole(e.address)
    return isByAddress(e.type) ? address : this.#loaded(e, settled(address, UINT64).js)
  }

  addressOfString(e: Expr & { kind: 'address-of-string' }): Whole {
    if (e.operand.kind === 'string') {
      const address = this.#layout.constants.get(e.operand.value) ?? 0
      return num(`${address}`, address, address)
    }
    return anywhere(`mem.addressOfText(${this.#lowering.lower(e.operand).js})`)
  }

  bound(e: Expr & { kind: 'bound' }): Num {
    this.#lowering.faults = true
    const index = settled(this.#lowering.whole(e.index), intType(e.index.type))
    const js = `bounded(${index.js}, ${e.length})`
    return num(index.kind === 'big' ? `Number(${js})` : js, 0, Math.max(0, e.length - 1))
  }

  /** Copies into memory that is there already; into a block, `VariableLowering` does. */
  copy(e: Expr & { kind: 'copy' }): Whole {
    this.#lowering.faults = true
    const source = this.#link.temporary()
    const from = this.#lowering.address(e.value)
    const target = this.#lowering.whole(e.target)
    const to = this.#link.temporary()
    const kept = settled(target, UINT64)
    const steps = [
      `${source} = ${from}`,
      `${to} = ${kept.js}`,
      `mem.copy(${to}, ${source}, ${sizeOf(e.type)})`,
      to,
    ]
    return renamed(kept, `(${steps.join(', ')})`) as Whole
  }

  assign(e: Expr & { kind: 'assign' }, target: LoadExpr): Lowered {
    this.#lowering.faults = true
    const value = this.#given(e.value, target.type)
    const q = this.#link.temporary()
    const address = this.#lowering.address(target.address)
    const steps = [`${q} = ${value.js}`, this.#stored(target, address, renamed(value, q)), q]
    return renamed(value, `(${steps.join(', ')})`)
  }

  update(e: Expr & { kind: 'update' }, target: LoadExpr): Lowered {
    const type = intType(target.type)
    const at = this.#link.temporary()
    const address = this.#lowering.address(target.address)
    const old = this.#loaded(target, at)
    const [before, after] = [this.#link.temporary(), this.#link.temporary()]
    const operand = this.#lowering.right(e, e.value, type)
    const result = lowerArithmetic(e.op, type, renamed(old, before) as Whole, operand)
    const yielded = e.yields === 'old' ? renamed(old, before) : renamed(result, after)
    const steps = [
      `${at} = ${address}`,
      `${before} = ${old.js}`,
      `${after} = ${result.js}`,
      this.#stored(target, at, renamed(result, after)),
      yielded.js,
    ]
    return renamed(yielded, `(${steps.join(', ')})`)
  }

  #given(e: Expr, type: DType): Lowered {
    if (type.kind !== 'string') return this.#lowering.register(e, intType(type))
    const value = this.#lowering.lower(e)
    return { ...value, js: `cut(${value.js})` }
  }

  #loaded({ type, bits, most }: LoadExpr, address: string): Lowered {
    this.#lowering.faults = true
    if (type.kind === 'string') {
      return nullable(text(`mem.text(${address}, ${most ?? this.#strsize})`))
    }
    const integer = loadedType(type)
    const { bytes, signed } = integer
    const constant = this.#link.constant(type.kind === 'int' ? type : integer)
    if (bits !== undefined) {
      const js = `mem.loadBits(${address}, ${constant}, ${this.#link.constant(bits)})`
      return bytes === 8 ? big(js) : ranged(`Number(${js})`, type)
    }
    if (bytes < 8) return ranged(`mem.loadNumber(${address}, ${bytes}, ${signed})`, type)
    return big(`mem.load(${address}, ${constant})`)
  }

  #stored({ type, bits, most }: LoadExpr, address: string, value: Lowered): string {
    if (value.kind === 'text') {
      return `mem.storeText(${address}, ${value.js}, ${most ?? this.#strsize})`
    }
    const { bytes } = loadedType(type)
    if (bits === undefined) return `mem.store(${address}, ${bytes}, ${value.js})`
    return `mem.storeBits(${address}, ${bytes}, ${this.#link.constant(bits)}, ${value.js})`
  }
}
