// Nvlist: named values with types, in order: what every event of fault management is made of.
//
//   nvlist({ class: nv.string('ereport.cpu.generic-x86.mc'), ena: nv.uint64(1n) })
//
// Holds: a name is there once; the order is that in which names came; a number fits its type.
// Source: libnvpair(3LIB). An nvlist is a Map, so looking up a member costs no walk.
import { assert } from '../../base/assert.js'

/** Types whose values are whole numbers, in a double. */
const NARROW = {
  byte: [0, 0xff],
  int8: [-0x80, 0x7f],
  uint8: [0, 0xff],
  int16: [-0x8000, 0x7fff],
  uint16: [0, 0xffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint32: [0, 0xffff_ffff],
} as const

/** Types whose values take 64 bits. */
const WIDE = {
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  uint64: [0n, (1n << 64n) - 1n],
  hrtime: [-(1n << 63n), (1n << 63n) - 1n],
} as const

export type NarrowType = keyof typeof NARROW
export type WideType = keyof typeof WIDE

/** One value with its type. `flag` is a name without a value (libnvpair's DATA_TYPE_BOOLEAN). */
export type NvValue =
  | { readonly kind: 'flag' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: NarrowType; readonly value: number }
  | { readonly kind: WideType; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'nvlist'; readonly value: NvList }
  | { readonly kind: 'boolean[]'; readonly value: readonly boolean[] }
  | { readonly kind: `${NarrowType}[]`; readonly value: readonly number[] }
  | { readonly kind: `${Exclude<WideType, 'hrtime'>}[]`; readonly value: readonly bigint[] }
  | { readonly kind: 'string[]'; readonly value: readonly string[] }
  | { readonly kind: 'nvlist[]'; readonly value: readonly NvList[] }

/** Named values in order. */
export type NvList = ReadonlyMap<string, NvValue>

/** Puts members in their order; those that are undefined are left out. */
export function nvlist(members: Readonly<Record<string, NvValue | undefined>>): NvList {
  const list = new Map<string, NvValue>()
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) list.set(name, value)
  }
  return list
}

/** Whether a number is one of a type. */
export function fits(kind: NarrowType | WideType, value: number | bigint): boolean {
  const [least, most] = kind in NARROW ? NARROW[kind as NarrowType] : WIDE[kind as WideType]
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  return whole && value >= least && value <= most
}

/** Whether the values of a type take 64 bits. */
export function isWide(kind: NarrowType | WideType): kind is WideType {
  return kind in WIDE
}

const narrow =
  <K extends NarrowType>(kind: K) =>
  (value: number): NvValue => {
    assert(fits(kind, value), `${value} is no ${kind}`)
    return { kind, value }
  }

const wide =
  <K extends WideType>(kind: K) =>
  (value: bigint): NvValue => {
    assert(fits(kind, value), `${value} is no ${kind}`)
    return { kind, value }
  }

const narrows =
  <K extends NarrowType>(kind: K) =>
  (value: readonly number[]): NvValue => {
    assert(
      value.every((one) => fits(kind, one)),
      `${value} are no ${kind}`,
    )
    return { kind: `${kind}[]`, value }
  }

const wides =
  <K extends Exclude<WideType, 'hrtime'>>(kind: K) =>
  (value: readonly bigint[]): NvValue => {
    assert(
      value.every((one) => fits(kind, one)),
      `${value} are no ${kind}`,
    )
    return { kind: `${kind}[]`, value }
  }

/** Makers of values, by type; a number that does not fit its type is a bug of the caller. */
export const nv = {
  flag: { kind: 'flag' } as NvValue,
  boolean: (value: boolean): NvValue => ({ kind: 'boolean', value }),
  byte: narrow('byte'),
  int8: narrow('int8'),
  uint8: narrow('uint8'),
  int16: narrow('int16'),
  uint16: narrow('uint16'),
  int32: narrow('int32'),
  uint32: narrow('uint32'),
  int64: wide('int64'),
  uint64: wide('uint64'),
  hrtime: wide('hrtime'),
  double: (value: number): NvValue => ({ kind: 'double', value }),
  string: (value: string): NvValue => ({ kind: 'string', value }),
  list: (value: NvList): NvValue => ({ kind: 'nvlist', value }),
  strings: (value: readonly string[]): NvValue => ({ kind: 'string[]', value }),
  lists: (value: readonly NvList[]): NvValue => ({ kind: 'nvlist[]', value }),
  uint8s: narrows('uint8'),
  int64s: wides('int64'),
  uint64s: wides('uint64'),
} as const

/** A member that is a string. */
export function stringMember(list: NvList, name: string): string | undefined {
  const member = list.get(name)
  return member?.kind === 'string' ? member.value : undefined
}

/** A member that is a whole number of any width; a boolean is 0 or 1. */
export function integerMember(list: NvList, name: string): bigint | undefined {
  const member = list.get(name)
  if (member === undefined) return undefined
  if (member.kind === 'flag') return 1n
  if (member.kind === 'boolean') return member.value ? 1n : 0n
  if (member.kind in NARROW || member.kind in WIDE) return BigInt(member.value as number | bigint)
  return undefined
}

/** A member that is a whole number from 0 to 2^bits - 1; undefined when it is any other. */
export function unsignedMember(list: NvList, name: string, bits: number): bigint | undefined {
  const value = integerMember(list, name)
  return value !== undefined && value >= 0n && value >> BigInt(bits) === 0n ? value : undefined
}

/** A member that is a boolean, or a flag: a flag that is there is true. */
export function booleanMember(list: NvList, name: string): boolean | undefined {
  const member = list.get(name)
  if (member?.kind === 'flag') return true
  return member?.kind === 'boolean' ? member.value : undefined
}

/** A member that is an nvlist. */
export function listMember(list: NvList, name: string): NvList | undefined {
  const member = list.get(name)
  return member?.kind === 'nvlist' ? member.value : undefined
}

/** A member that is an array of nvlists; undefined when it is something else. */
export function listsMember(list: NvList, name: string): readonly NvList[] | undefined {
  const member = list.get(name)
  return member?.kind === 'nvlist[]' ? member.value : undefined
}

/** A member that is an array of whole numbers of any width. */
export function integersMember(list: NvList, name: string): readonly bigint[] | undefined {
  const member = list.get(name)
  if (member === undefined || !member.kind.endsWith('[]')) return undefined
  const base = member.kind.slice(0, -2)
  if (!(base in NARROW || base in WIDE)) return undefined
  return ('value' in member ? (member.value as readonly (number | bigint)[]) : []).map(BigInt)
}

/** Finds a member along a path: `fault-list[0].asru.mod-name`. Undefined where the path ends. */
export function memberAt(list: NvList, path: string): NvValue | undefined {
  let here: NvList | undefined = list
  let found: NvValue | undefined
  for (const step of path.split('.')) {
    const [, name = '', index] = /^([^[\]]+)(?:\[(\d+)\])?$/.exec(step) ?? []
    const member: NvValue | undefined = here?.get(name)
    found = index === undefined ? member : elementOf(member, Number(index))
    here = found?.kind === 'nvlist' ? found.value : undefined
  }
  return found
}

/** One element of an array, as a value of its own. */
function elementOf(member: NvValue | undefined, index: number): NvValue | undefined {
  if (member === undefined || !('value' in member) || !Array.isArray(member.value)) return undefined
  const value: unknown = member.value[index]
  if (value === undefined) return undefined
  return { kind: member.kind.slice(0, -2), value } as NvValue
}
