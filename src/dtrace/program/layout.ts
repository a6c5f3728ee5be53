// How types lie in memory: sizes, alignments, where the members of a structure are.
//
//   struct { char c; int n : 3; int m : 12; }  ->  c at 0, n at 1 (1 byte), m at 2 (2 bytes)
//
// A structure ends where its last member does. It is aligned as its first member is, a union as the
// strictest of its own. A bit-field begins on a byte of its own and is an integer of as few bytes
// as hold it.
// Source: libctf ctf_create.c (ctf_add_member, ctf_add_encoded), ctf_types.c (ctf_type_align).
import type { BitField, DType, IntegerDType, Member, RecordDType, RecordLayout } from './types.js'

/** What a string takes as a member, and what sizeof says of one: DTrace's default strsize. */
export const STRING_BYTES = 256

/** Bytes of a value of the type. 0 for void, a function, and a record that was only named. */
export function sizeOf(type: DType): number {
  switch (type.kind) {
    case 'int':
    case 'float':
      return type.bytes
    case 'string':
      return STRING_BYTES
    case 'array':
      return type.length * sizeOf(type.element)
    case 'record':
      return type.layout?.bytes ?? 0
    default:
      return 0
  }
}

/** The multiple of bytes at which a member of the type begins; at least 1. */
function alignOf(type: DType): number {
  if (type.kind === 'array') return alignOf(type.element)
  if (type.kind === 'record') return type.layout?.align ?? 1
  return type.kind === 'int' || type.kind === 'float' ? type.bytes : 1
}

/** A member as declared; `width` bits of a bit-field. */
export interface Field {
  readonly name: string
  readonly type: DType
  readonly width?: number
}

/** Places the members of a structure or union, in order. */
export function layRecord(what: 'struct' | 'union', fields: readonly Field[]): RecordLayout {
  const members: Member[] = []
  let end = 0
  let bytes = 0
  for (const field of fields) {
    const { type, bits } = held(field)
    const offset = what === 'union' ? 0 : roundUp(end, alignOf(type))
    members.push({ name: field.name, type, offset, ...(bits === undefined ? {} : { bits }) })
    end = offset + Math.ceil((field.width ?? 8 * sizeOf(type)) / 8)
    bytes = what === 'union' ? Math.max(bytes, sizeOf(type)) : offset + sizeOf(type)
  }
  return { members, bytes, align: alignOfMembers(what, members) }
}

function alignOfMembers(what: 'struct' | 'union', members: readonly Member[]): number {
  const deciding = what === 'struct' ? members.slice(0, 1) : members
  return Math.max(1, ...deciding.map((m) => alignOf(m.type)))
}

/** The integer that holds a bit-field. One of 8, 16, 32 or 64 bits is an ordinary integer. */
function held({ type, width }: Field): { type: DType; bits?: BitField } {
  if (width === undefined || type.kind !== 'int') return { type }
  const bytes = ([1, 2, 4, 8] as const).find((n) => 8 * n >= width) ?? 8
  const integer: IntegerDType = { ...type, bytes }
  return width === 8 * bytes ? { type: integer } : { type: integer, bits: { shift: 0, width } }
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to

/** All members that can be named: those of a nameless structure or union within stand for
 *  themselves, at their place in the whole. None of a type that was only named. */
export function membersOf(record: RecordDType): readonly Member[] {
  return (record.layout?.members ?? []).flatMap((m) => {
    if (m.name !== '') return [m]
    if (m.type.kind !== 'record') return []
    return membersOf(m.type).map((inner) => ({ ...inner, offset: m.offset + inner.offset }))
  })
}

/** The member of a name; undefined when there is none, or the type was only named. */
export function memberOf(record: RecordDType, name: string): Member | undefined {
  return membersOf(record).find((m) => m.name === name)
}
