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
  nullString,
  stringAt,
} from '../program/build.js'
import type { OptionDialect } from '../program/options.js'
import type { Expr } from '../program/program.js'
import { type DType, pointerTo } from '../program/types.js'
import type { Checked } from './checked.js'

/** A value that may be stored as `type` (`isStorable`), as one of that type's kind. It is not cut
 *  to the type: storing does that. */
export function storedAs(value: Checked, type: DType): Expr {
  if (type.kind === 'string') return asString(value)
  if (value.kind === 'dynamic') return constant(0n)
  if (type.kind === 'int' && type.pointee !== undefined) return asPointer(value)
  return value
}

/** What reads as a string, as one. A null pointer is NULL. */
export function asString(value: Checked): Expr {
  if (value.kind === 'dynamic' || value.kind === 'int') return nullString
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

/** Whether a place may be written: a variable of the program, and what is reached from one; on
 *  illumos also what any cast says is a pointer. */
export function isWritable(e: Expr, dialect: OptionDialect): boolean {
  switch (e.kind) {
    case 'variable':
    case 'assign':
    case 'copy':
    case 'update':
      return true
    case 'comma':
      return isWritable(e.right, dialect)
    case 'load':
      return isWritable(e.address, dialect)
    case 'cast':
      return e.operand.type.kind === 'array'
        ? isWritable(e.operand, dialect)
        : dialect === 'illumos' && e.type.kind === 'int' && e.type.pointee !== undefined
    default:
      return e.kind === 'arithmetic' && e.op === '+' && isWritable(e.left, dialect)
  }
}
