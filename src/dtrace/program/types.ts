// D types: integers of a size and sign (pointers and enumerations among them), strings, and what
// lies in memory: structures, unions and arrays, known to a register by their address.
//
// Holds: a record type that was only named is completed in place, once; a typedef of one is that
// type under another name.
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
  /** Of a typedef in a program: the integer type that D has built in. */
  readonly base?: string
}

/** Bytes at an address, up to a 0 or `strsize`. */
export interface StringDType {
  readonly kind: 'string'
  readonly name: 'string'
  /** Of stack() and its like: frames, one a line. */
  readonly frames?: true
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
  /** The tag; "" of one that has none. */
  readonly tag: string
  #body: { layout: RecordLayout | undefined } = { layout: undefined }

  constructor(what: 'struct' | 'union', tag: string, name = `${what} ${tag}`.trim()) {
    this.what = what
    this.name = name
    this.tag = tag
  }

  /** Undefined as long as the type was only named. */
  get layout(): RecordLayout | undefined {
    return this.#body.layout
  }

  /** Gives it its members, once. */
  complete(layout: RecordLayout): void {
    this.#body.layout = layout
  }

  /** The same type under the name of a typedef: completed when this one is. */
  renamed(name: string): RecordDType {
    const alias = new RecordDType(this.what, this.tag, name)
    alias.#body = this.#body
    return alias
  }

  /** Whether both are one type, typedefs apart. */
  is(other: RecordDType): boolean {
    return this.#body === other.#body
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

/** What stack() and its like yield: frames, one a line. A recording holds none. */
export const STACK: StringDType = { kind: 'string', name: 'string', frames: true }

/** What sym() and mod() yield, and usym(), umod() and uaddr(): an address that prints as what lies
 *  there. */
export const SYMBOL_ADDRESS = int('_symaddr', 8, false)
export const USER_SYMBOL_ADDRESS = int('_usymaddr', 8, false)

/** Makes an integer type under a name of its own (`domid_t`, `uint_t`). */
export const integerType = int

/** What a pointer to code points to: D has one such type, whatever was declared. */
export const FUNCTION: FunctionDType = { kind: 'function', name: 'int ()' }

/** `to *`. */
export function pointerTo(to: DType): IntegerDType {
  const name = to.kind === 'function' ? 'int (*)()' : pointerName(to.name)
  return { kind: 'int', name, bytes: 8, signed: false, pointee: to }
}

function pointerName(to: string): string {
  const [before, after] = splitName(to)
  if (after.startsWith('[')) return `${before} (*)${after}`
  return `${before}${before.endsWith('*') ? '' : ' '}*${after}`
}

/** `element[length]`. */
export function arrayOf(element: DType, length: number): ArrayDType {
  const [before, after] = splitName(element.name)
  const name = `${before}${before.endsWith('*') ? '' : ' '}[${length}]${after}`
  return { kind: 'array', name, element, length }
}

/** A type's name around the place where a declaration has what it declares: `int (*` and `)[5]`,
 *  `char` and ` [3]`. */
export function splitName(name: string): readonly [before: string, after: string] {
  const inner = /^(.*\(\*+)(.*)$/.exec(name)
  if (inner !== null) return [inner[1] ?? '', inner[2] ?? '']
  const bracket = name.indexOf('[')
  return bracket < 0 ? [name, ''] : [name.slice(0, bracket).trimEnd(), name.slice(bracket)]
}

/** Whether a value of the type is held by its address: a record or an array. */
export function isByAddress(type: DType): type is ArrayDType | RecordDType {
  return type.kind === 'array' || type.kind === 'record'
}
