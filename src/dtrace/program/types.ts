// D types: integers of a size and sign (pointers and enumerations among them), strings, and what
// lies in memory: structures, unions and arrays, known to a register by their address.
//
// Holds: a record type that was only named is completed in place, once; two record types are the
// same when they are the same object.
// Source: the D language guide, "Types, Operators and Expressions", "Structs and Unions"; LP64.

/** A value in a register: an integer, an enumerator, an address. `name` is how the source spelled
 *  it, for messages. */
export interface IntegerDType {
  readonly kind: 'int'
  readonly name: string
  readonly bytes: 1 | 2 | 4 | 8
  readonly signed: boolean
  /** Of a pointer: what it points to. */
  readonly pointee?: DType
  /** Of an enumeration: its names, in order. */
  readonly enumerators?: ReadonlyMap<string, bigint>
}

/** Bytes at an address, up to a 0 or `strsize`. */
export interface StringDType {
  readonly kind: 'string'
  readonly name: 'string'
}

export interface VoidDType {
  readonly kind: 'void'
  readonly name: 'void'
}

/** Declared and copied; D computes with none. */
export interface FloatDType {
  readonly kind: 'float'
  readonly name: string
  readonly bytes: 4 | 8 | 16
}

/** What a pointer to code points to. */
export interface FunctionDType {
  readonly kind: 'function'
  readonly name: string
}

/** `length` elements of a type, one after the other. Its value is the address of the first. */
export interface ArrayDType {
  readonly kind: 'array'
  readonly name: string
  readonly element: DType
  readonly length: number
}

/** Bits of the integer at a member's offset: `value >> shift`, `width` bits of it. */
export interface BitField {
  readonly shift: number
  readonly width: number
}

/** A member of a structure or union. Of a bit-field, `offset` is that of the integer of its type
 *  that holds it. */
export interface Member {
  readonly name: string
  readonly type: DType
  /** Bytes from the beginning. */
  readonly offset: number
  readonly bits?: BitField
}

/** How a structure or union lies in memory. */
export interface RecordLayout {
  readonly members: readonly Member[]
  readonly bytes: number
  readonly align: number
}

/** A structure or union. Its value is its address. */
export class RecordDType {
  readonly kind = 'record'
  readonly what: 'struct' | 'union'
  /** `struct tag`, or what a typedef called it, or "struct" with neither. */
  readonly name: string
  #layout: RecordLayout | undefined

  constructor(what: 'struct' | 'union', name: string) {
    this.what = what
    this.name = name
  }

  /** Undefined as long as the type was only named. */
  get layout(): RecordLayout | undefined {
    return this.#layout
  }

  /** Gives it its members, once. */
  complete(layout: RecordLayout): void {
    this.#layout = layout
  }
}

/** The type of an expression. */
export type DType =
  | IntegerDType
  | StringDType
  | VoidDType
  | FloatDType
  | FunctionDType
  | ArrayDType
  | RecordDType

const int = (name: string, bytes: 1 | 2 | 4 | 8, signed: boolean): IntegerDType => ({
  kind: 'int',
  name,
  bytes,
  signed,
})

export const INT = int('int', 4, true)
export const UINT = int('unsigned int', 4, false)
export const INT64 = int('int64_t', 8, true)
export const UINT64 = int('uint64_t', 8, false)
export const CHAR = int('char', 1, true)
export const STRING: StringDType = { kind: 'string', name: 'string' }
export const VOID: VoidDType = { kind: 'void', name: 'void' }

/** Makes an integer type under a name of its own (`domid_t`, `uint_t`). */
export const integerType = int

/** `to *`. */
export function pointerTo(to: DType): IntegerDType {
  const name = `${to.name}${to.name.endsWith('*') ? '' : ' '}*`
  return { kind: 'int', name, bytes: 8, signed: false, pointee: to }
}

/** `element[length]`. */
export function arrayOf(element: DType, length: number): ArrayDType {
  return { kind: 'array', name: `${element.name} [${length}]`, element, length }
}

/** Whether a value of the type is held by its address: a record or an array. */
export function isByAddress(type: DType): type is ArrayDType | RecordDType {
  return type.kind === 'array' || type.kind === 'record'
}
