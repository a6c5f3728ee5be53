// Which types go together: in comparisons, assignments, arguments, keys.
//
// Source: libdtrace dt_parser.c (dt_node_is_strcompat, dt_node_is_ptrcompat, dt_node_is_argcompat),
// libctf ctf_types.c (ctf_type_compat).
import { sizeOf } from '../program/layout.js'
import { baseName, type IntegerType } from '../program/type-names.js'
import type { DType } from '../program/types.js'
import { type Checked, isConstant } from './checked.js'

/** An integer that is no address: enumerators among them. */
const isIntegerType = (type: DType): type is IntegerType =>
  type.kind === 'int' && type.pointee === undefined

/** What can be followed: a pointer or an array. */
export function isPointerType(type: DType): boolean {
  return type.kind === 'array' || (type.kind === 'int' && type.pointee !== undefined)
}

/** What a pointer points to or an array holds; a string is an array of characters here. Undefined
 *  for other types. */
export function pointedTo(type: DType): DType | undefined {
  if (type.kind === 'array') return type.element
  if (type.kind === 'string') return CHARACTER
  return type.kind === 'int' ? type.pointee : undefined
}

const CHARACTER: DType = { kind: 'int', name: 'char', bytes: 1, signed: true }

/** A pointer to what has no size: void, a function. */
export function isSizeless(type: DType): boolean {
  const target = type.kind === 'int' ? type.pointee : undefined
  return target?.kind === 'void' || target?.kind === 'function'
}

/** A string, or characters in memory that can be taken for one. */
export function isStringLike(type: DType): boolean {
  if (type.kind === 'string') return true
  const target = pointedTo(type)
  return target !== undefined && isCharacter(target)
}

function isCharacter(type: DType): boolean {
  if (!isIntegerType(type)) return false
  return type.bytes === 1 && type.signed && /^(signed )?char$/.test(baseName(type))
}

/** Whether two types are the same but for typedefs. */
export function isSameType(a: DType, b: DType): boolean {
  if (a.kind === 'record' && b.kind === 'record')
    return a.is(b) || (a.what === b.what && a.tag === b.tag && sizeOf(a) === sizeOf(b))
  if (a.kind === 'array' && b.kind === 'array')
    return a.length === b.length && isSameType(a.element, b.element)
  if (a.kind === 'int' && b.kind === 'int') return isSameInteger(a, b)
  if (a.kind === 'float' && b.kind === 'float') return a.bytes === b.bytes
  return a.kind === b.kind
}

function isSameInteger(a: IntegerType, b: IntegerType): boolean {
  if (a.pointee !== undefined && b.pointee !== undefined) return isSameType(a.pointee, b.pointee)
  if (a.pointee !== b.pointee || a.enumerators !== b.enumerators) return false
  return a.bytes === b.bytes && a.signed === b.signed
}

/** A constant 0: it stands for a pointer to nothing. */
const isZero = (c: Checked): boolean => isConstant(c) && c.value === 0n && isIntegerType(c.type)

const typeOf = (c: Checked): DType | undefined => {
  return c.kind === 'dynamic' ? undefined : c.type
}

/** The more telling type of two addresses that may be mixed; undefined when they may not: both
 *  point to the same, or one to void, or one is a constant 0. */
export function pointerTypeOf(left: Checked, right: Checked): DType | undefined {
  const [l, r] = [typeOf(left), typeOf(right)]
  if (l === undefined || r === undefined) return undefined
  if (isZero(left) && isZero(right)) return undefined
  if (isZero(left)) return pointedTo(r) && r
  if (isZero(right)) return pointedTo(l) && l
  const [lp, rp] = [pointedTo(l), pointedTo(r)]
  if (lp === undefined || rp === undefined) return undefined
  if (rp.kind === 'void') return l
  return lp.kind === 'void' || isSameType(lp, rp) ? r : undefined
}

/** Whether a value may be stored as `type`, or passed for it: integers as integers, what reads as a
 *  string as a string, a record as the same record, addresses as addresses. */
export function isStorable(value: Checked, type: DType): boolean {
  const from = typeOf(value)
  if (from === undefined) return false
  if (isIntegerType(type) && isIntegerType(from)) return true
  if (isStringLike(type) && isStringLike(from)) return true
  if (type.kind === 'record') return isSameType(type, from)
  const place: Checked = { kind: 'builtin', name: 'id', type }
  return pointerTypeOf(place, value) !== undefined
}
