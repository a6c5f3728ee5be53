// Arithmetic and comparison in JavaScript, exact for every operand: on numbers where ranges allow
// it, else on bigints in forms that V8 compiles to 64-bit machine arithmetic (asIntN around + - * &
// | ^).
//
// Holds: agrees with integers.ts. Division by a value that may be zero, and shifts by a variable,
// call functions of the prelude (generate.ts).
import { assertNever } from '../../base/assert.js'
import type { ArithmeticOp, CompareOp } from '../program/program.js'
import {
  constant,
  EXACT,
  flag,
  isInt32,
  isUint32,
  type Num,
  num,
  resigned,
  type Signed,
  settled,
  toBig,
  type Whole,
  wrapped,
} from './lowered.js'

/** The right side of an operator. `ofSizes`: a rest takes its sign from both sides. */
export interface RightOperand {
  readonly value: Whole
  readonly type: Signed
  readonly ofSizes?: boolean
}

/** `a op b` on registers, in the sign of `type`, in which both are already; the amount of a shift
 *  keeps its own. */
export function lowerArithmetic(op: ArithmeticOp, type: Signed, a: Whole, b: RightOperand): Whole {
  switch (op) {
    case '<<':
      return shiftLeft(type, a, b.value)
    case '>>':
      return shiftRight(type, a, b.value)
    case '/':
    case '%':
      if (op === '%' && b.ofSizes && type.signed) return remainderOfSizes(type, a, b.value)
      return divide(op, type, settled(a, type), settled(b.value, b.type))
    case '&':
    case '|':
    case '^':
      return bitwise(op, type, a, b.value)
    case '+':
    case '-':
    case '*':
      return additive(op, type, a, b.value)
    default:
      return assertNever(op)
  }
}

/** Whether evaluating `a op b` may fault. */
export function mayFault(op: ArithmeticOp, b: Whole): boolean {
  if (op !== '/' && op !== '%') return false
  return b.kind === 'num' ? b.low <= 0 && b.high >= 0 : !/^\(?-?[1-9]\d*n\)?$/.test(b.js)
}

function additive(op: '+' | '-' | '*', type: Signed, a: Whole, b: Whole): Whole {
  if (a.kind === 'num' && b.kind === 'num') {
    const ends = corners(op, a, b)
    const low = Math.min(...ends)
    const high = Math.max(...ends)
    const js = `(${a.js} ${op} ${b.js})`
    // Strictly within: 2^53 may itself be a rounded 2^53 + 1.
    if (low > -EXACT && high < EXACT) return num(js, low, high)
  }
  return wrapped(`${toBig(a, type).js} ${op} ${toBig(b, type).js}`, type)
}

function corners(op: '+' | '-' | '*', a: Num, b: Num): number[] {
  if (op === '+') return [a.low + b.low, a.high + b.high]
  if (op === '-') return [a.low - b.high, a.high - b.low]
  return [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
}

function divide(op: '/' | '%', type: Signed, a: Whole, b: Whole): Whole {
  const checked = mayFault(op, b)
  if (a.kind === 'num' && b.kind === 'num') {
    const size = Math.max(Math.abs(a.low), Math.abs(a.high))
    const divisor = Math.max(Math.abs(b.low), Math.abs(b.high))
    const most = op === '/' ? size : Math.min(size, Math.max(0, divisor - 1))
    const positive = a.low >= 0 && (op === '%' || b.low >= 0)
    const f = op === '/' ? 'quotient' : 'remainder'
    const plain = op === '/' ? `Math.trunc(${a.js} / ${b.js})` : `(${a.js} % ${b.js})`
    const js = checked ? `${f}(${a.js}, ${b.js})` : plain
    return num(js, positive ? 0 : -most, a.high <= 0 && positive ? 0 : most)
  }
  const [x, y] = [toBig(a, type).js, toBig(b, type).js]
  return wrapped(checked ? `${x} ${op} nonzero(${y})` : `${x} ${op} ${y}`, type)
}

function remainderOfSizes(type: Signed, a: Whole, b: Whole): Whole {
  const isPlain = b.kind === 'num' && b.low > 0
  if (isPlain) return divide('%', type, a, b)
  return wrapped(`remainderOfSizes(${toBig(a, type).js}, ${toBig(b, type).js})`, type)
}

function bitwise(op: '&' | '|' | '^', type: Signed, a: Whole, b: Whole): Whole {
  if (op === '&') {
    const masked = mask(a, b)
    if (masked !== undefined) return masked
  }
  if (a.kind === 'num' && b.kind === 'num') {
    const js = `(${a.js} ${op} ${b.js})`
    if (isInt32(a) && isInt32(b)) {
      const least = a.low >= 0 && b.low >= 0 ? 0 : -(2 ** 31)
      return num(js, least, 2 ** 31 - 1)
    }
    if (isUint32(a) && isUint32(b)) return num(`(${js} >>> 0)`, 0, 2 ** 32 - 1)
  }
  return wrapped(`${toBig(a, type).js} ${op} ${toBig(b, type).js}`, type)
}

// An and with 32 unsigned bits on one side needs no more than the low word of the other.
function mask(a: Whole, b: Whole): Num | undefined {
  const masks = [a, b].filter((v) => v.kind === 'num').filter(isUint32)
  if (masks.length === 0) return undefined
  const high = Math.min(...masks.map((m) => m.high))
  const js = `(${lowWord(a)} & ${lowWord(b)})`
  return high < 2 ** 31 ? num(js, 0, high) : num(`(${js} >>> 0)`, 0, high)
}

function lowWord(v: Whole): string {
  return v.kind === 'num' ? v.js : `Number(BigInt.asIntN(32, ${v.js}))`
}

function amountOf(b: Whole): number | undefined {
  return b.kind === 'num' && b.low === b.high && /^\(?-?\d+\)?$/.test(b.js)
    ? Number(BigInt.asUintN(6, BigInt(b.low)))
    : undefined
}

function shiftLeft(type: Signed, a: Whole, b: Whole): Whole {
  const amount = amountOf(b)
  if (a.kind === 'num' && amount !== undefined) {
    const factor = 2 ** amount
    if (a.low * factor > -EXACT && a.high * factor < EXACT) {
      return num(`(${a.js} * ${factor})`, a.low * factor, a.high * factor)
    }
  }
  return wrapped(`${toBig(a, type).js} << ${bigBits(b)}`, type)
}

function shiftRight(type: Signed, operand: Whole, b: Whole): Whole {
  const a = settled(operand, type)
  const amount = amountOf(b)
  if (a.kind === 'num' && amount !== undefined) {
    const low = Math.floor(a.low / 2 ** amount)
    const high = Math.floor(a.high / 2 ** amount)
    if (isInt32(a) && amount < 32) return num(`(${a.js} >> ${amount})`, low, high)
    return num(`Math.floor(${a.js} / ${2 ** amount})`, low, high)
  }
  if (a.kind === 'num' && isInt32(a)) {
    return num(`shiftRight32(${a.js}, ${bits(b)})`, Math.min(a.low, 0), Math.max(a.high, 0))
  }
  if (a.kind === 'num' && isUint32(a)) {
    return num(`shiftRightU32(${a.js}, ${bits(b)})`, 0, a.high)
  }
  return wrapped(`${toBig(a, type).js} >> ${bigBits(b)}`, type)
}

// The amount of a shift, 0 to 63, as number and as bigint.
function bits(b: Whole): string {
  return b.kind === 'num' ? `(${b.js} & 63)` : `Number(BigInt.asUintN(6, ${b.js}))`
}

function bigBits(b: Whole): string {
  const amount = amountOf(b)
  if (amount !== undefined) return `${amount}n`
  return b.kind === 'num' ? `BigInt(${b.js} & 63)` : `BigInt.asUintN(6, ${b.js})`
}

/** `-a` or `~a` in the sign of `a`. */
export function lowerUnary(op: '-' | '~', type: Signed, a: Whole): Whole {
  const zero = constant(op === '-' ? 0n : -1n)
  if (a.kind === 'num') return additive('-', type, zero, a)
  return wrapped(op === '-' ? `-${a.js}` : `${a.js} ^ -1n`, type)
}

/** Compares two integers, both as signed or both as unsigned 64-bit registers. */
export function lowerCompare(
  op: CompareOp,
  signed: boolean,
  a: { readonly value: Whole; readonly type: Signed },
  b: { readonly value: Whole; readonly type: Signed },
): Num {
  const js = op === '==' ? '===' : op === '!=' ? '!==' : op
  if (a.value.kind === 'num' && b.value.kind === 'num') {
    const equality = op === '==' || op === '!='
    if (signed || equality) return flag(`${a.value.js} ${js} ${b.value.js}`)
    if (a.value.low >= 0 || b.value.low >= 0) {
      return flag(`${unsignedSize(a.value)} ${js} ${unsignedSize(b.value)}`)
    }
  }
  const [x, y] = [a, b].map((v) => toBig(resigned(v.value, v.type, { signed }), { signed }).js)
  return flag(`${x} ${js} ${y}`)
}

// A negative number stands for one above 2^63. Against one that is not negative, it need not be
// exact.
function unsignedSize(v: Num): string {
  return v.low >= 0 ? v.js : `unsignedSize(${v.js})`
}
