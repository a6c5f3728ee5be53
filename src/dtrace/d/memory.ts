// Values between registers, memory and strings: what is stored as another type, and what can be
// stored to at all.
//
//   string s = char *p    ->  the string at p         char *p = "x"  ->  the address of its bytes
//   int *p = int a[3]     ->  the address of a
//
// Source: libdtrace dt_parser.c (DT_NF_LVALUE, DT_NF_WRITABLE), dt_cg.c (dt_cg_store, dt_cg_load).
import {
  addressOfString,
  constant,
  convert,
  type IntegerExpr,
  stringAt,
  text,
} from '../program/build.js'
import type { Expr } from '../program/program.js'
import { type DType, isByAddress, pointerTo } from '../program/types.js'
import type { Checked } from './checked.js'

/** A value that may be stored as `type` (`isStorable`), as one of that type's kind. It is not cut
 *  to the type: storing does that. */
export function storedAs(value: Checked, type: DType): Expr {
  if (type.kind === 'string') return asString(value)
  if (value.kind === 'dynamic') return constant(0n)
  if (type.kind === 'int' && type.pointee !== undefined) return asPointer(value)
  return value
}

/** What reads as a string, as one. A null pointer is "". */
export function asString(value: Checked): Expr {
  if (value.kind === 'dynamic' || value.kind === 'int') return text('')
  return value.type.kind === 'string' ? value : stringAt(value)
}

/** A pointer as it is, an array as a pointer to its first element, a string as one to its bytes. */
export function asPointer(value: Checked): IntegerExpr {
  if (value.kind === 'dynamic') return constant(0n)
  const { type } = value
  if (type.kind === 'string') return addressOfString(value) as IntegerExpr
  if (type.kind === 'array') return convert(value, pointerTo(type.element)) as IntegerExpr
  return value as IntegerExpr
}

/** Whether an expression is a place: a variable, a value at an address. An array is none. */
export function isPlace(e: Expr): boolean {
  if (e.kind === 'variable' || e.kind === 'builtin' || e.kind === 'arg') return true
  if (e.kind !== 'load' || e.type.kind === 'array') return false
  const { address } = e
  const ofRecord = address.kind === 'arithmetic' && address.left.type.kind === 'record'
  return ofRecord ? isPlace(address.left) : true
}

/** Whether a place may be written: a variable of the program, and what is reached from one. */
export function isWritable(e: Expr): boolean {
  if (e.kind === 'variable') return true
  if (e.kind === 'load') return isWritable(e.address)
  return e.kind === 'arithmetic' && e.op === '+' && isWritable(e.left)
}

/** Whether a value is in memory as a whole, its address in a register. */
export const isInMemory = (e: Checked): e is Expr => e.kind !== 'dynamic' && isByAddress(e.type)
