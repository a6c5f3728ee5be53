// Random expressions on memory: structures, arrays, bit-fields, pointers good and bad, strings at
// addresses, and the subroutines that take them.
import { layRecord, sizeOf } from '../../src/dtrace/program/layout.js'
import type { ArithmeticOp, Expr, LoadExpr, Variable } from '../../src/dtrace/program/program.js'
import {
  arrayOf,
  type BitField,
  type DType,
  INT,
  INT64,
  isByAddress,
  pointerTo,
  RecordDType,
  STRING,
  UINT,
  UINT64,
  VOID,
} from '../../src/dtrace/program/types.js'
import { CHAR, call, int, SHORT, str, UCHAR } from './build.js'
import type { Dice } from './random-program.js'

type IntType = DType & { kind: 'int' }

/** What makes the parts that are not memory. */
export interface OtherExprs {
  int(type: DType, depth: number): Expr
  string(depth: number): Expr
  target(variable: Variable, depth: number): Extract<Expr, { kind: 'variable' }>
  readonly variables: readonly Variable[]
}

const PAIR = new RecordDType('struct', 'pair')
PAIR.complete(
  layRecord('struct', [
    { name: 'c', type: CHAR },
    { name: 'low', type: UINT, width: 3 },
    { name: 'high', type: INT, width: 12 },
    { name: 'n', type: INT64 },
    { name: 'name', type: arrayOf(CHAR, 6) },
  ]),
)
const EITHER = new RecordDType('union', 'either')
EITHER.complete(
  layRecord('union', [
    { name: 'pair', type: PAIR },
    { name: 'words', type: arrayOf(SHORT, 5) },
    { name: 'at', type: pointerTo(PAIR) },
  ]),
)

/** Types of what lies in memory, and of pointers to it. */
const BY_ADDRESS: readonly DType[] = [
  PAIR,
  EITHER,
  arrayOf(INT, 4),
  arrayOf(UCHAR, 9),
  arrayOf(PAIR, 2),
]
const POINTERS = [pointerTo(CHAR), pointerTo(PAIR), pointerTo(VOID), pointerTo(UINT64)]
const LOADED: readonly DType[] = [CHAR, UCHAR, SHORT, INT, UINT, INT64, UINT64, ...POINTERS]
const FIELDS: readonly BitField[] = [
  { shift: 0, width: 3 },
  { shift: 0, width: 8 },
  { shift: 2, width: 5 },
]
const OPS: ArithmeticOp[] = ['+', '-', '*', '/', '&', '|', '^', '<<', '>>']
const PATHS = ['{"a":[1,{"b":"x"}],"c":{"d":null}}', '[10, -2.5e3, "q\\"r"]', '{"a" 1}']
const STEPS = ['a[1].b', 'c.d', 'c', '[1]', 'a[9]', '']

/** A type for a variable that lies in memory, or points to what does. */
export function memoryType(dice: Dice): DType {
  return dice.chance(70) ? dice.of(BY_ADDRESS) : dice.of(POINTERS)
}

/** Makes expressions on memory. */
export class MemoryExprs {
  readonly #dice: Dice
  readonly #other: OtherExprs

  constructor(dice: Dice, other: OtherExprs) {
    this.#dice = dice
    this.#other = other
  }

  /** An expression that yields an integer. */
  int(depth: number): Expr {
    const dice = this.#dice
    const kind = dice.below(10)
    if (kind < 4) return this.#load(depth)
    if (kind < 6) return asInt(this.store(depth))
    if (kind === 6) {
      const length = 1 + dice.below(4)
      return { kind: 'bound', index: this.#other.int(dice.of([INT, UINT64]), 0), length, type: INT }
    }
    if (kind === 7) return this.#update(depth)
    return dice.chance(50) ? asInt(this.address(depth)) : this.#called(depth)
  }

  /** A string that comes from memory, or may be NULL. */
  string(depth: number): Expr {
    const dice = this.#dice
    const kind = dice.below(9)
    const [s, t] = [this.#other.string(depth - 1), this.#other.string(0)]
    if (kind < 3) return this.#load(depth, STRING)
    if (kind === 3) return call('strchr', STRING, s, int(120 + dice.below(4), CHAR))
    if (kind === 4) return call('strtok', STRING, dice.chance(50) ? NOTHING : s, str('/l'))
    if (kind === 5) return call('substr', STRING, s, this.#small(), this.#small())
    if (kind === 6) return call('json', STRING, str(dice.of(PATHS)), str(dice.of(STEPS)))
    if (kind === 7) return call('inet_ntop', STRING, int(dice.of([2, 26, 3])), this.address(depth))
    return call('strstr', STRING, s, t)
  }

  /** Something that lies in memory, of one of those types. */
  record(depth: number, type: DType = this.#dice.of(BY_ADDRESS)): Expr {
    const held = this.#other.variables.filter((v) => v.type === type)
    if (held.length > 0 && this.#dice.chance(70)) {
      return this.#other.target(this.#dice.of(held), depth)
    }
    return this.#load(depth, type)
  }

  /** What changes memory. */
  store(depth: number): Expr {
    const dice = this.#dice
    const kind = dice.below(5)
    if (kind === 0) return this.#copied(depth)
    if (kind === 1) {
      const [from, to] = [this.address(depth - 1), this.address(depth - 1)]
      return call('bcopy', VOID, from, to, int(dice.below(12), UINT64))
    }
    if (kind === 2) {
      const target = this.#load(depth, STRING)
      return { kind: 'assign', target, value: this.#other.string(depth - 1), type: STRING }
    }
    const target = this.#load(depth)
    const value = this.#other.int(target.type, depth - 1)
    return { kind: 'assign', target, value, type: target.type }
  }

  /** An address, mostly of something. */
  address(depth: number): Expr {
    const dice = this.#dice
    const kind = depth <= 0 ? dice.below(4) : dice.below(8)
    const held = this.#other.variables.filter((v) => isByAddress(v.type))
    if (kind === 0) return call('alloca', pointerTo(VOID), int(dice.below(24), UINT64))
    if (kind === 1) return int(dice.of([0n, 1n, 0xd2_00_0000_0000n, 1n << 63n]), UINT64)
    if (kind === 2) {
      const operand = dice.chance(50) ? str('abc') : this.#other.string(0)
      return { kind: 'address-of-string', operand, type: pointerTo(CHAR) }
    }
    if (kind > 5) return this.#offset(depth)
    const pointers = this.#other.variables.filter(
      (v) => v.type.kind === 'int' && 'pointee' in v.type,
    )
    const from = dice.chance(70) || pointers.length === 0 ? held : pointers
    return from.length === 0 ? int(0, UINT64) : this.#other.target(dice.of(from), depth)
  }

  #offset(depth: number): Expr {
    const by = this.#dice.chance(80)
      ? int(this.#dice.below(30), INT)
      : this.#other.int(INT, depth - 1)
    return {
      kind: 'arithmetic',
      op: this.#dice.chance(90) ? '+' : '-',
      left: this.address(depth - 1),
      right: by,
      type: this.#dice.of(POINTERS),
    }
  }

  #load(depth: number, type: DType = this.#dice.of(LOADED)): LoadExpr {
    const load = { kind: 'load', address: this.address(depth), type } as const
    if (type.kind === 'string') {
      return this.#dice.chance(50) ? load : { ...load, most: this.#dice.below(7) }
    }
    const isField = type.kind === 'int' && !('pointee' in type) && this.#dice.chance(30)
    return isField ? { ...load, bits: this.#dice.of(FIELDS) } : load
  }

  #update(depth: number): Expr {
    const target = this.#load(depth)
    const { type } = target
    const yields = this.#dice.of(['old', 'new'] as const)
    const value = this.#other.int(type as IntType, this.#dice.chance(50) ? 0 : depth - 1)
    return { kind: 'update', op: this.#dice.of(OPS), target, value, type, yields }
  }

  #copied(depth: number): Expr {
    const target = this.record(depth - 1)
    const value = this.#dice.chance(80) ? this.record(depth - 1) : int(0, UINT64)
    const size = Math.min(sizeOf(target.type), sizeOf(value.type))
    const type = size < sizeOf(target.type) ? arrayOf(UCHAR, Math.max(1, size)) : target.type
    return { kind: 'copy', target, value, type: target.kind === 'variable' ? target.type : type }
  }

  #called(depth: number): Expr {
    const s = this.#other.string(depth - 1)
    const kind = this.#dice.below(3)
    if (kind === 0) return call('index', INT, s, this.#other.string(0), this.#small())
    if (kind === 1) return call('strtoll', INT64, s, int(2 + this.#dice.below(40)))
    return call('htons', { ...UINT, bytes: 2, name: 'uint16_t' }, this.#small())
  }

  #small(): Expr {
    return int(this.#dice.below(12) - 4, INT)
  }
}

const asInt = (e: Expr): Expr =>
  e.type.kind === 'int' ? e : { kind: 'comma', left: e, right: int(3), type: INT }

/** NULL, as an argument. */
const NOTHING: Expr = int(0, UINT64)
